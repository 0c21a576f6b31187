import { CURRENT_EDITION, dictionary, type Table, type TableCode } from '../dictionary.ts';
import { type ClaimPlace, ClaimReadError } from '../errors.ts';
import type { ClaimRow, ClaimTables } from '../tables.ts';
import type { CutRecord } from './cutter.ts';
import { child, childrenOf, decodeBase64, listOf, parseDocument, rootOf, textOf } from './document.ts';
import type { ReadLimits } from './limits.ts';
import type { Children, Node } from './tree.ts';

/** Something in a file that the standard does not know, kept as it stands. */
export interface UnknownPart {
  readonly table: string | null;
  /** 1-based. */
  readonly row: number | null;
  readonly field: string | null;
  /** Its text; null when it is more than text. */
  readonly value: string | null;
}

export interface ReadRecord {
  /** In file order. */
  readonly tables: ClaimTables;
  /** Tables and elements around the rows; elements inside of rows stand in their row. */
  readonly unknown: readonly UnknownPart[];
  /** Tables that could not be read and were set aside; none where the reader is not to go on without them. */
  readonly broken: readonly ClaimReadError[];
}

export type OnDocument = (table: string, bytes: Uint8Array) => void;

/**
 * One dossier, its documents decoded and read. Strict about what is ambiguous (base64, a table twice, an element twice);
 * tables and elements that nobody knows are kept.
 * @param place of the dossier, when the file has several
 * @param goesOn sets tables that cannot be read aside and reads the others
 * @param onDocument gets each inner document that is well-formed
 * @throws ClaimReadError with finding and place
 */
export function readRecord(
  cut: CutRecord,
  limits: ReadLimits,
  place: ClaimPlace = {},
  goesOn = false,
  onDocument: OnDocument = () => undefined,
): ReadRecord {
  const { dossiers } = dictionary(CURRENT_EDITION).envelope;
  const document = parseDocument(cut.bytes, place, limits.maxRecordBytes, cut.line);
  const [dossier] = listOf(document, dossiers.dossier);
  const children = childrenOf(dossier ?? '', dossiers.dossier, place);
  const tables: Record<string, readonly ClaimRow[]> = {};
  const unknown = othersIn(children, [dossiers.file], null);
  const seen = new Set<string>();
  const broken: ClaimReadError[] = [];
  const setAside = (error: unknown): void => {
    if (!goesOn || !(error instanceof ClaimReadError)) throw error;
    broken.push(error);
  };
  for (const file of listOf(children, dossiers.file)) {
    const holder = childrenOf(file, dossiers.file, place);
    const written = textOf(holder, dossiers.table, place);
    const code = written.trim();
    if (seen.has(code)) {
      setAside(new ClaimReadError('repeated-table', { ...place, table: code.slice(0, 10) }));
      continue;
    }
    seen.add(code);
    if (written !== code) unknown.push({ table: written, row: null, field: null, value: null });
    unknown.push(...othersIn(holder, [dossiers.table, dossiers.content], code));
    const content = textOf(holder, dossiers.content, { ...place, table: code.slice(0, 10) });
    const table = tableInDossier(code);
    if (!table) {
      unknown.push({ table: code, row: null, field: null, value: decodedText(content) });
      continue;
    }
    const at = { ...place, table: code };
    try {
      const bytes = decodeBase64(content, at);
      const inner = parseDocument(bytes, at, limits.maxRecordBytes);
      onDocument(code, bytes);
      tables[code] = rowsOf(inner, table, place);
      unknown.push(...aroundRows(inner, table));
    } catch (error) {
      setAside(error);
    }
  }
  return { tables, unknown, broken };
}

/** A table that may stand in a dossier; XML0 travels alone. */
function tableInDossier(code: string): Table | undefined {
  const { tables, envelope } = dictionary(CURRENT_EDITION);
  return code === envelope.checkIn.table ? undefined : tables.get(code as TableCode);
}

/** The rows of an inner document that was parsed with `exactParser`. @throws ClaimReadError */
export function rowsOf(document: unknown, table: Table, around: ClaimPlace = {}): readonly ClaimRow[] {
  const place = { ...around, table: table.code };
  const root = rootOf(document as Children, table.root, place);
  if (table.list === null) return [rowOf(root, { ...place, row: 1 })];
  return listOf(child(root, table.list, place), table.row).map((row, index) =>
    rowOf(childrenOf(row, table.row, place), { ...place, row: index + 1 }),
  );
}

/** White space between elements is no content; anything else there is. */
function rowOf(children: Children, place: ClaimPlace): ClaimRow {
  return isRow(children) ? children : cleanRow(children, place);
}

function isRow(children: Children): children is ClaimRow {
  for (const name in children) if (typeof children[name] !== 'string' || name === '#text') return false;
  return true;
}

function cleanRow(children: Children, place: ClaimPlace): ClaimRow {
  const row: Record<string, string> = {};
  for (const [name, value] of Object.entries(children)) {
    if (typeof value === 'string') {
      if (name !== '#text') row[name] = value;
      else if (value.trim() !== '') throw new ClaimReadError('stray-text', place);
    } else {
      const finding = Array.isArray(value) ? 'repeated-element' : 'element-not-text';
      throw new ClaimReadError(finding, { ...place, field: name.slice(0, 60) });
    }
  }
  return row;
}

/** What stands beside the list and beside the rows of a document that `rowsOf` has read. */
export function aroundRows(document: Children, table: Table, known: readonly string[] = []): UnknownPart[] {
  if (table.list === null) return [];
  const root = childrenOf(document[table.root]!, table.root);
  const list = childrenOf(root[table.list]!, table.list);
  return [...othersIn(root, [table.list, ...known], table.code), ...othersIn(list, [table.row], table.code)];
}

export function othersIn(children: Children, known: readonly string[], table: string | null): UnknownPart[] {
  return Object.entries(children)
    .filter(([name, value]) => !known.includes(name) && !(name === '#text' && isBlank(value)))
    .map(([name, value]) => ({
      table,
      row: null,
      field: name,
      value: typeof value === 'string' ? value : null,
    }));
}

function isBlank(value: Node): boolean {
  return typeof value === 'string' && value.trim() === '';
}

/** The document of a table that nobody knows, as text where it is base64 of UTF-8. */
function decodedText(content: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64(content, {}));
  } catch {
    return content;
  }
}
