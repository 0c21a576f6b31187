import { pipeline } from 'node:stream/promises';
import type { Finding, NotChecked } from '../assessment/index.ts';
import { currentLanguage } from '../config.ts';
import { type Language, type MessageValues, text } from '../messages/index.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `check.${key}`, values);

export interface Found {
  readonly file: string;
  readonly finding: Finding;
}

export interface Ending {
  readonly files: number;
  readonly claims: number;
  readonly notChecked: readonly NotChecked[];
}

type Print = (found: AsyncIterable<Found>, ending: () => Ending) => Promise<void>;

export function messageOf({ rule, values, table, row, field }: Finding, tongue: Language): string {
  return text(tongue, `rules.${rule}`, { table, row: String(row ?? '–'), field: field ?? '–', ...values });
}

/** One document, written as it is found. Its messages are Vietnamese, whatever the terminal speaks. */
export const printJson: Print = (found, ending) => printed(jsonOf(found, ending));

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
export const printTable: Print = (found, ending) => printed(tableOf(found, ending));

async function* tableOf(found: AsyncIterable<Found>, ending: () => Ending): AsyncGenerator<string> {
  const rules = new Map<string, { severity: Finding['severity']; findings: number; claims: Set<string> }>();
  let [count, heading] = [0, ''];
  for await (const { file, finding } of found) {
    const { rule, severity, maLk } = finding;
    const claim = maLk === null ? file : `${file} · ${maLk}`;
    const known = rules.get(rule) ?? { severity, findings: 0, claims: new Set<string>() };
    known.findings += 1;
    known.claims.add(claim);
    rules.set(rule, known);
    count += 1;
    if (count > MOST_SHOWN) continue;
    if (claim !== heading) yield `${claim}\n`;
    heading = claim;
    yield `  ${say(severity)}  ${messageOf(finding, language)}  [${rule}]\n`;
  }
  if (count > MOST_SHOWN) yield `${say('more', { count: count - MOST_SHOWN })}\n`;
  const { files, claims, notChecked } = ending();
  if (rules.size > 0) yield `\n${summaryOf(rules)}`;
  if (notChecked.length > 0) yield `\n${notCheckedText(notChecked)}`;
  yield `\n${say('summary', { files, claims, findings: count })}\n`;
}

type Summary = ReadonlyMap<
  string,
  { readonly severity: Finding['severity']; readonly findings: number; readonly claims: ReadonlySet<string> }
>;

/** Errors before warnings, the most frequent first. */
function summaryOf(rules: Summary): string {
  const rows = [...rules]
    .toSorted(
      ([one, a], [other, b]) =>
        a.severity.localeCompare(b.severity) || b.findings - a.findings || (one < other ? -1 : 1),
    )
    .map(([rule, { severity, findings, claims }]) => [
      rule,
      say(severity),
      String(findings),
      String(claims.size),
    ]);
  const head = ['rule', 'severity', 'findings', 'claims'].map((name) => say(`column.${name}`));
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, index) => (index < 2 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!)))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(lineOf).join('\n')}\n`;
}

function notCheckedText(rules: readonly NotChecked[]): string {
  const byNeed = [...Map.groupBy(rules, ({ needs }) => needs)];
  const lines = byNeed.map(([needs, of]) => `  ${needs}: ${of.map(({ rule }) => rule).join(', ')}`);
  return `${say('notChecked')}\n${lines.join('\n')}\n`;
}

/** As fast as somebody reads it; whoever has seen enough (`| head`) ends it. */
async function printed(parts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(parts, process.stdout, { end: false });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EPIPE') throw error;
  }
}
