import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { CopayPast, LookupKind, LookupOutcome, LookupState } from './lookup.ts';

export interface Lookup {
  readonly id: Id;
  readonly kind: LookupKind;
  readonly encounterId: Id | null;
  readonly card: string;
  readonly name: string;
  readonly birth: string;
  readonly staffName: string | null;
  readonly staffNationalId: string | null;
  readonly askedAt: string;
}

export async function insertLookup(tx: Transaction, facilityId: Id, lookup: Lookup): Promise<void> {
  await tx.query(
    `insert into card_lookup (facility_id, id, kind, encounter_id, card_number, name, birth, staff_name,
       staff_national_id, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      facilityId,
      lookup.id,
      lookup.kind,
      lookup.encounterId,
      lookup.card,
      lookup.name,
      lookup.birth,
      lookup.staffName,
      lookup.staffNationalId,
      tx.context.userId,
      lookup.askedAt,
    ],
    'insert-lookup',
  );
}

/** A look-up as a worker takes it: with what was written of it, and whether its visit goes on. */
export interface LookupAtWork extends Lookup {
  readonly events: number;
  readonly lastType: string | null;
  readonly visitIsOpen: boolean;
}

export async function findLookup(tx: Transaction, facilityId: Id, id: Id): Promise<LookupAtWork | undefined> {
  const rows = await tx.query<LookupAtWork & Record<string, unknown>>(
    `select l.id, l.kind, l.encounter_id as "encounterId", l.card_number as card, l.name, l.birth,
       l.staff_name as "staffName", l.staff_national_id as "staffNationalId",
       to_json(l.asked_at)#>>'{}' as "askedAt", coalesce(x.sequence, 0)::int as events, x.type as "lastType",
       coalesce(e.state = 'open', true) as "visitIsOpen"
     from card_lookup l
     left join encounter e on e.facility_id = l.facility_id and e.id = l.encounter_id
     left join lateral (select sequence, type from card_lookup_event where facility_id = l.facility_id
       and lookup_id = l.id order by sequence desc limit 1) x on true
     where l.facility_id = $1 and l.id = $2`,
    [facilityId, id],
    'find-lookup',
  );
  return rows[0];
}

export async function appendLookupEvent(
  tx: Transaction,
  facilityId: Id,
  lookupId: Id,
  sequence: number,
  at: string,
  outcome: LookupOutcome | 'asking',
): Promise<void> {
  const told = outcome === 'asking' ? null : outcome;
  await tx.query(
    `insert into card_lookup_event (facility_id, lookup_id, sequence, type, at, verdict, trouble, result_code, message,
       details, raw_answer) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11)`,
    [
      facilityId,
      lookupId,
      sequence,
      told?.type ?? 'asking',
      at,
      told?.verdict ?? null,
      told?.trouble ?? null,
      told?.code ?? null,
      told?.message ?? null,
      told?.details ? JSON.stringify(told.details) : null,
      told?.raw ?? null,
    ],
    'append-lookup-event',
  );
}

/** A question that was put, or will be: one that was not, since nobody could be asked, is no answer to the next. */
const COUNTS = `(exists (select from card_lookup_event a where a.facility_id = l.facility_id and a.lookup_id = l.id
    and a.type = 'asking')
  or not exists (select from card_lookup_event a where a.facility_id = l.facility_id and a.lookup_id = l.id))`;

/** One co-payment after the other at a facility: two at once would both be told that nobody asked. */
export async function readCopayPast(
  tx: Transaction,
  facilityId: Id,
  card: string,
  since: string,
): Promise<CopayPast> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('copay ' || $1::text, 0))`, [facilityId]);
  const [row] = await tx.query<CopayPast & Record<string, unknown>>(
    `select (select json_build_object('id', l.id, 'askedAt', l.asked_at) from card_lookup l where l.facility_id = $1
         and l.kind = 'copay' and l.card_number = $2 and ${COUNTS} order by l.asked_at desc limit 1) as same,
       (select count(*)::int from card_lookup l where l.facility_id = $1 and l.kind = 'copay' and l.asked_at >= $3
         and ${COUNTS})
         as "askedToday", restricted_today.it as "isRestrictedToday"
     from (select exists (select from card_lookup_event x where x.facility_id = $1 and x.trouble = 'restricted'
       and x.at >= $3) as it) restricted_today`,
    [facilityId, card, since],
    'copay-past',
  );
  return row!;
}

export async function isRestrictedSince(tx: Transaction, facilityId: Id, since: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from card_lookup_event where facility_id = $1 and trouble = 'restricted' and at >= $2 limit 1`,
    [facilityId, since],
    'restricted-since',
  );
  return rows.length > 0;
}

/** A look-up as it is shown: the question, the newest answer, what comes next. */
export interface LookupView {
  readonly id: Id;
  readonly kind: LookupKind;
  readonly encounterId: Id | null;
  readonly askedAt: string;
  readonly staffName: string | null;
  readonly state: LookupState;
  readonly checkedAt: string | null;
  readonly verdict: string | null;
  readonly trouble: string | null;
  readonly code: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly nextCheckAt: string | null;
  readonly rawAnswer: string | null;
}

const VIEW = `select l.id, l.kind, l.encounter_id as "encounterId", to_json(l.asked_at)#>>'{}' as "askedAt",
    l.staff_name as "staffName", coalesce(x.type, 'waiting') as state, to_json(x.at)#>>'{}' as "checkedAt", x.verdict,
    x.trouble, x.result_code as code, x.details,
    case when x.type = 'notChecked' then to_json(w.due_at)#>>'{}' end as "nextCheckAt", x.raw_answer as "rawAnswer"
  from card_lookup l
  left join lateral (select * from card_lookup_event e where e.facility_id = l.facility_id and e.lookup_id = l.id
    and e.type <> 'asking' order by e.sequence desc limit 1) x on true
  left join insurer_work w on w.facility_id = l.facility_id and w.kind = 'lookup' and w.subject_id = l.id`;

export async function viewLookup(tx: Transaction, facilityId: Id, id: Id): Promise<LookupView | undefined> {
  const rows = await tx.query<LookupView & Record<string, unknown>>(
    `${VIEW} where l.facility_id = $1 and l.id = $2`,
    [facilityId, id],
    'view-lookup',
  );
  return rows[0];
}

/** Of one visit, the newest first. */
export async function viewLookupsOf(tx: Transaction, facilityId: Id, encounterId: Id): Promise<LookupView[]> {
  return tx.query<LookupView & Record<string, unknown>>(
    `${VIEW} where l.facility_id = $1 and l.encounter_id = $2 order by l.asked_at desc, l.id desc limit 200`,
    [facilityId, encounterId],
    'view-lookups',
  );
}

/** Whether the visit is one of the facility's. */
export async function hasVisit(tx: Transaction, facilityId: Id, encounterId: Id): Promise<boolean> {
  const rows = await tx.query('select 1 from encounter where facility_id = $1 and id = $2', [
    facilityId,
    encounterId,
  ]);
  return rows.length > 0;
}
