import type { Id } from '../platform/ids.ts';

/**
 * The order in which waiting claims are handed to the queue. What is near its end goes first, the nearest before all,
 * whoever's it is; of the rest each facility has one in its turn, its own nearest first. So the load of a month's end
 * spreads by deadline, and a facility with very many waits for its own.
 * @param deadline moment at which it is too late; moments compare as text
 * @param near deadlines before it are near
 */
export function sendingOrder<T extends { readonly facilityId: Id }>(
  claims: readonly T[],
  deadline: (claim: T) => string,
  near: string,
): T[] {
  const sorted = claims
    .map((claim) => ({ claim, at: deadline(claim) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const turns = new Map<Id, number>();
  const turnOf = ({ facilityId }: T): number => {
    const turn = (turns.get(facilityId) ?? 0) + 1;
    turns.set(facilityId, turn);
    return turn;
  };
  return sorted
    .map(({ claim, at }) => ({ claim, turn: at < near ? 0 : turnOf(claim) }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ claim }) => claim);
}
