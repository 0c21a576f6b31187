import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

type Parts = AsyncIterable<string | Uint8Array>;

const bytesOf = (parts: Parts) => Readable.from(parts, { objectMode: false });

/** As fast as somebody reads it; whoever has seen enough (`| head`) ends it. */
export async function print(parts: Parts): Promise<void> {
  try {
    await pipeline(bytesOf(parts), process.stdout as Writable, { end: false });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EPIPE') throw error;
  }
}

/** The file stands there whole or not at all. */
export async function writeWhole(path: string, parts: Parts): Promise<void> {
  const aside = `${path}.part`;
  try {
    await pipeline(bytesOf(parts), createWriteStream(aside));
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
