import { expect, test } from '@jest/globals';
import type { Catalogues } from '../../src/assessment/catalogues.ts';
import { builtInsOf, checkFiles } from '../../src/assessment/index.ts';
import type { AnyRule, CauseKind, Finding, Row } from '../../src/assessment/rule.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { text } from '../../src/messages/index.ts';
import { readsOf } from './reads.ts';
import { holdKinds } from './rule-cases.ts';

/** Rows of a claim by table; a test's claim contains only what the rule looks at. */
export type TestTables = Readonly<Record<string, readonly Row[]>>;
export const xml1 = (values: Row): TestTables => ({ XML1: [values] });

/** What every finding of a case has beside its place: kind and key of its cause. */
export interface Told {
  readonly cause?: `${CauseKind} ${string}`;
}

/** Name, tables, and where the rule must speak: `TABLE[:row] FIELD`, in order. */
export type RuleCase = readonly [name: string, tables: TestTables, expected: readonly string[], told?: Told];

const builtIns = builtInsOf(loadPolicy());
const FACILITY = '40021';
export const CHECK_DAY = '2026-11-24';

const fileOf = (tables: TestTables, madeOn = CHECK_DAY) => ({
  facilityCode: FACILITY,
  madeOn,
  records: [tables],
});

/** Name, claims in the order given, and where the rule must speak: `number of the claim, TABLE[:row] FIELD`. */
export type SetCase = readonly [
  name: string,
  claims: readonly TestTables[],
  expected: readonly string[],
  told?: Told,
];

/** Runs one rule alone over sets of claims, each a file of its own; every message must have all its values. */
export function setTable(
  rules: readonly AnyRule[],
  id: string,
  cases: readonly SetCase[],
  {
    catalogues = {},
    params = {},
  }: { catalogues?: Catalogues; params?: Readonly<Record<string, unknown>> } = {},
): void {
  const found = rules.find((rule) => rule.id === id);
  test(`${id} is declared`, () => expect(found?.id).toBe(id));
  if (!found) return;
  const own = withParams(found, params);
  const alone = [readsOf(own)];
  const asked = (claims: readonly TestTables[]) => (one: AnyRule) =>
    [
      ...checkFiles(
        claims.map((one) => fileOf(one)),
        { builtIns, rules: [one], catalogues },
      ),
    ]
      .flat()
      .map(place);
  holdKinds(id, {
    rule: own,
    places: (one) => cases.flatMap(([name, claims]) => [name, ...asked(claims)(one)]),
    empty: asked([visit({}), visit({})]),
  });
  test(`${id}: has a case that passes and one that fails`, () => {
    expect(cases.some(([, , expected]) => expected.length === 0)).toBe(true);
    expect(cases.some(([, , expected]) => expected.length > 0)).toBe(true);
  });
  test.each(cases)(`${id}: %s`, (_name, claims, expected, told = {}) => {
    const byClaim = [
      ...checkFiles(
        claims.map((one) => fileOf(one)),
        { builtIns, rules: alone, catalogues },
      ),
    ];
    expect(byClaim.flatMap((findings, index) => findings.map((one) => `${index + 1} ${place(one)}`))).toEqual(
      expected,
    );
    for (const finding of byClaim.flat()) expectWhole(id, finding, told);
  });
}

/** The rule without what stands above it, its defaults overlaid. */
const withParams = (one: AnyRule, params: object): AnyRule =>
  ({ ...one, parents: [], params: { ...(one.params as object), ...params } }) as unknown as AnyRule;

const place = ({ table, row, field }: Finding) => `${row === null ? table : `${table}:${row}`} ${field}`;

function expectWhole(id: string, { values, row, table, field, cause }: Finding, told: Told): void {
  if (told.cause) expect(cause && `${cause.kind} ${cause.key}`).toBe(told.cause);
  for (const language of ['vi', 'en'] as const)
    expect(
      text(language, `rules.${id}`, { row: String(row), table, field: String(field), ...values }),
    ).not.toMatch(/[{}]/);
}

/** Runs one rule alone over each case and holds where it speaks; every message must have all its values. */
export function ruleTable(
  rules: readonly AnyRule[],
  id: string,
  cases: readonly RuleCase[],
  catalogues: Catalogues = {},
  params: Readonly<Record<string, unknown>> = {},
  madeOn = CHECK_DAY,
): void {
  const found = rules.find((rule) => rule.id === id);
  test(`${id} is declared`, () => expect(found?.id).toBe(id));
  if (!found) return;
  const own = withParams(found, params);
  const alone = [readsOf(own)];
  const asked = (tables: TestTables) => (one: AnyRule) =>
    [...checkFiles([fileOf(tables, madeOn)], { builtIns, rules: [one], catalogues })].flat().map(place);
  holdKinds(id, {
    rule: own,
    places: (one) => cases.flatMap(([name, tables]) => [name, ...asked(tables)(one)]),
    empty: asked(xml1({})),
  });
  test(`${id}: has a case that passes and one that fails`, () => {
    expect(cases.some(([, , expected]) => expected.length === 0)).toBe(true);
    expect(cases.some(([, , expected]) => expected.length > 0)).toBe(true);
  });
  test.each(cases)(`${id}: %s`, (_name, tables, expected, told = {}) => {
    const findings = [...checkFiles([fileOf(tables, madeOn)], { builtIns, rules: alone, catalogues })].flat();
    expect(findings.map(place)).toEqual(expected);
    for (const finding of findings) expectWhole(id, finding, told);
  });
}

/** A claim of one person, for sets: XML1 with these values, other tables beside it. */
export const visit = (values: Row, tables: TestTables = {}): TestTables => ({
  XML1: [
    {
      MA_LK: 'A',
      MA_BN: 'P1',
      MA_CSKCB: '40021',
      MA_LOAI_KCB: '01',
      MA_DOITUONG_KCB: '1.1',
      NGAY_VAO: '202611020800',
      NGAY_RA: '202611021000',
      ...values,
    },
  ],
  ...tables,
});
