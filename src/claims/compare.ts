import { CURRENT_EDITION, dictionary, type EditionId, type Table, tableOf } from './dictionary.ts';
import { decodeBase64, parseExactly } from './reading/document.ts';
import { rowsOf } from './reading/record.ts';
import type { ClaimRow, ClaimTables } from './tables.ts';

/**
 * Do these bytes, read again, say exactly what was to be written? Asked before a file of ours
 * is stored. Every element of every row is compared, so the reader's separate check for well-formedness is left out:
 * an element that is lost, doubled or misplaced shows as a difference.
 * @throws ClaimReadError when an inner document is not even a table
 */
export function sameAsBuilt(
  bytes: Uint8Array,
  records: readonly ClaimTables[],
  edition: EditionId = CURRENT_EDITION,
): boolean {
  const { root, dossiers: d, fileOrder } = dictionary(edition).envelope;
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const group = inside(parseExactly(xml), root, d.group);
  const dossiers = inside(group, d.list, d.dossier);
  if (!Array.isArray(dossiers) || dossiers.length !== records.length) return false;
  if (inside(group, d.count) !== String(records.length)) return false;
  return records.every((record, index) => {
    const files: unknown = inside(dossiers[index], d.file);
    const codes = fileOrder.filter((code) => (record[code]?.length ?? 0) > 0);
    if (!Array.isArray(files) || files.length !== codes.length) return false;
    return codes.every(
      (code, at) =>
        inside(files[at], d.table) === code &&
        sameTable(tableOf(code, edition), inside(files[at], d.content), record[code]!),
    );
  });
}

/** What stands at the end of a path of element names, undefined when there is no such path. */
function inside(node: unknown, ...path: readonly string[]): unknown {
  let found = node;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

function sameTable(table: Table, content: unknown, expected: readonly ClaimRow[]): boolean {
  if (typeof content !== 'string') return false;
  const rows = rowsOf(parseExactly(decodeBase64(content, { table: table.code }).toString('utf8')), table);
  return rows.length === expected.length && rows.every((row, index) => sameRow(row, expected[index]!));
}

function sameRow(read: ClaimRow, written: ClaimRow): boolean {
  const names = Object.keys(written);
  if (Object.keys(read).length !== names.length) return false;
  return names.every((name) => {
    const value = written[name]!;
    return read[name] === value || read[name] === value.normalize('NFC');
  });
}
