import { type Language, text } from '../../messages/index.ts';
import type { Finding } from '../rule.ts';
import type { RuleCount } from '../rule-counts.ts';

/** What of a finding its sentence needs. */
export type Told = Pick<Finding, 'rule' | 'values' | 'table' | 'row' | 'field'>;

/** The sentence of a finding, with its values. */
export const messageOf = ({ rule, values, table, row, field }: Told, language: Language): string =>
  text(language, `rules.${rule}`, { table, row: String(row ?? '–'), field: field ?? '–', ...values });

/** A finding as it stands in a list for people, with the file it is of. */
export interface Listed extends Told, Pick<Finding, 'version' | 'severity' | 'maLk' | 'amount' | 'cause'> {
  readonly file: string;
}

/** Text, or a number as exact text. */
export type Cell = { readonly text: string } | { readonly number: string };
const words = (value: string | null): Cell => ({ text: value ?? '' });
const figure = (value: string | number | null): Cell =>
  value === null ? { text: '' } : { number: String(value) };

type Column<T> = readonly [name: string, of: (one: T, language: Language) => Cell];

const FINDING: readonly Column<Listed>[] = [
  ['file', ({ file }) => words(file)],
  ['maLk', ({ maLk }) => words(maLk)],
  ['rule', ({ rule }) => words(rule)],
  ['version', ({ version }) => figure(version)],
  ['severity', ({ severity }, language) => words(text(language, `check.${severity}`))],
  ['table', ({ table }) => words(table)],
  ['row', ({ row }) => figure(row)],
  ['field', ({ field }) => words(field)],
  ['message', (finding, language) => words(messageOf(finding, language))],
  ['value', ({ values }) => words(values.value ?? null)],
  ['amount', ({ amount }) => figure(amount)],
  ['causeKind', ({ cause }, language) => words(cause && text(language, `check.cause.${cause.kind}`))],
  ['causeKey', ({ cause }) => words(cause?.key ?? null)],
];

const COUNT: readonly Column<RuleCount>[] = [
  ['rule', ({ rule }) => words(rule)],
  ['version', ({ version }) => figure(version)],
  ['severity', ({ severity }, language) => words(text(language, `check.${severity}`))],
  ['findings', ({ findings }) => figure(findings)],
  ['claims', ({ claims }) => figure(claims)],
  ['amount', ({ amount }) => figure(amount)],
];

const sheet = <T>(columns: readonly Column<T>[]) => ({
  head: (language: Language) => columns.map(([name]) => text(language, `check.column.${name}`)),
  cells: (one: T, language: Language) => columns.map(([, of]) => of(one, language)),
});

export const FINDING_SHEET = sheet(FINDING);
export const COUNT_SHEET = sheet(COUNT);
