import { expect, test } from '@jest/globals';
import type { Catalogues } from '../../src/assessment/catalogues.ts';
import { builtInsOf, checkFile } from '../../src/assessment/index.ts';
import type { AnyRule, Row } from '../../src/assessment/rule.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { text } from '../../src/messages/index.ts';

/** Rows of a claim by table; a test's claim contains only what the rule looks at. */
export type TestTables = Readonly<Record<string, readonly Row[]>>;
export const xml1 = (values: Row): TestTables => ({ XML1: [values] });

/** Name, tables, and where the rule must speak: `TABLE[:row] FIELD`, in order. */
export type RuleCase = readonly [name: string, tables: TestTables, expected: readonly string[]];

const builtIns = builtInsOf(loadPolicy());
const FACILITY = '40021';
export const CHECK_DAY = '2026-11-24';

/** Runs one rule alone over each case and holds where it speaks; every message must have all its values. */
export function ruleTable(
  rules: readonly AnyRule[],
  id: string,
  cases: readonly RuleCase[],
  catalogues: Catalogues = {},
): void {
  const found = rules.find((rule) => rule.id === id);
  test(`${id} is declared`, () => expect(found?.id).toBe(id));
  if (!found) return;
  const alone = [{ ...found, parents: [] } as AnyRule];
  test(`${id}: has a case that passes and one that fails`, () => {
    expect(cases.some(([, , expected]) => expected.length === 0)).toBe(true);
    expect(cases.some(([, , expected]) => expected.length > 0)).toBe(true);
  });
  test.each(cases)(`${id}: %s`, (_name, tables, expected) => {
    const findings = checkFile(
      { facilityCode: FACILITY, madeOn: CHECK_DAY, records: [tables] },
      { builtIns, rules: alone, catalogues },
    );
    expect(
      findings.map(({ table, row, field }) => `${row === null ? table : `${table}:${row}`} ${field}`),
    ).toEqual(expected);
    for (const { values, row, table, field } of findings)
      for (const language of ['vi', 'en'] as const)
        expect(
          text(language, `rules.${id}`, { row: String(row), table, field: String(field), ...values }),
        ).not.toMatch(/[{}]/);
  });
}
