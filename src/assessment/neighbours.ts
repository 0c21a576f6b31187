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
import { owned } from './text.ts';

/** The claims of one call, or those that the database found near one claim; indexed once. */
export interface ClaimSet {
  readonly size: number;
  add(claim: Claim): void;
  /** The claim that was added as number `position`, from 0, with the others around it. */
  at(position: number): Neighbours;
  /** A claim that is not in the set, seen as the latest. */
  around(claim: Claim): Neighbours;
}

export function claimSet(): ClaimSet {
  const all: Encounter[] = [];
  const encounters = new Map<string, Encounter[]>();
  const uses = new Map<string, Use[]>();
  const facilities = new Set<string>();
  const texts = new Map<string, string>();
  const share = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const own = owned(text);
    texts.set(own, own);
    return own;
  };

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
    get size() {
      return all.length;
    },
    add: (claim) => {
      const encounter = encounterOf(claim, all.length, share);
      all.push(encounter);
      facilities.add(encounter.facility);
      const keys = [
        ...personKeys(encounter),
        `key|${encounter.facility}|${encounter.key}`,
        ...papersOf(claim).map((paper) => paperKey(encounter.facility, paper)),
      ];
      for (const key of new Set(keys)) push(encounters, key, encounter);
      for (const [key, use] of usesOf(claim, encounter, share)) push(uses, key, use);
    },
    at: (position) => neighbours(all[position]!),
    around: (claim) => neighbours(encounterOf(claim, all.length, share)),
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
