import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../src/config.ts';
import { type Recorded, recordDay } from '../../src/demo/record.ts';
import { type FacilityDay, planDay, type VisitPlan } from '../../src/demo/visits/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { addDays, type Clock, type LocalDate, localDate } from '../../src/platform/dates.ts';
import { createLogger } from '../../src/platform/log.ts';
import { openQueues, type Queues } from '../../src/platform/queue/index.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { queueBackend, type WorkerParts, workerParts } from '../../src/runtime/workers.ts';
import type { Signer } from '../../src/signatures/index.ts';
import { type RunningWorkers, startWorkers } from '../../workers/index.ts';
import { demoProvince, TEST_KEY, tokenFor } from './province.ts';
import { hasRedis, startRedis } from './redis.ts';
import { startTestServer, type TestServer } from './server.ts';
import { startSimulatorProcess } from './simulator.ts';
import { UNSIGNED } from './unsigned.ts';

export type BackendKind = 'postgres' | 'redis';
/** The queue backends of this machine: Redis only where there is one (test/run.ts says when not). */
export const BACKENDS: readonly BackendKind[] = hasRedis() ? ['postgres', 'redis'] : ['postgres'];

/** A clock that tests push forward. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(): TestClock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance: (ms) => {
      ahead += ms;
    },
  };
}

export const SUBMIT_TIMEOUT_MS = 2_000;
export const LEASE_MARGIN_MS = 500;

interface SimRecord {
  readonly maCSKCB: string;
  readonly maLk: string;
  readonly versions: readonly { readonly state: 'active' | 'replaced'; readonly sha256: string }[];
}
export interface SimCall {
  readonly number: number;
  readonly arrivedAt: string;
  readonly path: string;
  readonly maCSKCB: string | null;
  readonly sha256: string | null;
  readonly maLks: readonly string[];
  readonly status: number | null;
  readonly persisted: boolean;
}
export interface SimReport {
  readonly records: { readonly active: number; readonly replaced: number };
  readonly checkIns: number;
  readonly money: Readonly<Record<string, string>>;
}

/** API, queue and what workers need, over one fresh database, in this process; the simulator is one of its own. */
export interface Plant {
  readonly server: TestServer;
  readonly clock: TestClock;
  readonly exportDir: string;
  readonly gatewayUrl: string;
  readonly redisUrl: string | null;
  readonly database: Database;
  readonly parts: WorkerParts;
  readonly queues: Queues;
  /** Day on which the visits of `record` end. */
  readonly day: LocalDate;
  /** Starts workers in this process; they end with the plant. */
  startWorkers(sweepEveryMs?: number): Promise<RunningWorkers>;
  /** Told `job <queue>/<id>` each time a job fails. */
  onJobFailure(told: (where: string) => void): void;
  /** A second set of what workers need, as another process would have it. */
  secondParts(): WorkerParts;
  /** @param wrong share of the insured visits that are recorded wrongly */
  record(count: number, facilities: readonly string[], seed?: number, wrong?: number): Promise<Recorded>;
  plans(count: number, facilities: readonly string[], seed?: number, wrong?: number): VisitPlan[];
  control<T>(method: string, path: string, body?: unknown): Promise<T>;
  report(): Promise<SimReport>;
  records(): Promise<SimRecord[]>;
  claimCalls(): Promise<SimCall[]>;
  stop(): Promise<void>;
}

