import { CURRENT_EDITION, dictionary, type Table } from '../dictionary.ts';
import { ClaimReadError } from '../errors.ts';
import type { ClaimRow } from '../tables.ts';
import { tableEntries } from './edition.ts';
import { foreignRecords, type ScannedFile } from './foreign.ts';
import type { ReadRecord, UnknownPart } from './record.ts';
import type { ClaimSource } from './source.ts';

/**
 * A file of any vendor as we would write it: our envelope, one way of escaping, no white space between elements, and in
 * each document the same elements in the same order with the same values, also those the standard does not know. Not
 * the writer of our own claims on purpose: that one puts fields into the order of the dictionary and composes letters
 * (NFC). For a file of ours both give the same bytes (held by a property test). It is unsigned: a signature covers the
 * bytes that were replaced.
 * @param onLost is told of what has no place in a document: elements around the tables
 * @throws ClaimReadError for the first dossier that cannot be read
 */
export async function* rewritten(
  source: ClaimSource,
  scanned: ScannedFile,
  onLost: (part: UnknownPart) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const {
    declaration,
    root,
    facility,
    dossiers: d,
    signature,
    checkIn,
  } = dictionary(CURRENT_EDITION).envelope;
  scanned.unknown.forEach(onLost);
  if (scanned.checkIn) {
    const table = dictionary(CURRENT_EDITION).tables.get(checkIn.table)!;
    scanned.checkIn.unknown.forEach(onLost);
    const xml = documentXml(table, scanned.checkIn.rows, `<${checkIn.signature}></${checkIn.signature}>`);
    yield Buffer.from(xml);
    return;
  }
  yield Buffer.from(
    `${declaration}<${root}><${facility.group}>${element(facility.code, scanned.facilityCode ?? '')}</${facility.group}>` +
      `<${d.group}>${element(d.madeOn, scanned.madeOn ?? '')}${element(d.count, String(scanned.count))}<${d.list}>`,
  );
  for await (const { record, error } of foreignRecords(source, scanned)) {
    if (error) throw error;
    yield Buffer.from(recordXml(record, onLost));
  }
  yield Buffer.from(`</${d.list}></${d.group}><${signature}></${signature}></${root}>`);
}

function recordXml({ tables, unknown }: ReadRecord, onLost: (part: UnknownPart) => void): string {
  const { dossiers: d } = dictionary(CURRENT_EDITION).envelope;
  const file = (code: string, document: string) =>
    `<${d.file}>${element(d.table, code)}${element(d.content, Buffer.from(document).toString('base64'))}</${d.file}>`;
  const known = tableEntries(tables).map(([code, rows]) => {
    const table = dictionary(CURRENT_EDITION).tables.get(code);
    if (!table) throw new ClaimReadError('unknown-table', { table: code });
    return file(code, documentXml(table, rows));
  });
  const strange = unknown.filter(isTable).map(({ table, value }) => file(table!, value!));
  for (const part of unknown) if (!isTable(part)) onLost(part);
  return `<${d.dossier}>${known.join('')}${strange.join('')}</${d.dossier}>`;
}

/** A whole document of a table that nobody knows: it is passed on as it is. */
function isTable({ table, field, value }: UnknownPart): boolean {
  return table !== null && field === null && value !== null;
}

function documentXml({ root, list, row: name }: Table, rows: readonly ClaimRow[], tail = ''): string {
  const { declaration } = dictionary(CURRENT_EDITION).envelope;
  const body = rows.map((row) => {
    const fields = Object.entries(row).map(([field, value]) => element(field, value));
    return `<${name}>${fields.join('')}</${name}>`;
  });
  if (list === null) return `${declaration}${body.join('')}`;
  return `${declaration}<${root}><${list}>${body.join('')}</${list}>${tail}</${root}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function element(name: string, value: string): string {
  return `<${name}>${value.replace(/[&<>\r]/g, (found) => ESCAPES[found]!)}</${name}>`;
}
