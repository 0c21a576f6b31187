import type { CatalogueName, Catalogues } from './catalogues.ts';
import { claimOf, type Tables, watched } from './claim.ts';
import type { Neighbours } from './encounter.ts';
import { completed } from './finding.ts';
import { type ClaimSet, claimSet } from './neighbours.ts';
import type { AnyRule, BuiltIns, Claim, Finding, Rule, RuleContext } from './rule.ts';
import { value } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';

export type { Tables } from './claim.ts';

/** What rules look at of one claim file. */
export interface ClaimFileView {
  readonly facilityCode: string;
  /** `yyyy-MM-dd` */
  readonly madeOn: string;
  readonly records: readonly Tables[];
}

export interface CheckOptions {
  readonly builtIns: BuiltIns;
  /** The day on which the file is judged, `yyyy-MM-dd`; the day it was made unless said otherwise. */
  readonly asOf?: string;
  /** The moment at which it is judged, `yyyyMMddHHmm`, where it is not the end of that day: now. */
  readonly checkTime?: string;
  readonly catalogues?: Catalogues;
  /** Only these rules; all that are on by default otherwise. Rules that stand above them (`parents`) must be given too. */
  readonly rules?: readonly AnyRule[];
  /** Told of a rule that fails: it says nothing, the others go on. Without this the failure is thrown. */
  readonly onFailure?: (error: unknown, rule: string) => void;
}

/** A rule that was not asked, and the first thing it needs that is missing. */
export interface NotChecked {
  readonly rule: string;
  readonly needs: CatalogueName;
}

/** Data that the other claims of the set are themselves; it takes two to compare. */
const FROM_THE_SET: ReadonlySet<string> = new Set(['other_encounters', 'other_facilities']);
const isThere = (name: CatalogueName, catalogues: Catalogues, claims: number) =>
  FROM_THE_SET.has(name) ? claims > 1 : catalogues[name] !== undefined;

/** In the order of the rules. @param claims how many claims the whole set has */
export function notChecked(
  { rules = DEFAULT_RULES, catalogues = {} }: CheckOptions,
  claims: number,
): readonly NotChecked[] {
  return inOrder(rules).flatMap(({ id, needs = [] }) => {
    const missing = needs.find((name) => !isThere(name, catalogues, claims));
    return missing ? [{ rule: id, needs: missing }] : [];
  });
}

/** The claims of files, for `checkFile` on each of them: little of each claim is kept. */
export function claimsOf(files: Iterable<ClaimFileView>): ClaimSet {
  const set = claimSet();
  for (const { facilityCode, records } of files)
    for (const tables of records) set.add(claimOf(facilityCode, tables));
  return set;
}

/**
 * Several files as one set, the findings of one file after the other in the order given. They are walked twice, first to
 * see which claims there are: an iterable that reads each file anew needs memory for one file and the set only.
 */
export function* checkFiles(
  files: Iterable<ClaimFileView>,
  options: CheckOptions,
): Generator<readonly Finding[], void> {
  const set = claimsOf(files);
  let position = 0;
  for (const file of files) {
    yield checkFile(file, options, { set, position });
    position += file.records.length;
  }
}

/**
 * Every finding of every rule, claim by claim, in the order of the rules.
 * @param among the set to which the file belongs, and the place of its first claim in it; else the file is the set
 */
export function checkFile(
  file: ClaimFileView,
  options: CheckOptions,
  { set, position } = { set: claimsOf([file]), position: 0 },
): readonly Finding[] {
  const check = checkerOf(options, set.size);
  const keys = new Set<string>();
  return file.records.flatMap((tables, index) => {
    const claim = claimOf(file.facilityCode, tables, keys);
    const findings = check.claim(claim, file.madeOn, set.at(position + index));
    keys.add(value(claim.xml1, 'MA_LK'));
    return findings;
  });
}

export interface Checker {
  /** @param broken tables that could not be read: a rule that looks at one of them says nothing */
  claim(claim: Claim, madeOn: string, neighbours: Neighbours, broken?: readonly string[]): readonly Finding[];
  /** The rows of a check-in file (XML0), by the rules that speak of these. */
  checkIn(claim: Claim, day: string, neighbours: Neighbours): readonly Finding[];
}

