import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasRedis } from './harness/redis.ts';
import { hasXmlsec } from './harness/xmlsec.ts';

/**
 * Runs jest on the project's own Node with ES modules. `--fast`: only tests that need no database.
 * `--golden-update`: write golden files anew (then read the diff). The last line is the plain count of the run.
 */
const args = process.argv.slice(2);
const fast = args.includes('--fast');
const environment: Record<string, string> = {
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  ...(fast ? { HIS_TEST_FAST: '1' } : {}),
  ...(args.includes('--golden-update') ? { GOLDEN_UPDATE: '1' } : {}),
};
const required = process.env.REQUIRE_ALL === '1';
const redis = hasRedis();
let missing = 0;
if (!redis && !fast) {
  missing = 1;
  process.stderr.write(
    'Redis tests do not run: there is no redis-server. On Debian: apt-get install redis-server\n',
  );
}
if (!hasXmlsec()) {
  missing += 1;
  process.stderr.write(
    'Signatures are not tried by xmlsec1: there is none. On Debian: apt-get install xmlsec1\n',
  );
}
const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'his-jest-'));
const report = join(scratch, 'report.json');
const own = new Set(['--fast', '--golden-update']);
const jest = spawn(
  process.execPath,
  [
    join(root, 'node_modules/jest/bin/jest.js'),
    '--json',
    '--outputFile',
    report,
    ...args.filter((arg) => !own.has(arg)),
    '--testPathIgnorePatterns',
    ...notRun(),
  ],
  // The report is also printed on standard output, which nobody wants to read: jest's own words go to standard error.
  { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] },
);

/** Of rules, the whole suite runs `family.test.ts`, which holds the others beside it; who names files gets those. */
function notRun(): string[] {
  const named = args.some((arg) => !arg.startsWith('-'));
  return [
    '/node_modules/',
    '/test/long/',
    named ? '/family\\.test\\.ts$' : '/src/assessment/rules/.+/(?!family)[^/]+\\.test\\.ts$',
    ...(fast ? ['/test/(api|e2e|faults|database)/', '\\.db\\.test\\.ts$'] : []),
  ];
}

const code = await new Promise<number>((done) => jest.once('exit', (status) => done(status ?? 1)));
let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  const found = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
  counts = {
    passed: found.numPassedTests ?? 0,
    failed: (found.numFailedTests ?? 0) + (found.numRuntimeErrorTestSuites ?? 0),
    skipped: (found.numPendingTests ?? 0) + (found.numTodoTests ?? 0),
  };
} catch {
  process.stderr.write('jest left no report\n');
}
rmSync(scratch, { recursive: true, force: true });
if (required && missing > 0) counts.failed += missing;
process.stdout.write(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`,
);
process.exitCode = code !== 0 || counts.failed > 0 ? 1 : 0;
