import { type Instant, isInstant } from './dates.ts';
import { type Id, UUID_V7 } from './ids.ts';
import { Problem } from './problem.ts';

/** The last row of a page, newest first: where the next page begins. */
export interface PageEnd {
  readonly at: Instant;
  readonly id: Id;
}

/** A place in a list as one word that a client gives back as it got it. */
export function cursorOf({ at, id }: PageEnd): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** @throws bad-parameter for a word that no page gave out */
export function readCursor(cursor: string | undefined): PageEnd | null {
  if (cursor === undefined) return null;
  const [at = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (rest.length > 0 || !isInstant(at) || !UUID_V7.test(id))
    throw new Problem('bad-parameter', { parameter: 'cursor' });
  return { at, id };
}