export async function startPlant(
  kind: BackendKind,
  settings: Readonly<Record<string, unknown>> = {},
  more: Partial<Config> = {},
  signer: Signer | null = null,
): Promise<Plant> {
  const redis = kind === 'redis' ? await startRedis() : null;
  const exportDir = mkdtempSync(join(tmpdir(), 'his-claims-'));
  const starting = startSimulatorProcess(settings);
  const server = await startTestServer({ as: null, settings: more });
  const simulator = await starting;
  const clock = testClock();
  const log = createLogger('silent');
  const config = {
    GATEWAY_URL: simulator.url,
    GATEWAY_TIMEOUT_MS: more.GATEWAY_TIMEOUT_MS ?? SUBMIT_TIMEOUT_MS,
    GATEWAY_CONCURRENCY: 4,
    GATEWAY_FACILITY_CONCURRENCY: 2,
    GATEWAY_FACILITY_PER_MINUTE: 6_000,
    GATEWAY_LOCAL_ADDRESS: null,
    SEND_LEASE_MARGIN_MS: LEASE_MARGIN_MS,
    SEND_QUIET_MS: 0,
    REFUSAL_COUNT_DAYS: 365,
    RULE_STOP_SHARE: 20,
    RULE_STOP_CLAIMS: 50,
    CLAIM_CHECK_DAYS: 30,
    RESULT_QUERY_DAYS: 0,
    BENEFIT_CONTRACT: null,
    CLAIM_SUPPLY_CEILING: 'edition' as const,
    CLAIM_INSURER_SHARE: 'rows' as const,
    EXPORT_DIR: exportDir,
    EXPORT_TIME: '23:59',
    STRICTER_DEADLINE_FROM: null,
    QUEUE_LOCK_MS: 2_000,
    SWEEP_EVERY_MS: 30_000,
    REDIS_URL: redis?.url ?? null,
    ...UNSIGNED,
  };
  const exportUrl = server.database.urls.his_export;
  const database = openDatabase(exportUrl, 8, () => undefined);
  const made: WorkerParts[] = [];
  const makeParts = () => {
    const parts = {
      ...workerParts(config, database, createSecretBox(TEST_KEY), log, clock, async () => clock.now()),
      signer,
    };
    made.push(parts);
    return parts;
  };
  const parts = makeParts();
  let onJobFailure: (where: string) => void = () => undefined;
  const queues = await openQueues(queueBackend(config, exportUrl), {
    lockMs: 2_000,
    retry: { attempts: 5, firstPauseMs: 100 },
    onError: (_error, where) => onJobFailure(where),
  });
  const workers: RunningWorkers[] = [];
  const day = addDays(localDate(new Date()), -1);
  const days = (count: number, facilities: readonly string[], seed: number, wrong: number) =>
    planDay({ seed, date: day, province: demoProvince(), facilities, count, wrong });
  const people = new Set<string>();
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${simulator.controlUrl}/__sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`simulator ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return {
    server,
    clock,
    exportDir,
    gatewayUrl: simulator.url,
    redisUrl: redis?.url ?? null,
    database,
    parts,
    queues,
    day,
    async startWorkers(sweepEveryMs = 500) {
      const running = await startWorkers(parts, queues, { sweepEveryMs });
      workers.push(running);
      return running;
    },
    secondParts: makeParts,
    onJobFailure(told) {
      onJobFailure = told;
    },
    record: (count, facilities, seed = 1, wrong = 0) =>
      recordDay(
        ofNewPeople(
          days(count, facilities, seed, wrong),
          days(count + 20 * people.size, facilities, seed, wrong),
          people,
        ),
        { api: server.api, tokenOf: tokenFor, atWork: 4 },
      ),
    plans: (count, facilities, seed = 1, wrong = 0) =>
      days(count, facilities, seed, wrong).flatMap((one) => [...one.visits()]),
    control,
    report: () => control('GET', 'report'),
    records: () => control('GET', 'records'),
    claimCalls: () => control('GET', 'calls?limit=50000&path=/api/qd130/guiHoSoXmlQD3176'),
    async stop() {
      for (const one of workers) await one.stop();
      await queues.close();
      for (const one of made) one.gateway.close();
      await database.close();
      await simulator.stop();
      await server.stop();
      await redis?.stop();
      rmSync(exportDir, { recursive: true, force: true });
    },
  };
}

/**
 * So many visits of each facility, without those who came in an earlier call: people of two seeds share cards, and may so
 * meet at one time.
 * @param larger the same day with enough visits to choose from
 */
function ofNewPeople(
  day: readonly FacilityDay[],
  larger: readonly FacilityDay[],
  people: Set<string>,
): readonly FacilityDay[] {
  const before = new Set(people);
  const chosen = day.map((one) => {
    const all = larger.find(({ facilityCode }) => facilityCode === one.facilityCode)!.visits();
    return [...all].filter((plan) => !before.has(whoIs(plan))).slice(0, one.count);
  });
  for (const plan of chosen.flat()) people.add(whoIs(plan));
  function* visits(plans: readonly VisitPlan[]): Generator<VisitPlan> {
    yield* plans;
  }
  return day.map((one, index) => ({ ...one, visits: () => visits(chosen[index]!) }));
}

/** The part of the card's number that stays a person's, else the person's id. */
function whoIs({ steps, patientId }: VisitPlan): string {
  const coverage = steps.find(({ kind }) => kind === 'coverage');
  return coverage?.kind === 'coverage' ? coverage.body.cardNumber.slice(-10) : patientId;
}

/** Looks again and again until it holds; jest's own limit ends what never does. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

/** What stands in the ledger, claim by claim, events in order. */
export interface LedgerRow {
  readonly facilityId: string;
  readonly encounterId: string;
  readonly claimKey: string;
  readonly number: number;
  readonly sequences: readonly number[];
  readonly types: readonly string[];
  readonly causes: readonly string[];
  readonly hashes: readonly (string | null)[];
}

export function ledger(plant: Plant): Promise<LedgerRow[]> {
  return plant.server.database.query<LedgerRow & Record<string, unknown>>(
    `select v.facility_id as "facilityId", v.encounter_id as "encounterId", e.claim_key as "claimKey", v.number,
       array_agg(x.sequence::int order by x.sequence) as sequences, array_agg(x.type order by x.sequence) as types,
       array_agg(x.cause order by x.sequence) as causes, array_agg(x.document_sha256 order by x.sequence) as hashes
     from claim_version v join encounter e on e.facility_id = v.facility_id and e.id = v.encounter_id
     join claim_event x on x.facility_id = v.facility_id and x.encounter_id = v.encounter_id and x.number = v.number
     group by 1, 2, 3, 4 order by 3`,
  );
}

/** Settled visits with insurance that the work list still holds. */
export async function waiting(plant: Plant): Promise<number> {
  const [row] = await plant.server.database.query<{ n: number }>(
    'select count(*)::int as n from export_work',
  );
  return row?.n ?? -1;
}