/** The rules that can be asked, in their order, ready for one claim after the other. @param claims of the whole set */
export function checkerOf(
  { rules: asked = DEFAULT_RULES, builtIns, catalogues = {}, asOf, checkTime, onFailure }: CheckOptions,
  claims: number,
): Checker {
  const { rules, ofCheckIns } = askable(asked, catalogues, claims > 1);
  const contextOf = (madeOn: string, neighbours: Neighbours): RuleContext => ({
    builtIns,
    catalogues,
    neighbours,
    checkTime: checkTime ?? `${(asOf ?? madeOn).replaceAll('-', '')}2359`,
  });
  return {
    claim: (claim, madeOn, neighbours, broken = []) =>
      checkClaim(claim, rules, contextOf(madeOn, neighbours), broken, onFailure),
    checkIn: (claim, day, neighbours) =>
      checkClaim(claim, ofCheckIns, contextOf(day, neighbours), [], onFailure).map((found) => ({
        ...found,
        maLk: value(claim.rows(found.table)[(found.row ?? 1) - 1]?.values ?? {}, 'MA_LK') || null,
      })),
  };
}

/** A rule that is off by default speaks only when it is named. */
export const DEFAULT_RULES = ALL_RULES.filter((one) => !one.isOffByDefault);

/** Without exactly one XML1 there is nothing to judge; it stands first among the rules. */
const PARENT_OF_ALL = 'STR_XML1_PRESENT';

function checkClaim(
  whole: Claim,
  rules: readonly Rule<unknown>[],
  context: RuleContext,
  broken: readonly string[],
  onFailure: CheckOptions['onFailure'],
): Finding[] {
  const spoken = new Set<string>();
  const findings: Finding[] = [];
  const { claim, looked, forget } =
    broken.length > 0 ? watched(whole, broken) : { claim: whole, looked: () => false, forget: () => {} };
  for (const one of rules) {
    const { id } = one;
    if (spoken.size > 0 && one.parents?.some((parent) => spoken.has(parent))) continue;
    forget();
    const found = asked(one, claim, context, onFailure);
    if (found === 'not-applicable' || found.length === 0 || looked()) continue;
    spoken.add(id);
    for (const place of found) findings.push(completed(place, one, whole));
    if (id === PARENT_OF_ALL) break;
  }
  return findings;
}

function asked(
  one: Rule<unknown>,
  claim: Claim,
  context: RuleContext,
  onFailure: CheckOptions['onFailure'],
): ReturnType<Rule<unknown>['check']> {
  try {
    return one.check(claim, one.params, context);
  } catch (error) {
    if (!onFailure) throw error;
    onFailure(error, one.id);
    return 'not-applicable';
  }
}

interface Askable {
  readonly rules: readonly Rule<unknown>[];
  readonly ofCheckIns: readonly Rule<unknown>[];
}
type ByCatalogues = WeakMap<Catalogues, Map<boolean, Askable>>;
const askableOf = new WeakMap<readonly AnyRule[], ByCatalogues>();

/** Those whose data is there, in their order; known again by the same list of rules and the same catalogues. */
function askable(asked: readonly AnyRule[], catalogues: Catalogues, isSet: boolean): Askable {
  const byCatalogues: ByCatalogues = askableOf.get(asked) ?? new WeakMap();
  askableOf.set(asked, byCatalogues);
  const found = byCatalogues.get(catalogues) ?? new Map<boolean, Askable>();
  byCatalogues.set(catalogues, found);
  const known = found.get(isSet);
  if (known) return known;
  const rules = inOrder(asked).filter(({ needs = [] }) =>
    needs.every((name) => isThere(name, catalogues, isSet ? 2 : 1)),
  );
  const made = { rules, ofCheckIns: rules.filter((one) => one.ofCheckIns) };
  found.set(isSet, made);
  return made;
}

const ordered = new WeakMap<readonly AnyRule[], readonly Rule<unknown>[]>();

/** Parents before children, otherwise as they stand. @throws Error for a parent that is not among them */
function inOrder(rules: readonly AnyRule[]): readonly Rule<unknown>[] {
  const known = ordered.get(rules);
  if (known) return known;
  const byId = new Map(rules.map((one) => [one.id, one as unknown as Rule<unknown>]));
  const placed = new Set<Rule<unknown>>();
  const place = (one: Rule<unknown>): void => {
    for (const id of one.parents ?? []) {
      const parent = byId.get(id);
      if (!parent) throw new Error(`rule ${one.id} waits for ${id}, which is not there`);
      place(parent);
    }
    placed.add(one);
  };
  for (const one of byId.values()) place(one);
  const result = [...placed];
  ordered.set(rules, result);
  return result;
}
