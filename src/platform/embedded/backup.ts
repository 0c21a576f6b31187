import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pg from 'pg';

/** A backup's folder: `data/` as the server had it, `superuser.password`, and this, as `manifest.json`. */
export interface Manifest {
  readonly format: 1;
  readonly startedAt: string;
  /** No earlier moment can be restored from it. */
  readonly finishedAt: string;
  /** First and last piece of the write-ahead log that it needs; both lie in it. */
  readonly firstWal: string;
  readonly lastWal: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

/** Whoever wants to know how far it is. */
export interface BackupWatch {
  /** @param bytes as far as that can be known: a server that runs may write more */
  begin(stage: 'copying' | 'verifying' | 'restoring', bytes: number): void;
  /** One more file is done. */
  file(bytes: number): void;
}

type FileEntry = Manifest['files'][number];

/** What a copy of a running server's data leaves out: what the server makes anew, or what belongs to that process. */
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|backup_label|tablespace_map|\.s\.PGSQL\..*|(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.*|(.*\/)?(pgsql_tmp.*|pg_internal\.init))$/;

/**
 * Copies the data of a running server as PostgreSQL's own base backup does: the copy may be torn wherever the server
 * wrote meanwhile, and the write-ahead log of that time, which is copied last, mends it.
 * @param options.data folder of the server's data; a server that keeps data in other folders (tablespaces) is refused
 * @param options.to the backup's folder, made here; it stands there whole or not at all
 */
export async function takeBackup(options: {
  readonly superuserUrl: string;
  readonly data: string;
  readonly to: string;
  readonly watch?: BackupWatch;
}): Promise<Manifest> {
  const aside = `${options.to}.part`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(join(aside, 'data'), { recursive: true, mode: 0o700 });
  const client = new pg.Client({ connectionString: options.superuserUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const manifest = await copyWhileRunning(client, options, join(aside, 'data'));
    await copyFile(join(options.data, '..', 'superuser.password'), join(aside, 'superuser.password'));
    await writeFile(join(aside, 'manifest.json'), JSON.stringify(manifest), { mode: 0o600 });
    await rename(aside, options.to);
    return manifest;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end(); // ends a backup that was broken off, and the slot
  }
}

/** One session from start to stop: that is how the server knows of the backup. */
async function copyWhileRunning(
  client: pg.Client,
  { data, watch }: { readonly data: string; readonly watch?: BackupWatch },
  to: string,
): Promise<Manifest> {
  const startedAt = new Date().toISOString();
  // The slot keeps the log from being thrown away before it is copied.
  await client.query(`select pg_create_physical_replication_slot('his_backup', true, true)`);
  const { rows: started } = await client.query<{ wal: string }>(
    `select pg_walfile_name(pg_backup_start('his', true)) as wal`,
  );
  const files: FileEntry[] = [];
  const keep = (entry: FileEntry) => {
    files.push(entry);
    watch?.file(entry.bytes);
  };
  // Folders of a server at work come and go; a bar without its end is no reason to have no backup.
  watch?.begin('copying', await sizeOf(data).catch(() => 0));
  await copyFolder(data, to, '', keep);
  const { rows: stopped } = await client.query<{ wal: string; label: string; map: string }>(
    `select pg_walfile_name(lsn) as wal, labelfile as label, spcmapfile as map from pg_backup_stop(false)`,
  );
  const [{ wal: firstWal }, { wal: lastWal, label, map }] = [started[0]!, stopped[0]!];
  for (const [path, content] of [
    ['backup_label', label],
    ['tablespace_map', map],
  ] as const)
    if (content !== '') keep(await writeText(join(to, path), path, content));
  for (const name of (await readdir(join(data, 'pg_wal'))).toSorted())
    if (/^[0-9A-F]{24}$/.test(name) && name >= firstWal && name <= lastWal)
      keep({
        path: `pg_wal/${name}`,
        ...(await copyFile(join(data, 'pg_wal', name), join(to, 'pg_wal', name))),
      });
  return { format: 1, startedAt, finishedAt: new Date().toISOString(), firstWal, lastWal, files };
}

async function sizeOf(data: string): Promise<number> {
  const entries = await readdir(data, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  let bytes = 0;
  await eachOf(
    files.filter((file) => !LEFT_OUT.test(relative(data, file))),
    async (file) => {
      bytes += (await stat(file).catch(unlessGone))?.size ?? 0;
    },
  );
  return bytes;
}

/** Thousands of small files: waiting for one at a time would take most of the time. */
const AT_ONCE = 8;

/** Files that vanish meanwhile are gone for the server too. */
async function copyFolder(
  from: string,
  to: string,
  inside: string,
  keep: (entry: FileEntry) => void,
): Promise<void> {
  const files: string[] = [];
  for (const entry of await readdir(join(from, inside), { withFileTypes: true })) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (LEFT_OUT.test(path)) continue;
    if (entry.isDirectory()) {
      await mkdir(join(to, path), { mode: 0o700 });
      await copyFolder(from, to, path, keep);
    } else if (entry.isFile()) files.push(path);
    else if (entry.isSymbolicLink()) throw new Error(`data outside its folder: ${path}`);
  }
  await eachOf(files, async (path) => {
    const copied = await copyFile(join(from, path), join(to, path)).catch(unlessGone);
    if (copied) keep({ path, ...copied });
  });
}

/** Several at a time. @throws the first failure, after those under way have ended */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (const item of left) await work(item);
  });
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason;
}

function unlessGone(error: { code?: string }): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

const PIECE = 1024 ** 2;

/** Piece by piece, so that a large file needs no large memory. @returns what was written, whatever the file does meanwhile */
export async function copyFile(from: string, to: string): Promise<{ bytes: number; sha256: string }> {
  const target = await open(to, 'w', 0o600);
  try {
    return await readThrough(from, async (piece) => void (await target.write(piece)));
  } finally {
    await target.close();
  }
}

async function readThrough(
  file: string,
  take?: (piece: Uint8Array) => Promise<void>,
): Promise<{ bytes: number; sha256: string }> {
  const source = await open(file, 'r');
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(PIECE, (await source.stat()).size + 1));
  let bytes = 0;
  try {
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await take?.(piece);
      bytes += bytesRead;
    }
  } finally {
    await source.close();
  }
}

async function writeText(file: string, path: string, content: string): Promise<FileEntry> {
  await writeFile(file, content, { mode: 0o600 });
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, bytes: Buffer.byteLength(content), sha256 };
}

/** @throws the error of reading when there is no backup in that folder */
export async function readManifest(dir: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as Manifest;
}

export const bytesOf = ({ files }: Manifest): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Reads every byte of a backup. @returns what is wrong with which file: `missing` or `changed` */
export async function verifyBackup(
  dir: string,
  watch?: BackupWatch,
): Promise<{ readonly manifest: Manifest; readonly wrong: readonly { path: string; how: string }[] }> {
  const manifest = await readManifest(dir);
  const wrong: { path: string; how: string }[] = [];
  watch?.begin('verifying', bytesOf(manifest));
  await eachOf(manifest.files, async ({ path, bytes, sha256 }) => {
    const found = await readThrough(join(dir, 'data', path)).catch(unlessGone);
    if (found === null) wrong.push({ path, how: 'missing' });
    else if (found.bytes !== bytes || found.sha256 !== sha256) wrong.push({ path, how: 'changed' });
    watch?.file(bytes);
  });
  return { manifest, wrong };
}
