import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { addDays, instantAt, type LocalDate, localDate } from '../platform/dates.ts';
import { removeData } from '../platform/embedded/index.ts';
import { moneyText } from '../platform/money.ts';
import { type Environment, openEnvironment, secretsKey } from '../runtime/environment.ts';
import { startProcess } from '../runtime/processes.ts';
import type { Stops } from '../runtime/stops.ts';
import type { DemoAccount, Province } from '../seed/index.ts';
import { createApiClient } from './client.ts';
import { createDesks, type DeskDay } from './desk.ts';
import { type Exported, exportDay } from './export.ts';
import { type Compared, compared, foundAtServer, plantedIn } from './mistakes.ts';
import { emptyOutFolder } from './out-folder.ts';
import { type Progress, progressBar } from './progress.ts';
import { type Recorded, recordDay } from './record.ts';
import { createStaff } from './staff.ts';
import { type Verified, verifyFiles } from './verify.ts';
import { type FacilityDay, planDay } from './visits/index.ts';

export interface DemoOptions {
  readonly encounters: number;
  readonly facilities: number;
  readonly seed: number;
  readonly date?: LocalDate;
  readonly out: string;
  readonly json: boolean;
  /** Share of the insured visits that are recorded wrongly. */
  readonly wrong: number;
}

