import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type BenefitsFigures, benchBenefits } from './benefits.ts';
import { benchCheck, type CheckBench } from './check.ts';
import { benchExport } from './export.ts';
import { benchFullDay } from './full-day.ts';
import { benchIsolation } from './isolation.ts';
import { benchNightly, type NightlyBench } from './nightly.ts';
import { openCluster } from './places.ts';
import { benchSign, type SignBench } from './sign.ts';
import { benchSteps } from './step-by-step.ts';
import { benchWholeVisit } from './whole-visit.ts';
import { benchXmlBuild } from './xml-build.ts';
import { benchXmlRead } from './xml-read.ts';

const HELP = `npm run bench [-- --json] [--only wholeVisit,isolation,steps,export,xml,read,sign,check,benefits,nightly,day] [--visits N]
Measures on this machine; a run of everything also writes docs/benchmarks.md, benefits, sign, check and nightly alone
their part of it. --visits: of the nightly run, 8,000 if nothing is said.
`;
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    only: { type: 'string' },
    visits: { type: 'string', default: '8000' },
    help: { type: 'boolean' },
  },
});

const BENCHES = {
  wholeVisit: () => benchWholeVisit(),
  isolation: () => benchIsolation(),
  steps: () => benchSteps(),
  export: () => benchExport(),
  xml: async () => benchXmlBuild(),
  read: () => benchXmlRead(),
  sign: () => benchSign(),
  check: () => benchCheck(),
  benefits: async () => benchBenefits(),
  nightly: (serverPid: number) => benchNightly(Number(values.visits), serverPid),
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
      figures[name] = await BENCHES[name](cluster.server.pid);
      if (!values.json) process.stdout.write(`${name} ${JSON.stringify(figures[name], null, 2)}\n`);
    }
  } finally {
    await cluster.stop();
  }
  if (wanted.length === names.length) writeFileSync(PAGE, page(figures as Required<Figures>));
  else {
    if (figures.benefits) replaceSection('(e)', benefitsSection(figures.benefits as BenefitsFigures));
    if (figures.sign) replaceSection('(f)', signSection(figures.sign as SignBench));
    if (figures.check) replaceSection('(g)', checkSection(figures.check as CheckBench));
    if (figures.nightly) replaceSection('(h)', nightlySection(figures.nightly as NightlyBench));
  }
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** A part of the page that was measured alone; it stands before the day's stages. */
function replaceSection(mark: string, section: string): void {
  const old = new RegExp(`## ${mark.replace(/[()]/g, '\\$&')}[\\s\\S]*?(?=## |$)`);
  const rest = readFileSync(PAGE, 'utf8').replace(old, '');
  writeFileSync(
    PAGE,
    rest.replace('## (d)', () => `${section}\n## (d)`),
  );
}

