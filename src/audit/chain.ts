import type { LocalDate } from '../platform/dates.ts';
import { GENESIS, type Seal, sealHash } from './canonical.ts';
import type { FindingKind } from './findings.ts';

/** The last link of a facility's chain as far as it was walked. */
export interface Head {
  readonly day: LocalDate;
  readonly sequence: number;
  readonly hash: Buffer;
}

export const placeOf = (head: Pick<Head, 'day' | 'sequence'> | null) =>
  head ? `${head.day} #${head.sequence}` : '–';

/** What is wrong with one seal by itself. */
export function sealFaults(seal: Seal): FindingKind[] {
  const faults: FindingKind[] = [];
  if (seal.events.some((id, place) => place > 0 && id <= (seal.events[place - 1] ?? '')))
    faults.push('events-reordered');
  if (!sealHash(seal).equals(seal.hash)) faults.push('seal-changed');
  return faults;
}

/**
 * What is wrong between a seal and the one before it. `chain-broken` = nothing is missing by number, but the link does
 * not hold; a caller who finds the wanted hash elsewhere in the chain may call it reordered.
 * @param last null at the beginning of the chain
 */
export function linkFault(
  last: Head | null,
  seal: Pick<Seal, 'day' | 'sequence' | 'previous'>,
): 'seal-missing' | 'day-missing' | 'chain-broken' | null {
  const startsDay = last === null || seal.day > last.day;
  const expected = startsDay ? 1 : last.sequence + 1;
  if (seal.sequence > expected) return 'seal-missing';
  if (seal.sequence < expected) return 'chain-broken';
  if (seal.previous.equals(last?.hash ?? GENESIS)) return null;
  return startsDay ? 'day-missing' : 'chain-broken';
}
