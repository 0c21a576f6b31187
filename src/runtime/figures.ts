import { type DeadlineRules, QUEUES, readRadar, URGENCIES } from '../exports/index.ts';
import { type Database, FIGURES_CONTEXT } from '../platform/database/index.ts';
import type { Clock } from '../platform/dates.ts';
import type { createMetrics } from '../platform/metrics.ts';
import { countRedisJobs, QUEUE_SCHEMA } from '../platform/queue/index.ts';
import { type DatabaseFigure, FIGURES, NEAR_DEADLINE } from './figures.table.ts';

type Metrics = ReturnType<typeof createMetrics>;

const QUEUE_JOBS = {
  name: 'his_queue_jobs',
  help: 'Jobs in the queue, by queue and state',
  label: 'queue_state',
  sql: `select queue || ':' || state as label, count(*)::int as value from ${QUEUE_SCHEMA}.job group by 1`,
} satisfies DatabaseFigure;

/** Figures of the whole province for Prometheus, read when they are asked for. */
export function watchDatabase(metrics: Metrics, database: Database, redisUrl: string | null): void {
  const watch = ({ name, help, label, sql }: DatabaseFigure) =>
    metrics.gauge(name, help, [label], async () => {
      const rows = await database.transaction(FIGURES_CONTEXT, (tx) =>
        tx.query<{ label: string; value: number }>(sql),
      );
      return rows.map((row) => ({ labels: { [label]: row.label }, value: row.value }));
    });
  for (const figure of FIGURES) watch(figure);
  if (redisUrl === null) watch(QUEUE_JOBS);
  else watchRedis(metrics, redisUrl);
}

function watchRedis(metrics: Metrics, redisUrl: string): void {
  const { name, help, label } = QUEUE_JOBS;
  metrics.gauge(name, help, [label], async () =>
    (await countRedisJobs(redisUrl, Object.values(QUEUES))).map(({ queue, state, count }) => ({
      labels: { [label]: `${queue}:${state}` },
      value: count,
    })),
  );
}

/** What waits, by the time that is left. */
export function watchDeadlines(
  metrics: Metrics,
  database: Database,
  rules: DeadlineRules,
  clock: Clock,
): void {
  const { name, help, label } = NEAR_DEADLINE;
  metrics.gauge(name, help, [label], async () => {
    const { total } = await database.transaction(FIGURES_CONTEXT, (tx) =>
      readRadar(tx, null, rules, clock.now()),
    );
    return URGENCIES.map((bucket) => ({ labels: { [label]: bucket }, value: total[bucket].count }));
  });
}
