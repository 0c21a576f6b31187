import { describe, expect, test } from '@jest/globals';
import { loadPolicy } from '../benefits/index.ts';
import { builtInsOf } from './built-ins.ts';
import { checkFile } from './check.ts';
import { type AnyRule, inTable, type Rule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';

const builtIns = builtInsOf(loadPolicy());
const parentsOf = new Map(
  (ALL_RULES as readonly Rule<unknown>[]).map(({ id, parents = [] }) => [id, parents]),
);

/** Everything above a rule: parents and theirs, each once. @throws Error for a rule that is above itself */
function above(id: string, path: readonly string[] = []): readonly string[] {
  if (path.includes(id)) throw new Error(`a circle: ${[...path, id].join(' → ')}`);
  const parents = parentsOf.get(id) ?? [];
  return [...new Set(parents.flatMap((parent) => [parent, ...above(parent, [...path, id])]))];
}

/** Its id and parents; says whether it finds something, and nothing else. */
const stub = (id: string, finds: boolean): AnyRule =>
  ({
    id,
    severity: 'error',
    stage: 'order',
    params: {},
    parents: parentsOf.get(id) ?? [],
    check: () => (finds ? [inTable('XML1', 'MA_LK')] : []),
  }) as unknown as AnyRule;

/** Which of the rules speak, where only those would find something for which it is said. */
function speaking(ids: readonly string[], finds: (id: string) => boolean): readonly string[] {
  const rules = ids.map((id) => stub(id, finds(id)));
  const file = { facilityCode: '40021', madeOn: '2026-11-24', records: [{ XML1: [{ MA_LK: 'A' }] }] };
  return checkFile(file, { builtIns, rules }).map(({ rule }) => rule);
}

/** The same of a rule and all above it. The child first: the checker itself puts parents before children. */
const spoken = (id: string, finding: readonly string[]) =>
  speaking([id, ...above(id)], (one) => finding.includes(one));

const children = [...parentsOf].filter(([, parents]) => parents.length > 0);
const pairs = children.flatMap(([child, parents]) => parents.map((parent) => [child, parent] as const));
const isParent = (one: string, child: string) => parentsOf.get(child)!.includes(one);

test('no rule is above itself, and what is above it is a rule', () => {
  const known = new Set(parentsOf.keys());
  expect([...known].flatMap((id) => above(id)).filter((id) => !known.has(id))).toEqual([]);
});

test('there are pairs, each named once', () => {
  expect(pairs.length).toBeGreaterThan(0);
  expect(new Set(pairs.map((pair) => pair.join(' ← '))).size).toBe(pairs.length);
});

describe('a child', () => {
  test.each(pairs)('%s is silent when %s speaks, and only then', (child, parent) => {
    expect(spoken(child, [child, parent])).toEqual([parent]);
    expect(spoken(child, [child])).toEqual([child]);
  });

  test.each(children)('%s speaks when nothing above it does, and waits for all of %j', (child, parents) => {
    expect(spoken(child, [child])).toEqual([child]);
    expect(spoken(child, [child, ...parents])).not.toContain(child);
  });
});

test('of all rules together only those speak that have no parent, one of which stops the rest', () => {
  const tops = [...parentsOf].filter(([, parents]) => parents.length === 0).map(([id]) => id);
  const all = (finds: (id: string) => boolean) => speaking([...parentsOf.keys()], finds);
  expect(all((id) => id !== 'STR_XML1_PRESENT')).toEqual(tops.filter((id) => id !== 'STR_XML1_PRESENT'));
  expect(all(() => true)).toEqual(tops.slice(0, tops.indexOf('STR_XML1_PRESENT') + 1));
});

describe('through generations', () => {
  // A parent that was silenced did not speak: only what is named as a parent silences.
  test('whatever is above a parent is a parent as well', () => {
    expect(pairs.filter(([child, parent]) => above(parent).some((one) => !isParent(one, child)))).toEqual([]);
  });

  test.each(children)('%s is silent when only the highest speaks', (child) => {
    const [highest] = above(child).filter((one) => above(one).length === 0);
    expect(spoken(child, [child, ...above(child)])).not.toContain(child);
    expect(spoken(child, [child, highest!])).toEqual([highest]);
  });
});
