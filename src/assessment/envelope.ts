import { ClaimReadError, placeText, type ReadFinding } from '../claims/errors.ts';
import { readClaimFile } from '../claims/reader.ts';
import type { ClaimFile } from '../claims/tables.ts';
import { type CheckOptions, checkFile } from './check.ts';
import type { Finding, Found, Severity, Stage } from './rule.ts';

/** A rule that judges a file before there is a claim: the reader, or who reads the files, finds what it says. */
export interface FileRule {
  readonly id: string;
  readonly severity: Severity;
  readonly stage: Stage;
  readonly isOffByDefault?: true;
  readonly params: Readonly<Record<string, unknown>>;
}

const fileRule = (id: string, more: Partial<FileRule> = {}): FileRule => ({
  id,
  severity: 'error',
  stage: 'export',
  params: {},
  ...more,
});

/** Their messages are `rules.<id>`, as those of all rules. */
export const FILE_RULES: readonly FileRule[] = [
  fileRule('STR_XML_WELLFORMED'),
  fileRule('STR_ENVELOPE_PATH'),
  fileRule('STR_HOSO_COUNT'),
  // XML12 is typed in on the portal: set to false before sending.
  fileRule('STR_LOAIHOSO_KNOWN', { params: { allowXml12: true } }),
  fileRule('STR_ONE_RECORD_PER_FILE', { severity: 'warning', isOffByDefault: true }),
  fileRule('STR_LOAIHOSO_UNIQUE'),
  fileRule('STR_CONTENT_DECODES'),
  fileRule('STR_INNER_ROOT'),
];

/** What the reader refuses, by the rule that says so. Inside an official table it is that table's content that fails. */
const RULE_OF: Partial<Record<ReadFinding, string>> = {
  'wrong-root': 'STR_ENVELOPE_PATH',
  'missing-element': 'STR_ENVELOPE_PATH',
  'element-not-text': 'STR_ENVELOPE_PATH',
  'repeated-element': 'STR_ENVELOPE_PATH',
  'stray-text': 'STR_ENVELOPE_PATH',
  'bad-format': 'STR_ENVELOPE_PATH',
  'wrong-record-count': 'STR_HOSO_COUNT',
  'unknown-table': 'STR_LOAIHOSO_KNOWN',
  'repeated-table': 'STR_LOAIHOSO_UNIQUE',
};
/** The same inside a table. */
const RULE_IN_TABLE: Partial<Record<ReadFinding, string>> = {
  'repeated-table': 'STR_LOAIHOSO_UNIQUE',
  'wrong-root': 'STR_INNER_ROOT',
  'missing-element': 'STR_INNER_ROOT',
};

/** What the reader refused, as the finding of the rule that says so. */
export function findingOf(
  { finding: what, place, values }: ClaimReadError,
  maLk: string | null = null,
): Finding {
  const { table, field = null } = place;
  const shown = Object.fromEntries(Object.entries(values).map(([name, one]) => [name, String(one)]));
  if (what === 'unknown-table')
    return fileFinding('STR_LOAIHOSO_KNOWN', { field: 'LOAIHOSO', values: { value: table ?? '' }, maLk });
  if (table === undefined) {
    const rule = RULE_OF[what] ?? 'STR_XML_WELLFORMED';
    return fileFinding(rule, { field, values: { ...ofFile(what, placeText(place), shown), ...shown }, maLk });
  }
  const rule = RULE_IN_TABLE[what] ?? 'STR_CONTENT_DECODES';
  const inTable = { loai: table, path: placeText(place), actual: '–', count: '2', ...shown };
  return fileFinding(rule, { table, field: FIELD_OF[rule] ?? null, values: inTable, maLk });
}

/** In the parser's place stands our own word for the fault: what the parser says may quote the file. */
const ofFile = (what: ReadFinding, path: string, { expected, count }: Found['values']): Found['values'] =>
  what === 'wrong-record-count'
    ? { declared: expected ?? '–', actual: count ?? '–' }
    : { path, parser_message: `${what} (${path})`, line: '–' };

const FIELD_OF: Readonly<Record<string, string>> = {
  STR_LOAIHOSO_UNIQUE: 'LOAIHOSO',
  STR_CONTENT_DECODES: 'NOIDUNGFILE',
};

/** A finding of a rule that judges files. */
export function fileFinding(
  rule: string,
  { maLk = null, ...place }: Partial<Found> & { readonly maLk?: string | null },
): Finding {
  const { severity, params } = FILE_RULES.find(({ id }) => id === rule)!;
  const about = { rule, severity, version: 1, params, maLk, rowKey: '', amount: null, cause: null };
  return { table: 'ENVELOPE', row: null, field: null, values: {}, ...place, ...about };
}

/**
 * Reads and checks the bytes of one claim file of ours. A file that cannot be read has one finding, the reason.
 * @returns the file as read (null when it cannot be) and all findings
 */
export function checkClaimFile(
  bytes: Uint8Array,
  options: CheckOptions,
): { readonly file: ClaimFile | null; readonly findings: readonly Finding[] } {
  let file: ClaimFile;
  try {
    file = readClaimFile(bytes);
  } catch (error) {
    if (error instanceof ClaimReadError) return { file: null, findings: [findingOf(error)] };
    throw error;
  }
  if (file.records.length === 0)
    return {
      file,
      findings: [fileFinding('STR_ENVELOPE_PATH', { field: 'HOSO', values: { path: 'HOSO' } })],
    };
  return { file, findings: checkFile(file, options) };
}
