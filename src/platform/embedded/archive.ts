import { chownSync, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EmbeddedServerError, reachable, type ServerUser } from './binaries.ts';

/** At most so much of the work is lost with the machine, in seconds, however little is written. */
const SWITCH_EVERY_S = 60;

/**
 * Settings that copy every piece of the write-ahead log to a folder, each whole or not at all; a piece that is there
 * already must be the same. @throws EmbeddedServerError when the server cannot write there
 */
export function archiving(walDir: string | null, user: ServerUser | undefined): Record<string, string> {
  if (walDir === null) return {};
  const folder = walFolder(walDir, user);
  const there = `${folder}/%f`;
  return {
    archive_mode: 'on',
    archive_timeout: String(SWITCH_EVERY_S),
    archive_command: `if test -f "${there}"; then cmp -s "%p" "${there}"; else cp "%p" "${there}.part" && mv "${there}.part" "${there}"; fi`,
  };
}

/** How a server that recovers finds the pieces. */
export function restoreCommand(walDir: string): string {
  return `cp "${plain(resolve(walDir))}/%f" "%p"`;
}

function walFolder(walDir: string, user: ServerUser | undefined): string {
  const folder = plain(resolve(walDir));
  const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  if (!user) return folder;
  if (isNew) chownSync(folder, user.uid, user.gid);
  if (!reachable(folder, user, statSync))
    throw new EmbeddedServerError('embedded.walFolder', { folder, account: user.name });
  return folder;
}

/** The server's shell reads the name, and `%` means something to the server. */
function plain(folder: string): string {
  if (/["'`$\\%\n]/.test(folder)) throw new EmbeddedServerError('embedded.walName', { folder });
  return folder;
}
