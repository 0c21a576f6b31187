import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { ClaimReadError } from '../errors.ts';

/** One claim file, which can be read more than once: first whether it is whole, then dossier by dossier. */
export interface ClaimSource {
  /** As people know it: the name of the file, in an archive with the name inside. */
  readonly name: string;
  /** Its bytes, unpacked, in pieces. @throws ClaimReadError (bad-archive) where packed bytes are damaged */
  open(): AsyncIterable<Uint8Array>;
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from('PK\u0003\u0004');
const EMPTY_ZIP = Buffer.from('PK\u0005\u0006');
const MAX_FILES_IN_ARCHIVE = 10_000;

/** The claim files in a file: itself, plain or gzipped, or every file of a zip archive. @throws Error when it cannot be opened */
export async function sourcesInFile(path: string, name = path): Promise<readonly ClaimSource[]> {
  const file = await open(path);
  const head = Buffer.alloc(4);
  try {
    await file.read(head, 0, 4, 0);
  } finally {
    await file.close();
  }
  if (isZip(head)) return zipped(() => openPromise(path, { autoClose: false }), name);
  return [plainOrGzip(name, head, () => createReadStream(path))];
}

/** The same for bytes in memory. */
export async function sourcesInBytes(bytes: Buffer, name: string): Promise<readonly ClaimSource[]> {
  if (isZip(bytes)) return zipped(() => fromBufferPromise(bytes), name);
  return [plainOrGzip(name, bytes, () => Readable.from([bytes]))];
}

/** The one claim file where one is asked for. @throws ClaimReadError (not-one-file) */
export function onlySource(sources: readonly ClaimSource[]): ClaimSource {
  const [only] = sources;
  if (!only || sources.length > 1) throw new ClaimReadError('not-one-file', {}, { count: sources.length });
  return only;
}

function isZip(head: Buffer): boolean {
  const start = head.subarray(0, 4);
  return start.equals(ZIP) || start.equals(EMPTY_ZIP);
}

function plainOrGzip(name: string, head: Buffer, read: () => Readable): ClaimSource {
  if (!head.subarray(0, 2).equals(GZIP)) return { name, open: read };
  // The callback is asked for by `pipeline`; what fails is thrown where the bytes are read.
  return { name, open: () => unpacked(pipeline(read(), createGunzip(), () => undefined)) };
}

async function* unpacked(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (cause) {
    throw cause instanceof ClaimReadError ? cause : damaged(cause);
  }
}

async function zipped(openArchive: () => Promise<ZipFile>, name: string): Promise<readonly ClaimSource[]> {
  const entries = await inArchive(openArchive, entriesOf);
  return entries.map((entry) => ({
    name: `${name}/${entry.fileName}`,
    open: () => read(openArchive, entry),
  }));
}

async function entriesOf(archive: ZipFile): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const entry of archive.eachEntry()) {
    const isFile = !entry.fileName.endsWith('/') && !entry.fileName.startsWith('__MACOSX/');
    if (!isFile) continue;
    if (found.length === MAX_FILES_IN_ARCHIVE || entry.isEncrypted()) throw damaged();
    found.push(entry);
  }
  return found;
}

/** Opened anew for each file: an archive has thousands, and not all of them are read. */
async function* read(openArchive: () => Promise<ZipFile>, entry: Entry): AsyncGenerator<Buffer> {
  const archive = await openArchive();
  try {
    yield* unpacked(await archive.openReadStreamPromise(entry));
  } catch (cause) {
    throw cause instanceof ClaimReadError ? cause : damaged(cause);
  } finally {
    archive.close();
  }
}

async function inArchive<T>(
  openArchive: () => Promise<ZipFile>,
  work: (archive: ZipFile) => Promise<T>,
): Promise<T> {
  let archive: ZipFile | undefined;
  try {
    archive = await openArchive();
    return await work(archive);
  } catch (cause) {
    throw cause instanceof ClaimReadError ? cause : damaged(cause);
  } finally {
    archive?.close();
  }
}

function damaged(cause?: unknown): ClaimReadError {
  return new ClaimReadError('bad-archive', {}, {}, { cause });
}
