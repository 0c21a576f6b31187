import { readVisits } from '../encounters/index.ts';
import type { Directory } from '../facilities/index.ts';
import type { Database, Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { readSettlements } from './settlement.repo.ts';
import { type Settled, walkSettled } from './walk-settled.ts';
import { type Circumstances, type PriceKeys, type WhatIf, whatIf } from './what-if.ts';

export interface VisitWhatIf {
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly facilityCode: string;
  readonly version: number;
  readonly result: WhatIf;
}

/** Prices settled visits anew under other circumstances, in transactions that can write nothing. */
export async function repriceSettled(
  database: Database,
  directory: Directory,
  wanted: Settled,
  circumstances: Circumstances,
  told: (visit: VisitWhatIf) => void,
): Promise<void> {
  await walkSettled(database, wanted, 'what-if', async (tx, facilityId, ids) => {
    const visits = await readVisits(tx, facilityId, ids);
    const settlements = await readSettlements(tx, facilityId, ids);
    const itemCodes = circumstances.prices ? await itemCodesOf(tx, facilityId, ids) : new Map();
    const keys: PriceKeys = {
      itemCodes,
      priceListsOn(day) {
        const code = directory.byId(facilityId)?.code ?? '';
        const profile = directory.profileOn(facilityId, day);
        return profile ? [code, profile.priceList] : [code];
      },
    };
    for (const visit of visits) {
      const { id, claimKey } = visit.encounter;
      const settlement = settlements.get(id);
      if (!settlement) continue;
      const { version, totals } = settlement;
      const result = whatIf(visit, totals, circumstances, keys);
      told({ encounterId: id, claimKey, facilityCode: visit.facility.code, version, result });
    }
  });
}

/** The catalogue's own code of each line's item, by line: several items share one official code. */
async function itemCodesOf(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
): Promise<ReadonlyMap<Id, string>> {
  const rows = await tx.query<{ id: Id; code: string }>(
    `select l.id, i.item_code as code from charge_line l join catalogue_item i on i.id = l.item_id
     where l.facility_id = $1 and l.encounter_id = any($2::uuid[]) and l.cancelled_at is null`,
    [facilityId, encounterIds],
    'item-codes-of-lines',
  );
  return new Map(rows.map((row) => [row.id, row.code]));
}
