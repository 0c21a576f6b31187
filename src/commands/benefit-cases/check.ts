import type { Law } from '../../benefits/index.ts';
import { Problem } from '../../platform/problem.ts';
import { type Difference, differences, expectations } from './compare.ts';
import type { Computed, Explanation } from './computed.ts';
import { computeEncounter } from './encounter.ts';
import { parseExactJson } from './exact-json.ts';
import { CaseFault, Fields } from './fields.ts';
import { computeFunction } from './functions.ts';

/** What became of one case. */
export interface Checked {
  readonly id: string;
  readonly ok: boolean;
  readonly differences: readonly Difference[];
  readonly explanation: readonly Explanation[];
  /** Why it could not be computed: the case itself is wrong, or the law refuses it. */
  readonly fault?: CaseFault | Problem;
  /** Places of what the computation does not know, and `expected` where nothing is asserted. */
  readonly warnings: readonly CaseFault[];
}

/**
 * The cases of one file. Only their list is looked at: a case that is wrong inside fails alone.
 * @throws CaseFault, with the place, when there is no such list; SyntaxError, RangeError for what is no JSON
 */
export function casesOf(json: string): readonly { readonly id: string; readonly fields: Fields }[] {
  const file = new Fields(parseExactJson(json), '');
  return file.objects('cases').map((one) => {
    const id = one.text('id');
    // From here on places are named within the case.
    return {
      id,
      fields: new Fields(Object.fromEntries(one.names().map((name) => [name, one.raw(name)])), ''),
    };
  });
}

/** Computes a case and compares it with what it expects; what is wrong with it is its result, not an error. */
export function checkCase({ id, fields }: { id: string; fields: Fields }, law: Law): Checked {
  fields.ignore('id', 'title', 'because', 'interpretation', 'expected');
  try {
    const expected = expectedOf(fields);
    const refused = expected.textOrNull('refused');
    const asserted = expectations(expected).filter(([path]) => path !== 'refused');
    const computed = compute(fields, law, refused);
    const found =
      computed instanceof Problem
        ? refusalDifference(refused, computed)
        : differencesFrom(asserted, computed, refused);
    return {
      id,
      ok: found.length === 0,
      differences: found,
      explanation: computed instanceof Problem ? [] : computed.explanation,
      warnings: warningsOf(fields, asserted.length === 0 && refused === null),
    };
  } catch (error) {
    if (!(error instanceof CaseFault || error instanceof Problem)) throw error;
    return {
      id,
      ok: false,
      differences: [],
      explanation: [],
      fault: error,
      warnings: warningsOf(fields, false),
    };
  }
}

function expectedOf(fields: Fields): Fields {
  const value = fields.raw('expected');
  if (value === null) throw new CaseFault('expected', 'missing');
  return new Fields(value, 'expected');
}

/** A refusal is a result only where the case expects one. */
function compute(fields: Fields, law: Law, refused: string | null): Computed | Problem {
  const kind = fields.oneOf('kind', ['encounter', 'function']);
  try {
    return kind === 'encounter' ? computeEncounter(fields, law) : computeFunction(fields, law);
  } catch (error) {
    if (error instanceof Problem && refused !== null) return error;
    throw error;
  }
}

/** `route-not-possible`, or with the place of the refusal `route-not-possible routeColumn`. */
function refusalDifference(refused: string | null, { type, places }: Problem): Difference[] {
  const place = places[0]?.message.split('.').at(-1);
  const full = place === undefined ? type : `${type} ${place}`;
  return refused === type || refused === full
    ? []
    : [{ path: 'refused', expected: refused ?? '', actual: full }];
}

function differencesFrom(
  asserted: readonly (readonly [string, unknown])[],
  computed: Computed,
  refused: string | null,
): Difference[] {
  const found = differences(asserted, computed);
  return refused === null ? found : [{ path: 'refused', expected: refused, actual: null }, ...found];
}

function warningsOf(fields: Fields, assertsNothing: boolean): CaseFault[] {
  return [
    ...fields.unread().map((path) => new CaseFault(path, 'unknown')),
    ...(assertsNothing ? [new CaseFault('expected', 'nothing')] : []),
  ];
}
