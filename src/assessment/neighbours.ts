import {
  type Encounter,
  type Neighbours,
  type Paper,
  type PersonKey,
  personKeys,
  type Use,
} from './encounter.ts';
import { encounterOf, papersOf, usesOf } from './projection.ts';
import type { Claim } from './rule.ts';

/** The claims of one call; indexed once. */
export interface ClaimSet {
  readonly size: number;
  add(claim: Claim): void;
  /** The claim that was added as number `position`, from 0, with the others around it. */
  at(position: number): Neighbours;
  /** A claim that is not in the set, seen as the latest. */
  around(claim: Claim): Neighbours;
}

/** What is known of one encounter beside itself. */
export interface Beside {
  readonly papers?: readonly Paper[];
  /** By the key under which each is looked up (`usesOf`). */
  readonly uses?: Iterable<readonly [key: string, use: Use]>;
}

/** Encounters as others see them, wherever they come from: claims of one call, or what a database knows. */
export interface EncounterSet {
  add(encounter: Encounter, beside?: Beside): void;
  /** A facility of which some encounter is known that is not in the set. */
  addFacility(facility: string): void;
  around(self: Encounter): Neighbours;
}

export function encounterSet(): EncounterSet {
  const encounters = new Map<string, Encounter[]>();
  const uses = new Map<string, Use[]>();
  const facilities = new Set<string>();

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
    add: (encounter, beside = {}) => {
      facilities.add(encounter.facility);
      const keys = [
        ...personKeys(encounter),
        `key|${encounter.facility}|${encounter.key}`,
        ...(beside.papers ?? []).map((paper) => paperKey(encounter.facility, paper)),
      ];
      for (const key of new Set(keys)) push(encounters, key, encounter);
      for (const [key, use] of beside.uses ?? []) push(uses, key, use);
    },
    addFacility: (facility) => void facilities.add(facility),
    around: neighbours,
  };
}

export function claimSet(): ClaimSet {
  const all: Encounter[] = [];
  const set = encounterSet();
  const texts = new Map<string, string>();
  const share = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  };
  return {
    get size() {
      return all.length;
    },
    add: (claim) => {
      const encounter = encounterOf(claim, all.length, share);
      all.push(encounter);
      set.add(encounter, { papers: papersOf(claim), uses: usesOf(claim, encounter, share) });
    },
    at: (position) => set.around(all[position]!),
    around: (claim) => set.around(encounterOf(claim, all.length, share)),
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
