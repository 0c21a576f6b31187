import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { claimRoutes } from '../api/claims.routes.ts';
import type { ApiDependencies } from '../api/context.ts';
import { encounterRoutes } from '../api/encounters.routes.ts';
import { execute } from '../api/execute.ts';
import { homePage } from '../api/home.ts';
import { patientRoutes } from '../api/patients.routes.ts';
import type { ApiRoute } from '../api/routes.ts';
import { loadPolicy } from '../benefits/index.ts';
import { loadCatalogue } from '../catalogues/index.ts';
import type { Config } from '../config.ts';
import { QUEUES } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import { createIdentity, mayDo, type Permission } from '../identity/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { type Clock, systemClock } from '../platform/dates.ts';
import { createHttpApp } from '../platform/http/index.ts';
import type { Logger } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { countRedisJobs, QUEUE_SCHEMA } from '../platform/queue/index.ts';
import { createReferenceCache } from '../platform/reference-cache.ts';

export const ROUTES: readonly ApiRoute[] = [...patientRoutes, ...encounterRoutes, ...claimRoutes];

/** The API over one database: everything a request needs, put together once. */
export function createApi(
  config: Pick<Config, 'MAX_BODY_KB' | 'REDIS_URL'>,
  database: Database,
  log: Logger,
  clock: Clock = systemClock,
) {
  const deps: ApiDependencies = {
    database,
    directory: createReferenceCache(database, loadDirectory),
    catalogue: createReferenceCache(database, loadCatalogue),
    law: loadPolicy(),
    clock,
  };
  const identity = createIdentity(database);
  const metrics = createMetrics();
  watchDatabase(metrics, database, config.REDIS_URL);
  const app = createHttpApp({
    title: 'LienThong HIS',
    routes: ROUTES,
    schemas: API_SCHEMAS,
    maxBodyBytes: config.MAX_BODY_KB * 1024,
    authenticate: (request) => identity.authenticate(request.headers.authorization),
    allowed: (caller, permission) => mayDo(caller.role, permission as Permission),
    facilityOf: (caller) => caller.facilityId,
    execute: (caller, meta, work) => execute(deps, caller, meta, work),
    onDone(done) {
      metrics.request(done.route, done.method, done.status, done.seconds);
      log.info({ ...done, seconds: Math.round(done.seconds * 1e4) / 1e4 }, 'request');
    },
    onFailure: (error, requestId) => log.error({ requestId, err: error }, 'request failed'),
    checks: {
      database: () => database.transaction(SYSTEM_CONTEXT, async (tx) => void (await tx.query('select 1'))),
    },
    metrics: async () => ({
      contentType: metrics.registry.contentType,
      text: await metrics.registry.metrics(),
    }),
    home: (language) => homePage(database, language, clock.now()),
  });
  return { app, deps, metrics };
}

function watchDatabase(
  metrics: ReturnType<typeof createMetrics>,
  database: Database,
  redisUrl: string | null,
): void {
  const read = async (sql: string) =>
    database.transaction(SYSTEM_CONTEXT, (tx) => tx.query<{ label: string; value: number }>(sql));
  const gauge = (name: string, help: string, label: string, sql: string) =>
    metrics.gauge(name, help, [label], async () =>
      (await read(sql)).map((row) => ({ labels: { [label]: row.label }, value: row.value })),
    );
  gauge(
    'his_outbox_rows',
    'Wishes not yet turned into jobs',
    'queue',
    'select queue as label, count(*)::int as value from outbox group by 1',
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
    `select (attempts.n > 0)::text as label, count(*)::int as value from check_in c
     cross join lateral (
       select count(*) as n, bool_or(a.outcome in ('received', 'refused', 'withdrawn')) as done from check_in_attempt a
       where a.facility_id = c.facility_id and a.encounter_id = c.encounter_id and a.sequence = c.sequence) attempts
     where c.created_at > now() - interval '1 day' and attempts.done is not true group by 1`,
  );
  gauge(
    'his_claim_events',
    'Claim events of the last 24 hours, by type',
    'type',
    `select type as label, count(*)::int as value from claim_event where at > now() - interval '1 day' group by 1`,
  );
}
