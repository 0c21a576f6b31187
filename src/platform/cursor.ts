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

/** The same for a list whose rows have a number of their own, from 1. */
export const cursorOfPosition = (position: number): string =>
  Buffer.from(`#${position}`).toString('base64url');

/** @returns the number after which the page begins. @throws bad-parameter for a word that no page gave out */
export function readPosition(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const found = /^#([1-9]\d{0,8})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (!found) throw new Problem('bad-parameter', { parameter: 'cursor' });
  return Number(found);
}

/** @throws bad-parameter for a word that no page gave out */
export function readCursor(cursor: string | undefined): PageEnd | null {
  if (cursor === undefined) return null;
  const [at = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (rest.length > 0 || !isInstant(at) || !UUID_V7.test(id))
    throw new Problem('bad-parameter', { parameter: 'cursor' });
  return { at, id };
}
