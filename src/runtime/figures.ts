import {
  CERTIFICATES,
  CHANNELS_NOT_CLOSED,
  DEAD_LETTERS,
  type DeadlineRules,
  NOT_SIGNED,
  QUEUES,
  readRadar,
  UNANSWERED_CHECK_INS,
  UNKNOWN_AGE,
  UNKNOWN_OUTCOMES,
  URGENCIES,
  WORK_AGE,
} from '../exports/index.ts';
import { type Database, FIGURES_CONTEXT } from '../platform/database/index.ts';
import type { Clock } from '../platform/dates.ts';
import type { createMetrics } from '../platform/metrics.ts';
import { countRedisJobs, QUEUE_SCHEMA } from '../platform/queue/index.ts';

/** Figures of the whole province for Prometheus, read when they are asked for. */
export function watchDatabase(
  metrics: ReturnType<typeof createMetrics>,
  database: Database,
  redisUrl: string | null,
): void {
  const read = async (sql: string) =>
    database.transaction(FIGURES_CONTEXT, (tx) => tx.query<{ label: string; value: number }>(sql));
  const gauge = (name: string, help: string, label: string, sql: string) =>
    metrics.gauge(name, help, [label], async () =>
      (await read(sql)).map((row) => ({ labels: { [label]: row.label }, value: row.value })),
    );
  gauge(
    'his_outbox_rows',
    'Wishes not yet turned into jobs',
    'queue',
    'select queue as label, waiting as value from outbox_figures()',
  );
  gauge(
    'his_export_work',
    'Visits that the insurer still waits for',
    'step',
    `select case when number = 0 then 'build' else 'send' end as label, count(*)::int as value from export_work group by 1`,
  );
  gauge(
    'his_gateway_answers',
    'Outcomes of sending in the last 24 hours, by answer code of the gateway',
    'code',
    `select coalesce(result_code, type) as label, count(*)::int as value from claim_event
     where type in ('received', 'refused', 'unknown', 'notSent', 'parked') and at > now() - interval '1 day' group by 1`,
  );
  const jobs = ['his_queue_jobs', 'Jobs in the queue, by queue and state', 'queue_state'] as const;
  if (redisUrl === null)
    gauge(
      ...jobs,
      `select queue || ':' || state as label, count(*)::int as value from ${QUEUE_SCHEMA}.job group by 1`,
    );
  else
    metrics.gauge(jobs[0], jobs[1], [jobs[2]], async () =>
      (await countRedisJobs(redisUrl, Object.values(QUEUES))).map(({ queue, state, count }) => ({
        labels: { queue_state: `${queue}:${state}` },
        value: count,
      })),
    );
  gauge(
    'his_check_ins_unanswered',
    'Check-ins of the last 24 hours that the insurer has not answered, by whether they were tried',
    'tried',
    UNANSWERED_CHECK_INS,
  );
  gauge(
    'his_gateway_channels_open',
    'Ways to the gateway that let no calls through, by whose they are, family of calls and state',
    'channel',
    CHANNELS_NOT_CLOSED,
  );
  gauge('his_certificates', 'Certificates in use, by what is left of their time', 'state', CERTIFICATES);
  gauge('his_claims_not_signed', 'Claims that wait because they could not be signed', 'cause', NOT_SIGNED);
  watchAges(gauge);
  gauge(
    'his_papers',
    'Papers for the insurer that have not ended, by state; unclear waits for a person',
    'state',
    `select state as label, count(*)::int as value from insurer_paper
     where state not in ('received', 'refused', 'withdrawn') group by 1`,
  );
  gauge(
    'his_claim_events',
    'Claim events of the last 24 hours, by type',
    'type',
    `select type as label, count(*)::int as value from claim_event where at > now() - interval '1 day' group by 1`,
  );
}

/** What waits and is near its deadline, or past it: for an alert before money is lost. */
export function watchDeadlines(
  metrics: ReturnType<typeof createMetrics>,
  database: Database,
  rules: DeadlineRules,
  clock: Clock,
): void {
  metrics.gauge(
    'his_claims_near_deadline',
    'Visits that the insurer still waits for, by the time that is left',
    ['bucket'],
    async () => {
      const { total } = await database.transaction(FIGURES_CONTEXT, (tx) =>
        readRadar(tx, null, rules, clock.now()),
      );
      return URGENCIES.map((bucket) => ({ labels: { bucket }, value: total[bucket].count }));
    },
  );
}

/** What alerts are made of: how long something has waited, and what nobody does by itself. */
function watchAges(gauge: (name: string, help: string, label: string, sql: string) => void): void {
  gauge(
    'his_outbox_age_seconds',
    'Age of the oldest wish that is no job yet and should be',
    'queue',
    'select queue as label, seconds as value from outbox_ages()',
  );
  gauge(
    'his_export_work_age_seconds',
    'Age of the oldest visit that the insurer waits for and nobody keeps back',
    'step',
    WORK_AGE,
  );
  gauge(
    'his_claims_unknown',
    'Claims of which nobody knows whether the insurer has them',
    'cause',
    UNKNOWN_OUTCOMES,
  );
  gauge('his_claims_unknown_age_seconds', 'Age of the oldest of those', 'cause', UNKNOWN_AGE);
  gauge('his_dead_letters', 'Jobs that were given up and not done since', 'queue', DEAD_LETTERS);
  gauge(
    'his_backup_age_seconds',
    'Time since the last backup that was noted; absent = none ever was',
    'which',
    `select 'last' as label, extract(epoch from now() - max(finished_at))::float8 as value from backup_log
     having count(*) > 0`,
  );
}
