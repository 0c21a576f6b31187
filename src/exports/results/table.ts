import { fromBufferPromise } from 'yauzl';

/** Why a file is not read as the portal's export. */
export const RESULT_FILE_FINDINGS = [
  'empty',
  'old-excel',
  'web-page',
  'not-a-workbook',
  'bad-archive',
  'too-large',
  'not-utf8',
  'no-headings',
  'too-many-rows',
] as const;
export type ResultFileFinding = (typeof RESULT_FILE_FINDINGS)[number];

export class ResultFileError extends Error {
  readonly finding: ResultFileFinding;
  constructor(finding: ResultFileFinding, options?: ErrorOptions) {
    super(finding, options);
    this.finding = finding;
  }
}

/** A cell as it stands: numbers and days of a workbook are what Excel holds. */
export type Cell = string | number | boolean | Date | null;
export interface TableRow {
  /** As a person counts them in the sheet, from 1. */
  readonly number: number;
  readonly cells: readonly Cell[];
}

export const MAX_ROWS = 100_000;
const MIB = 1024 * 1024;
/** Of a workbook, unpacked; of a text as it is. */
const MAX_BYTES = 64 * MIB;
const MAX_PARTS = 500;
const MAX_CELLS_IN_ROW = 500;

const startsWith = (bytes: Buffer, head: readonly number[]) =>
  bytes.subarray(0, head.length).equals(Buffer.from(head));

/**
 * The rows of the first sheet of a workbook (XLSX), or of a text (CSV, UTF-8), one after the other.
 * @throws ResultFileError for what is neither, for a damaged archive, or for one that would not fit in memory
 */
export async function* tableRows(bytes: Buffer): AsyncGenerator<TableRow> {
  if (bytes.length === 0) throw new ResultFileError('empty');
  // The container of Excel before 2007, and of workbooks with a password.
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw new ResultFileError('old-excel');
  if (bytes.length > MAX_BYTES) throw new ResultFileError('too-large');
  let count = 0;
  for await (const row of startsWith(bytes, [0x50, 0x4b]) ? workbookRows(bytes) : textRows(bytes)) {
    count += 1;
    if (count > MAX_ROWS) throw new ResultFileError('too-many-rows');
    if (row.cells.length > MAX_CELLS_IN_ROW) throw new ResultFileError('too-large');
    if (row.cells.some((cell) => cell !== null && cell !== '')) yield row;
  }
}

async function* workbookRows(bytes: Buffer): AsyncGenerator<TableRow> {
  await checkArchive(bytes);
  const { streamXlsxRows } = await import('hucre/xlsx');
  const rows = streamXlsxRows(bytes, { maxRows: MAX_ROWS + 1 });
  for (;;) {
    const next = await nextOf(rows);
    if (next.done) return;
    yield { number: next.value.index + 1, cells: next.value.values as readonly Cell[] };
  }
}

/** What the reader throws is always about the file. */
async function nextOf<T>(rows: AsyncGenerator<T>): Promise<IteratorResult<T>> {
  try {
    return await rows.next();
  } catch (cause) {
    throw new ResultFileError('not-a-workbook', { cause });
  }
}

/**
 * Before anything is unpacked: the sizes that its directory names are ceilings for the reader, so their sum bounds the
 * memory. An archive in which two readers might find two directories is refused, and one that names no size.
 */
async function checkArchive(bytes: Buffer): Promise<void> {
  const end = bytes.subarray(-22);
  if (!startsWith(end, [0x50, 0x4b, 0x05, 0x06])) throw new ResultFileError('bad-archive');
  try {
    const archive = await fromBufferPromise(bytes);
    let [parts, size] = [0, 0];
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      parts += 1;
      size += entry.uncompressedSize;
      if (entry.isEncrypted() || entry.uncompressedSize === 0) throw new ResultFileError('bad-archive');
      if (parts > MAX_PARTS || size > MAX_BYTES) throw new ResultFileError('too-large');
    }
  } catch (cause) {
    throw cause instanceof ResultFileError ? cause : new ResultFileError('bad-archive', { cause });
  }
}

async function* textRows(bytes: Buffer): AsyncGenerator<TableRow> {
  const text = decoded(bytes);
  if (/^\s*<(!doctype|html|table|\?xml)/i.test(text.slice(0, 1_000))) throw new ResultFileError('web-page');
  const { detectDelimiter, streamCsvRows } = await import('hucre/csv');
  let number = 0;
  for (const row of streamCsvRows(text, { delimiter: detectDelimiter(text.slice(0, 10_000)) })) {
    number += 1;
    yield { number, cells: row.map((cell) => (cell === null ? null : String(cell))) };
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ResultFileError('not-utf8', { cause });
  }
}
