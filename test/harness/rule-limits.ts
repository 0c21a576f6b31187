import { afterAll, expect } from '@jest/globals';
import type { AnyRule } from '../../src/assessment/rule.ts';

/** Runs all cases of one table with the rule. @returns for each what was found, as one text */
type Run = (one: AnyRule) => readonly string[];

const tables = new Map<string, { readonly one: AnyRule; readonly run: Run }[]>();

/** Rules that look at every claim: there is none to which they do not apply. */
const ALWAYS: ReadonlySet<string> = new Set([
  'STR_MAX_LENGTH',
  'STR_MA_LK_REQUIRED',
  'STR_MISSING_TAG',
  'STR_NUMBER_FORMAT',
  'STR_NUMBER_NEGATIVE',
  'STR_REQUIRED_XML1',
  'STR_UNKNOWN_TAG',
  'STR_XML1_PRESENT',
]);
/** Limits held by a test of their own beside the table (the day of the check moves), or below which there is no number. */
const HELD_BESIDE: ReadonlySet<string> = new Set([
  'DT_DISCHARGE_OLD_YEAR.januaryDays',
  'SUP_TENDER_FORMAT.lowest',
]);

/**
 * What all cases of a rule in a file must show together, once the file has ended: a claim to which it does not apply, and
 * for each of its limits a case on either side: with the limit one step higher or lower another thing is found.
 */
export function holdTogether(one: AnyRule, run: Run): void {
  if (tables.size === 0) afterAll(() => expect([...tables.values()].flatMap(missingOf)).toEqual([]));
  tables.set(one.id, [...(tables.get(one.id) ?? []), { one, run }]);
}

function missingOf(all: readonly { readonly one: AnyRule; readonly run: Run }[]): readonly string[] {
  const { id, params } = all[0]!.one as unknown as { id: string; params: object };
  const limits = Object.keys(params).filter((name) => !HELD_BESIDE.has(`${id}.${name}`));
  const loose = limits.flatMap((name) =>
    ([1, -1] as const).flatMap((side) =>
      all.some(({ one }) => moved(one, name, side) !== null) &&
      !all.some((table) => notices(table, name, side))
        ? [`${id}: no case notices ${name} moved ${side > 0 ? 'up' : 'down'}`]
        : [],
    ),
  );
  const applies = ALWAYS.has(id) || all.some(isNotApplicableIn);
  return applies ? loose : [...loose, `${id}: no case to which it does not apply`];
}

const notices = ({ one, run }: { one: AnyRule; run: Run }, name: string, side: 1 | -1): boolean => {
  const other = moved(one, name, side);
  return other !== null && run(other).join('\n') !== run(one).join('\n');
};

/** The rule with one limit a step higher or lower (half of it where it is no whole number); null for what is no number. */
function moved(one: AnyRule, name: string, side: 1 | -1): AnyRule | null {
  const params = (one as unknown as { params: Record<string, unknown> }).params;
  const value = params[name];
  const isText = typeof value === 'string' && /^\d{1,7}(\.\d+)?$/.test(value);
  if (typeof value !== 'number' && !isText) return null;
  const limit = Number(value);
  const next = limit + side * (Number.isInteger(limit) ? 1 : limit / 2);
  return { ...one, params: { ...params, [name]: isText ? String(next) : next } } as unknown as AnyRule;
}

function isNotApplicableIn({ one, run }: { readonly one: AnyRule; readonly run: Run }): boolean {
  const { check } = one as unknown as { check: (this: void, ...given: unknown[]) => unknown };
  let isSeen = false;
  run({
    ...one,
    check: (...given: unknown[]) => {
      const found = check(...given);
      if (found === 'not-applicable') isSeen = true;
      return found;
    },
  } as unknown as AnyRule);
  return isSeen;
}
