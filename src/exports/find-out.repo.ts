import type { ClaimKey } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';

/** Calls of a claim version whose end nobody knows. */
export interface UnclearCalls {
  /** What the insurer is to pay for it, in đồng. */
  readonly amount: string;
  readonly calledAt: readonly string[];
  /** Other claims of the facility of the same amount whose call, at about the same time, may be what the list shows. */
  readonly rivals: number;
}

/** @param aboutMs so far apart are calls that could be taken for each other */
export async function unclearCalls(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  aboutMs: number,
): Promise<UnclearCalls | undefined> {
  const rows = await tx.query<UnclearCalls>(
    `with own as (
       select s.insurer_pays as amount, c.settlement_version,
         array_agg(to_json(e.at)#>>'{}' order by e.at) as called_at, min(e.at) as first, max(e.at) as last
       from claim_version c
       join settlement s on s.facility_id = c.facility_id and s.encounter_id = c.encounter_id
         and s.version = c.settlement_version
       join claim_event e on e.facility_id = c.facility_id and e.encounter_id = c.encounter_id and e.number = c.number
         and e.type = 'sending'
       where c.facility_id = $1 and c.encounter_id = $2 and c.number = $3 group by 1, 2)
     select own.amount::text, own.called_at as "calledAt",
       (select count(distinct (e.encounter_id, e.number))::int from claim_event e
        join claim_version c on c.facility_id = e.facility_id and c.encounter_id = e.encounter_id and c.number = e.number
        join settlement s on s.facility_id = c.facility_id and s.encounter_id = c.encounter_id
          and s.version = c.settlement_version
        where e.facility_id = $1 and (e.encounter_id, e.number) <> ($2, $3::int) and s.insurer_pays = own.amount
          and e.at between own.first - $4 * interval '1 millisecond' and own.last + $4 * interval '1 millisecond'
          and (e.type = 'received' and e.transaction_id is null or e.type in ('sending', 'unknown', 'parked')
            and not exists (select from claim_event o where o.facility_id = e.facility_id
              and o.encounter_id = e.encounter_id and o.number = e.number and o.sequence = e.sequence + 1
              and o.type in ('received', 'refused', 'notSent', 'unknown', 'parked')))) as rivals
     from own`,
    [facilityId, encounterId, number, aboutMs],
    'unclear-calls',
  );
  return rows[0];
}

/** Whether the gateway is asked about a facility's claims with an unclear end. */
export async function readAsksResults(tx: Transaction, facilityId: string): Promise<boolean> {
  const rows = await tx.query<{ it: boolean }>(
    'select asks_results as it from export_setting where facility_id = $1',
    [facilityId],
  );
  return rows[0]?.it ?? false;
}

export async function setAsksResults(tx: Transaction, facilityId: string, asks: boolean): Promise<void> {
  await tx.query(
    `insert into export_setting (facility_id, asks_results) values ($1, $2)
     on conflict (facility_id) do update set asks_results = excluded.asks_results`,
    [facilityId, asks],
  );
}

/** Of these, the transactions that the ledger knows already. */
export async function knownTransactions(
  tx: Transaction,
  facilityId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    'select distinct transaction_id as id from claim_event where facility_id = $1 and transaction_id = any($2::text[])',
    [facilityId, ids],
    'known-transactions',
  );
  return new Set(rows.map((row) => row.id));
}
