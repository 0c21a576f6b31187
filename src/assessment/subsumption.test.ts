import { describe, expect, test } from '@jest/globals';
import { loadPolicy } from '../benefits/index.ts';
import { builtInsOf } from './built-ins.ts';
import { checkFile } from './check.ts';
import type { AnyRule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';

const byId = new Map(ALL_RULES.map((one) => [one.id, one]));
const builtIns = builtInsOf(loadPolicy());
const file = { facilityCode: '40021', madeOn: '2026-09-01', records: [{ XML1: [{ MA_LK: 'A' }] }] };

/** Everything above a rule, itself included. */
function family(id: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(id)) return known;
  known.add(id);
  for (const parent of byId.get(id)!.parents ?? []) family(parent, known);
  return known;
}

/** The rules as they stand to each other, each of which finds something where it is told to. */
function spoken(ids: ReadonlySet<string>, finding: readonly string[]): readonly string[] {
  const rules = [...ids].map((id) => ({
    ...byId.get(id)!,
    needs: [],
    check: () => (finding.includes(id) ? [{ table: 'XML1', row: null, field: null, values: {} }] : []),
  })) as unknown as readonly AnyRule[];
  return checkFile(file, { builtIns, rules }).map(({ rule }) => rule);
}

const pairs = ALL_RULES.flatMap(({ id, parents = [] }) => parents.map((parent) => [id, parent] as const));

test('there are as many pairs as are laid down, and nobody stands above itself', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(32);
  for (const { id, parents = [] } of ALL_RULES)
    for (const parent of parents) expect([id, family(parent).has(id)]).toEqual([id, false]);
});

describe.each(pairs)('%s below %s', (child, parent) => {
  test('says nothing where the rule above speaks, and speaks where it is silent', () => {
    const all = family(child);
    expect(spoken(all, [child, parent])).toEqual([parent]);
    expect(spoken(all, [child])).toEqual([child]);
  });
});
