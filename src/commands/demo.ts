import { currentLanguage, readConfig } from '../config.ts';
import { OutFolderInUse } from '../demo/out-folder.ts';
import {
  type DemoOptions,
  type DemoOutcome,
  moneyOf,
  runDemo,
  shortcomings,
  unsignedOf,
} from '../demo/run.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { moneyText } from '../platform/money.ts';
import type { Environment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone, words } from './console.ts';
import { demoKeys } from './demo-keys.ts';
import { CommandFailure } from './failure.ts';
import { DEMO_PROVINCE, provinceOf } from './seed.ts';
import { seedDatabase } from './seeding.ts';
import { settingsFor } from './start.ts';

const demoText = (key: string, values?: MessageValues) => text(currentLanguage(), `demo.${key}`, values);

/** Rehearses a day; ends with exit code 0 only if everything holds. */
export async function demo(options: DemoOptions): Promise<void> {
  const config = readConfig();
  const province = provinceOf(DEMO_PROVINCE);
  if (options.facilities > province.facilities.length)
    throw new CommandFailure(words('tooManyFacilities', { max: province.facilities.length }), 2);
  await untilDone(async (stops) => {
    const steps = {
      province,
      stops,
      seed: async (own: typeof config, ownerUrl: string) =>
        (await seedDatabase(own, ownerUrl, { province, simulatedAccounts: true, demoAccounts: true }))
          .accounts,
      keys: (environment: Environment, folder: string, codes: readonly string[]) =>
        demoKeys(
          environment.urls,
          folder,
          province.facilities.filter((one) => codes.includes(one.code)),
        ),
      settings: settingsFor,
      elsewhere: sayElsewhere,
      title: (key: string) => demoText(`stage.${key}`),
    };
    const outcome = await runDemo(config, options, steps).catch((error: unknown) => {
      throw usageOf(error, options) ?? error;
    });
    const missing = shortcomings(outcome, options);
    process.stdout.write(options.json ? `${JSON.stringify(summary(outcome))}\n` : table(outcome));
    if (missing.length === 0) return;
    const desks = outcome.desk.disagree.join(', ');
    const { missed, unexpected } = outcome.mistakes;
    const lists = { missed: some(missed), unexpected: some(unexpected) };
    throw new CommandFailure(
      missing.map((name) => demoText(`missing.${name}`, { ...lists, desks })).join('\n'),
    );
  });
}

/** The first of a list that may be long. */
const some = (list: readonly string[]): string =>
  `${list.length}${list.length > 0 ? ` (${list.slice(0, 10).join('; ')})` : ''}`;

/** What the person asked for cannot be done: a day without time for visits, a folder that holds other things. */
function usageOf(error: unknown, { date }: DemoOptions): CommandFailure | null {
  if (error instanceof OutFolderInUse) return new CommandFailure(demoText('outInUse', error.values), 2);
  if (!(error instanceof RangeError) || !error.message.startsWith('demo.day.')) return null;
  return new CommandFailure(text(currentLanguage(), error.message, { date: date ?? '' }), 2);
}

function summary(outcome: DemoOutcome) {
  const { recorded, desk, exported, verified, mistakes, gateway, seconds } = outcome;
  const { received = 0, refused = 0, unknown = 0 } = exported.states;
  return {
    recorded: recorded.recorded,
    settled: recorded.settled,
    claims: exported.claims,
    files: verified.files,
    sent: gateway.records.active + gateway.records.replaced,
    accepted: received,
    signed: Math.max(0, received - unsignedOf(outcome)),
    refused,
    unknown,
    wrong: mistakes.planted,
    found: mistakes.planted - mistakes.missed.length,
    held: exported.setAside,
    receipts: desk.receipts,
    cash: moneyText(desk.cash),
    money: moneyOf(outcome),
    seconds,
  };
}

function table(outcome: DemoOutcome): string {
  const { money, seconds, ...counts } = summary(outcome);
  const rows: [string, string][] = Object.entries(counts).map(([name, count]) => [
    demoText(`row.${name}`),
    String(count),
  ]);
  for (const [place, amount] of Object.entries(money)) rows.push([demoText(`money.${place}`), amount]);
  const done: Record<string, number> = {
    record: counts.recorded,
    export: counts.accepted,
    verify: counts.files,
  };
  for (const [stage, took] of Object.entries(seconds)) {
    const rate = done[stage] ? ` (${(done[stage] / took).toFixed(0)}/s)` : '';
    rows.push([demoText(`stage.${stage}`), `${took.toFixed(1)} s${rate}`]);
  }
  const wide = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, shown]) => `${name.padEnd(wide)}  ${shown.padStart(22)}`);
  return `${demoText('title', { date: outcome.date })}\n${lines.join('\n')}\n`;
}
