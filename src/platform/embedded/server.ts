import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { archiving } from './archive.ts';
import { EmbeddedServerError, type ServerUser, serverUser } from './binaries.ts';
import { hasSocket, place, urlOf } from './place.ts';

export interface EmbeddedOptions {
  /** Where the database should live. When the server's account cannot enter, it lives elsewhere: see `place`. */
  readonly dir: string;
  /** false only for throw-away databases: a crash of the machine may lose them. */
  readonly durable: boolean;
  /** Most at the same time; a worker process has 60 at most. */
  readonly connections?: number;
  /** Loopback port to listen on; any free one by default. */
  readonly port?: number;
  /** Folder that gets a copy of every piece of the write-ahead log; null = none. */
  readonly walDir?: string | null;
  /** Longer than usual for a server that replays a long log. */
  readonly startLimitMs?: number;
  /** Told when the data or the server had to be put elsewhere, with the folder. */
  readonly onElsewhere?: (place: string) => void;
  /** Given the way to stop each process of the server as soon as it runs: a start may be broken off. */
  readonly onSpawn?: (stop: () => Promise<void>) => void;
}

export interface EmbeddedPostgres {
  readonly superuserUrl: string;
  /** Folder of the data. */
  readonly place: string;
  readonly pid: number;
  /** Settles when the server is gone, whoever stopped it. */
  readonly ended: Promise<void>;
  /** Stops the server and waits until it is gone. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 30_000;

/** Sized for one machine of 2 cores that also runs the API and the workers. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // Four worker processes, the API and some for people.
  max_connections: '300',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  random_page_cost: '1.1',
  // Month partitions make plans large; jit would compile them for queries of a millisecond.
  jit: 'off',
  timezone: 'UTC',
  log_min_messages: 'warning',
};
const NOT_DURABLE: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Starts (and creates, the first time) a PostgreSQL server of our own. @throws EmbeddedServerError */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = serverUser();
  const { bin, base } = place(options, user);
  const data = join(base, 'postgres');
  const passwordFile = join(base, 'superuser.password');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(bin, data, passwordFile, user, options.onSpawn);
  await stopOrphan(data);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const port = options.port ?? (await freePort());
  const log = join(base, 'postgres.log');
  const settings = {
    ...(options.durable ? {} : NOT_DURABLE),
    ...(options.connections === undefined ? {} : { max_connections: String(options.connections) }),
    ...archiving(options.walDir ?? null, user),
  };
  const child = launch(bin, data, port, log, settings, user);
  const ended = new Promise<void>((gone) => child.once('exit', () => gone()));
  options.onSpawn?.(() => stopServer(child));
  const superuserUrl = urlOf(password, port, data);
  await waitUntilReady(child, superuserUrl, log, options.startLimitMs ?? START_LIMIT_MS);
  return { superuserUrl, place: data, pid: child.pid ?? 0, ended, stop: () => stopServer(child) };
}

/** The server of that folder if another live process of ours runs it: commands in a second terminal join it. */
export function findRunningPostgres(
  dir: string,
): { readonly superuserUrl: string; readonly place: string } | null {
  const { base } = place({ dir }, serverUser());
  const data = join(base, 'postgres');
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const [pid = '', folder = '', , port = ''] = readFileSync(pidFile, 'utf8').split('\n');
  if (folder !== data || !isPostgresOf(Number(pid), data) || !hasLiveParent(Number(pid))) return null;
  const password = readFileSync(join(base, 'superuser.password'), 'utf8').trim();
  return { superuserUrl: urlOf(password, Number(port), data), place: data };
}

/** Deletes the database of that folder, wherever it was put. @throws EmbeddedServerError while a live process uses it */
export async function removeData(dir: string): Promise<void> {
  const { base } = place({ dir }, serverUser());
  await stopOrphan(join(base, 'postgres'));
  for (const folder of new Set([base, resolve(dir)])) rmSync(folder, { recursive: true, force: true });
}

function hasLiveParent(pid: number): boolean {
  const parent = parentOf(pid);
  return parent !== 1 && parent !== process.pid && isAlive(parent);
}

/** Made beside its place and moved there whole: broken off half way, it is not taken for a database. */
async function initialise(
  bin: string,
  data: string,
  passwordFile: string,
  user: ServerUser | undefined,
  onSpawn: EmbeddedOptions['onSpawn'],
): Promise<void> {
  const made = `${data}.new`;
  for (const folder of [data, made]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(made, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) for (const path of [made, passwordFile]) chownSync(path, user.uid, user.gid);
  const args = ['-D', made, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8'];
  const child = spawn(
    join(bin, 'initdb'),
    [...args, '--no-sync', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8'],
    {
      cwd: made,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-500);
  });
  const ended = new Promise<number | null>((gone) => {
    child.once('close', gone);
    child.once('error', (error) => {
      said = error.message;
      gone(null);
    });
  });
  onSpawn?.(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  if ((await ended) !== 0) {
    rmSync(made, { recursive: true, force: true });
    throw new EmbeddedServerError('embedded.notCreated', { reason: said.trim() });
  }
  renameSync(made, data);
}

/**
 * A server whose parent was killed still holds the data: it is ours (its pid file lies in our data folder and names
 * this folder), so it is stopped first. A live server of a running product refuses the second start.
 */
async function stopOrphan(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const [pid = '', folder = ''] = readFileSync(pidFile, 'utf8').split('\n');
  if (folder !== data || !isPostgresOf(Number(pid), data)) return; // stale: the server removes it itself
  if (hasLiveParent(Number(pid)))
    throw new EmbeddedServerError('embedded.alreadyRunning', { pid: parentOf(Number(pid)), place: data });
  process.kill(Number(pid), 'SIGINT');
  for (let waited = 0; waited < STOP_LIMIT_MS && isAlive(Number(pid)); waited += 50) await sleep(50);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function isPostgresOf(pid: number, data: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return command.includes(data) && (command[0] ?? '').endsWith('postgres');
  } catch {
    return false;
  }
}

function parentOf(pid: number): number {
  const found = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 1);
}

function launch(
  bin: string,
  data: string,
  port: number,
  log: string,
  more: Readonly<Record<string, string>>,
  user: ServerUser | undefined,
): ChildProcess {
  const settings = {
    ...SETTINGS,
    ...more,
    port: String(port),
    unix_socket_directories: hasSocket(data, port) ? `"${data}"` : '',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const out = openSync(log, 'a', 0o640);
  try {
    // Detached: Ctrl-C in a terminal reaches us alone, and we stop the server after the requests in hand.
    const child = spawn(join(bin, 'postgres'), ['-D', data, ...args], {
      cwd: data,
      detached: true,
      stdio: ['ignore', out, out],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    });
    child.on('error', () => undefined); // told by waitUntilReady
    child.unref();
    return child;
  } finally {
    closeSync(out);
  }
}

async function waitUntilReady(child: ChildProcess, url: string, log: string, limitMs: number): Promise<void> {
  for (let waited = 0; waited < limitMs; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(50);
    }
  }
  if (child.pid !== undefined && child.exitCode === null) child.kill('SIGQUIT');
  throw new EmbeddedServerError('embedded.notStarted', {
    reason: readFileSync(log, 'utf8').trim().slice(-500),
  });
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  child.ref();
  child.kill('SIGINT'); // fast shutdown: sessions are cut, everything committed is written
  const outcome = await Promise.race([gone.then(() => 'gone'), sleep(STOP_LIMIT_MS, 'late', { ref: false })]);
  if (outcome === 'late') {
    child.kill('SIGQUIT'); // recovery at the next start
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new EmbeddedServerError('embedded.noPort');
  return address.port;
}
