import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadPolicy } from '../benefits/index.ts';
import type { Config } from '../config.ts';
import { addDays, instantAt, type LocalDate, localDate } from '../platform/dates.ts';
import { moneyText } from '../platform/money.ts';
import { type Environment, openEnvironment, secretsKey } from '../runtime/environment.ts';
import { type RunningProcess, startProcess } from '../runtime/processes.ts';
import { type IssuedAccount, readProvince } from '../seed/index.ts';
import { createApiClient } from './client.ts';
import { type Exported, exportDay } from './export.ts';
import { progressBar } from './progress.ts';
import { type Recorded, recordDay } from './record.ts';
import { type Verified, verifyFiles } from './verify.ts';
import { planDay } from './visits/index.ts';

export interface DemoOptions {
  readonly encounters: number;
  readonly facilities: number;
  readonly seed: number;
  readonly date?: LocalDate;
  readonly out: string;
  readonly json: boolean;
}

/** What the demo found, in the order in which it happened. */
export interface DemoOutcome {
  readonly date: LocalDate;
  readonly recorded: Recorded;
  readonly exported: Exported;
  readonly verified: Verified;
  readonly gateway: GatewayReport;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface GatewayReport {
  readonly records: { readonly active: number; readonly replaced: number };
  readonly calls: number;
  readonly money: Readonly<Record<string, string>>;
}

/** What the demo needs from the commands: how to seed, and what to say. */
export interface DemoSteps {
  seed(config: Config, ownerUrl: string): Promise<readonly IssuedAccount[]>;
  settings(environment: Environment, key: string): Record<string, string>;
  elsewhere(place: string): void;
  title(key: string): string;
}

const CLINICIANS = 10;
export const PROVINCE = new URL('../../fixtures/province/', import.meta.url);

/** A day of the province, from an empty database to the gateway's own count of the money. */
export async function runDemo(config: Config, options: DemoOptions, steps: DemoSteps): Promise<DemoOutcome> {
  const out = resolve(options.out);
  const dataDir = resolve(config.DATA_DIR, 'demo');
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const own = {
    ...config,
    DATA_DIR: dataDir,
    DATABASE_URL: null,
    MIGRATION_DATABASE_URL: null,
    EXPORT_DATABASE_URL: null,
    IDENTITY_DATABASE_URL: null,
  };
  const date = options.date ?? demoDay(new Date());
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T> | T): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      seconds[stage] = Math.round(performance.now() - startedAt) / 1000;
    }
  };
  const running: RunningProcess[] = [];
  const environment = await openEnvironment(own, {
    onElsewhere: (place) => steps.elsewhere(place),
  });
  try {
    const issued = await timed('prepare', async () => {
      await makeMonths(environment, date);
      return steps.seed(own, environment.urls.his_owner);
    });
    const settings = {
      ...steps.settings(environment, secretsKey(own).toString('base64')),
      LOG_LEVEL: 'error',
      ...(config.REDIS_URL ? { REDIS_URL: config.REDIS_URL } : {}),
    };
    const simulator = await startProcess(
      ['simulate-gateway'],
      { ...settings, SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0' },
      { quiet: true },
    );
    running.push(simulator);
    const shared = {
      ...settings,
      GATEWAY_URL: simulator.details.url ?? '',
      EXPORT_DIR: out,
      EXPORT_TIME: '23:59',
    };
    running.push(await startProcess(['work'], shared, { quiet: true }));
    const server = await startProcess(['serve'], { ...shared, PORT: '0' }, { quiet: true });
    running.push(server);
    const api = createApiClient(server.details.url ?? '', CLINICIANS + 2);
    const tokens = new Map(issued.map((one) => [one.facilityCode, one.token]));

    const recorded = await timed('record', () => record(options, date, api, tokens, steps));
    const exported = await timed('export', () => exportAll(options, date, api, tokens, recorded, steps));
    const verified = await timed('verify', () => {
      const bar = progressBar(steps.title('verify'), exported.claims);
      try {
        return verifyFiles(out, loadPolicy(), () => bar.add());
      } finally {
        bar.stop();
      }
    });
    const gateway = (await (
      await fetch(`${simulator.details.controlUrl}/__sim/report`)
    ).json()) as GatewayReport;
    api.close();
    return { date, recorded, exported, verified, gateway, seconds };
  } finally {
    for (const process_ of running.toReversed()) await process_.stop();
    await environment.stop();
  }
}

