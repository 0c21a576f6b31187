import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  explainImport,
  type ForeignFile,
  importFile,
  listSetAside,
  type SetAside,
  sourcesInFile,
} from '../claims/index.ts';
import { currentLanguage, readConfig } from '../config.ts';
import { progressBar } from '../demo/progress.ts';
import { workerContext } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import { type MessageValues, text } from '../messages/index.ts';
import type { Database } from '../platform/database/index.ts';
import { systemClock } from '../platform/dates.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { sayElsewhere, untilDone } from './console.ts';
import { CommandFailure } from './failure.ts';

const language = currentLanguage();
const say = (key: string, values?: MessageValues) => text(language, `files.${key}`, values);
const tell = (line: string) => process.stderr.write(`${line}\n`);
const MOST_ASIDE = 20;
const FILES = /\.(?:xml|gz|zip)$/i;

interface Taken {
  readonly file: ForeignFile;
  readonly wasThere: boolean;
}

/**
 * Takes in every claim file of a folder and the folders in it, dossier by dossier. Nothing is taken in twice; one that
 * was stopped goes on where it was.
 * @throws CommandFailure (2) for a folder that cannot be read; (1) when something was set aside or cannot be read
 */
export async function claimsImport(dir: string, options: { json: boolean }): Promise<void> {
  const paths = await filesIn(dir);
  if (paths.length === 0) throw new CommandFailure(say('importNone', { dir }));
  const config = readConfig();
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_export, 2, () => undefined);
    stops.add(() => database.close());
    const taken = await takeInAll(database, dir, paths);
    const sum = totals(taken);
    if (options.json) process.stdout.write(`${JSON.stringify({ ...sum, details: taken.map(shown) })}\n`);
    else process.stdout.write(`${say('importTotal', sum)}\n`);
    if (sum.setAside + sum.refused > 0) throw new CommandFailure(say('importIncomplete', sum));
  });
}

async function filesIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && FILES.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    throw new CommandFailure(say('notOpened', { file: dir, reason: code }), 2);
  }
}

/** One bar over all bytes; what a person must know of single files comes after it. */
async function takeInAll(database: Database, dir: string, paths: readonly string[]): Promise<Taken[]> {
  const context = workerContext(null, 'his-claims-import');
  const directory = await database.transaction(context, loadDirectory);
  const deps = { database, directory, clock: systemClock };
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const kilobytes = (bytes: number) => Math.ceil(bytes / 1024);
  const bar = progressBar(say('importing'), kilobytes(sizes.reduce((sum, size) => sum + size, 0)));
  const taken: Taken[] = [];
  const lines: string[] = [];
  let before = 0;
  try {
    for (const [index, path] of paths.entries()) {
      const name = relative(dir, path);
      const size = sizes[index]!;
      const given = { name, size, digest: await digestOf(path) };
      const onProgress = (done: number, records: number) =>
        bar.set(kilobytes(before + (size * done) / Math.max(1, records)));
      const one = await importFile(deps, context, given, () => sourcesInFile(path, name), onProgress);
      taken.push(one);
      before += size;
      bar.set(kilobytes(before));
      const { setAside, id } = one.file;
      const aside =
        setAside > 0 ? await database.transaction(context, (tx) => listSetAside(tx, id, MOST_ASIDE)) : [];
      lines.push(...linesOf(one, aside));
    }
  } finally {
    bar.stop();
    for (const line of lines) tell(line);
  }
  return taken;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function linesOf({ file }: Taken, aside: readonly SetAside[]): string[] {
  const { name, stored, known, setAside, reason, details } = file;
  if (reason !== null) return [say('importRefused', { name, why: explainImport(language, reason, details) })];
  if (setAside === 0) return [];
  return [
    say('imported', { name, stored, known, setAside }),
    ...aside.map(({ position, part, ...why }) =>
      say('aside', {
        position,
        part: part === null ? '' : ` (${part})`,
        why: explainImport(language, why.reason, why.details),
      }),
    ),
    ...(setAside > aside.length ? [say('moreAside', { count: setAside - aside.length })] : []),
  ];
}

/** What was there before counts as known; a file that cannot be read is refused again each time. */
function totals(taken: readonly Taken[]) {
  const sum = { files: taken.length, stored: 0, known: 0, setAside: 0, refused: 0 };
  for (const { file, wasThere } of taken) {
    sum.stored += wasThere ? 0 : file.stored;
    sum.known += wasThere ? file.stored + file.known : file.known;
    sum.setAside += file.setAside;
    sum.refused += file.state === 'refused' ? 1 : 0;
  }
  return sum;
}

function shown({ file, wasThere }: Taken) {
  const { name, state, records, stored, known, setAside } = file;
  return { name, state, wasThere, records, stored, known, setAside };
}
