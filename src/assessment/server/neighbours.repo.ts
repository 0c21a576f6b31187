import { readVisitBeside, type VisitRecord } from '../../encounters/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import { addDays, type LocalDate } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import type { Wants } from '../affected.ts';
import type { Around, KnownUse, UseElsewhere } from './known-visits.ts';

/** What of the person's other visits somebody wants to know. */
export interface Wanted {
  readonly lines: boolean;
  readonly sums: boolean;
}

export interface Draft {
  readonly visit: VisitRecord;
  readonly around: Around | null;
}

/** A visit in progress, and the other visits of its person where they are wanted, in one round trip. */
export async function readDraft(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  { person, personLines, records }: Wants,
): Promise<Draft | undefined> {
  const found = await readVisitBeside<Around | null>(tx, facilityId, id, {
    ...(person
      ? { sql: 'neighbours_of_person($2, $3::boolean, false)', parameters: [personLines], name: 'around' }
      : { sql: 'null', parameters: [], name: 'alone' }),
    withRecords: records,
  });
  return found && { visit: found.visit, around: found.beside };
}

/** What the database knows of a visit that is judged as a whole. */
export interface Known {
  readonly id: Id;
  readonly around: Around | null;
  /** Does an earlier run's finding stand? */
  readonly hasOpen: boolean;
}

/** The other visits of the persons of these visits of the acting facility, and whether findings stand. */
export async function readKnown(
  tx: Transaction,
  facilityId: Id,
  ids: readonly Id[],
  { lines, sums }: Wanted,
): Promise<Known[]> {
  return tx.query<Known>(
    `select i.id, neighbours_of_person(i.id, $3::boolean, $4::boolean) as around,
       exists (select from finding f where f.facility_id = $1 and f.encounter_id = i.id and f.cleared_at is null)
         as "hasOpen"
     from unnest($2::uuid[]) as i (id)`,
    [facilityId, ids, lines, sums],
    'known-of-visits',
  );
}

/** Visits that began at most so long before a day may still be going on. */
const LONGEST_STAY_DAYS = 100;

/**
 * Lines of other visits of the facility that may stand against those of the given ones: examinations of the same doctor and
 * day; what the same hands or machine did at the same time (and began half a day before at most); the same bed on
 * the same day.
 * @param groups cost groups of which it matters who did it, and with what
 * @param since first day of care of the given visits
 * @param licences of practitioners of whom all of the day matters: they were elsewhere on it, too
 */
export async function readUses(
  tx: Transaction,
  facilityId: Id,
  ids: readonly Id[],
  groups: readonly string[],
  since: LocalDate,
  licences: readonly string[],
): Promise<KnownUse[]> {
  return tx.query<KnownUse>(
    USES,
    [facilityId, ids, groups, addDays(since, -LONGEST_STAY_DAYS), licences],
    'uses-by-others',
  );
}

const DAY_OF = (moment: string) => `date_trunc('day', ${moment}, 'Asia/Ho_Chi_Minh')`;
const OF_OTHERS = `l.facility_id = $1 and l.encounter_id >= first_id_of($4::date) and l.cancelled_at is null
    and not l.encounter_id = any($2::uuid[])`;
const USES = `
with own as materialized (
  select l.cost_group_code, l.ordered_by_licence, l.performed_by_licences, l.machine_codes, l.department_code, l.bed_code,
    l.ordered_at, l.performed_at, greatest(l.result_at, l.performed_at + interval '1 minute') as until
  from charge_line l where l.facility_id = $1 and l.encounter_id = any($2::uuid[]) and l.cancelled_at is null
), near as (
  select l.encounter_id, l.id from (
    select distinct ordered_by_licence, ${DAY_OF('ordered_at')} as day from own where cost_group_code = '13') o
  join charge_line l on ${OF_OTHERS} and l.ordered_by_licence = o.ordered_by_licence
    and l.ordered_at >= o.day and l.ordered_at < o.day + interval '1 day' and l.cost_group_code = '13'
  union
  select l.encounter_id, l.id from own o
  join charge_line l on ${OF_OTHERS} and l.facility_id::text = $1::uuid::text and l.cost_group_code = any($3::text[])
    and l.performed_at > o.performed_at - interval '12 hours' and l.performed_at < o.until
    and greatest(l.result_at, l.performed_at + interval '1 minute') > o.performed_at
    and (l.performed_by_licences && o.performed_by_licences or l.machine_codes && o.machine_codes)
  where o.cost_group_code = any($3::text[])
  union
  select l.encounter_id, l.id from (
    select distinct department_code, bed_code, ${DAY_OF('ordered_at')} as day from own where bed_code is not null) o
  join charge_line l on ${OF_OTHERS} and l.department_code = o.department_code and l.bed_code = o.bed_code
    and l.ordered_at >= o.day and l.ordered_at < o.day + interval '1 day'
  union
  select l.encounter_id, l.id from (select distinct ${DAY_OF('ordered_at')} as day from own) o
  join charge_line l on ${OF_OTHERS} and l.ordered_by_licence = any($5::text[])
    and l.ordered_at >= o.day and l.ordered_at < o.day + interval '1 day'
  union
  select l.encounter_id, l.id from (
    select distinct ${DAY_OF('performed_at')} as day from own where performed_at is not null) o
  join charge_line l on ${OF_OTHERS} and l.facility_id::text = $1::uuid::text and l.performed_by_licences && $5::text[]
    and l.performed_at >= o.day and l.performed_at < o.day + interval '1 day'
  where cardinality($5::text[]) > 0
)
select e.id, f.patient_number as "patientNumber", p.national_id as "nationalId", to_json(e.arrived_at)#>>'{}' as "arrivedAt",
  l.cost_group_code as "group", l.department_code as department, l.ordered_by_licence as orderer,
  l.performed_by_licences as performers, l.machine_codes as machines, l.bed_code as bed,
  to_json(l.ordered_at)#>>'{}' as "orderedAt", to_json(l.performed_at)#>>'{}' as "performedAt",
  to_json(l.result_at)#>>'{}' as "resultAt",
  case when l.bed_code is not null then (select trim_scale(s.service_rate)::text from settlement_line s
    where s.facility_id = $1 and s.encounter_id = l.encounter_id and s.version = e.settlement_version
      and s.line_id = l.id) end as rate
from near n
join charge_line l on l.facility_id = $1 and l.encounter_id = n.encounter_id and l.id = n.id
join encounter e on e.facility_id = $1 and e.id = n.encounter_id
join patient p on p.id = e.patient_id
join patient_facility f on f.facility_id = $1 and f.patient_id = e.patient_id`;

export async function readUsesElsewhere(tx: Transaction, ids: readonly Id[]): Promise<UseElsewhere[]> {
  return tx.query<UseElsewhere>(
    `select licence, facility, to_json(at)#>>'{}' as at, act from practitioners_elsewhere($1::uuid[])`,
    [ids],
    'practitioners-elsewhere',
  );
}
