import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ClaimSource } from '../claims/foreign.ts';
import { type CheckedPart, checkSeen, type ForeignOptions, lookThrough, type Seen } from './foreign.ts';
import { claimSet, type Entry, entryOf, sharing } from './neighbours.ts';

/*
 * A set too large for one thread or for memory is checked in blocks of files. A rule that compares claims needs only those
 * that share a key with its own: a person, a card, a claim key, a paper, a machine, a bed or a practitioner on a day.
 * First every block is looked through: what others may need of its claims is kept packed, its keys are told as numbers.
 * Whoever leads finds the keys that several blocks have; each block sends what lies under them to the blocks that share
 * them. Then each block is checked by itself, among its own claims and its guests: the same findings as in one set.
 */

/** What was found when a block was looked through. */
export interface Looked {
  readonly claims: number;
  readonly facilities: readonly string[];
  /** Its keys as numbers, each once: two keys may have the same, which brings a guest too many and no finding. */
  readonly keys: Float64Array;
}

/** Keys that several blocks have, in the order of the keys: `keys[i]` is in `blocks[i]`. */
export interface Shared {
  readonly keys: Float64Array;
  readonly blocks: Uint32Array;
}

/** Claims of one block, packed, for another one. */
export interface Guests {
  readonly to: number;
  readonly packed: Uint8Array;
}

/** One block of files, from the first look to its findings. */
export interface Block {
  /** @param share whose blocks have a key, this one (`self`) among them; @param first position of its first claim */
  guests(shared: ReadonlyMap<number, readonly number[]>, self: number, first: number): readonly Guests[];
  check(whole: Whole, options: ForeignOptions): AsyncGenerator<CheckedPart, void>;
}

/** The whole set, as a block sees it. */
export interface Whole {
  readonly total: number;
  readonly facilities: readonly string[];
  /** Position of the first claim of the block. */
  readonly first: number;
  readonly guests: readonly Uint8Array[];
}

/** Reads the files of a block once. */
export async function lookAtBlock(
  sources: readonly ClaimSource[],
  onProgress?: ForeignOptions['onProgress'],
): Promise<{ readonly looked: Looked; readonly block: Block }> {
  const share = sharing();
  const entries: Entry[] = [];
  const collecting = {
    get size() {
      return entries.length;
    },
    add: (claim: Parameters<typeof entryOf>[0]) => void entries.push(entryOf(claim, entries.length, share)),
  };
  const seen = await lookThrough(sources, collecting, 0, onProgress);
  const looked: Looked = {
    claims: entries.length,
    facilities: [...new Set(entries.map(({ encounter }) => encounter.facility))],
    keys: Float64Array.from(new Set(entries.flatMap(keysOf).map(numberOf))),
  };
  return { looked, block: blockOf(seen, packed(entries)) };
}

function blockOf(seen: readonly Seen[], own: Uint8Array): Block {
  return {
    guests(shared, self, first) {
      const byBlock = new Map<number, Entry[]>();
      for (const entry of unpacked(own, first))
        for (const [block, theirs] of partsFor(entry, shared, self))
          byBlock.set(block, [...(byBlock.get(block) ?? []), theirs]);
      return [...byBlock].map(([to, entries]) => ({ to, packed: packed(entries) }));
    },
    async *check({ total, facilities, first, guests }, options) {
      const set = claimSet(first, facilities);
      const others = guests
        .flatMap((one) => unpacked(one))
        .toSorted((a, b) => a.encounter.position - b.encounter.position);
      const before = others.filter(({ encounter }) => encounter.position < first);
      for (const one of before) set.addOther(one);
      for (const one of unpacked(own, first)) set.addEntry(one);
      for (const one of others.slice(before.length)) set.addOther(one);
      yield* checkSeen(seen, { set, first, total }, options);
    },
  };
}

/** What each of the other blocks needs of a claim: it lies there under the keys that both have. */
function partsFor(
  { encounter, keys, uses }: Entry,
  shared: ReadonlyMap<number, readonly number[]>,
  self: number,
): ReadonlyMap<number, Entry> {
  const parts = new Map<
    number,
    { encounter: Entry['encounter']; keys: string[]; uses: Entry['uses'][number][] }
  >();
  const partOf = (block: number) => {
    const known = parts.get(block) ?? { encounter, keys: [], uses: [] };
    parts.set(block, known);
    return known;
  };
  const othersWith = (key: string) => (shared.get(numberOf(key)) ?? []).filter((block) => block !== self);
  for (const key of keys) for (const block of othersWith(key)) partOf(block).keys.push(key);
  for (const use of uses) for (const block of othersWith(use[0])) partOf(block).uses.push(use);
  return parts;
}

/** Keys that more than one block has. */
export function sharedKeys(looked: readonly Looked[]): Shared {
  const count = looked.reduce((sum, { keys }) => sum + keys.length, 0);
  const all = new Float64Array(count);
  let at = 0;
  for (const { keys } of looked) {
    all.set(keys, at);
    at += keys.length;
  }
  all.sort();
  const several = new Set(all.filter((key, index) => key === all[index + 1] && key !== all[index - 1]));
  const pairs = looked.flatMap(({ keys }, block) =>
    [...keys].filter((key) => several.has(key)).map((key) => [key, block] as const),
  );
  pairs.sort(([a, one], [b, other]) => a - b || one - other);
  return {
    keys: Float64Array.from(pairs, ([key]) => key),
    blocks: Uint32Array.from(pairs, ([, block]) => block),
  };
}

/** The blocks that have a key. */
export function blocksByKey({ keys, blocks }: Shared): ReadonlyMap<number, readonly number[]> {
  const byKey = new Map<number, number[]>();
  for (const [index, key] of keys.entries()) {
    const known = byKey.get(key);
    if (known) known.push(blocks[index]!);
    else byKey.set(key, [blocks[index]!]);
  }
  return byKey;
}

const keysOf = ({ keys, uses }: Entry): string[] => [...keys, ...uses.map(([key]) => key)];

/** 52 bits of a text: two sums of its characters, each in its own way. */
function numberOf(key: string): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) + at;
  }
  return (a >>> 0) * 0x100000 + ((b >>> 0) & 0xfffff);
}

const packed = (entries: readonly Entry[]): Uint8Array => {
  const bytes = deflateRawSync(JSON.stringify(entries), { level: 1 });
  return new Uint8Array(bytes);
};

/** @param first what to add to their positions */
function unpacked(bytes: Uint8Array, first = 0): readonly Entry[] {
  const entries = JSON.parse(inflateRawSync(bytes).toString()) as Entry[];
  if (first === 0) return entries;
  return entries.map((entry) => ({
    ...entry,
    encounter: { ...entry.encounter, position: entry.encounter.position + first },
  }));
}
