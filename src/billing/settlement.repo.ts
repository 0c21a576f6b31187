import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { SettlementRecord } from './settlement.ts';

/** Of `json_build_object`: the six amounts of a settlement or of one of its lines, as text. */
export const amountsAsText = (alias: string): string => `'grossAmount', ${alias}.gross_amount::text,
  'insuredAmount', ${alias}.insured_amount::text, 'insurerPays', ${alias}.insurer_pays::text,
  'copay', ${alias}.copay::text, 'selfPay', ${alias}.self_pay::text, 'otherPayers', ${alias}.other_payers::text`;

/**
 * One settlement of each visit, keyed by visit; visits without it are absent.
 * @param version null = the newest of each
 */
export async function readSettlements(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
  version: number | null = null,
): Promise<Map<Id, SettlementRecord>> {
  const rows = await tx.query<{ encounterId: Id; record: SettlementRecord }>(
    `select s.encounter_id as "encounterId", json_build_object('version', s.version, 'policyVersion', s.policy_version,
       'policyDate', s.policy_date, 'settledAt', s.settled_at,
       'totals', json_build_object(${amountsAsText('s')}, 'drugAmount', s.drug_amount::text,
         'supplyAmount', s.supply_amount::text, 'patientPays', s.patient_pays::text),
       'lines', coalesce((select json_agg(json_build_object('lineId', l.line_id,
           'serviceRate', trim_scale(l.service_rate)::text, 'scopeRate', trim_scale(l.scope_rate)::text,
           'insuredUnitPrice', trim_scale(l.insured_unit_price)::text, 'benefitRate', trim_scale(l.benefit_rate)::text,
           ${amountsAsText('l')}))
         from settlement_line l where l.facility_id = s.facility_id and l.encounter_id = s.encounter_id
           and l.version = s.version), '[]')) as record
     from settlement s
     where s.facility_id = $1 and s.encounter_id = any($2::uuid[])
       and s.version = coalesce($3::int, (select max(n.version) from settlement n where n.facility_id = s.facility_id
         and n.encounter_id = s.encounter_id))`,
    [facilityId, encounterIds, version],
    'read-settlements',
  );
  return new Map(rows.map((row) => [row.encounterId, row.record]));
}

/** @param version null = the newest */
export async function readSettlement(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  version: number | null,
): Promise<SettlementRecord | undefined> {
  return (await readSettlements(tx, facilityId, [encounterId], version)).get(encounterId);
}

/** How often a visit was settled, when, by whom and why again. */
export interface SettlementSummary {
  readonly version: number;
  readonly settledAt: string;
  readonly settledBy: Id;
  readonly insurerPays: string;
  readonly patientPays: string;
  /** Why it was settled again; null the first time. */
  readonly reason: string | null;
  /** Why it no longer stands; null while it does. */
  readonly reopened: { readonly at: string; readonly by: Id; readonly reason: string } | null;
}

/** Every settlement of the visit, the newest first. */
export async function listSettlements(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
): Promise<SettlementSummary[]> {
  return tx.query<SettlementSummary>(
    `select s.version, to_json(s.settled_at)#>>'{}' as "settledAt", s.settled_by as "settledBy",
       s.insurer_pays::text as "insurerPays", s.patient_pays::text as "patientPays", s.reason,
       case when r.reason is not null then json_build_object('at', r.reopened_at, 'by', r.reopened_by, 'reason', r.reason)
         end as reopened
     from settlement s left join reopening r on r.facility_id = s.facility_id and r.encounter_id = s.encounter_id
       and r.settlement_version = s.version
     where s.facility_id = $1 and s.encounter_id = $2 order by s.version desc`,
    [facilityId, encounterId],
    'list-settlements',
  );
}
