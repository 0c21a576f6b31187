/** Check-ins of the last 24 hours that the insurer has not answered, by whether they were tried (`label`, `value`). */
export const UNANSWERED_CHECK_INS = `select (attempts.n > 0)::text as label, count(*)::int as value from check_in c
  cross join lateral (
    select count(*) as n, bool_or(a.outcome in ('received', 'refused', 'withdrawn')) as done from check_in_attempt a
    where a.facility_id = c.facility_id and a.encounter_id = c.encounter_id and a.sequence = c.sequence) attempts
  where c.created_at > now() - interval '1 day' and attempts.done is not true group by 1`;
