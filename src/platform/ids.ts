import { hash, randomBytes } from 'node:crypto';
import { Problem } from './problem.ts';

/** A UUIDv7 in lower case: 48 bits of milliseconds, so ids of one month lie together. */
export type Id = string;

export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new id. `random` (10 bytes) is given only by seeded generators, which must repeat. */
export function newId(atMs: number = Date.now(), random: Uint8Array = randomBytes(10)): Id {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(atMs, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The same names always give the same id, stamped with `atMs`: for fixtures and deterministic children. */
export function derivedId(atMs: number, ...names: readonly string[]): Id {
  return newId(atMs, hash('sha256', names.join('\u0000'), 'buffer'));
}

/** Milliseconds since 1970 that the id carries. */
export function idTime(id: Id): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export function sha256(bytes: Uint8Array | string): string {
  return hash('sha256', bytes);
}

const AHEAD_MS = 24 * 3_600_000;

/**
 * The id a client chose, or a new one. An id is only a name: its time is never read as a fact of care. An id from
 * the past is taken as it is (a station that was offline), one from beyond tomorrow means that a clock is wrong and
 * is refused while the station can still correct it.
 * @throws Problem `id-implausible`
 */
export function checkedId(wanted: Id | undefined, now: Date, pointer = '/id'): Id {
  if (wanted === undefined) return newId(now.getTime());
  if (idTime(wanted) > now.getTime() + AHEAD_MS)
    throw new Problem('id-implausible', {}, [{ pointer, message: 'problem.place.idFromFuture' }]);
  return wanted;
}
