import type { BackendKind } from '../harness/plant.ts';
import type { ChaosResult } from './run.ts';

/** What came of the seeds that one command ran. */
export interface ChaosReport {
  readonly backend: BackendKind;
  readonly results: ReadonlyMap<number, ChaosResult>;
  readonly commit: string;
  readonly date: string;
  readonly machine: string;
  readonly seconds: number;
}

const MOST_FAILURES = 10;

/** The page with this backend's section put in, at its end, in the place of its former one. */
export function withRuns(page: string, report: ChaosReport): string {
  const title = titleOf(report.backend);
  const [head = '', ...sections] = page.split(/^(?=### )/m);
  const others = sections.filter((section) => !section.startsWith(title));
  const sorted = [...others, sectionOf(report)].toSorted((a, b) => (a < b ? -1 : 1));
  return `${[head, ...sorted].map((part) => part.trimEnd()).join('\n\n')}\n`;
}

const titleOf = (backend: BackendKind) =>
  backend === 'postgres' ? '### Queue in PostgreSQL' : '### Queue in Redis';

function sectionOf({ backend, results, commit, date, machine, seconds }: ChaosReport): string {
  const failed = [...results].filter(([, { failures }]) => failures.length > 0);
  const seeds = [...results.keys()];
  const verdict = failed.length === 0 ? 'all hold' : `**${failed.length} do not hold**`;
  const told = failed.flatMap(([seed, { failures }]) =>
    failures.slice(0, MOST_FAILURES).map((failure) => `- seed ${seed}: ${failure}`),
  );
  return [
    titleOf(backend),
    `${date}, commit ${commit}, ${seconds} s on ${machine}: ${seeds.length} seeds (${seeds[0]}–${seeds.at(-1)}), ${verdict}.`,
    ['| of all seeds together | |', '| --- | ---: |', ...sums([...results.values()])].join('\n'),
    ...(told.length > 0 ? [told.join('\n')] : []),
  ].join('\n\n');
}

function sums(results: readonly ChaosResult[]): string[] {
  const names = [...new Set(results.flatMap(({ figures }) => Object.keys(figures)))];
  return names.map((name) => {
    const sum = results.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
    return `| ${name} | ${sum.toLocaleString('en-GB')} |`;
  });
}
