import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { withResult } from './long/page.ts';

/** What the command line asks for. */
interface Asked {
  readonly seed: number;
  /** More than one, where a test takes many. */
  readonly seeds: readonly number[];
  /** Of the tests that go on for as long as they are told. */
  readonly seconds: number | undefined;
  readonly backend: 'postgres' | 'redis';
}

/**
 * Tests that take minutes, each from a seed: `npm run test:long -- NAME [--seed N] [--seconds N]`. The last result of each stands in
 * docs/long-tests.md (of chaos: in docs/reliability.md), with the commit it is of. A failure ends with exit code 1, and stands there too.
 */
const TESTS = {
  chaos: {
    about:
      'everything killed at random moments, clocks moved, visits taken up again, a gateway and a network that misbehave: every settled visit is one active record (--seeds 1-60, --backend postgres or redis)',
    run: async ({ seeds, backend }: Asked) =>
      (await import('./long/chaos.ts')).chaos(seeds, backend, where()),
  },
  'ledger-model': {
    about:
      'two versions of a claim, two workers, crashes, lost answers, reopening, holding, decisions about parked claims: every order of events explored',
    run: async () => (await import('./long/ledger-model.ts')).exploreLedger(),
  },
  'bench-order-rules': {
    about:
      'orders saved at the API with 3 million visits stored, answered with what the rules say: p95 below 30 ms',
    run: async () => (await import('./long/bench-order-rules.ts')).benchOrderRules(),
  },
  'fuzz-xml': {
    about:
      'hostile and mutated claim files, guided by coverage: read or refused by name in bounded time, whole or in pieces the same, and the same again when written anew',
    run: async ({ seed, seconds = 600 }: Asked) =>
      (await import('./long/fuzz-xml.ts')).fuzzXml(seed, seconds),
  },
  'one-bad-facility': {
    about:
      '8,000 claims of 472 facilities, one answering in 30 s and one always refusing: the others arrive within 1.2 times the time of a run in which all answer alike',
    run: async () => (await import('./long/one-bad-facility.ts')).oneBadFacility(),
  },
  'read-large': {
    about: 'a file of 200 MB and 5,000 dossiers is read by a process that never holds 300 MB',
    run: async () => (await import('./long/read-large.ts')).readLarge(),
  },
  'recheck-month': {
    about:
      'a month of 240,000 claims of a province, checked by `his check` against all rules and catalogues as one set: on 2 cores in less than 15 minutes, and never more than 1,000 MB',
    run: async () => (await import('./long/recheck-month.ts')).recheckMonth(),
  },
  'fuzz-api': {
    about:
      'requests made up from the API document: no 5xx, no hang, no leaked detail, nothing of another facility',
    run: async ({ seed }: Asked) => (await import('./long/fuzz-api.ts')).fuzzApi(seed),
  },
  mutation: {
    about:
      'the law as code, changed in one place at a time: at least 90 % of the changes are noticed by a test',
    run: async () => (await import('./long/mutation.ts')).mutation(),
  },
} as const;
const PAGE = new URL('../docs/long-tests.md', import.meta.url);

const USAGE = 'npm run test:long -- NAME [--seed N] [--seeds N-M] [--seconds N] [--backend postgres|redis]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    seconds: { type: 'string' },
    backend: { type: 'string', default: 'postgres' },
  },
});
const name = positionals[0] ?? '';
const asked = read();
if (!(name in TESTS) || positionals.length > 1 || asked === null) {
  const names = Object.entries(TESTS).map(([one, { about }]) => `  ${one.padEnd(10)} ${about}`);
  process.stderr.write(`${USAGE}\n${names.join('\n')}\n`);
  process.exitCode = 2;
} else await run(name as keyof typeof TESTS, asked);

/** null = not to be understood */
function read(): Asked | null {
  const [, from, to] = /^(\d{1,6})-(\d{1,6})$/.exec(values.seeds ?? `${values.seed}-${values.seed}`) ?? [];
  const [first, last] = [Number(from), Number(to)];
  const { backend } = values;
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (!(first <= last) || (seconds !== undefined && !(seconds > 0))) return null;
  if (backend !== 'postgres' && backend !== 'redis') return null;
  const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return { seed: first, seeds, seconds, backend };
}

function where() {
  return {
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, Node ${process.version}`,
  };
}

async function run(test: keyof typeof TESTS, given: Asked): Promise<void> {
  const startedAt = Date.now();
  const { failures, figures } = await TESTS[test].run(given);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const { seed } = given;
  const result = { name: test, about: TESTS[test].about, seed, ...where(), seconds, failures, figures };
  if (test !== 'chaos')
    writeFileSync(PAGE, withResult(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '', result));
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  process.stdout.write(
    `${JSON.stringify({ name: test, seed, seconds, failures: failures.length, figures })}\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** With a mark when files differ from it: such a result is of nobody's commit. */
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno', 'src', 'workers', 'migrations') ? ' and changes' : ''}`;
}
