import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { IS_READY } from './work.repo.ts';

/** Batches of runs opened in `[from, before)` that are not finished. */
export async function openBatches(
  tx: Transaction,
  from: string,
  before: string,
): Promise<{ runId: Id; facilityId: Id }[]> {
  return tx.query(
    `select b.run_id as "runId", b.facility_id as "facilityId"
     from export_run r join export_batch b on b.run_id = r.id
     where r.started_at >= $1 and r.started_at < $2 and b.finished_at is null`,
    [from, before],
    'open-batches',
  );
}

/**
 * Of these facilities, those with visits settled up to and on that day that wait to be built since before `since`,
 * and with no batch open of a run that was opened after `openFrom`.
 */
export async function facilitiesWaiting(
  tx: Transaction,
  facilityIds: readonly Id[],
  day: LocalDate,
  since: string,
  openFrom: string,
): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `select distinct w.facility_id as id from export_work w
     where w.facility_id = any($1::uuid[]) and ${IS_READY} and w.settled_at < $2 and w.since < $3
       and not exists (select from export_batch b join export_run r on r.id = b.run_id
         where b.facility_id = w.facility_id and b.finished_at is null and r.started_at >= $4)`,
    [facilityIds, instantAt(addDays(day, 1)), since, openFrom],
    'facilities-waiting',
  );
  return rows.map((row) => row.id);
}

/** Check-ins made in `[from, before)` that have no answer and were not tried since `triedBefore`. */
export async function unansweredCheckIns(
  tx: Transaction,
  from: string,
  before: string,
  triedBefore: string,
): Promise<{ facilityId: Id; encounterId: Id; sequence: number }[]> {
  return tx.query(
    `select c.facility_id as "facilityId", c.encounter_id as "encounterId", c.sequence::int
     from check_in c join facilities_with_gateway_account() a on a = c.facility_id
     cross join lateral (
       select max(t.at) as tried_at, bool_or(t.outcome = any($4)) as done from check_in_attempt t
       where t.facility_id = c.facility_id and t.encounter_id = c.encounter_id and t.sequence = c.sequence) attempts
     where c.created_at >= $1 and c.created_at < $2 and attempts.done is not true
       and (attempts.tried_at is null or attempts.tried_at < $3)
     order by c.created_at limit 1000`,
    [from, before, triedBefore, ANSWERED],
    'unanswered-check-ins',
  );
}

/** Outcomes after which a check-in is not sent again; `withdrawn` = the line that caused it was cancelled. */
export const ANSWERED = ['received', 'refused', 'withdrawn'];
