import type { BackendKind } from '../harness/plant.ts';
import type { ChaosResult } from './run.ts';

/** What came of one seed. */
export interface SeedReport extends ChaosResult {
  readonly backend: BackendKind;
  readonly seed: number;
  readonly commit: string;
  readonly date: string;
  readonly seconds: number;
}

const HEAD = ['| seed | date | commit | s |', '| ---: | --- | --- | ---: |'] as const;
const MOST_FAILURES = 6;

/** The page with this seed's row put in, in the place of its former one; rows by backend and seed, sums above them. */
export function withSeed(page: string, report: SeedReport): string {
  const title = titleOf(report.backend);
  const [head = '', ...sections] = page.split(/^(?=### )/m);
  const own = sections.find((section) => section.startsWith(title)) ?? '';
  const names = Object.keys(report.figures);
  const rows = new Map(rowsOf(own, names).map((row) => [Number(row[0]), row]));
  const { seed, date, commit, seconds, failures, figures } = report;
  const verdict = failures.length === 0 ? 'holds' : `**${failures.slice(0, MOST_FAILURES).join('; ')}**`;
  const told = names.map((name) => String(figures[name]));
  rows.set(
    seed,
    [seed, date, commit, seconds, ...told, verdict.replaceAll('|', '/').replaceAll('\n', ' ')].map(String),
  );
  const sorted = [...rows.values()].toSorted((a, b) => Number(a[0]) - Number(b[0]));
  const others = sections.filter((section) => section !== own);
  const all = [...others, sectionOf(title, names, sorted)].toSorted((a, b) => (a < b ? -1 : 1));
  return `${[head, ...all].map((part) => part.trimEnd()).join('\n\n')}\n`;
}

const titleOf = (backend: BackendKind) =>
  backend === 'postgres' ? '### Queue in PostgreSQL' : '### Queue in Redis';

/** Of a table with other columns: none. */
function rowsOf(section: string, names: readonly string[]): string[][] {
  const rows = [...section.matchAll(/^\| (\d+ \|.*) \|$/gm)].map(([, cells]) => cells!.split(' | '));
  return rows.filter((cells) => cells.length === 5 + names.length);
}

function sectionOf(title: string, names: readonly string[], rows: readonly (readonly string[])[]): string {
  const failed = rows.filter((cells) => cells.at(-1) !== 'holds').length;
  const sums = names.map((name, index) => {
    const sum = rows.reduce((total, cells) => total + Number(cells[4 + index]), 0);
    return `${name} ${sum.toLocaleString('en-GB')}`;
  });
  const [columns, line] = HEAD;
  return [
    title,
    `${rows.length} seeds, ${failed === 0 ? 'all hold' : `${failed} do not hold`}. Together: ${sums.join(', ')}.`,
    [
      `${columns} ${names.join(' | ')} | |`,
      `${line} ${names.map(() => '---:').join(' | ')} | --- |`,
      ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    ].join('\n'),
  ].join('\n\n');
}
