/** Check-ins of the last 24 hours that the insurer has not answered, by whether they were tried (`label`, `value`). */
export const UNANSWERED_CHECK_INS = `select (attempts.n > 0)::text as label, count(*)::int as value from check_in c
  cross join lateral (
    select count(*) as n, bool_or(a.outcome in ('received', 'refused', 'withdrawn')) as done from check_in_attempt a
    where a.facility_id = c.facility_id and a.encounter_id = c.encounter_id and a.sequence = c.sequence) attempts
  where c.created_at > now() - interval '1 day' and attempts.done is not true group by 1`;

/** Certificates in use by what is left of their time (`label`, `value`); a month of warning. */
export const CERTIFICATES = `select case when valid_to <= now() then 'ended'
    when valid_to <= now() + interval '30 days' then 'ending' else 'inUse' end as label, count(*)::int as value
  from facility_certificate where retired_at is null group by 1`;

/** Claims that could not be signed, by cause. */
export const NOT_SIGNED = `select last.cause as label, count(*)::int as value from export_work w
  cross join lateral (select e.type, e.cause from claim_event e where e.facility_id = w.facility_id
    and e.encounter_id = w.encounter_id and e.number = w.number order by e.sequence desc limit 1) last
  where w.number > 0 and w.signed_number <> w.number and last.type = 'notSigned' group by 1`;

const channelsNotClosed = (
  value: string,
) => `select case when facility_id is null then 'gateway' else 'facility' end
    || ':' || family || ':' || case when state = 'stopped' then 'stopped' else 'open' end as label, ${value} as value
  from gateway_channel where state <> 'closed' group by 1`;

/** Ways to the gateway that let no calls through: of so many facilities, or (`gateway`) of all together. */
export const CHANNELS_NOT_CLOSED = channelsNotClosed('count(*)::int');

/** Seconds for which the longest of them has let no call through. */
export const CHANNELS_AGE = channelsNotClosed(
  'extract(epoch from now() - min(coalesce(since, changed_at)))::float8',
);

/** Age in seconds of the oldest visit that the insurer waits for and nobody keeps back, by step. */
export const WORK_AGE = `select case when number = 0 then 'build' else 'send' end as label,
    extract(epoch from now() - min(since))::float8 as value
  from export_work where held_at is null and not_before < 'infinity' group by 1`;

/**
 * A claim stays unclear from the first call that ended so, however often it is tried again, until one tells. That a later
 * call did not arrive tells nothing of the earlier ones.
 */
const UNKNOWN_CLAIMS = `from export_work w
  cross join lateral (select min(e.at) as since, (array_agg(e.cause order by e.sequence desc))[1] as cause
    from claim_event e where e.facility_id = w.facility_id and e.encounter_id = w.encounter_id and e.number = w.number
      and e.type = 'unknown' and e.sequence > coalesce((select max(told.sequence) from claim_event told
        where told.facility_id = w.facility_id and told.encounter_id = w.encounter_id and told.number = w.number
          and told.type in ('received', 'refused', 'parked')), 0)
    having count(*) > 0) unclear
  where w.number > 0`;

/** Claims of which nobody knows whether the insurer has them, by the cause of the last call. */
export const UNKNOWN_OUTCOMES = `select unclear.cause as label, count(*)::int as value ${UNKNOWN_CLAIMS} group by 1`;
/** Seconds for which the oldest of them has been unclear. */
export const UNKNOWN_AGE = `select unclear.cause as label,
    extract(epoch from now() - min(unclear.since))::float8 as value ${UNKNOWN_CLAIMS} group by 1`;

/** Jobs that were given up and not done since, by queue. */
export const DEAD_LETTERS =
  'select queue as label, count(*)::int as value from dead_letter where cured_at is null group by 1';

/** Facilities that can send and have no certificate in use. */
export const WITHOUT_CERTIFICATE = `select f.code as label, 1 as value from gateway_account a
  join facility f on f.id = a.facility_id where not exists (select from facility_certificate c
    where c.facility_id = a.facility_id and c.retired_at is null) order by 1`;

/** Tasks of people about records that the insurer did not take or faults: late, due within a day, due later. */
export const CORRECTION_TASKS = `select case when due_at <= now() then 'overdue'
    when due_at <= now() + interval '1 day' then 'soon' else 'later' end as label, count(*)::int as value
  from correction_task where closed_at is null group by 1`;

/** Claims whose answer nobody understands, by its code, else by its HTTP status: they wait for a person. */
export const PARKED_CLAIMS = `select coalesce(nullif(t.code, ''), 'HTTP ' || last.http_status, 'none') as label,
    count(*)::int as value
  from correction_task t left join lateral (select e.http_status from claim_event e where e.facility_id = t.facility_id
    and e.encounter_id = t.encounter_id and e.number = t.number and e.type = 'parked' order by e.sequence desc limit 1)
    last on true
  where t.closed_at is null and t.cause = 'parked' group by 1`;

/** Claims of the last 24 hours that the gateway took without a number of its own, by how it said so. */
export const WITHOUT_REFERENCE = `select cause as label, count(*)::int as value from claim_event
  where cause = 'received-without-reference' and type = 'received' and at > now() - interval '1 day' group by 1`;

/** Papers that have not ended, by state. */
export const PAPERS = `select state as label, count(*)::int as value from insurer_paper
  where state in ('built', 'signed', 'notSigned', 'sending', 'unclear', 'notSent', 'resend') group by 1`;

/** Seconds since the insurer shut a facility out from co-payment look-ups, of those it did today. */
export const COPAY_RESTRICTED = 'select facility as label, seconds as value from copay_restricted()';
