import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { accountRoutes } from '../api/accounts.routes.ts';
import { auditRoutes } from '../api/audit.routes.ts';
import { cardLookupRoutes } from '../api/card-lookups.routes.ts';
import { certificateRoutes } from '../api/certificates.routes.ts';
import { claimCheckRoutes } from '../api/claim-checks.routes.ts';
import { claimRoutes } from '../api/claims.routes.ts';
import type { ApiDependencies } from '../api/context.ts';
import { correctionRoutes } from '../api/corrections.routes.ts';
import { deadLetterRoutes } from '../api/dead-letters.routes.ts';
import { deadlineRoutes } from '../api/deadlines.routes.ts';
import { atTheDoor, type DoorOptions, type DoorRoute, sessionCookies } from '../api/door.ts';
import { encounterRoutes } from '../api/encounters.routes.ts';
import { inTransaction } from '../api/execute.ts';
import { findingCauseRoutes } from '../api/finding-causes.routes.ts';
import { findingRoutes } from '../api/findings.routes.ts';
import { foreignClaimRoutes } from '../api/foreign-claims.routes.ts';
import { homePage } from '../api/home.ts';
import { insurerCatalogueRoutes } from '../api/insurer-catalogues.routes.ts';
import { paperRoutes } from '../api/papers.routes.ts';
import { patientRoutes } from '../api/patients.routes.ts';
import { paymentRoutes } from '../api/payments.routes.ts';
import { rememberRefusal } from '../api/refusals.ts';
import { reportRoutes } from '../api/reports.routes.ts';
import { resultRoutes } from '../api/results.routes.ts';
import type { ApiRoute } from '../api/routes.ts';
import { ruleTrialRoutes } from '../api/rule-trials.routes.ts';
import { ruleRoutes } from '../api/rules.routes.ts';
import { sessionRoutes } from '../api/session.routes.ts';
import { settlementRoutes } from '../api/settlement.routes.ts';
import { shiftRoutes } from '../api/shifts.routes.ts';
import { createRefusalCounter } from '../audit/index.ts';
import { loadCatalogue } from '../catalogues/index.ts';
import { claimChoices } from '../claims/index.ts';
import type { Config } from '../config.ts';
import { deadlineRules, QUEUES } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import {
  authorise,
  type Caller,
  createIdentity,
  createOidc,
  type DoorDependencies,
} from '../identity/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { type Clock, systemClock } from '../platform/dates.ts';
import { createHttpApp, createRateLimit, type Operation } from '../platform/http/index.ts';
import type { Logger } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { BOARD_CONTENT, createQueueBoard, type QueueBackend } from '../platform/queue/index.ts';
import { createReferenceCache } from '../platform/reference-cache.ts';
import type { SecretBox } from '../platform/secrets.ts';
import { stopPress } from '../reports/index.ts';
import { ruleSettings } from './assessing.ts';
import { watchDatabase, watchDeadlines } from './figures.ts';
import { lawInForce } from './law.ts';

/** Routes of the work itself, and routes of the door. */
export const ROUTES: readonly ApiRoute[] = [
  ...patientRoutes,
  ...encounterRoutes,
  ...settlementRoutes,
  ...paymentRoutes,
  ...shiftRoutes,
  ...claimRoutes,
  ...deadlineRoutes,
  ...certificateRoutes,
  ...cardLookupRoutes,
  ...paperRoutes,
  ...insurerCatalogueRoutes,
  ...findingRoutes,
  ...foreignClaimRoutes,
  ...resultRoutes,
  ...correctionRoutes,
  ...ruleRoutes,
  ...ruleTrialRoutes,
  ...findingCauseRoutes,
  ...claimCheckRoutes,
  ...reportRoutes,
  ...accountRoutes,
  ...auditRoutes,
  ...deadLetterRoutes,
];
export const DOOR_ROUTES: readonly DoorRoute[] = sessionRoutes;

export type ApiSettings = Pick<
  Config,
  | 'MAX_BODY_KB'
  | 'UPLOAD_MAX_MB'
  | 'BENEFIT_CONTRACT'
  | 'CLAIM_SUPPLY_CEILING'
  | 'CLAIM_INSURER_SHARE'
  | 'CARD_LOOKUP_WAIT_MS'
  | 'STRICTER_DEADLINE_FROM'
  | 'REDIS_URL'
  | 'SESSION_IDLE_MINUTES'
  | 'SESSION_HOURS'
  | 'TOKEN_MINUTES'
  | 'DEMO_ACCOUNTS'
  | 'ACCOUNT_CALLS_PER_MINUTE'
  | 'UNRECOGNISED_CALLS_PER_MINUTE'
  | 'TRUSTED_PROXIES'
  | 'PUBLIC_URL'
  | 'OIDC_ISSUER'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_CLIENT_SECRET'
  | 'OIDC_USERNAME_CLAIM'
>;

/** The API's two ways to the database: its own, and the sign-in door's. */
export interface ApiDatabases {
  readonly app: Database;
  readonly identity: Database;
  /** Where jobs wait, to be looked at; absent = nobody looks. */
  readonly queue?: QueueBackend;
}

