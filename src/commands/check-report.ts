import {
  COUNT_SHEET,
  csvOf,
  type Finding,
  type Listed,
  messageOf,
  type NotChecked,
  type RuleCount,
  xlsxOf,
} from '../assessment/files.ts';
import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `check.${key}`, values);

export interface Found {
  readonly file: string;
  readonly finding: Finding;
}

export interface Ending {
  readonly files: number;
  readonly claims: number;
  readonly findings: number;
  readonly notChecked: readonly NotChecked[];
  /** By rule, errors first. */
  readonly counts: readonly RuleCount[];
}

export type Format = 'table' | 'json' | 'csv' | 'xlsx';

/** What is written, piece by piece as it is found; `ending` is asked when all was found. */
type Report = (found: AsyncIterable<Found>, ending: () => Ending) => AsyncIterable<string | Uint8Array>;

/** Files travel: what they say is Vietnamese, whatever the terminal speaks. */
export const REPORTS: Readonly<Record<Format, Report>> = {
  table: tableOf,
  json: jsonOf,
  csv: (found) => csvOf(listed(found), 'vi'),
  xlsx: (found) => xlsxOf(listed(found), 'vi'),
};

async function* listed(found: AsyncIterable<Found>): AsyncGenerator<Listed> {
  for await (const { file, finding } of found) yield { ...finding, file };
}

/** One document, written as it is found. */
async function* jsonOf(found: AsyncIterable<Found>, ending: () => Ending): AsyncGenerator<string> {
  yield '{"findings":[';
  let separator = '';
  for await (const { file, finding } of found) {
    const { maLk, rule, severity, table, row, field, values } = finding;
    const message = messageOf(finding, 'vi');
    yield `${separator}${JSON.stringify({ file, maLk, rule, severity, table, row, field, message, values })}`;
    separator = ',';
  }
  const { files, claims, notChecked } = ending();
  yield `],"files":${files},"claims":${claims},"notChecked":${JSON.stringify(notChecked)}}\n`;
}

/** Nobody reads more of them on a screen. */
const MOST_SHOWN = 200;

/** The findings, then how often each rule spoke, then what was not checked. */
async function* tableOf(found: AsyncIterable<Found>, ending: () => Ending): AsyncGenerator<string> {
  let [count, heading] = [0, ''];
  for await (const { file, finding } of found) {
    const { rule, severity, maLk } = finding;
    const claim = maLk === null ? file : `${file} · ${maLk}`;
    count += 1;
    if (count > MOST_SHOWN) continue;
    if (claim !== heading) yield `${claim}\n`;
    heading = claim;
    yield `  ${say(severity)}  ${messageOf(finding, language)}  [${rule}]\n`;
  }
  if (count > MOST_SHOWN) yield `${say('more', { count: count - MOST_SHOWN })}\n`;
  yield summaryText(ending());
}

/** How often each rule spoke and of how much money, what was not checked, and the sum of it. */
export function summaryText({ files, claims, findings, counts, notChecked }: Ending): string {
  return [
    ...(counts.length > 0 ? [`\n${countsText(counts)}`] : []),
    ...(notChecked.length > 0 ? [`\n${notCheckedText(notChecked)}`] : []),
    `\n${say('summary', { files, claims, findings })}\n`,
  ].join('');
}

function countsText(counts: readonly RuleCount[]): string {
  const rows = counts.map((one) =>
    COUNT_SHEET.cells(one, language).map((cell) => ('number' in cell ? cell.number : cell.text)),
  );
  const head = COUNT_SHEET.head(language);
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)));
  const isText = COUNT_SHEET.cells(counts[0]!, language).map((cell) => 'text' in cell);
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, index) => (isText[index] ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!)))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(lineOf).join('\n')}\n`;
}

function notCheckedText(rules: readonly NotChecked[]): string {
  const byNeed = [...Map.groupBy(rules, ({ needs }) => needs)];
  const lines = byNeed.map(([needs, of]) => `  ${needs}: ${of.map(({ rule }) => rule).join(', ')}`);
  return `${say('notChecked')}\n${lines.join('\n')}\n`;
}
