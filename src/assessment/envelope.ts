import { ClaimReadError, placeText, type ReadFinding } from '../claims/errors.ts';
import { readClaimFile } from '../claims/reader.ts';
import type { ClaimFile } from '../claims/tables.ts';
import { type CheckOptions, checkFile } from './check.ts';
import type { Finding } from './rule.ts';

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
const UNREADABLE = 'STR_XML_WELLFORMED';
const UNREADABLE_TABLE = 'STR_CONTENT_DECODES';
/** Rules that speak while a file is read: errors, from the first moment at which there is a file. */
export const READER_RULES: readonly string[] = [
  ...new Set([UNREADABLE, ...Object.values(RULE_OF), UNREADABLE_TABLE]),
];

/**
 * Reads and checks the bytes of one claim file, of any vendor. A file that cannot be read has one finding, the reason.
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
    if (error instanceof ClaimReadError) return { file: null, findings: [unreadable(error)] };
    throw error;
  }
  if (file.records.length === 0)
    return { file, findings: [finding('STR_ENVELOPE_PATH', 'HOSO', { place: 'HOSO' })] };
  return { file, findings: checkFile(file, options) };
}

function unreadable(error: ClaimReadError): Finding {
  const { table = null, field = null } = error.place;
  const ownRule = RULE_OF[error.finding];
  const isEnvelope = table === null || ownRule === 'STR_LOAIHOSO_KNOWN' || ownRule === 'STR_LOAIHOSO_UNIQUE';
  const rule = isEnvelope ? (ownRule ?? UNREADABLE) : UNREADABLE_TABLE;
  return finding(rule, field, {
    ...Object.fromEntries(Object.entries(error.values).map(([name, one]) => [name, String(one)])),
    table: table ?? '',
    place: placeText(error.place),
  });
}

function finding(rule: string, field: string | null, values: Readonly<Record<string, string>>): Finding {
  return { rule, severity: 'error', maLk: null, table: 'ENVELOPE', row: null, field, values };
}
