import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type BenefitsFigures, benchBenefits } from './benefits.ts';
import { benchExport } from './export.ts';
import { benchFullDay } from './full-day.ts';
import { benchIsolation } from './isolation.ts';
import { openCluster } from './places.ts';
import { benchSteps } from './step-by-step.ts';
import { benchWholeVisit } from './whole-visit.ts';
import { benchXmlBuild } from './xml-build.ts';

const HELP = `npm run bench [-- --json] [--only wholeVisit,isolation,steps,export,xml,benefits,day]
Measures on this machine; a run of everything also writes docs/benchmarks.md, and benefits alone their part of it.
`;
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
});

const BENCHES = {
  wholeVisit: () => benchWholeVisit(),
  isolation: () => benchIsolation(),
  steps: () => benchSteps(),
  export: () => benchExport(),
  xml: async () => benchXmlBuild(),
  benefits: async () => benchBenefits(),
  day: () => benchFullDay(),
};
const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);
type Name = keyof typeof BENCHES;
type Figures = { [K in Name]?: Awaited<ReturnType<(typeof BENCHES)[K]>> };

if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const names = Object.keys(BENCHES) as Name[];
  const wanted = values.only ? values.only.split(',') : names;
  const unknown = wanted.filter((name) => !(name in BENCHES));
  if (unknown.length > 0)
    throw new RangeError(`no bench ${unknown.join(', ')}; there are ${names.join(', ')}`);
  const figures: Record<string, unknown> = {};
  const cluster = await openCluster();
  try {
    for (const name of names.filter((one) => wanted.includes(one))) {
      process.stderr.write(`${name} …\n`);
      figures[name] = await BENCHES[name]();
      if (!values.json) process.stdout.write(`${name} ${JSON.stringify(figures[name], null, 2)}\n`);
    }
  } finally {
    await cluster.stop();
  }
  if (wanted.length === names.length) writeFileSync(PAGE, page(figures as Required<Figures>));
  else if (figures.benefits) {
    const section = benefitsSection(figures.benefits as BenefitsFigures);
    const rest = readFileSync(PAGE, 'utf8').replace(/## \(e\)[\s\S]*?(?=## |$)/, '');
    writeFileSync(
      PAGE,
      rest.replace('## (d)', () => `${section}\n## (d)`),
    );
  }
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

function page({
  wholeVisit,
  isolation,
  steps,
  export: exported,
  xml,
  benefits,
  day,
}: Required<Figures>): string {
  const commit = commitNow();
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`;
  const stepRows = Object.entries(steps.steps)
    .map(([name, { calls, p50, p95, p99 }]) => `| ${name} | ${calls} | ${p50} | ${p95} | ${p99} |`)
    .join('\n');
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)} at commit ${commit}, on ${machine}, client, server and
database on the same machine. Machines are shared and noisy: compare figures of one run, not of two.

| | Measured | Aim |
| --- | --- | --- |
| (a) whole visit: POST ÷ the same transactions by pg alone (${wholeVisit.visits} visits, ${wholeVisit.inFlight} in flight, medians) | **${wholeVisit.ratio}** (${wholeVisit.postsPerSecond}/s ÷ ${wholeVisit.databaseOnlyPerSecond}/s) | ≥ 0.5 |
| (a) whole visit: POST without row-level security ÷ with it (${isolation.visits} visits, medians of rounds) | **${isolation.wholeVisit.ratio}** (${isolation.wholeVisit.bypassPerSecond}/s ÷ ${isolation.wholeVisit.isolatedPerSecond}/s) | ≤ 1.15 |
| (a) list of the day: the same | **${isolation.dayList.ratio}** (${isolation.dayList.bypassPerSecond}/s ÷ ${isolation.dayList.isolatedPerSecond}/s) | ≤ 1.15 |
| (b) step by step at ${steps.offeredPerSecond} visits/s (${steps.visits} visits): p95 over all calls | **${steps.steps.all?.p95} ms** at ${steps.visitsPerSecond} visits/s | < 50 ms |
| (c) export of ${exported.claims} claims, unsigned | **${exported.claimsPerSecond} claims/s** (${exported.seconds} s) | – |
| (c) XML build ÷ plain template of the same bytes (${xml.claims} claims, medians) | **${xml.ratioToTemplate}** (${xml.buildPerSecond}/s, template ${xml.templatePerSecond}/s) | ≤ 2 |
| (e) benefits of a visit of 5 lines, every amount with its rules, on one core | **${benefits.sizes[0]?.ms} ms** | < 0.3 ms |
| (d) \`npm run demo\`, ${day.encounters} encounters at 472 facilities | **${day.totalSeconds} s** | < 240 s |

(a) sends, for the second figure, the very statements that the server sent for the same visits (context, idempotency, audit
and outbox included) on a copy of the database, without HTTP, checks or computation; rounds alternate. The price of isolation
is told by two servers of the same code on two copies of the same database: one connects as \`his_app\`, the other as a role
with the same grants and BYPASSRLS. Their rounds alternate too, and the answers are compared.
(c) Building means from the rows of the tables to bytes; projecting a visit into rows makes ${xml.projectPerSecond}/s, reading a claim back
and comparing it ${xml.rereadMsPerClaim} ms. With signatures: when signing exists.

## (b) Milliseconds by step

| Step | Calls | p50 | p95 | p99 |
| --- | --- | --- | --- | --- |
${stepRows}

${benefitsSection(benefits)}
## (d) Seconds by stage

| Stage | Seconds |
| --- | --- |
${Object.entries(day.stages)
  .map(([name, seconds]) => `| ${name} | ${seconds} |`)
  .join('\n')}
`;
}

/** A part of the page that a run of it alone writes anew, too. */
function benefitsSection({ sizes }: BenefitsFigures): string {
  const rows = sizes.map(
    ({ lines, perSecond, ms, withSentencesPerSecond, withSentencesMs }) =>
      `| ${lines} | ${perSecond} | ${ms} | ${withSentencesPerSecond} | ${withSentencesMs} |`,
  );
  return `## (e) Benefits, one core

${new Date().toISOString().slice(0, 10)}, commit ${commitNow()}, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}. Processor time. Amounts never come without the trace of the rules behind them; sentences are made when somebody asks, here
for five amounts of every line.

| Lines | Visits/s, amounts with trace | ms | Visits/s, with all sentences | ms |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function commitNow(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}
