import {
  type Encounter,
  type Neighbours,
  type Paper,
  type PersonKey,
  personKeys,
  type Use,
} from './encounter.ts';
import { encounterOf, papersOf, type Share, usesOf } from './projection.ts';
import type { Claim } from './rule.ts';
import { owned } from './text.ts';

/** A claim as others see it, with the keys under which they look for it: all that is needed to set it among others. */
export interface Entry {
  readonly encounter: Encounter;
  readonly keys: readonly string[];
  readonly uses: readonly (readonly [key: string, use: Omit<Use, 'encounter'>])[];
}

/** @param share gives one string for all equal ones */
export function entryOf(claim: Claim, position: number, share: Share): Entry {
  const encounter = encounterOf(claim, position, share);
  return entryFor(encounter, usesOf(claim, encounter, share), papersOf(claim));
}

/** An encounter with what is known of it beside itself. */
export function entryFor(
  encounter: Encounter,
  uses: Iterable<Entry['uses'][number]> = [],
  papers: readonly Paper[] = [],
): Entry {
  const keys = [
    ...personKeys(encounter),
    `key|${encounter.facility}|${encounter.key}`,
    ...papers.map((paper) => paperKey(encounter.facility, paper)),
  ];
  return { encounter, keys: [...new Set(keys)], uses: [...uses] };
}

/** The claims of one call; indexed once. */
export interface ClaimSet {
  readonly size: number;
  add(claim: Claim): void;
  /** A claim that is not of the set but stands near it; those before its own are set first, those behind last. */
  addOther(entry: Entry): void;
  /** One of its own that was looked at before. */
  addEntry(entry: Entry): void;
  /** The claim that was added as number `position`, with the others around it. */
  at(position: number): Neighbours;
  /** A claim that is not in the set, seen as the latest. */
  around(claim: Claim): Neighbours;
}

/** Encounters as others see them, wherever they come from: claims of one call, or what a database knows. */
export interface EncounterSet {
  add(entry: Entry): void;
  around(self: Encounter): Neighbours;
}

/** @param elsewhere facilities of which encounters are known that are not in the set */
export function encounterSet(elsewhere: Iterable<string> = []): EncounterSet {
  const encounters = new Map<string, Encounter[]>();
  const uses = new Map<string, Use[]>();
  const facilities = new Set(elsewhere);

  const named = (key: string) => encounters.get(key) ?? [];
  const neighbours = (self: Encounter): Neighbours => {
    // The same record given again is no other encounter; a record without a key is known by its place only.
    const isOther = (one: Encounter) =>
      one.position !== self.position &&
      (one.key !== self.key || one.facility !== self.facility || self.key === '');
    const used = (key: string) => (uses.get(key) ?? []).filter(({ encounter }) => isOther(encounter));
    const persons = new Map<string, readonly Encounter[]>();
    const ofPerson = (by: readonly PersonKey[]) => {
      const found = new Set(personKeys(self, by).flatMap(named));
      return [...found].filter(isOther).toSorted((a, b) => a.position - b.position);
    };
    return {
      self,
      ofPerson: (by) => {
        const known = persons.get(by.join()) ?? ofPerson(by);
        persons.set(by.join(), known);
        return known;
      },
      withKey: () =>
        named(`key|${self.facility}|${self.key}`).filter((one) => one.position !== self.position),
      withPaper: (paper) => named(paperKey(self.facility, paper)).filter(isOther),
      onMachine: (machine, day) => used(`machine|${self.facility}|${machine}|${day}`),
      ofPractitioner: (code, day) => used(`practitioner|${code}|${day}`),
      inBed: (department, bed, day) => used(`bed|${self.facility}|${department}|${bed}|${day}`),
      hasFacility: (facility) => facilities.has(facility),
    };
  };

  return {
    add: (entry) => {
      const { encounter } = entry;
      facilities.add(encounter.facility);
      for (const key of entry.keys) push(encounters, key, encounter);
      for (const [key, use] of entry.uses) push(uses, key, { encounter, ...use });
    },
    around: neighbours,
  };
}

/**
 * @param first position of its first claim, from 0
 * @param elsewhere facilities that have claims, beside those of the set
 */
export function claimSet(first = 0, elsewhere: Iterable<string> = []): ClaimSet {
  const all: Encounter[] = [];
  const set = encounterSet(elsewhere);
  const share = sharing();
  const addEntry = (entry: Entry): void => {
    all.push(entry.encounter);
    set.add(entry);
  };
  return {
    get size() {
      return all.length;
    },
    add: (claim) => addEntry(entryOf(claim, first + all.length, share)),
    addOther: (entry) => set.add(entry),
    addEntry,
    at: (position) => set.around(all[position - first]!),
    around: (claim) => set.around(encounterOf(claim, first + all.length, share)),
  };
}

/** Gives one string for all equal ones, none of which holds on to the file it came from. */
export function sharing(): Share {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const own = owned(text);
    texts.set(own, own);
    return own;
  };
}

/** A list that grows by `push` has room for more than a dozen: most lists here have one or two. */
const SHORT = 8;
function push<T>(index: Map<string, T[]>, key: string, one: T): void {
  const known = index.get(key) ?? [];
  if (known.length < SHORT) index.set(key, [...known, one]);
  else known.push(one);
}

const paperKey = (facility: string, { table, number, year }: Paper) =>
  `paper|${facility}|${table}|${number}|${year}`;