/** What the demo found, in the order in which it happened. */
export interface DemoOutcome {
  readonly date: LocalDate;
  readonly recorded: Recorded;
  readonly desk: DeskDay;
  readonly exported: Exported;
  readonly verified: Verified;
  readonly mistakes: Compared;
  readonly gateway: GatewayReport;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface GatewayReport {
  readonly records: { readonly active: number; readonly replaced: number };
  readonly calls: number;
  readonly money: Readonly<Record<string, string>>;
  /** Mistakes that the gateway saw, by kind. */
  readonly flags: Readonly<Record<string, number>>;
}

/** What the demo needs from the commands: the province, how to seed, what to say, and who stops what it starts. */
export interface DemoSteps {
  readonly province: Province;
  readonly stops: Stops;
  seed(config: Config, ownerUrl: string): Promise<readonly DemoAccount[]>;
  /** Makes the facilities' keys in that folder and registers their certificates. */
  keys(environment: Environment, folder: string, facilityCodes: readonly string[]): Promise<void>;
  settings(environment: Environment, key: string): Record<string, string>;
  readonly elsewhere: (place: string) => void;
  readonly title: (key: string) => string;
}

const CLINICIANS = 10;

/**
 * A day of the province, from an empty database to the gateway's own count of the money.
 * @throws OutFolderInUse before anything is started, RangeError with a message key when the day has no time for visits
 */
export async function runDemo(config: Config, options: DemoOptions, steps: DemoSteps): Promise<DemoOutcome> {
  const out = resolve(options.out);
  const dataDir = resolve(config.DATA_DIR, 'demo');
  const date = options.date ?? demoDay(new Date());
  const days = plannedDay(options, date, steps.province);
  const planted = plantedIn(days);
  emptyOutFolder(out);
  await removeData(dataDir);
  const own = {
    ...config,
    DATA_DIR: dataDir,
    // A day of practice is not to mix with the real log.
    BACKUP_WAL_DIR: null,
    DATABASE_URL: null,
    MIGRATION_DATABASE_URL: null,
    EXPORT_DATABASE_URL: null,
    IDENTITY_DATABASE_URL: null,
  };
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T> | T): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      seconds[stage] = Math.round(performance.now() - startedAt) / 1000;
    }
  };
  const { stops } = steps;
  const environment = await openEnvironment(own, { stops, onElsewhere: steps.elsewhere });
  const keysDir = join(dataDir, 'keys');
  const accounts = await timed('prepare', async () => {
    await makeMonths(environment, date);
    const seeded = await steps.seed(own, environment.urls.his_owner);
    await steps.keys(
      environment,
      keysDir,
      days.map((day) => day.facilityCode),
    );
    return seeded;
  });
  const settings = {
    ...steps.settings(environment, secretsKey(own).toString('base64')),
    LOG_LEVEL: 'error',
    DEMO_ACCOUNTS: 'on',
    ...(config.REDIS_URL ? { REDIS_URL: config.REDIS_URL } : {}),
  };
  const simulator = await startProcess(
    ['simulate-gateway', '--certificates', keysDir],
    { ...settings, SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0' },
    { quiet: true, stops },
  );
  const shared = {
    ...settings,
    GATEWAY_URL: simulator.details.url ?? '',
    SIGNING: 'required',
    SIGNING_KEYS_DIR: keysDir,
    EXPORT_DIR: out,
    EXPORT_TIME: '23:59',
  };
  await startProcess(['work'], shared, { quiet: true, stops });
  const server = await startProcess(['serve'], { ...shared, PORT: '0' }, { quiet: true, stops });
  const api = createApiClient(server.details.url ?? '', CLINICIANS + 2);
  stops.add(() => api.close());
  const staff = createStaff(api, accounts);
  const desks = createDesks(
    api,
    days.map((day) => day.facilityCode),
    (facilityCode) => staff.forStep(facilityCode, 'settle'),
  );

  const recorded = await timed('record', () =>
    withBar(steps, 'record', options.encounters, (bar) =>
      recordDay(days, {
        api,
        tokenOf: staff.forStep,
        atWork: CLINICIANS,
        onVisit: bar.add,
        onSettled: desks.pay,
      }),
    ),
  );
  const desk = await timed('desk', () => desks.close());
  const exported = await timed('export', () =>
    withBar(steps, 'export', recorded.insured, async (bar) =>
      exportDay(api, await staff.office(), date, options.seed, (_built, done) => bar.set(done)),
    ),
  );
  const verified = await timed('verify', () =>
    withBar(steps, 'verify', exported.claims, (bar) => verifyFiles(out, bar.add)),
  );
  const mistakes = await timed('compare', async () =>
    compared(planted, { server: await foundAtServer(api, await staff.office()), files: verified.told }),
  );
  const gateway = (await (
    await fetch(`${simulator.details.controlUrl}/__sim/report`)
  ).json()) as GatewayReport;
  return { date, recorded, desk, exported, verified, mistakes, gateway, seconds };
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

/** @throws RangeError with a message key of the group `demo` */
function plannedDay(options: DemoOptions, date: LocalDate, province: Province): readonly FacilityDay[] {
  const codes = province.facilities.map((line) => line.code);
  return planDay({
    seed: options.seed,
    date,
    province,
    facilities: spread(codes, options.facilities),
    count: options.encounters,
    until: new Date(Date.now() - 60_000).toISOString(),
    wrong: options.wrong,
  });
}

/** Shows a bar while the work is done; cut off, it still gives the terminal its cursor back. */
async function withBar<T>(
  { stops, title }: DemoSteps,
  stage: string,
  total: number,
  work: (bar: Progress) => Promise<T> | T,
): Promise<T> {
  const bar = progressBar(title(stage), total);
  stops.add(bar.stop);
  try {
    return await work(bar);
  } finally {
    bar.stop();
  }
}

/** That many facilities, taken evenly from all kinds. */
function spread(codes: readonly string[], count: number): string[] {
  if (count >= codes.length) return [...codes];
  return Array.from({ length: count }, (_, index) => codes[Math.floor((index * codes.length) / count)] ?? '');
}

/** Everything the demo promises, checked. @returns message keys of what does not hold; none = it holds */
export function shortcomings(outcome: DemoOutcome, options: DemoOptions): string[] {
  const { recorded, desk, exported, verified, mistakes, gateway } = outcome;
  const money = moneyOf(outcome);
  const holds: Readonly<Record<string, boolean>> = {
    recorded: recorded.recorded === options.encounters && recorded.settled === options.encounters,
    claims: exported.claims === recorded.insured && exported.setAside === recorded.held,
    files: verified.files === exported.claims,
    accepted: (exported.states.received ?? 0) === exported.claims,
    active: gateway.records.active === exported.claims,
    signed: unsignedOf(outcome) === 0,
    money: money.api === money.xml && money.xml === money.gateway,
    desk: desk.disagree.length === 0,
    rules: mistakes.missed.length + mistakes.unexpected.length === 0,
  };
  return Object.entries(holds).flatMap(([name, holds_]) => (holds_ ? [] : [name]));
}

/** Files that came to the gateway without a good signature. */
export function unsignedOf({ gateway: { flags } }: DemoOutcome): number {
  return (flags.unsignedFile ?? 0) + (flags.badSignature ?? 0);
}

export function moneyOf(outcome: DemoOutcome): { api: string; xml: string; gateway: string } {
  return {
    api: moneyText(outcome.recorded.insurerPays),
    xml: moneyText(outcome.verified.insurerPays),
    gateway: outcome.gateway.money.T_BHTT ?? '0.00',
  };
}
