import type { MessageValues } from '../messages/index.ts';

/** What verification can find; the text of each is `audit.finding.<kind>`. */
export type FindingKind =
  | 'event-changed'
  | 'event-added'
  | 'event-removed'
  | 'event-repeated'
  | 'event-backdated'
  | 'seal-changed'
  | 'seal-missing'
  | 'day-missing'
  | 'seal-reordered'
  | 'events-reordered'
  | 'chain-broken'
  | 'tail-cut'
  | 'round-changed'
  | 'round-missing'
  | 'round-incomplete'
  | 'round-broken'
  | 'rounds-cut'
  | 'anchor-cut'
  | 'anchor-differs';

export interface Finding {
  readonly kind: FindingKind;
  readonly values: MessageValues;
}

/** Keeps the first of the findings, so that memory stays bounded however much was changed, and counts all. */
export interface FindingList {
  add(kind: FindingKind, values: MessageValues): void;
  readonly first: readonly Finding[];
  readonly total: number;
}

const KEPT = 1_000;

export function findingList(kept = KEPT): FindingList {
  const first: Finding[] = [];
  let total = 0;
  return {
    add(kind, values) {
      total += 1;
      if (first.length < kept) first.push({ kind, values });
    },
    first,
    get total() {
      return total;
    },
  };
}
