import { expect, test } from '@jest/globals';
import type { AnyRule, Claim, Found, Rule, RuleContext } from '../../src/assessment/rule.ts';

/** One table of cases of a rule: where it speaks in each of them, asked with other parameters or watched. */
export interface CaseTable {
  readonly rule: AnyRule;
  readonly places: (rule: AnyRule) => readonly string[];
  /** The same of a claim that has nothing in it. */
  readonly empty: (rule: AnyRule) => unknown;
}

type Params = Readonly<Record<string, unknown>>;
const tablesOf = new Map<string, CaseTable[]>();

/** Holds that the tables of a rule in a file have, all together, every kind of case that the rule needs. */
export function holdKinds(id: string, table: CaseTable): void {
  const known = tablesOf.get(id);
  tablesOf.set(id, [...(known ?? []), table]);
  if (known) return;
  const tables = () => tablesOf.get(id)!;
  test(`${id}: has a case at each of its limits`, () => {
    const open = limitsOf(paramsOf(table.rule)).filter((path) => !isHeld(path, tables()));
    expect(open.map((path) => path.join('.'))).toEqual([]);
  });
  test(`${id}: has a case with nothing to look at, if it can have one`, () => {
    if (!canBeInapplicable(table)) return;
    expect(tables().some((one) => isEverInapplicable(one.rule, one.places))).toBe(true);
  });
}

const paramsOf = (rule: AnyRule) => (rule as unknown as Rule<Params>).params;
const withParams = (rule: AnyRule, params: Params) => ({ ...rule, params }) as unknown as AnyRule;

/** Texts with digits are mostly codes; these are amounts, lengths of time and days. */
const LIMIT_NAMES = /^(tol|tolerance|eps|max.*|most|months|factor|first(Year|Day)|.*From)$/;
const isLimit = (name: string, value: unknown) =>
  typeof value === 'number' ||
  (typeof value === 'string' && LIMIT_NAMES.test(name) && /^[\d.]+$/.test(value));

/** Paths to the numbers and days among parameters. */
const limitsOf = (params: object, above: readonly string[] = []): (readonly string[])[] =>
  Object.entries(params).flatMap(([name, value]: [string, unknown]) => {
    const path = [...above, name];
    if (typeof value === 'object' && value !== null) return limitsOf(value, path);
    return isLimit(name, value) ? [path] : [];
  });

/** A case lies at the limit when one step of it, up or down, changes what is said of the case. */
const isHeld = (path: readonly string[], tables: readonly CaseTable[]): boolean =>
  tables.some(({ rule, places }) => {
    const before = places(rule).join('\n');
    return [1, -1].some((by) => {
      const moved = places(withParams(rule, movedAt(paramsOf(rule), path, by)));
      return moved.join('\n') !== before;
    });
  });

function movedAt<T>(params: T, [name, ...rest]: readonly string[], by: number): T {
  const copy = (Array.isArray(params) ? [...params] : { ...params }) as Record<string, unknown>;
  const value = copy[name!];
  copy[name!] = rest.length > 0 ? movedAt(value, rest, by) : next(value, by);
  return copy as T;
}

/** The next number; of a text the next day, the next hundredth, or one of its own last place when that is finer. */
function next(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value + by;
  const text = String(value);
  if (/^\d{4}$|^\d{8}$/.test(text)) return String(Number(text) + by);
  const places = Math.max(2, text.split('.')[1]?.length ?? 0);
  return (Number(text) + by / 10 ** places).toFixed(places);
}

const canBeInapplicable = ({ rule, empty }: CaseTable): boolean =>
  sourceOf(rule).includes('not-applicable') || isEverInapplicable(rule, empty);

const sourceOf = (rule: AnyRule) => String((rule as unknown as Record<'check', unknown>).check);

/** Does the rule answer so while it is asked? */
function isEverInapplicable(rule: AnyRule, ask: (rule: AnyRule) => unknown): boolean {
  const { check } = rule as unknown as {
    check: (
      this: void,
      claim: Claim,
      params: unknown,
      context: RuleContext,
    ) => readonly Found[] | 'not-applicable';
  };
  let isSo = false;
  const watched = (claim: Claim, params: unknown, context: RuleContext) => {
    const answer = check(claim, params, context);
    isSo ||= answer === 'not-applicable';
    return answer;
  };
  ask({ ...rule, check: watched } as unknown as AnyRule);
  return isSo;
}
