import { CLAIM_EVENT_TYPES, type VersionHistory } from '../../src/claims/index.ts';
import type { CallAnswer } from '../../src/exports/index.ts';

/**
 * The claim of one visit: up to two versions, two workers, a gateway that loses answers, people who reopen, settle and
 * hold, and workers that die between any two of their steps. What the program decides is decided here by its own
 * functions and its own list of transitions; what the model adds is the order in which things happen.
 *
 * A step is what one transaction does, or one call. Time is one bit per version: whether the lease of its last call has
 * passed. What is assumed of the world, and nothing else: a call that was begun in time has arrived, or never will, when
 * its lease has passed.
 */
export interface State {
  readonly isSettled: boolean;
  /** The version on the work list; 0 = one is to be built; undefined = nothing is to be done. */
  readonly onList: number | undefined;
  readonly versions: readonly VersionHistory[];
  readonly workers: readonly Worker[];
  /** Versions that have ever arrived at the insurer, in the order of their last arrival: the last is the active record. */
  readonly arrived: readonly number[];
  readonly left: Bounds;
  /** What a step did that must never be done. */
  readonly crime: string | null;
}

/** `answer` absent = it has written that it sends, and has not called yet; null = it rests. */
export type Worker = {
  readonly number: number;
  readonly sequence: number;
  readonly answer?: CallAnswer;
} | null;

/** How often people reopen the visit, hold its claim, and decide about an answer that nobody understood. */
export interface Bounds {
  readonly reopenings: number;
  readonly holds: number;
  readonly decisions: number;
  /** The gateway takes no record of a claim that it has: it refuses it as a duplicate. */
  readonly rejects: boolean;
}

export const [NOW, LEASE_MS] = [new Date('2026-11-26T12:00:00Z'), 75_000];
export const [JUST_NOW, LONG_AGO] = [NOW.toISOString(), new Date(NOW.getTime() - LEASE_MS).toISOString()];

const LETTERS = new Map(CLAIM_EVENT_TYPES.map((type, index) => [type, String.fromCharCode(97 + index)]));
/** States share the versions that a step does not touch. */
const written = new WeakMap<VersionHistory, string>();
function pastOf(version: VersionHistory): string {
  const known = written.get(version);
  if (known !== undefined) return known;
  const past =
    version.types.map((type) => LETTERS.get(type)).join('') + (version.at === LONG_AGO ? '-' : '+');
  written.set(version, past);
  return past;
}

/** Two workers are alike: which of them does it makes no other state. */
export function keyOf({ isSettled, onList, versions, workers, arrived, left, crime }: State): string {
  const past = versions.map(pastOf);
  const atWork = workers
    .map((one) => (one === null ? '' : `${one.number}.${one.sequence}.${one.answer ?? ''}`))
    .toSorted();
  return [
    isSettled,
    onList,
    ...past,
    atWork,
    arrived,
    left.reopenings,
    left.holds,
    left.decisions,
    crime,
  ].join('|');
}