/** Today from noon on; before that, a day's visits would lie in the future, so yesterday. */
function demoDay(now: Date): LocalDate {
  const today = localDate(now);
  return now.getTime() >= Date.parse(instantAt(today, '19:00')) ? today : addDays(today, -1);
}

async function makeMonths(environment: Environment, date: LocalDate): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: environment.urls.his_owner });
  await client.connect();
  try {
    await client.query('select ensure_month_partitions($1::date, $2::date)', [addDays(date, -31), date]);
  } finally {
    await client.end();
  }
}

async function record(
  options: DemoOptions,
  date: LocalDate,
  api: ReturnType<typeof createApiClient>,
  tokens: ReadonlyMap<string | null, string>,
  steps: DemoSteps,
): Promise<Recorded> {
  const { province } = readProvince(PROVINCE);
  const facilities = province.facilities.map((line) => line.code);
  const taking = spread(facilities, options.facilities);
  const days = planDay({
    seed: options.seed,
    date,
    province,
    facilities: taking,
    count: options.encounters,
    until: new Date(Date.now() - 60_000).toISOString(),
  });
  const bar = progressBar(steps.title('record'), options.encounters);
  try {
    return await recordDay(days, {
      api,
      tokenOf: (code) => tokens.get(code) ?? '',
      atWork: CLINICIANS,
      onVisit: () => bar.add(),
    });
  } finally {
    bar.stop();
  }
}

/** That many facilities, taken evenly from all kinds. */
function spread(codes: readonly string[], count: number): string[] {
  if (count >= codes.length) return [...codes];
  return Array.from({ length: count }, (_, index) => codes[Math.floor((index * codes.length) / count)] ?? '');
}

async function exportAll(
  options: DemoOptions,
  date: LocalDate,
  api: ReturnType<typeof createApiClient>,
  tokens: ReadonlyMap<string | null, string>,
  recorded: Recorded,
  steps: DemoSteps,
): Promise<Exported> {
  const bar = progressBar(steps.title('export'), recorded.insured);
  try {
    return await exportDay(api, tokens.get(null) ?? '', date, options.seed, (_built, done) => bar.set(done));
  } finally {
    bar.stop();
  }
}

/** Everything the demo promises, checked. @returns message keys of what does not hold; none = it holds */
export function shortcomings(outcome: DemoOutcome, options: DemoOptions): string[] {
  const { recorded, exported, verified, gateway } = outcome;
  const money = moneyOf(outcome);
  const holds: Readonly<Record<string, boolean>> = {
    recorded: recorded.recorded === options.encounters && recorded.settled === options.encounters,
    claims: exported.claims === recorded.insured && exported.setAside === 0,
    files: verified.files === exported.claims,
    accepted: (exported.states.received ?? 0) === exported.claims,
    active: gateway.records.active === exported.claims,
    money: money.api === money.xml && money.xml === money.gateway,
    rules: Object.keys(verified.findings).length === 0,
  };
  return Object.entries(holds).flatMap(([name, holds_]) => (holds_ ? [] : [name]));
}

export function moneyOf(outcome: DemoOutcome): { api: string; xml: string; gateway: string } {
  return {
    api: moneyText(outcome.recorded.insurerPays),
    xml: moneyText(outcome.verified.insurerPays),
    gateway: outcome.gateway.money.T_BHTT ?? '0.00',
  };
}
