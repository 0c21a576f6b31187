import { mkdirSync, writeFileSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';
import type { LongResult } from './page.ts';

/** Below this share of mutants killed the test fails. */
const AIM_PERCENT = 90;
/** The law as code. What only reads files at the start is judged by its own table of bad files, mutated too. */
const MUTATED = ['src/benefits/**/*.ts', '!src/benefits/**/*.test.ts', '!src/benefits/index.ts'];

/**
 * Changes the law's code in one place at a time and looks whether a test notices. Survivors stand, with their places,
 * in reports/mutation.md; docs/mutation.md explains them in groups.
 */
export async function mutation(): Promise<LongResult> {
  const results = await new Stryker({
    mutate: MUTATED,
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    incremental: false,
    allowEmpty: false,
    // Its preprocessor asks TypeScript for what TypeScript 7 has no more; swc needs none of it.
    tsconfigFile: 'none',
    timeoutMS: 10_000,
    ignorePatterns: ['.git', '.data', 'out', 'reports', 'fixtures/province', 'test/golden'],
    // The recorder names each survivor at once: a run takes long.
    reporters: ['progress-append-only', 'event-recorder'],
    eventReporter: { baseDir: 'reports/mutation' },
    tempDirName: '.stryker-tmp',
    jest: {
      projectType: 'custom',
      enableFindRelatedTests: false,
      configFile: 'test/long/mutation.jest.mjs',
    },
  }).runMutationTest();
  const count = (...states: readonly string[]) =>
    results.filter(({ status }) => states.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const valid = killed + count('Survived', 'NoCoverage');
  const percent = Math.floor((killed / valid) * 1000) / 10;
  const survivors = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const byFile = Map.groupBy(survivors, ({ fileName }) => fileName.replace(/^.*\/src\//, 'src/'));
  const told = [...byFile].map(
    ([file, ones]) =>
      `## ${file}\n\n${ones
        .map(
          ({ location, mutatorName, replacement, status }) =>
            `- ${location.start.line}:${location.start.column} ${mutatorName} → \`${(replacement ?? '').replaceAll('\n', ' ').slice(0, 100)}\`${status === 'NoCoverage' ? ' (no test reaches it)' : ''}`,
        )
        .join('\n')}`,
  );
  mkdirSync('reports', { recursive: true });
  writeFileSync('reports/mutation.md', `# Survivors\n\n${told.join('\n\n')}\n`);
  return {
    failures:
      percent < AIM_PERCENT
        ? [`${percent} % killed, at least ${AIM_PERCENT} wanted: reports/mutation.md`]
        : [],
    figures: {
      mutants: valid,
      killed: count('Killed'),
      'ran without end': count('Timeout'),
      survived: count('Survived'),
      'reached by no test': count('NoCoverage'),
      'killed, percent': percent,
    },
  };
}
