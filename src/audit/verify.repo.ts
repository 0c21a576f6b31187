import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { Round, Seal } from './canonical.ts';
import type { Head } from './chain.ts';

/** Days of sealing in Viet Nam, both included; null = from the beginning, to the end. */
export interface DayRange {
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
}

export interface TrailPlace {
  readonly id: Id;
  /** Facility code; `-` = acts without a facility. */
  readonly code: string;
}

/** Distinct facility ids of a big table, one index probe each. */
const facilitiesIn = (table: string) => `
  (with recursive place as (
    (select facility_id from ${table} order by facility_id limit 1)
    union all
    select (select t.facility_id from ${table} t where t.facility_id > p.facility_id order by t.facility_id limit 1)
    from place p where p.facility_id is not null
  ) select facility_id from place where facility_id is not null)`;

export function listTrailPlaces(tx: Transaction): Promise<TrailPlace[]> {
  return tx.query<TrailPlace>(
    `select t.facility_id as id, coalesce(f.code, case when t.facility_id = $1 then '-' else t.facility_id::text end) as code
     from (${facilitiesIn('audit_event')} union ${facilitiesIn('audit_seal')}
       union select facility_id from audit_chain union select facility_id from audit_unsealed) t
     left join facility f on f.id = t.facility_id order by f.code nulls first, t.facility_id`,
    ['00000000-0000-0000-0000-000000000000'],
  );
}