/** The API: everything a request needs, put together once. */
export function createApi(
  config: ApiSettings,
  databases: ApiDatabases,
  secrets: SecretBox,
  log: Logger,
  clock: Clock = systemClock,
) {
  const { app: database } = databases;
  const deadlines = deadlineRules(config.STRICTER_DEADLINE_FROM);
  const deps: ApiDependencies = {
    database,
    directory: createReferenceCache(database, loadDirectory),
    catalogue: createReferenceCache(database, loadCatalogue),
    ruleSettings: ruleSettings(database),
    claimChoices: claimChoices(config),
    law: lawInForce(config),
    clock,
    deadlines,
    cardLookupWaitMs: config.CARD_LOOKUP_WAIT_MS,
    onRuleFailure: (error) => log.error({ where: 'assessment', err: error }, 'a rule failed'),
  };
  const doorOptions = doorOf(config, databases.identity, secrets, clock);
  const identity = createIdentity(doorOptions.door);
  const metrics = createMetrics();
  const refusals = createRefusalCounter(database, {
    onError: (error) => log.error({ where: 'refusals', err: error }, 'refusals not counted'),
  });
  watchDatabase(metrics, database, config.REDIS_URL);
  watchDeadlines(metrics, database, deadlines, clock);
  const board = databases.queue ? boardOf(databases.queue, log) : null;
  const operations: readonly Operation<Caller>[] = [
    ...ROUTES.map((route) => inTransaction(deps, route)),
    ...DOOR_ROUTES.map((route) => atTheDoor(doorOptions, route)),
  ];
  const app = createHttpApp<Caller>({
    title: 'LienThong HIS',
    routes: operations,
    schemas: API_SCHEMAS,
    maxBodyBytes: config.MAX_BODY_KB * 1024,
    maxUploadBytes: config.UPLOAD_MAX_MB * 1024 * 1024,
    trustedProxies: config.TRUSTED_PROXIES,
    async recognise(request) {
      const { caller, newToken } = await identity.recognise(request);
      return { caller, headers: newToken ? doorOptions.cookie(newToken) : {} };
    },
    authorise,
    limits: {
      account: createRateLimit('account', config.ACCOUNT_CALLS_PER_MINUTE),
      unrecognised: createRateLimit('address', config.UNRECOGNISED_CALLS_PER_MINUTE),
    },
    describe: ({ accountId, facilityId }) => ({ accountId, facilityId }),
    onRefusal: (refusal) => rememberRefusal(database, refusals, refusal),
    onDone(done) {
      metrics.request(done.route, done.method, done.status, done.seconds);
      log.info({ ...done, seconds: Math.round(done.seconds * 1e4) / 1e4 }, 'request');
    },
    onFailure: (error, requestId) => log.error({ requestId, err: error }, 'request failed'),
    checks: {
      database: () => database.transaction(SYSTEM_CONTEXT, async (tx) => void (await tx.query('select 1'))),
      identity: async () => void (await databases.identity.pool.query('select 1')),
    },
    metrics: async () => ({
      contentType: metrics.registry.contentType,
      text: await metrics.registry.metrics(),
    }),
    panels: board ? [board] : [],
    home: (language) => homePage(database, language, clock.now()),
  });
  return {
    app,
    deps,
    metrics,
    stop: async (): Promise<void> => void (await Promise.all([refusals.stop(), stopPress(), board?.close()])),
  };
}

/** The queues as bull-board shows them, for whoever runs the system. */
function boardOf(backend: QueueBackend, log: Logger) {
  const path = '/operations/queues';
  const board = createQueueBoard(backend, Object.values(QUEUES), path, (error) =>
    log.warn({ where: 'queue board', err: error }, 'queue'),
  );
  return {
    path,
    permission: 'operations.watch',
    operationId: 'watchQueues',
    content: BOARD_CONTENT,
    ...board,
  };
}

function doorOf(config: ApiSettings, database: Database, secrets: SecretBox, clock: Clock): DoorOptions {
  const door: DoorDependencies = {
    database,
    secrets,
    clock,
    settings: {
      idleMinutes: config.SESSION_IDLE_MINUTES,
      sessionHours: config.SESSION_HOURS,
      tokenMinutes: config.TOKEN_MINUTES,
      allowDemo: config.DEMO_ACCOUNTS === 'on',
    },
  };
  const publicUrl = config.PUBLIC_URL ?? '';
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  const provider =
    issuer && clientId && clientSecret
      ? createOidc(door, {
          issuer,
          clientId,
          clientSecret,
          redirectUri: new URL('/auth/oidc/callback', publicUrl).href,
          usernameClaim: config.OIDC_USERNAME_CLAIM,
        })
      : null;
  const oidc = provider ? { provider, publicUrl } : null;
  return { door, oidc, cookie: sessionCookies(config.SESSION_HOURS, publicUrl.startsWith('https:')) };
}
