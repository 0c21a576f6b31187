import { currentLanguage, readConfig } from '../config.ts';
import { type DemoOptions, type DemoOutcome, moneyOf, PROVINCE, runDemo, shortcomings } from '../demo/run.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { sayElsewhere } from './console.ts';
import { CommandFailure } from './failure.ts';
import { seedDatabase } from './seed.ts';
import { settingsFor } from './start.ts';

const demoText = (key: string, values?: MessageValues) => text(currentLanguage(), `demo.${key}`, values);

/** Rehearses a day; ends with exit code 0 only if everything holds. */
export async function demo(options: DemoOptions): Promise<void> {
  const outcome = await runDemo(readConfig(), options, {
    seed: async (config, ownerUrl) =>
      (await seedDatabase(config, ownerUrl, PROVINCE, { simulatedAccounts: true, tokens: true })).issued,
    settings: settingsFor,
    elsewhere: sayElsewhere,
    title: (key) => demoText(`stage.${key}`),
  });
  const missing = shortcomings(outcome, options);
  process.stdout.write(options.json ? `${JSON.stringify(summary(outcome))}\n` : table(outcome));
  if (missing.length === 0) return;
  const findings = JSON.stringify(outcome.verified.findings);
  throw new CommandFailure(missing.map((name) => demoText(`missing.${name}`, { findings })).join('\n'));
}

function summary(outcome: DemoOutcome) {
  const { recorded, exported, verified, gateway, seconds } = outcome;
  const { received = 0, refused = 0, unknown = 0 } = exported.states;
  return {
    recorded: recorded.recorded,
    settled: recorded.settled,
    claims: exported.claims,
    files: verified.files,
    sent: gateway.records.active + gateway.records.replaced,
    accepted: received,
    refused,
    unknown,
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
  return `${demoText('title', { date: outcome.date })}\n${lines.join('\n')}\n${text(currentLanguage(), 'cli.simulatorUnsigned', { mode: 'ignore' })}\n`;
}