export async function countSeals(tx: Transaction, range: DayRange): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from audit_seal where ($1::date is null or day >= $1) and ($2::date is null or day <= $2)`,
    [range.from, range.to],
  );
  return row?.count ?? 0;
}

/** A seal, and since when the sealer would have seen an event that was there. */
export type SealRow = Seal & { readonly emptiedAt: Date | null };

const PAGE = 50;

/** The seals of a facility in the order of its chain. */
export async function* sealsOf(tx: Transaction, facilityId: Id, range: DayRange): AsyncGenerator<SealRow> {
  let after: SealRow | undefined;
  do {
    const page: SealRow[] = await tx.query<SealRow>(
      `select facility_id as "facilityId", id, day, sequence, round::float8 as round, events, digests, previous, hash,
         (select r.sealed_at from audit_round r where r.sequence < s.round and r.emptied
          order by r.sequence desc limit 1) as "emptiedAt"
       from audit_seal s
       where facility_id = $1 and ($2::date is null or day >= $2) and ($3::date is null or day <= $3)
         and ($4::date is null or (day, sequence, id) > ($4, $5, $6))
       order by day, sequence, id limit ${PAGE}`,
      [facilityId, range.from, range.to, after?.day ?? null, after?.sequence ?? null, after?.id ?? null],
    );
    yield* page;
    after = page.length === PAGE ? page.at(-1) : undefined;
  } while (after);
}

/** The seal on one side of a range: the last before `from`, the first after `to`. */
export async function sealBefore(tx: Transaction, facilityId: Id, day: LocalDate): Promise<Head | null> {
  const [row] = await tx.query<Head>(
    `select day, sequence, hash from audit_seal where facility_id = $1 and day < $2
     order by day desc, sequence desc, id desc limit 1`,
    [facilityId, day],
  );
  return row ?? null;
}

export async function sealAfter(
  tx: Transaction,
  facilityId: Id,
  day: LocalDate,
): Promise<Pick<Seal, 'day' | 'sequence' | 'previous'> | null> {
  const [row] = await tx.query<Pick<Seal, 'day' | 'sequence' | 'previous'>>(
    `select day, sequence, previous from audit_seal where facility_id = $1 and day > $2 order by day, sequence, id limit 1`,
    [facilityId, day],
  );
  return row ?? null;
}

export async function hasSealWithHash(tx: Transaction, facilityId: Id, hash: Buffer): Promise<boolean> {
  const rows = await tx.query('select 1 from audit_seal where facility_id = $1 and hash = $2 limit 1', [
    facilityId,
    hash,
  ]);
  return rows.length > 0;
}

export async function chainHead(tx: Transaction, facilityId: Id): Promise<Head | null> {
  const [row] = await tx.query<Head>('select day, sequence, hash from audit_chain where facility_id = $1', [
    facilityId,
  ]);
  return row ?? null;
}

/**
 * The canonical texts of events, null where the row is gone. The expression of `audit_event_text` stands here again, so
 * that a function that was made to lie is found out. Needs a session in UTC.
 */
export function eventTexts(
  tx: Transaction,
  facilityId: Id,
  ids: readonly Id[],
): Promise<{ id: Id; at: Date | null; text: string | null }[]> {
  return tx.query(
    `select w.id, e.at, (select jsonb_object_agg(key, value)::text from jsonb_each(to_jsonb(e)) where value <> 'null') as text
     from unnest($2::uuid[]) as w (id) left join audit_event e on e.facility_id = $1 and e.id = w.id`,
    [facilityId, ids],
  );
}

const SHOWN = 10_000;

/**
 * Events that are neither sealed nor waiting, sealed twice, or waiting without a row. An event is sealed on its own day
 * or later, and its id is at most a day away from its time, so a range of days reads a range of ids.
 */
export function strayEvents(
  tx: Transaction,
  facilityId: Id,
  range: DayRange,
): Promise<{ kind: 'event-added' | 'event-repeated' | 'event-removed'; id: Id }[]> {
  return tx.query(
    `with sealed as materialized (
       select unnest(events) as id from audit_seal where facility_id = $1 and ($2::date is null or day >= $2::date - 1)
     )
     (select 'event-added' as kind, e.id from audit_event e
      left join sealed s on s.id = e.id
      left join audit_unsealed u on u.event_id = e.id and u.facility_id = e.facility_id
      where e.facility_id = $1 and s.id is null and u.event_id is null
        and ($2::date is null or (e.id >= first_id_of($2::date - 2) and e.at >= $2::timestamp at time zone 'Asia/Ho_Chi_Minh'))
        and ($3::date is null or (e.id < first_id_of($3::date + 2) and e.at < ($3::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh'))
      limit ${SHOWN})
     union all
     (select 'event-repeated', id from sealed group by id having count(*) > 1 limit ${SHOWN})
     union all
     (select 'event-removed', u.event_id from audit_unsealed u
      left join audit_event e on e.facility_id = u.facility_id and e.id = u.event_id
      where u.facility_id = $1 and e.id is null limit ${SHOWN})`,
    [facilityId, range.from, range.to],
  );
}

/** A round with the seals that are there, in the order of their facilities. */
export type RoundRow = Round & {
  readonly found: readonly {
    facilityId: Id;
    facility: string;
    day: LocalDate;
    sequence: number;
    hash: string;
  }[];
};

const ROUND_PAGE = 200;

export async function* rounds(tx: Transaction, range: DayRange): AsyncGenerator<RoundRow> {
  let after = 0;
  for (;;) {
    const page: RoundRow[] = await tx.query<RoundRow>(
      `select r.sequence::float8 as sequence, r.seals, r.events, r.emptied, r.previous, r.hash,
         to_char(r.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "sealedAt",
         coalesce((select jsonb_agg(jsonb_build_object('facility', coalesce(f.code, '-'), 'facilityId', s.facility_id,
             'day', s.day, 'sequence', s.sequence, 'hash', encode(s.hash, 'hex')) order by s.facility_id)
           from audit_seal s left join facility f on f.id = s.facility_id where s.round = r.sequence), '[]') as found
       from audit_round r
       where r.sequence > $1
         and ($2::date is null or r.sealed_at >= $2::timestamp at time zone 'Asia/Ho_Chi_Minh')
         and ($3::date is null or r.sealed_at < ($3::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')
       order by r.sequence limit ${ROUND_PAGE}`,
      [after, range.from, range.to],
    );
    yield* page;
    if (page.length < ROUND_PAGE) return;
    after = page.at(-1)?.sequence ?? 0;
  }
}

/** Hash and number of a round, or of the last one. */
export async function roundAt(
  tx: Transaction,
  sequence: number | 'last',
): Promise<{ sequence: number; hash: Buffer } | null> {
  const [row] = await tx.query<{ sequence: number; hash: Buffer }>(
    `select sequence::float8 as sequence, hash from audit_round
     where $1::bigint is null or sequence = $1 order by sequence desc limit 1`,
    [sequence === 'last' ? null : sequence],
  );
  return row ?? null;
}

export async function lastSealedRound(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ round: number }>(
    'select coalesce(max(round), 0)::float8 as round from audit_seal',
  );
  return row?.round ?? 0;
}

export async function hashesOfRounds(
  tx: Transaction,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, Buffer>> {
  const rows = await tx.query<{ sequence: number; hash: Buffer }>(
    'select sequence::float8 as sequence, hash from audit_round where sequence = any($1::bigint[])',
    [sequences],
  );
  return new Map(rows.map((row) => [row.sequence, row.hash]));
}

export interface Waiting {
  readonly count: number;
  /** Age of the oldest waiting event; null when none waits. */
  readonly oldestSeconds: number | null;
}

export async function waitingEvents(tx: Transaction): Promise<Waiting> {
  const [row] = await tx.query<Waiting>(
    `select count(*)::int as count,
       extract(epoch from clock_timestamp() - min(uuid_extract_timestamp(event_id)))::float8 as "oldestSeconds"
     from audit_unsealed`,
  );
  return row ?? { count: 0, oldestSeconds: null };
}
