import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { CATALOGUE_NAMES } from '../../src/assessment/catalogues.ts';
import { ALL_RULES, FILE_RULES, ruleFacts } from '../../src/assessment/index.ts';
import type { Rule } from '../../src/assessment/rule.ts';
import { catalogue } from '../../src/messages/index.ts';

const facts = ruleFacts();
const all = [...ALL_RULES, ...FILE_RULES] as readonly (Omit<Rule<unknown>, 'check'> & { params: object })[];
const known = new Map(facts.map((fact) => [fact.id, fact]));
const sorted = (names: readonly string[]) => names.toSorted();

const folder = fileURLToPath(new URL('../../src/assessment/', import.meta.url));
const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

describe('the rules', () => {
  test('have ids of their own, in the list of facts and among the rules', () => {
    expect(known.size).toBe(facts.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  test('are those of the facts: an id that has no rule says why, and is never given to another', () => {
    const wanted = facts.filter(({ absent }) => absent === undefined).map(({ id }) => id);
    expect(sorted(all.map(({ id }) => id))).toEqual(sorted(wanted));
    expect(facts.filter(({ absent }) => absent?.trim() === '')).toEqual([]);
  });

  test.each(all.map((rule) => [rule.id, rule] as const))('%s is as laid down', (id, rule) => {
    const fact = known.get(id)!;
    expect({
      severity: rule.severity,
      stage: rule.stage,
      isOff: rule.isOffByDefault ?? false,
      needs: sorted(rule.needs ?? []),
      missing: fact.params.filter((name) => !(name in rule.params)),
    }).toEqual({
      severity: fact.severity,
      stage: fact.stage,
      isOff: fact.isOffByDefault ?? false,
      needs: sorted(fact.needs),
      missing: [],
    });
  });

  test.each(facts.map((fact) => [fact.id, fact] as const))('%s has a definition and a source', (_, fact) => {
    expect(fact.checks.trim()).not.toBe('');
    expect(fact.source.length).toBeGreaterThan(0);
    const names: readonly string[] = CATALOGUE_NAMES;
    expect([...fact.needs, ...(fact.uses ?? [])].filter((name) => !names.includes(name))).toEqual([]);
  });

  test('have a message each, and there is no message without a rule', () => {
    const wanted = facts.filter(({ absent }) => absent === undefined).map(({ id }) => `rules.${id}`);
    for (const language of ['vi', 'en'] as const)
      expect(sorted([...catalogue(language).keys()].filter((key) => key.startsWith('rules.')))).toEqual(
        sorted(wanted),
      );
  });

  // The tables hold that each has a case that passes, one that fails, one at each limit among its parameters and one
  // with nothing to look at, and that every message has its values.
  test('have their cases beside them', () => {
    expect(all.map(({ id }) => id).filter((id) => !tests.includes(`'${id}'`))).toEqual([]);
  });

  test('wait only for other rules', () => {
    expect(
      all
        .flatMap(({ id, parents = [] }) => parents.map((parent) => [id, parent] as const))
        .filter(([id, parent]) => parent === id || !known.has(parent)),
    ).toEqual([]);
  });
});
