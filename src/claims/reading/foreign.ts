import { CURRENT_EDITION, dictionary } from '../dictionary.ts';
import { ClaimReadError } from '../errors.ts';
import { createCutter } from './cutter.ts';
import { type ReadCheckIn, type ReadEnvelope, readOutside } from './envelope.ts';
import { type ReadLimits, STREAMED } from './limits.ts';
import { type OnDocument, type ReadRecord, readRecord, type UnknownPart } from './record.ts';
import type { ClaimSource } from './source.ts';

/** A file that was seen once from beginning to end: it is whole, and this is what it says outside of its dossiers. */
export interface ScannedFile {
  /** Exact strings of the envelope; null in a check-in file (XML0), which has none. */
  readonly facilityCode: string | null;
  readonly madeOn: string | null;
  readonly count: number;
  readonly unknown: readonly UnknownPart[];
  /** The only record of a check-in file. */
  readonly checkIn: ReadCheckIn | null;
  /** Of the unpacked bytes. */
  readonly size: number;
  /** Number of dossiers that it announces. */
  readonly announced: number;
}

/** One dossier of a file: as it was read, or why it cannot be. */
export type ForeignRecord = { readonly position: number } & (
  | { readonly record: ReadRecord; readonly error: null }
  | { readonly record: null; readonly error: ClaimReadError }
);

/**
 * Looks at a file of any vendor and any size from beginning to end, holding one dossier at a time: well-formed outside
 * of its dossiers, and as many of them as it announces.
 * @param goesOn takes a file that announces another number of dossiers than it has
 * @throws ClaimReadError when the file as a whole is not to be read
 */
export async function scanFile(
  source: ClaimSource,
  limits: ReadLimits = STREAMED,
  goesOn = false,
): Promise<ScannedFile> {
  const cutter = createCutter(dictionary(CURRENT_EDITION).envelope, limits);
  let size = 0;
  for await (const chunk of source.open()) {
    size += chunk.byteLength;
    cutter.push(chunk);
  }
  const { envelope, count } = cutter.end();
  const outside: ReadEnvelope | ReadCheckIn = readOutside(envelope, count, goesOn);
  return 'rows' in outside
    ? { facilityCode: null, madeOn: null, count: 1, unknown: [], announced: 1, checkIn: outside, size }
    : { ...outside, count, checkIn: null, size };
}

/**
 * The dossiers of a file that was scanned, one by one. A dossier that cannot be read comes with the reason; those
 * behind it are read all the same.
 * @param goesOn reads the other tables of a dossier where one cannot be read
 * @param onDocument gets the inner documents of a dossier before the dossier comes
 */
export async function* foreignRecords(
  source: ClaimSource,
  { count, checkIn }: ScannedFile,
  limits: ReadLimits = STREAMED,
  goesOn = false,
  onDocument?: OnDocument,
): AsyncGenerator<ForeignRecord> {
  const { envelope } = dictionary(CURRENT_EDITION);
  if (checkIn) {
    const { rows, unknown } = checkIn;
    yield {
      position: 1,
      record: { tables: { [envelope.checkIn.table]: rows }, unknown, broken: [] },
      error: null,
    };
    return;
  }
  const cutter = createCutter(envelope, limits);
  for await (const chunk of source.open()) {
    for (const cut of cutter.push(chunk)) {
      const place = count > 1 ? { record: cut.position } : {};
      yield {
        position: cut.position,
        ...attempted(() => readRecord(cut, limits, place, goesOn, onDocument)),
      };
    }
  }
}

function attempted(read: () => ReadRecord) {
  try {
    return { record: read(), error: null };
  } catch (error) {
    if (error instanceof ClaimReadError) return { record: null, error };
    throw error;
  }
}
