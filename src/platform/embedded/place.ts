import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installedServer, reachable, type ServerUser, sharedCopy } from './binaries.ts';

/** Programs of the server, and the folder that holds its data, where its account can enter both. */
export function place(
  options: { readonly dir: string; readonly onElsewhere?: (place: string) => void },
  user: ServerUser | undefined,
): { bin: string; base: string } {
  const server = installedServer();
  const wanted = resolve(options.dir);
  mkdirSync(wanted, { recursive: true });
  if (!user) return { bin: join(server.dir, 'bin'), base: wanted };
  const elsewhere = '/var/tmp/lienthong-his';
  const bin = reachable(join(server.dir, 'bin'), user, statSync) ? server.dir : sharedCopy(server, elsewhere);
  let base = wanted;
  if (!reachable(wanted, user, statSync)) {
    // One folder per wanted place, so that two clones do not share a database.
    base = join(elsewhere, `data-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
    mkdirSync(base, { recursive: true });
    chmodSync(elsewhere, 0o755);
    chmodSync(base, 0o755);
  }
  if (base !== wanted || bin !== server.dir) options.onElsewhere?.(base);
  return { bin: join(bin, 'bin'), base };
}

/** A socket's path has 107 bytes at most, and PostgreSQL reads a list of folders. */
export function hasSocket(data: string, port: number): boolean {
  return Buffer.byteLength(`${data}/.s.PGSQL.${port}`) <= 107 && !data.includes('"');
}

/** By the socket in the data folder, at about half the cost of a loopback connection; by TCP where that cannot be. */
export function urlOf(password: string, port: number, data: string): string {
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  return hasSocket(data, port) ? `${url}?host=${encodeURIComponent(data)}` : url;
}
