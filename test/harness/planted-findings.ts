import { sha256 } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from './database.ts';

export interface PlantedFinding {
  readonly key?: string;
  readonly valueHash?: string;
  readonly rule?: string;
  readonly effect?: 'block' | 'warn' | 'count';
  /** `XML2:1`; a table alone = about no row. */
  readonly place?: string;
  readonly amount?: string | null;
  readonly cause?: readonly [kind: string, key: string] | null;
  readonly foundAt?: Date;
}

/** Writes an open finding as a run of the rules would have. @returns its key */
export async function plantFinding(
  database: TestDatabase,
  facilityCode: string,
  encounterId: string,
  more: PlantedFinding = {},
): Promise<string> {
  const {
    rule = 'DRG_CODE_IN_CATALOGUE',
    effect = 'block',
    place = 'XML2:1',
    amount = '1000.00',
    cause = null,
  } = more;
  const key = more.key ?? sha256(`${encounterId} ${rule} ${place}`).slice(0, 32);
  const [table, row = null] = place.split(':');
  await database.query(
    `insert into finding (facility_id, encounter_id, key, value_hash, rule, rule_version, params, severity, effect,
       official_table, row_number, field, amount, cause_kind, cause_key, stage, found_at)
     values ($1, $2, $3, $4, $5, 1, '{}', 'error', $6, $7, $8, 'MA_THUOC', $9, $10, $11, 'settlement', $12)`,
    [
      facilityIdOf(facilityCode),
      encounterId,
      key,
      more.valueHash ?? 'v1',
      rule,
      effect,
      table,
      row,
      amount,
      cause?.[0] ?? null,
      cause?.[1] ?? null,
      more.foundAt ?? new Date(),
    ],
  );
  return key;
}

/** Sets the visit's claim aside, as the export does with one that findings keep back. */
export async function setAside(
  database: TestDatabase,
  encounterId: string,
  reason = 'findings',
): Promise<void> {
  await database.query(
    `insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, at, reason, details)
     select facility_id, id, claim_key, 1, now(), $2, '{}' from encounter where id = $1`,
    [encounterId, reason],
  );
}
