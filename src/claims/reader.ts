import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { CURRENT_EDITION, dictionary, type Table, type TableCode, tableOf } from './dictionary.ts';
import { type ClaimPlace, ClaimReadError, type ValueForm } from './errors.ts';
import type { ClaimFile, ClaimRow, ClaimTables } from './tables.ts';
import { safeText } from './untrusted.ts';

export interface ReadLimits {
  /** Bytes of the whole file, and of each inner document. */
  readonly maxBytes: number;
  readonly maxRecords: number;
}
const LIMITS: ReadLimits = { maxBytes: 64 * 1024 * 1024, maxRecords: 5_000 };
/** The deepest official document has five levels; a signature needs a few more. */
const MAX_DEPTH = 24;

/** What the parser gives for an element: its text, its children by name, or several of either. */
type Node = string | Children | readonly Node[];
interface Children {
  readonly [name: string]: Node;
}

/** One for all: the options keep every text exactly as it stands (`007`, blanks, `&#13;`). */
let shared: XMLParser | undefined;

export function exactParser(stopNodes: readonly string[] = []): XMLParser {
  const { tables, envelope } = dictionary(CURRENT_EDITION);
  const many = new Set([envelope.dossiers.dossier, envelope.dossiers.file]);
  for (const table of tables.values()) if (table.list !== null) many.add(table.row);
  return new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    trimValues: false,
    processEntities: true,
    htmlEntities: true, // numeric references are only decoded with this
    maxNestedTags: MAX_DEPTH,
    jPath: false,
    stopNodes: [...stopNodes],
    isArray: (name) => many.has(name),
  });
}

/**
 * Reads a claim file of any vendor, one dossier or many. Strict about what is dangerous or ambiguous (document types,
 * ill-formed XML, other encodings, base64, declared against actual number); unknown elements of a row are kept.
 * @throws ClaimReadError with finding and place
 */
export function readClaimFile(bytes: Uint8Array, limits: ReadLimits = LIMITS): ClaimFile {
  const { root, facility, dossiers } = dictionary(CURRENT_EDITION).envelope;
  const file = rootOf(parseDocument(bytes, {}, limits), root, {});
  const facilityCode = textOf(child(file, facility.group), facility.code);
  expectForm(facilityCode, new RegExp(facility.pattern), facility.code, 'facility-code');
  const group = child(file, dossiers.group);
  const made = textOf(group, dossiers.madeOn);
  expectForm(made, /^\d{8}$/, dossiers.madeOn, 'day');
  const announced = textOf(group, dossiers.count);
  expectForm(announced, /^\d{1,6}$/, dossiers.count, 'count');
  const nodes = listOf(child(group, dossiers.list), dossiers.dossier);
  const counts = { expected: Number(announced), count: nodes.length };
  if (counts.expected !== counts.count) {
    throw new ClaimReadError('wrong-record-count', { field: dossiers.count }, counts);
  }
  if (nodes.length > limits.maxRecords) {
    throw new ClaimReadError('too-many-records', {}, { max: limits.maxRecords, count: nodes.length });
  }
  return {
    facilityCode,
    madeOn: `${made.slice(0, 4)}-${made.slice(4, 6)}-${made.slice(6, 8)}`,
    records: nodes.map((node) => readRecord(node, limits)),
  };
}

/** Reads a check-in file (XML0). @throws ClaimReadError */
export function readCheckInFile(bytes: Uint8Array, limits: ReadLimits = LIMITS): readonly ClaimRow[] {
  const table = tableOf(dictionary(CURRENT_EDITION).envelope.checkIn.table);
  return rowsOf(parseDocument(bytes, { table: table.code }, limits), table);
}