function page({
  wholeVisit,
  isolation,
  steps,
  export: exported,
  xml,
  read,
  sign,
  check,
  benefits,
  nightly,
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
| (c) export of ${exported.claims} claims, signed, sent, verified by the simulated gateway | **${exported.claimsPerSecond} claims/s** (${exported.seconds} s) | – |
| (c) XML build ÷ plain template of the same bytes (${xml.claims} claims, medians) | **${xml.ratioToTemplate}** (${xml.buildPerSecond}/s, template ${xml.templatePerSecond}/s) | ≤ 1.5 |
| (c) reading ÷ libxml2 parsing the same documents (${read.claims} claims, medians) | **${read.ratioToLibxml2}** (${read.readPerSecond}/s, libxml2 ${read.libxml2PerSecond}/s) | – |
| (e) benefits of a visit of 5 lines, every amount with its rules, on one core | **${benefits.sizes[0]?.ms} ms** | < 0.3 ms |
| (f) from settled visits in the database to signed files, claims/s | **${sign.path.claimsPerSecond}** (8,000 in ${sign.path.secondsFor8000} s) | 8,000 in 25 s |
| (d) \`npm run demo\`, ${day.encounters} encounters at 472 facilities | **${day.totalSeconds} s** | < 240 s |

(a) sends, for the second figure, the very statements that the server sent for the same visits (context, idempotency, audit
and outbox included) on a copy of the database, without HTTP, checks or computation; rounds alternate. The price of isolation
is told by two servers of the same code on two copies of the same database: one connects as \`his_app\`, the other as a role
with the same grants and BYPASSRLS. Their rounds alternate too, and the answers are compared.
(c) Building means from the rows of the tables to bytes; projecting a visit into rows makes ${xml.projectPerSecond}/s, reading a claim back
and comparing it ${xml.rereadMsPerClaim} ms. One file of all claims, looked through first, read dossier by dossier and held against
the dictionary: ${read.streamedPerSecond}/s.

## (b) Milliseconds by step

| Step | Calls | p50 | p95 | p99 |
| --- | --- | --- | --- | --- |
${stepRows}

${benefitsSection(benefits)}
${signSection(sign)}
${checkSection(check)}
${nightlySection(nightly)}
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

function signSection({
  bytes,
  ratioToRsa,
  signedPerSecond,
  rsaPerSecond,
  xmlCryptoMs,
  path,
}: SignBench): string {
  return `## (f) Signatures, ${cpus().length} cores

${new Date().toISOString().slice(0, 10)}, commit ${commitNow()}, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}. RSA-2048, SHA-256. The same signatures, bare and in files, in turns;
xml-crypto is the general way that ours is held equal to. The path goes from settled visits in the database over snapshot,
projection, writing, reading back, storing and the file on disk to the stored signed document, in one process beside PostgreSQL.

| | |
| --- | --- |
| time to sign files of ${bytes} bytes ÷ bare RSA (medians) | **${ratioToRsa}** (${signedPerSecond}/s, RSA ${rsaPerSecond}/s) |
| the same file by xml-crypto | ${xmlCryptoMs} ms |
| whole path, ${path.claims} claims | **${path.claimsPerSecond} claims/s** (${path.seconds} s; 8,000 in ${path.secondsFor8000} s) |
`;
}

function checkSection({ rules, startMs, outpatient, stay }: CheckBench): string {
  const rows = [outpatient, stay].map(
    ({ lines, checkedPerSecond, ratioToReading, readPerSecond, ratioToAnyParser, anyParserPerSecond }) =>
      `| ${lines} | **${checkedPerSecond}** | **${ratioToReading}** (${readPerSecond}/s) | ${ratioToAnyParser} (${anyParserPerSecond}/s) |`,
  );
  return `## (g) Assessment rules, one core

${new Date().toISOString().slice(0, 10)}, commit ${commitNow()}, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}. Processor time. All ${rules} rules that look at claims, with the catalogues of the
province and the other claims of the file as neighbours, against reading the same file: by our reader, and by
fast-xml-parser alone (base64 decoded, documents parsed, nothing else). Aim: checking costs no more than parsing.

| Charge lines of a claim | Claims/s checked | Checking ÷ our reader | Checking ÷ fast-xml-parser |
| --- | --- | --- | --- |
${rows.join('\n')}

\`his check\` of one small file, from the command line to its exit (median of 7, wall time): **${startMs} ms**; aim: under a second.
`;
}

function nightlySection({ runs, alone, floor, ratioToFloor }: NightlyBench): string {
  const all = Object.values(alone.msPerClaim).reduce((sum, ms) => sum + ms, 0);
  const stages = Object.entries(alone.msPerClaim).map(
    ([stage, ms]) => `| ${stage} | ${ms} | ${((100 * ms) / all).toFixed(0)} % |`,
  );
  const one = runs[0]?.claimsPerSecond ?? Number.NaN;
  const rows = runs.map(
    ({ queue, workers, claims, seconds, claimsPerSecond, stages, processor, memoryMb }) =>
      `| ${queue}, ${workers} | ${claims} | ${seconds} | **${claimsPerSecond}** | ${(claimsPerSecond / one).toFixed(2)} | ${stages.build} / ${stages.sign} / ${stages.send} | ${processor.workers} / ${processor.database} / ${processor.gateway} / ${processor.api} | ${memoryMb.largest} / ${memoryMb.all} |`,
  );
  return `## (h) Nightly run, ${cpus().length} cores

${new Date().toISOString().slice(0, 10)}, commit ${commitNow()}, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}. 472 facilities, from the order to run until every claim is received by a simulated
gateway that verifies signatures and answers in 50 ms; database, queue, gateway, API and workers on the same cores. The day before has come to rest:
its check-ins are sent, its audit events sealed. Stages overlap: build (with the rules) from the order to the last claim, sign and send from their
first to their last event. Processor time says who used the cores meanwhile.

| Queue, worker processes | Claims | Seconds | Claims/s | To one process | Build / sign / send, s | Processor: workers / database / gateway / API, s | Memory of the largest worker / all, MB |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Share of each stage, when nothing else is done: one process, one facility after the other, one claim sent after the other,
a gateway that answers at once (${alone.claims} claims). Read and store are mostly PostgreSQL; check is the rules; send is two transactions and
the call.

| Stage | Ms per claim | Share |
| --- | --- | --- |
${stages.join('\n')}

The floor, signing and sending the same ${floor.claims} files and nothing else: ${floor.claimsPerSecond} claims/s (${floor.seconds} s). The first row takes **${ratioToFloor}** times as long.
`;
}

function commitNow(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}
