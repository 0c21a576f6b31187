import { type Database, SYSTEM_CONTEXT, type Transaction } from '../platform/database/index.ts';
import type { Instant } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/** Settled visits that are looked at: by the moment of their newest settlement, half-open, or one by its id. */
export interface Settled {
  readonly from: Instant;
  readonly to: Instant;
  /** Null = every facility. */
  readonly facilityId: Id | null;
  readonly encounterId?: Id;
}

/** How many visits are read together: bounds memory, whatever the period. */
const BATCH = 200;
const READ_ONLY = [{ sql: `select set_config('transaction_read_only', 'on', true)`, parameters: [] }];

/** The newest settlement of a visit counts; `s` is the settlement. */
const NEWEST = `not exists (select from settlement n where n.facility_id = s.facility_id
  and n.encounter_id = s.encounter_id and n.version > s.version)`;
const WANTED = `s.settled_at >= $1 and s.settled_at < $2 and ($3::uuid is null or s.facility_id = $3)
  and ($4::uuid is null or s.encounter_id = $4) and ${NEWEST}`;

/** How many there are at each facility that has any. */
export function countSettled(
  database: Database,
  wanted: Settled,
): Promise<{ readonly facilityId: Id; readonly visits: number }[]> {
  const context = { ...SYSTEM_CONTEXT, reach: 'province', purpose: 'figures' } as const;
  return database.transaction(
    context,
    (tx) =>
      tx.query(
        `select s.facility_id as "facilityId", count(*)::int as visits from settlement s where ${WANTED}
         group by 1 order by 1`,
        parametersOf(wanted),
      ),
    READ_ONLY,
  );
}

/**
 * Walks them facility by facility in batches, each batch in a transaction of its facility that can write nothing.
 * @param purpose stands in the context, as every reading has one
 */
export async function walkSettled(
  database: Database,
  wanted: Settled,
  purpose: string,
  work: (tx: Transaction, facilityId: Id, encounterIds: readonly Id[]) => Promise<void>,
): Promise<void> {
  for (const { facilityId } of await countSettled(database, wanted)) {
    const context = { ...SYSTEM_CONTEXT, facilityId, purpose };
    const next = (after: Id | null) =>
      database.transaction(
        context,
        async (tx) => {
          const ids = await idsAfter(tx, { ...wanted, facilityId }, after);
          if (ids.length > 0) await work(tx, facilityId, ids);
          return ids.length < BATCH ? null : (ids.at(-1) ?? null);
        },
        READ_ONLY,
      );
    for (let after = await next(null); after !== null; ) after = await next(after);
  }
}

async function idsAfter(tx: Transaction, wanted: Settled, after: Id | null): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `select s.encounter_id as id from settlement s
     join encounter e on e.facility_id = s.facility_id and e.id = s.encounter_id and e.state = 'settled'
     where ${WANTED} and ($5::uuid is null or s.encounter_id > $5) order by s.encounter_id limit ${BATCH}`,
    [...parametersOf(wanted), after],
  );
  return rows.map((row) => row.id);
}

function parametersOf({ from, to, facilityId, encounterId }: Settled): unknown[] {
  return [from, to, facilityId, encounterId ?? null];
}
