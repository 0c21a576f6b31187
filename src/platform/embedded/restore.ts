import { chownSync, existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { restoreCommand } from './archive.ts';
import { type BackupWatch, bytesOf, copyFile, eachOf, type Manifest, verifyBackup } from './backup.ts';
import { EmbeddedServerError, type ServerUser, serverUser } from './binaries.ts';
import { place } from './place.ts';
import { startEmbeddedPostgres } from './server.ts';

/** Replaying a month's log may take hours. */
const REPLAY_LIMIT_MS = 12 * 3_600_000;

export interface RestoreOptions {
  /** The backup's folder. */
  readonly from: string;
  /** Data folder to be; must be empty or absent. */
  readonly dir: string;
  /** Where the pieces of the write-ahead log were copied; null = only what lies in the backup. */
  readonly walDir: string | null;
  /** The moment to stop at; null = all there is. */
  readonly toTime: Date | null;
  readonly watch?: BackupWatch & {
    /** While the log is replayed, again and again: when the last transaction that was replayed had ended. */
    replayed(at: Date | null): void;
  };
  /** What is put right in what was restored, before anybody else can reach it. When it throws, nothing is restored. */
  readonly amend?: (superuserUrl: string) => Promise<void>;
  readonly onElsewhere?: (place: string) => void;
  readonly onSpawn?: (stop: () => Promise<void>) => void;
}

/**
 * Puts a backup into a fresh data folder and lets the server replay the log up to the moment asked for. The server is
 * stopped again; the next start is an ordinary one, on a time line of its own.
 * @returns when the last transaction that was replayed had ended; null = none after the backup
 * @throws EmbeddedServerError when the folder is not empty, the backup is damaged or the moment cannot be reached
 */
export async function restoreBackup(options: RestoreOptions): Promise<Date | null> {
  const { from, dir, toTime } = options;
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new EmbeddedServerError('embedded.restoreNotEmpty', { folder: dir });
  const { manifest, wrong } = await verifyBackup(from, options.watch);
  const first = wrong[0];
  if (first)
    throw new EmbeddedServerError('embedded.backupDamaged', { count: wrong.length, path: first.path });
  if (toTime && toTime.getTime() < Date.parse(manifest.finishedAt))
    throw new EmbeddedServerError('embedded.restoreTooEarly', { finishedAt: manifest.finishedAt });
  const user = serverUser();
  const { base } = place(options, user);
  if (readdirSync(base).length > 0)
    throw new EmbeddedServerError('embedded.restoreNotEmpty', { folder: base });
  try {
    await layOut(options, manifest, base);
    if (user) giveTo(user, base);
    return await replay(options);
  } catch (error) {
    // Nothing was there before: it may be tried again.
    for (const name of readdirSync(base)) await rm(join(base, name), { recursive: true, force: true });
    throw error;
  }
}

/** The data under its name only when all of it is there. */
async function layOut(
  { from, walDir, toTime, watch }: RestoreOptions,
  manifest: Manifest,
  base: string,
): Promise<void> {
  const made = join(base, 'postgres.new');
  for (const folder of await foldersOf(join(from, 'data')))
    await mkdir(join(made, folder), { recursive: true, mode: 0o700 });
  watch?.begin('restoring', bytesOf(manifest));
  await eachOf(manifest.files, async ({ path, bytes }) => {
    await copyFile(join(from, 'data', path), join(made, path));
    watch?.file(bytes);
  });
  await copyFile(join(from, 'superuser.password'), join(base, 'superuser.password'));
  await writeFile(join(made, 'recovery.signal'), '', { mode: 0o600 });
  await appendFile(join(made, 'postgresql.auto.conf'), recoverySettings(walDir, toTime));
  await rename(made, join(base, 'postgres'));
}

function recoverySettings(walDir: string | null, toTime: Date | null): string {
  const settings = {
    // Without a folder only the log in the backup is there; the server insists on a command.
    restore_command: walDir === null ? 'false' : restoreCommand(walDir),
    recovery_target_action: 'promote',
    ...(toTime ? { recovery_target_time: toTime.toISOString().replace('T', ' ').replace('Z', '+00') } : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

/** The server wants its folders, also those that were empty. */
async function foldersOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

function giveTo(user: ServerUser, base: string): void {
  for (const entry of readdirSync(base, { withFileTypes: true, recursive: true }))
    chownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
}

async function replay({ dir, watch, amend, onElsewhere, onSpawn }: RestoreOptions): Promise<Date | null> {
  watch?.replayed(null);
  const server = await startEmbeddedPostgres({
    dir,
    durable: true,
    startLimitMs: REPLAY_LIMIT_MS,
    ...(onElsewhere ? { onElsewhere } : {}),
    ...(onSpawn ? { onSpawn } : {}),
  });
  const client = new pg.Client({ connectionString: server.superuserUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    let last: Date | null = null;
    for (;;) {
      const { rows } = await client.query<{ recovers: boolean; at: Date | null }>(
        'select pg_is_in_recovery() as recovers, pg_last_xact_replay_timestamp() as at',
      );
      last = rows[0]?.at ?? last;
      if (!rows[0]?.recovers) break;
      watch?.replayed(last);
      await sleep(50);
    }
    for (const name of ['restore_command', 'recovery_target_action', 'recovery_target_time'])
      await client.query(`alter system reset ${name}`);
    await amend?.(server.superuserUrl);
    return last;
  } finally {
    await client.end().catch(() => undefined);
    await server.stop();
  }
}