function readRecord(node: Node, limits: ReadLimits): ClaimTables {
  const { dossiers } = dictionary(CURRENT_EDITION).envelope;
  const tables: Record<string, readonly ClaimRow[]> = {};
  for (const file of listOf(childrenOf(node, dossiers.dossier), dossiers.file)) {
    const holder = childrenOf(file, dossiers.file);
    const code = textOf(holder, dossiers.table);
    const table = dictionary(CURRENT_EDITION).tables.get(code as TableCode);
    if (!table || code === dictionary(CURRENT_EDITION).envelope.checkIn.table) {
      throw new ClaimReadError('unknown-table', { table: code.slice(0, 10) });
    }
    if (Object.hasOwn(tables, code)) throw new ClaimReadError('repeated-table', { table: code });
    const inner = decodeBase64(textOf(holder, dossiers.content), table.code);
    tables[code] = rowsOf(parseDocument(inner, { table: code }, limits), table);
  }
  return tables;
}

/** The rows of an inner document that was parsed with `exactParser`. @throws ClaimReadError */
export function rowsOf(document: unknown, table: Table): readonly ClaimRow[] {
  const place = { table: table.code };
  const root = rootOf(document as Children, table.root, place);
  if (table.list === null) return [rowOf(root, { ...place, row: 1 })];
  return listOf(child(root, table.list, place), table.row).map((row, index) =>
    rowOf(childrenOf(row, table.row, place), { ...place, row: index + 1 }),
  );
}

/** White space between elements is no content; anything else there is. */
function rowOf(children: Children, place: ClaimPlace): ClaimRow {
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

function parseDocument(bytes: Uint8Array, place: ClaimPlace, limits: ReadLimits): Children {
  const xml = safeText(bytes, place, limits.maxBytes);
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) throw new ClaimReadError('not-well-formed', place, { line: verdict.err.line ?? 0 });
  shared ??= exactParser();
  try {
    return shared.parse(xml) as Children;
  } catch (cause) {
    // The parser refuses depth and names such as __proto__ with plain errors.
    const tooDeep = cause instanceof Error && /nested/i.test(cause.message);
    throw tooDeep
      ? new ClaimReadError('too-deep', place, {}, { cause })
      : new ClaimReadError('not-well-formed', place, { line: 0 }, { cause });
  }
}

/** Strict base64; white space between the characters is allowed. */
export function decodeBase64(text: string, table: string): Buffer {
  const packed = text.replace(/[ \t\r\n]+/g, '');
  if (packed === '' || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new ClaimReadError('bad-base64', { table });
  }
  return Buffer.from(packed, 'base64');
}

function rootOf(document: Children, name: string, place: ClaimPlace): Children {
  if (!Object.hasOwn(document, name)) throw new ClaimReadError('wrong-root', place, { expected: name });
  return childrenOf(document[name]!, name, place);
}

function child(parent: Children, name: string, place: ClaimPlace = {}): Children {
  if (!Object.hasOwn(parent, name)) throw new ClaimReadError('missing-element', place, { expected: name });
  return childrenOf(parent[name]!, name, place);
}

/** An element without children comes as its text, which must be blank. */
function childrenOf(node: Node, name: string, place: ClaimPlace = {}): Children {
  if (typeof node === 'string') {
    if (node.trim() !== '') throw new ClaimReadError('stray-text', { ...place, field: name });
    return {};
  }
  if (Array.isArray(node)) throw new ClaimReadError('repeated-element', { ...place, field: name });
  return node as Children;
}

function listOf(parent: Children, name: string): readonly Node[] {
  return Object.hasOwn(parent, name) ? (parent[name] as readonly Node[]) : [];
}

function textOf(parent: Children, name: string): string {
  if (!Object.hasOwn(parent, name)) throw new ClaimReadError('missing-element', {}, { expected: name });
  const value = parent[name]!;
  if (typeof value === 'string') return value;
  throw new ClaimReadError(Array.isArray(value) ? 'repeated-element' : 'element-not-text', { field: name });
}

function expectForm(value: string, pattern: RegExp, field: string, form: ValueForm): void {
  if (!pattern.test(value)) throw new ClaimReadError('bad-format', { field }, { form });
}
