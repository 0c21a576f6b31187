import { Session } from 'node:inspector';
import { parentPort } from 'node:worker_threads';
import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';
import { builtInsOf, checkFile } from '../../src/assessment/index.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { READ_FINDINGS } from '../../src/claims/errors.ts';
import {
  ClaimReadError,
  type ClaimSource,
  foreignRecords,
  type ReadRecord,
  recogniseEdition,
  rewritten,
  scanFile,
  structureProblems,
  unknownFields,
} from '../../src/claims/foreign.ts';
import { readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimFile } from '../../src/claims/tables.ts';
import type { Verdict } from './fuzz-xml.ts';

const builtIns = builtInsOf(loadPolicy());
const prototype = Object.getOwnPropertyNames(Object.prototype).length;
const reachedPlaces = new Set<string>();
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** What must not be: told to whoever watches. */
class Broken extends Error {}

parentPort?.on('message', (input: Uint8Array) => {
  void judge(Buffer.from(input));
});

async function judge(input: Buffer): Promise<void> {
  const startedAt = performance.now();
  const verdict = await verdictOf(input);
  const ms = performance.now() - startedAt;
  parentPort?.postMessage({ ...verdict, ms, reached: newlyReached() } satisfies Verdict);
}

async function verdictOf(input: Buffer): Promise<Pick<Verdict, 'kind' | 'told'>> {
  try {
    const whole = inMemory(input);
    const told = await inPieces(input, whole);
    if (Object.getOwnPropertyNames(Object.prototype).length !== prototype)
      throw new Broken('changes Object.prototype');
    return whole instanceof ClaimReadError
      ? { kind: 'refused', told: whole.finding }
      : { kind: 'read', told };
  } catch (error) {
    return { kind: 'broken', told: error instanceof Broken ? error.message : `throws ${String(error)}` };
  }
}

function inMemory(input: Buffer): ClaimFile | ClaimReadError {
  try {
    const file = readClaimFile(input);
    checkFile(file, { builtIns });
    return file;
  } catch (error) {
    return refusal(error);
  }
}

/** A refusal is named and said in a whole sentence; anything else that is thrown is thrown on. */
function refusal(error: unknown): ClaimReadError {
  if (!(error instanceof ClaimReadError)) throw error;
  if (!READ_FINDINGS.includes(error.finding)) throw new Broken(`unknown ${error.finding}`);
  const words = error.explain('vi');
  if (/\{[a-z]\w*\}/i.test(words)) throw new Broken(`refuses in half a sentence: ${words}`);
  return error;
}

/** Some sizes of pieces: cut everywhere, in the middle of everything, and nowhere. */
const PIECES = [1, 7, 61, 4_096, Number.MAX_SAFE_INTEGER];

/**
 * The same file in pieces. What the one way takes the other takes, with the same values; what is taken as whole is
 * well-formed to libxml2 as a whole; and written again it says the same.
 */
async function inPieces(input: Buffer, whole: ClaimFile | ClaimReadError): Promise<string> {
  const size = PIECES[input.length % PIECES.length]!;
  const source: ClaimSource = {
    name: 'input',
    open: () => pieces(input, input.length > 50_000 ? 4_096 : size),
  };
  let scanned: Awaited<ReturnType<typeof scanFile>>;
  const records: ReadRecord[] = [];
  try {
    scanned = await scanFile(source);
    for await (const { record, error } of foreignRecords(source, scanned)) {
      if (error) throw error;
      structureProblems(record, recogniseEdition(record.tables));
      unknownFields(record.tables, recogniseEdition(record.tables));
      records.push(record);
    }
  } catch (error) {
    const { finding } = refusal(error);
    if (!(whole instanceof ClaimReadError)) throw new Broken(`read whole, refused in pieces: ${finding}`);
    return finding;
  }
  if (!isWellFormed(input)) throw new Broken('not well-formed, but read');
  if (!(whole instanceof ClaimReadError)) same(whole.records, records, 'in pieces');
  if (scanned.checkIn) return 'check-in';
  const again: Buffer[] = [];
  let lost = 0;
  for await (const part of rewritten(source, scanned, () => (lost += 1))) again.push(part);
  const second: ClaimSource = { name: 'again', open: () => pieces(Buffer.concat(again), 4_096) };
  const rescanned = await scanFile(second);
  const reread: ReadRecord[] = [];
  for await (const { record, error } of foreignRecords(second, rescanned)) {
    if (error) throw new Broken(`rewritten, then refused: ${error.finding}`);
    reread.push(record);
  }
  same(
    records.map(({ tables }) => tables),
    reread,
    'written again',
  );
  return '';
}

function same(tables: readonly object[], records: readonly ReadRecord[], how: string): void {
  const texts = [tables, records.map((record) => record.tables)].map((one) => JSON.stringify(one));
  if (texts[0] !== texts[1]) throw new Broken(`reads differently ${how}`);
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function isWellFormed(input: Buffer): boolean {
  try {
    XmlDocument.fromBuffer(input, { option: ParseOption.XML_PARSE_HUGE }).dispose();
    return true;
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    return error.details.length > 0 && error.details.every(({ level }) => level < 3);
  }
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
    }[];
  }[];
}

/** Blocks of the reader's own code that ran for the first time. */
function newlyReached(): number {
  let fresh = 0;
  session.post('Profiler.takePreciseCoverage', (_, answer) => {
    for (const { url, functions } of (answer as Coverage).result) {
      if (!url.includes('/src/claims/')) continue;
      for (const { ranges } of functions)
        for (const { startOffset, count } of ranges) {
          const place = `${url}:${startOffset}`;
          if (count === 0 || reachedPlaces.has(place)) continue;
          reachedPlaces.add(place);
          fresh += 1;
        }
    }
  });
  return fresh;
}
