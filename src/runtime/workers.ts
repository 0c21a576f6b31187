import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '../catalogues/index.ts';
import { claimChoices } from '../claims/index.ts';
import { type Config, signingPassphrase } from '../config.ts';
import {
  createLanes,
  databaseTime,
  deadlineRules,
  type ExportDependencies,
  keepDeadLetters,
  tokenShelf,
} from '../exports/index.ts';
import { type Directory, loadDirectory } from '../facilities/index.ts';
import { createGatewayClient } from '../gateway/index.ts';
import type { Database } from '../platform/database/index.ts';
import { type Clock, systemClock } from '../platform/dates.ts';
import type { Logger } from '../platform/log.ts';
import { openQueues, QUEUE_SCHEMA, type QueueBackend, type Queues } from '../platform/queue/index.ts';
import { createReferenceCache, type ReferenceCache } from '../platform/reference-cache.ts';
import type { SecretBox } from '../platform/secrets.ts';
import { loadWorkingDays } from '../platform/working-days.ts';
import { createSigner, type Signer } from '../signatures/index.ts';
import { ruleSettings } from './assessing.ts';
import { lawInForce } from './law.ts';

export type WorkSettings = Pick<
  Config,
  | 'GATEWAY_URL'
  | 'GATEWAY_TIMEOUT_MS'
  | 'GATEWAY_CONCURRENCY'
  | 'GATEWAY_FACILITY_CONCURRENCY'
  | 'GATEWAY_FACILITY_PER_MINUTE'
  | 'GATEWAY_LOCAL_ADDRESS'
  | 'SEND_LEASE_MARGIN_MS'
  | 'SEND_QUIET_MS'
  | 'REFUSAL_COUNT_DAYS'
  | 'RULE_STOP_SHARE'
  | 'RULE_STOP_CLAIMS'
  | 'CLAIM_CHECK_DAYS'
  | 'RESULT_QUERY_DAYS'
  | 'BENEFIT_CONTRACT'
  | 'CLAIM_SUPPLY_CEILING'
  | 'CLAIM_INSURER_SHARE'
  | 'EXPORT_DIR'
  | 'EXPORT_TIME'
  | 'STRICTER_DEADLINE_FROM'
  | 'QUEUE_LOCK_MS'
  | 'SWEEP_EVERY_MS'
  | 'REDIS_URL'
> &
  SigningSettings;

export type SigningSettings = Pick<
  Config,
  'DATA_DIR' | 'SIGNING' | 'SIGNING_KEYS_DIR' | 'SIGNING_URL' | 'SIGNING_TOKEN' | 'SIGNING_TIMEOUT_MS'
>;

export interface WorkerParts extends ExportDependencies {
  readonly directory: ReferenceCache<Directory>;
  readonly exportTime: string;
  readonly gatewayConcurrency: number;
}

/** A sweep that came right after the queue was given something leaves it alone, and so does the next. */
const CHANCE_SWEEPS = 2;

/** What the workers work with, put together once per process. */
export function workerParts(
  config: WorkSettings,
  database: Database,
  secrets: SecretBox,
  log: Logger,
  clock: Clock = systemClock,
  ledgerTime: ExportDependencies['ledgerTime'] = databaseTime,
): WorkerParts {
  const directory = createReferenceCache(database, loadDirectory);
  const catalogue = createReferenceCache(database, loadCatalogue);
  const settings = ruleSettings(database);
  const law = lawInForce(config);
  const calendar = loadWorkingDays();
  return {
    database,
    ruleStop: { share: config.RULE_STOP_SHARE / 100, claims: config.RULE_STOP_CLAIMS },
    gateway: createGatewayClient({
      baseUrl: config.GATEWAY_URL ?? '',
      clock,
      timeouts: { submitMs: config.GATEWAY_TIMEOUT_MS },
      shelf: tokenShelf(database, secrets, clock, config.GATEWAY_LOCAL_ADDRESS ?? hostname()),
      ...(config.GATEWAY_LOCAL_ADDRESS === null ? {} : { localAddress: config.GATEWAY_LOCAL_ADDRESS }),
    }),
    lanes: createLanes({
      perFacility: config.GATEWAY_FACILITY_CONCURRENCY,
      perMinute: config.GATEWAY_FACILITY_PER_MINUTE,
    }),
    secrets,
    clock,
    ledgerTime,
    log,
    signer: signerOf(config),
    refusalCountDays: config.REFUSAL_COUNT_DAYS,
    claimCheckDays: config.CLAIM_CHECK_DAYS,
    resultQueryDays: config.RESULT_QUERY_DAYS,
    calendar,
    deadlines: deadlineRules(config.STRICTER_DEADLINE_FROM, calendar),
    law: lawInForce(config),
    claimChoices: claimChoices(config),
    exportDir: config.EXPORT_DIR,
    submitTimeoutMs: config.GATEWAY_TIMEOUT_MS,
    leaseMarginMs: config.SEND_LEASE_MARGIN_MS,
    quietMs: config.SEND_QUIET_MS,
    queueChanceMs: CHANCE_SWEEPS * config.SWEEP_EVERY_MS,
    directory,
    assessing: async () => ({
      directory: await directory.get(),
      catalogue: await catalogue.get(),
      settings: await settings.get(),
      choices: claimChoices(config),
      law,
      now: clock.now(),
      onFailure: (error) => log.error({ where: 'assessment', err: error }, 'a rule failed'),
    }),
    exportTime: config.EXPORT_TIME,
    gatewayConcurrency: config.GATEWAY_CONCURRENCY,
  };
}

/** Where the facilities' keys are; null = nothing is signed. */
export function signerOf(config: SigningSettings): Signer | null {
  if (config.SIGNING === 'off') return null;
  const { SIGNING_URL: url, SIGNING_TOKEN: token, SIGNING_TIMEOUT_MS: timeoutMs } = config;
  return createSigner({
    keysDir: keysDirOf(config),
    passphraseOf: (facilityCode) => signingPassphrase(facilityCode),
    remote: url && token ? { url, token, timeoutMs } : null,
  });
}

export function keysDirOf(config: Pick<Config, 'DATA_DIR' | 'SIGNING_KEYS_DIR'>): string {
  return config.SIGNING_KEYS_DIR ?? join(config.DATA_DIR, 'keys');
}

export function queueBackend(config: Pick<Config, 'REDIS_URL'>, exportUrl: string): QueueBackend {
  return config.REDIS_URL
    ? { kind: 'redis', url: config.REDIS_URL }
    : { kind: 'postgres', url: exportUrl, schema: QUEUE_SCHEMA };
}

export function openWorkQueues(
  config: WorkSettings,
  exportUrl: string,
  database: Database,
  log: Logger,
): Promise<Queues> {
  const letters = keepDeadLetters(database, systemClock, (error) =>
    log.error({ where: 'dead letters', err: error }, 'queue'),
  );
  return openQueues(queueBackend(config, exportUrl), {
    lockMs: config.QUEUE_LOCK_MS,
    onError: (error, where) => log.warn({ where, err: error }, 'queue'),
    onGivenUp(error, job) {
      const { queue, id } = job;
      log.error({ queue, id, err: error }, 'job given up; the sweep finds its work again');
      letters.onGivenUp(error, job);
    },
    onDone: letters.onDone,
  });
}
