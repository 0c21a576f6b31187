import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { currentLanguage, readConfig } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { withDatabase } from '../platform/database/index.ts';
import {
  bytesOf,
  findRunningPostgres,
  restoreBackup,
  startEmbeddedPostgres,
  takeBackup,
  verifyBackup,
} from '../platform/embedded/index.ts';
import { holdPapers, noteBackup } from '../runtime/backup.repo.ts';
import { DATABASE } from '../runtime/environment.ts';
import type { Stops } from '../runtime/stops.ts';
import { withProgress } from './backup-progress.ts';
import { sayElsewhere, untilDone } from './console.ts';
import { CommandFailure } from './failure.ts';

const words = (key: string, values?: MessageValues) => text(currentLanguage(), `backup.${key}`, values);
const MIB = 1024 ** 2;

/** The settings of an installation with the embedded server. @throws CommandFailure (2) when the database is elsewhere */
function embeddedConfig() {
  const config = readConfig();
  if (config.DATABASE_URL) throw new CommandFailure(words('managed'), 2);
  return config;
}

/** Backs the embedded server up, running or not. */
export async function backup({ to }: { readonly to?: string }): Promise<void> {
  if (to === undefined) throw new CommandFailure(words('noFolder'), 2);
  const config = embeddedConfig();
  const folder = resolve(to);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new CommandFailure(words('notEmpty', { folder }), 2);
  await untilDone(async (stops) => {
    const server = findRunningPostgres(config.DATA_DIR) ?? (await started(config, stops));
    const { superuserUrl, place } = server;
    const manifest = await withProgress((watch) =>
      takeBackup({ superuserUrl, data: place, to: folder, watch }),
    );
    const bytes = bytesOf(manifest);
    const [startedAt, finishedAt] = [new Date(manifest.startedAt), new Date(manifest.finishedAt)];
    await noteBackup(withDatabase(superuserUrl, DATABASE), { startedAt, finishedAt, place: folder, bytes });
    const done = { folder, files: manifest.files.length, mib: Math.ceil(bytes / MIB) };
    process.stdout.write(`${words('done', { ...done, at: manifest.finishedAt })}\n`);
    if (config.BACKUP_WAL_DIR === null) process.stderr.write(`${words('noWal')}\n`);
  });
}

const started = (config: ReturnType<typeof embeddedConfig>, stops: Stops) =>
  startEmbeddedPostgres({
    dir: config.DATA_DIR,
    durable: true,
    walDir: config.BACKUP_WAL_DIR,
    onElsewhere: sayElsewhere,
    onSpawn: stops.add,
  });

/** Reads a backup through. @throws CommandFailure when a file is missing or was changed */
export async function backupVerify(dir: string): Promise<void> {
  const { manifest, wrong } = await withProgress((watch) => verifyBackup(dir, watch)).catch(
    (error: { code?: string; name?: string }) => {
      throw new CommandFailure(
        words('unreadable', { folder: dir, reason: error.code ?? error.name ?? '' }),
        2,
      );
    },
  );
  for (const { path, how } of wrong.slice(0, 50)) process.stdout.write(`${words(how, { path })}\n`);
  if (wrong.length > 0) throw new CommandFailure(words('damaged', { count: wrong.length }));
  process.stdout.write(`${words('sound', { files: manifest.files.length, at: manifest.finishedAt })}\n`);
}

/** Restores a backup into a fresh DATA_DIR, up to a moment. */
export async function restore({
  from,
  toTime,
}: {
  readonly from: string;
  readonly toTime?: Date;
}): Promise<void> {
  const config = embeddedConfig();
  await untilDone(async (stops) => {
    let held = { papers: 0, isOld: false };
    const last = await withProgress((watch) =>
      restoreBackup({
        from: resolve(from),
        dir: config.DATA_DIR,
        walDir: config.BACKUP_WAL_DIR,
        toTime: toTime ?? null,
        watch,
        amend: async (superuserUrl) => {
          held = await holdPapers(superuserUrl);
        },
        onElsewhere: sayElsewhere,
        onSpawn: stops.add,
      }),
    );
    const folder = resolve(config.DATA_DIR);
    process.stdout.write(`${words('restored', { folder, at: last?.toISOString() ?? '–' })}\n`);
    if (held.papers > 0) process.stdout.write(`${words('papersHeld', { count: held.papers })}\n`);
    if (held.isOld) process.stderr.write(`${words('papersNotHeld')}\n`);
    process.stderr.write(`${words('afterRestore')}\n`);
  });
}
