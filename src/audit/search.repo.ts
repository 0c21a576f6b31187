import type { Transaction } from '../platform/database/index.ts';
import type { Instant } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

export interface AuditSearch {
  /** Half-open `[from, to)`; null = open. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Whose trail; null = everybody's, each event once. */
  readonly facilityId: Id | null;
  readonly actor: Id | null;
  readonly action: string | null;
  readonly subjectType: string | null;
  readonly subjectId: Id | null;
  readonly patientId: Id | null;
  readonly purpose: string | null;
  readonly flaggedOnly: boolean;
  /** Id of the last event of the page before. */
  readonly before: Id | null;
  readonly limit: number;
}

export interface AuditEventRow {
  readonly id: Id;
  readonly at: Date;
  readonly facilityId: Id;
  readonly actingFacilityId: Id | null;
  readonly actor: Id;
  readonly actorName: string | null;
  readonly actorUsername: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: Id | null;
  readonly patientId: Id | null;
  readonly purpose: string;
  readonly reason: string | null;
  readonly flag: string | null;
  readonly requestId: string;
  readonly origin: string | null;
  readonly detail: unknown;
  readonly changes: unknown;
}

/** The smallest id of a moment, a day away: an id and its `at` are never further apart. */
const idAround = (parameter: string, days: string) =>
  `first_id_of((${parameter}::timestamptz at time zone 'UTC')::date ${days})`;

/** Newest first. Only the filters that are asked for stand in the statement, so that each has its index. */
export function searchAudit(tx: Transaction, search: AuditSearch): Promise<AuditEventRow[]> {
  const parameters: unknown[] = [];
  const where: string[] = [];
  const when = (value: unknown, condition: (parameter: string) => string) => {
    if (value === null) return;
    parameters.push(value);
    where.push(condition(`$${parameters.length}`));
  };
  when(search.from, (p) => `e.at >= ${p}::timestamptz and e.id >= ${idAround(p, '- 1')}`);
  when(search.to, (p) => `e.at < ${p}::timestamptz and e.id < ${idAround(p, '+ 2')}`);
  when(search.facilityId, (p) => `e.facility_id = ${p}`);
  when(search.actor, (p) => `e.actor = ${p}`);
  when(search.action, (p) => `e.action = ${p}`);
  when(search.subjectType, (p) => `e.subject_type = ${p}`);
  when(search.subjectId, (p) => `e.subject_id = ${p}`);
  when(search.patientId, (p) => `e.patient_id = ${p}`);
  when(search.purpose, (p) => `e.purpose = ${p}`);
  when(search.before, (p) => `e.id < ${p}`);
  if (search.flaggedOnly) where.push('e.flag is not null');
  if (search.facilityId === null) where.push('e.acting_facility_id is null');
  parameters.push(search.limit);
  return tx.query<AuditEventRow>(
    `select e.id, e.at, e.facility_id as "facilityId", e.acting_facility_id as "actingFacilityId", e.actor,
       a.name as "actorName", a.username as "actorUsername", e.action, e.subject_type as "subjectType",
       e.subject_id as "subjectId", e.patient_id as "patientId", e.purpose, e.reason, e.flag,
       e.request_id as "requestId", e.origin, e.detail, e.changes
     from (select * from audit_event e where ${where.length > 0 ? where.join(' and ') : 'true'}
       order by e.id desc limit $${parameters.length}) e
     left join lateral account_label(e.actor) a on true order by e.id desc`,
    parameters,
  );
}

/** The account behind a name to sign in with; null when there is none that the caller may know of. */
export async function accountNamed(tx: Transaction, username: string): Promise<Id | null> {
  const [row] = await tx.query<{ id: Id }>('select id from account where username = $1', [username]);
  return row?.id ?? null;
}
