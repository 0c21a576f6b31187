import type { LocalDate } from '../platform/dates.ts';
import {
  CURRENT_EDITION,
  dictionary,
  type EditionId,
  type Envelope,
  editionOn,
  type TableCode,
  tableOf,
} from './dictionary.ts';
import { ClaimWriteError } from './errors.ts';
import type { ClaimFileHead, ClaimRow, ClaimTables } from './tables.ts';
import { date8 } from './values.ts';
import { tableXml } from './writer.ts';

/** The envelope `GIAMDINHHS`: its fixed strings, compiled from the dictionary. All of it is ASCII. */
interface EnvelopeText {
  readonly head: (head: ClaimFileHead, count: number) => string;
  readonly tail: string;
  readonly record: readonly [open: string, close: string];
  readonly file: (code: TableCode, base64: string) => string;
  readonly listOpen: string;
  readonly listClose: string;
}

const envelopes = new Map<EditionId, EnvelopeText>();

function envelope(edition: EditionId = CURRENT_EDITION): EnvelopeText {
  const found = envelopes.get(edition) ?? compile(dictionary(edition).envelope);
  envelopes.set(edition, found);
  return found;
}

function compile({ declaration, root, facility, dossiers: d, signature }: Envelope): EnvelopeText {
  const codeForm = new RegExp(facility.pattern);
  return {
    head: ({ facilityCode, madeOn }, count) => {
      if (!codeForm.test(facilityCode)) {
        throw new ClaimWriteError('bad-format', { field: facility.code }, { form: 'facility-code' });
      }
      return (
        `${declaration}<${root}><${facility.group}><${facility.code}>${facilityCode}</${facility.code}></${facility.group}>` +
        `<${d.group}><${d.madeOn}>${date8(madeOn)}</${d.madeOn}><${d.count}>${count}</${d.count}><${d.list}>`
      );
    },
    listOpen: `<${d.list}>`,
    listClose: `</${d.list}>`,
    tail: `</${d.list}></${d.group}><${signature}></${signature}></${root}>`,
    record: [`<${d.dossier}>`, `</${d.dossier}>`],
    file: (code, base64) =>
      `<${d.file}><${d.table}>${code}</${d.table}><${d.content}>${base64}</${d.content}></${d.file}>`,
  };
}

/**
 * The edition of a dossier: that of the day the visit ended, for a draft that of its arrival
 * (as `selectingDate('codeLists', …)` says), and of the day the file is made when it names neither.
 */
export function editionOfTables(tables: ClaimTables, madeOn: LocalDate): EditionId {
  const { NGAY_RA, NGAY_VAO } = tables.XML1?.[0] ?? {};
  const time = NGAY_RA || NGAY_VAO || '';
  const day = /^\d{12}$/.test(time) ? `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}` : madeOn;
  return editionOfDay(day);
}

function editionOfDay(day: LocalDate): EditionId {
  const edition = editionOn(day);
  if (!edition) throw new ClaimWriteError('no-edition', {}, { day });
  return edition;
}

function recordXml(tables: ClaimTables, edition: EditionId): string {
  const text = envelope(edition);
  const order = dictionary(edition).envelope.fileOrder;
  const stray = Object.keys(tables).find((code) => !order.includes(code as TableCode));
  if (stray !== undefined) throw new ClaimWriteError('unknown-table', { table: stray });
  if (tables.XML1?.length !== 1) {
    throw new ClaimWriteError(
      'wrong-row-count',
      { table: 'XML1' },
      { expected: 1, count: tables.XML1?.length ?? 0 },
    );
  }
  let xml = text.record[0];
  for (const code of order) {
    const rows = tables[code];
    if (rows && rows.length > 0)
      xml += text.file(code, Buffer.from(tableXml(code, rows, edition), 'utf8').toString('base64'));
  }
  return xml + text.record[1];
}

/**
 * A claim file: one `HOSO` per record, tables in official order, absent tables left out, unsigned (empty signature).
 * @param edition for all of them; left out, each is written in its own
 * @returns the bytes: the same records and head always give the same bytes
 * @throws ClaimWriteError naming table, row and field
 */
export function buildClaimFile(
  records: readonly ClaimTables[],
  head: ClaimFileHead,
  edition?: EditionId,
): Buffer {
  let xml = envelope(edition).head(head, records.length);
  for (const record of records) xml += recordXml(record, edition ?? editionOfTables(record, head.madeOn));
  return Buffer.from(xml + envelope(edition).tail, 'latin1');
}

/** The same bytes in pieces of one record, for files of many: the number of records must be known before. */
export async function* streamClaimFile(
  records: Iterable<ClaimTables> | AsyncIterable<ClaimTables>,
  head: ClaimFileHead & { readonly recordCount: number },
  edition?: EditionId,
): AsyncGenerator<Buffer> {
  yield* announced(
    head,
    mapAsync(records, (record) => recordXml(record, edition ?? editionOfTables(record, head.madeOn))),
  );
}

/**
 * Many one-record files as one, for hand-over: the dossiers are cut out and stand unchanged in the new envelope.
 * @param files unsigned files that `buildClaimFile` made
 */
export async function* joinClaimFiles(
  files: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  head: ClaimFileHead & { readonly recordCount: number },
): AsyncGenerator<Buffer> {
  const { listOpen, listClose } = envelope();
  const cut = (file: Uint8Array): string => {
    const xml = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
    const from = xml.indexOf(listOpen);
    const to = xml.lastIndexOf(listClose);
    if (from < 0 || to < from) throw new ClaimWriteError('unknown-table', { field: listOpen.slice(1, -1) });
    return xml.slice(from + listOpen.length, to);
  };
  yield* announced(head, mapAsync(files, cut));
}

async function* announced(
  head: ClaimFileHead & { readonly recordCount: number },
  records: AsyncIterable<string>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(envelope().head(head, head.recordCount), 'latin1');
  let count = 0;
  for await (const record of records) {
    count += 1;
    yield Buffer.from(record, 'latin1');
  }
  if (count !== head.recordCount) {
    throw new ClaimWriteError('wrong-record-count', {}, { expected: head.recordCount, count });
  }
  yield Buffer.from(envelope().tail, 'latin1');
}

async function* mapAsync<A, B>(
  items: Iterable<A> | AsyncIterable<A>,
  change: (item: A) => B,
): AsyncGenerator<B> {
  for await (const item of items) yield change(item);
}

/**
 * A check-in file (XML0): a document of its own, the signature last under its root.
 * @param day the day of arrival, which selects the edition
 */
export function buildCheckInFile(
  rows: readonly ClaimRow[],
  day: LocalDate,
  edition: EditionId = editionOfDay(day),
): Buffer {
  const { table, signature } = dictionary(edition).envelope.checkIn;
  const { root } = tableOf(table, edition);
  const xml = tableXml(table, rows, edition);
  const end = `</${root}>`;
  return Buffer.from(`${xml.slice(0, -end.length)}<${signature}></${signature}>${end}`, 'utf8');
}
