import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { documentBytes, joinClaimFiles } from '../claims/index.ts';
import type { Database } from '../platform/database/index.ts';
import { addDays, instantAt, type LocalDate } from '../platform/dates.ts';
import { workerContext } from './context.ts';
import { countDocuments, documentsOf } from './export.repo.ts';

export interface HandOverFile {
  readonly path: string;
  readonly facilityCode: string;
  readonly records: number;
}

/**
 * Files for hand-over to the portal: the claims that were built on a day, up to `recordsPerFile` in one file per
 * facility, the dossiers byte for byte as they were sent. Streams: memory does not grow with the day.
 */
export async function writeHandOverFiles(
  database: Database,
  options: {
    readonly day: LocalDate;
    readonly facilityCode: string | null;
    readonly dir: string;
    readonly recordsPerFile: number;
  },
  onFile: (file: HandOverFile) => void,
): Promise<HandOverFile[]> {
  const from = instantAt(options.day);
  const to = instantAt(addDays(options.day, 1));
  const counts = await database.transaction(workerContext(null, 'export-files'), (tx) =>
    countDocuments(tx, from, to, options.facilityCode),
  );
  const files: HandOverFile[] = [];
  await mkdir(options.dir, { recursive: true });
  for (const { facilityId, facilityCode, count } of counts) {
    await database.transaction(workerContext(facilityId, 'export-files'), async (tx) => {
      const documents = documentsOf(tx, facilityId, from, to);
      for (let part = 1, left = count; left > 0; part += 1) {
        const records = Math.min(left, options.recordsPerFile);
        const path = join(options.dir, `${options.day}.${facilityCode}.${String(part).padStart(3, '0')}.xml`);
        const head = { facilityCode, madeOn: options.day, recordCount: records };
        await pipeline(
          Readable.from(joinClaimFiles(take(documents, records), head)),
          createWriteStream(`${path}.part`),
        );
        await rename(`${path}.part`, path);
        const file = { path, facilityCode, records };
        files.push(file);
        onFile(file);
        left -= records;
      }
    });
  }
  return files;
}

/** The next `count` of a running iterator, which stays open for the file after. */
async function* take(documents: AsyncGenerator<Buffer>, count: number): AsyncGenerator<Buffer> {
  for (let taken = 0; taken < count; taken += 1) {
    const next = await documents.next();
    if (next.done) return;
    yield documentBytes(next.value);
  }
}
