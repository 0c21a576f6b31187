import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decimalText, scale } from '../platform/money.ts';
import type { Law } from './law.ts';
import { loadPolicy } from './policy-files.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function loadFiles(files: Readonly<Record<string, unknown>>): Law {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return loadPolicy(pathToFileURL(`${folder}/`));
}

const value = (from: string, amount: unknown, more: object = {}) => ({
  from,
  value: amount,
  source: 'NĐ 1/2020',
  grade: 'B',
  ...more,
});
const parameter = (values: readonly object[], more: object = {}) => ({
  id: 'base-salary',
  unit: 'VND/month',
  verifiedOn: '2026-10-01',
  values,
  ...more,
});
const salaryOn = (law: Law, date: string) =>
  decimalText(law.trace(date, 'TEST', '', (policy) => policy.decimal('base-salary')).value);

describe('a faulty policy stops the start and says which file, which parameter and what', () => {
  const good = [value('2020-01-01', '100'), value('2021-01-01', '200')];
  const { source: _source, ...withoutSource } = value('2020-01-01', '100') as Record<string, unknown>;
  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    [
      'overlap',
      { 'a.json': parameter([value('2020-01-01', '100', { to: '2021-01-02' }), value('2021-01-01', '200')]) },
      /a\.json, base-salary: overlap.*2021-01-02.*2021-01-01/,
    ],
    [
      'wrong order',
      { 'a.json': parameter(good.toReversed()) },
      /a\.json, base-salary: wrong order: 2020-01-01 stands after 2021-01-01/,
    ],
    [
      'the same day twice',
      { 'a.json': parameter([value('2020-01-01', '1'), value('2020-01-01', '2')]) },
      /base-salary: wrong order/,
    ],
    [
      'a gap without a reason',
      { 'a.json': parameter([value('2020-01-01', '1', { to: '2020-06-01' }), value('2021-01-01', '2')]) },
      /base-salary: gap: nothing holds from 2020-06-01 until 2021-01-01, and no "pause" says why/,
    ],
    [
      'a pause that nothing follows',
      { 'a.json': parameter([value('2020-01-01', '1', { to: '2020-06-01', pause: 'no text' })]) },
      /base-salary: the value from 2020-01-01 pauses, but none follows/,
    ],
    [
      'a pause that is none',
      {
        'a.json': parameter([
          value('2020-01-01', '1', { to: '2021-01-01', pause: 'no text' }),
          value('2021-01-01', '2'),
        ]),
      },
      /base-salary: the value from 2020-01-01 pauses, but the next follows at once/,
    ],
    [
      'a required parameter that is missing',
      {
        'a.json': parameter([value('2020-01-01', '1')]),
        'required.json': { required: [{ from: '2020-01-01', ids: ['other'] }] },
      },
      /required\.json, other: required, but nothing holds on 2020-01-01/,
    ],
    [
      'a required parameter that begins late',
      {
        'a.json': parameter([value('2020-01-02', '1')]),
        'required.json': { required: [{ from: '2020-01-01', ids: ['base-salary'] }] },
      },
      /required\.json, base-salary: required, but nothing holds on 2020-01-01/,
    ],
    [
      'a required parameter that pauses',
      {
        'a.json': parameter([
          value('2019-01-01', '0'),
          value('2020-01-01', '1', { to: '2020-06-01', pause: 'no text' }),
          value('2021-01-01', '2'),
        ]),
        'required.json': { required: [{ from: '2019-05-01', ids: ['base-salary'] }] },
      },
      /base-salary: required, but nothing holds on 2020-06-01/,
    ],
    [
      'a required parameter that ends',
      {
        'a.json': parameter([value('2020-01-01', '1', { to: '2020-06-01' })]),
        'required.json': { required: [{ from: '2020-01-01', to: '2020-06-02', ids: ['base-salary'] }] },
      },
      /base-salary: required, but nothing holds on 2020-06-01/,
    ],
    [
      'missing source',
      { 'a.json': parameter([withoutSource]) },
      /a\.json, base-salary: \/values\/0 must have required property 'source'/,
    ],
    [
      'blank source',
      { 'a.json': parameter([value('2020-01-01', '1', { source: '  ' })]) },
      /base-salary: \/values\/0\/source/,
    ],
    [
      'missing source inside a family',
      {
        'a.json': {
          family: 'x',
          unit: 'percent',
          verifiedOn: '2026-10-01',
          parameters: [{ id: 'x.1', values: [withoutSource] }],
        },
      },
      /a\.json, x\.1: .*'source'/,
    ],
    [
      'end before beginning',
      { 'a.json': parameter([value('2020-01-01', '1', { to: '2020-01-01' })]) },
      /ends before it begins/,
    ],
    [
      'a day that does not exist',
      { 'a.json': parameter([value('2021-02-29', '1')]) },
      /base-salary: 2021-02-29 is not a day/,
    ],
    [
      'a verification day that does not exist',
      { 'a.json': parameter(good, { verifiedOn: '2026-13-01' }) },
      /base-salary: verifiedOn 2026-13-01/,
    ],
    [
      'a JSON number instead of an exact decimal',
      { 'a.json': parameter([value('2020-01-01', 100)]) },
      /base-salary: \/values\/0\/value/,
    ],
    ['no value', { 'a.json': parameter([]) }, /base-salary: \/values/],
    [
      'an unknown field',
      { 'a.json': parameter(good, { colour: 'red' }) },
      /base-salary: .*additional properties/,
    ],
    ['an unknown unit', { 'a.json': parameter(good, { unit: 'euro' }) }, /base-salary: \/unit/],
    [
      'an unknown grade',
      { 'a.json': parameter([value('2020-01-01', '1', { grade: 'E' })]) },
      /base-salary: \/values\/0\/grade/,
    ],
    [
      'an id in two files',
      { 'a.json': parameter(good), 'b.json': parameter(good) },
      /b\.json, base-salary: the same id stands in a\.json/,
    ],
    [
      'an id outside its family',
      {
        'a.json': {
          family: 'x',
          unit: 'percent',
          verifiedOn: '2026-10-01',
          parameters: [{ id: 'y.1', values: good }],
        },
      },
      /a\.json, y\.1: ids of this family/,
    ],
    ['broken JSON', { 'a.json': '{' }, /a\.json, whole file: not JSON/],
    ['no file at all', {}, /no parameter/],
  ])('%s', (_name, files, message) => {
    expect(() => loadFiles(files)).toThrow(message);
  });
  test('the same parameter without a fault loads', () => {
    expect(salaryOn(loadFiles({ 'a.json': parameter(good) }), '2020-12-31')).toBe('100');
  });
});

describe('which value holds on a day', () => {
  const law = loadFiles({
    'a.json': parameter([
      value('2020-01-01', '100', { to: '2020-07-01', pause: 'between two decrees' }),
      value('2021-01-01', '200'),
    ]),
  });
  test.each([
    ['2020-01-01', '100'],
    ['2020-06-30', '100'],
    ['2021-01-01', '200'],
    ['2099-01-01', '200'],
  ])('%s: %s', (date, expected) => {
    expect(salaryOn(law, date)).toBe(expected);
  });
  test.each([['2019-12-31'], ['2020-07-01'], ['2020-12-31']])('%s: none, and no default', (date) => {
    expect(() => salaryOn(law, date)).toThrow(
      expect.objectContaining({ type: 'policy-not-in-force', values: { what: 'base-salary', date } }),
    );
  });
  test('a parameter that no file has, and a method that the formula does not carry out, are refused', () => {
    const method = loadFiles({ 'a.json': parameter([value('2020-01-01', 'largest')], { unit: 'method' }) });
    const refused = expect.objectContaining({ type: 'policy-not-in-force' });
    expect(() => law.trace('2020-01-01', 'TEST', 'x', (policy) => policy.decimal('nothing'))).toThrow(
      refused,
    );
    expect(() =>
      method.trace('2020-01-01', 'TEST', '', (policy) => policy.method('base-salary', 'smallest')),
    ).toThrow(refused);
    expect(() => method.trace('2020-01-01', 'TEST', '', (policy) => policy.decimal('base-salary'))).toThrow(
      refused,
    );
    expect(() => method.trace('2020-01-01', 'TEST', '', (policy) => policy.codes('base-salary'))).toThrow(
      refused,
    );
    expect(() =>
      method.trace('2020-01-01', 'TEST', '', (policy) => policy.entry('base-salary', '1')),
    ).toThrow(refused);
  });
  test('a trace names every value read, its dates and source, and is one object for all days on which the law stands still', () => {
    const read = (date: string) =>
      law.trace(date, 'TEST', '', (policy) => policy.decimal('base-salary')).because;
    expect(read('2020-02-02')).toEqual({
      rule: 'TEST',
      article: 'NĐ 1/2020',
      parameters: [
        { id: 'base-salary', value: '100', from: '2020-01-01', to: '2020-07-01', source: 'NĐ 1/2020' },
      ],
      facts: {},
    });
    expect(read('2020-06-30')).toBe(read('2020-02-02'));
    expect(read('2021-01-01')).not.toBe(read('2020-02-02'));
  });
});

describe('the version of the law', () => {
  const values = [value('2020-01-01', '100')];
  const version = (more: object, inside: readonly object[] = values) =>
    loadFiles({ 'a.json': parameter(inside, more) }).version;
  test('month of the youngest verification and a hash of the content', () => {
    expect(version({})).toMatch(/^2026-10\+[0-9a-f]{8}$/);
  });
  test('does not depend on file names or the order of keys', () => {
    const { id, ...rest } = parameter(values);
    expect(loadFiles({ 'other.json': { ...rest, id } }).version).toBe(version({}));
  });
  test('a new verification without a new value changes the month only', () => {
    expect(version({ verifiedOn: '2026-12-01' })).toBe(version({}).replace('2026-10', '2026-12'));
  });
  test.each<[string, object]>([
    ['value', value('2020-01-01', '101')],
    ['first day', value('2020-01-02', '100')],
    ['last day', value('2020-01-01', '100', { to: '2030-01-01' })],
    ['source', value('2020-01-01', '100', { source: 'NĐ 2/2020' })],
  ])('another %s is another version', (_name, changed) => {
    expect(version({}, [changed])).not.toBe(version({}));
  });
});

describe('the law that is in the product', () => {
  let law: Law;
  beforeAll(() => {
    law = loadPolicy();
  });
  const salaryTimes = (multiple: string, date: string) =>
    law.trace(date, 'TEST', multiple, (policy) =>
      scale(policy.decimal('base-salary'), policy.decimal(`salary-multiple.${multiple}`)),
    );
  test.each([
    ['2019-07-01', '1490000', '223500', '8940000', '67050000'],
    ['2023-06-30', '1490000', '223500', '8940000', '67050000'],
    ['2023-07-01', '1800000', '270000', '10800000', '81000000'],
    ['2024-06-30', '1800000', '270000', '10800000', '81000000'],
    ['2024-07-01', '2340000', '351000', '14040000', '105300000'],
    ['2026-06-30', '2340000', '351000', '14040000', '105300000'],
    ['2026-07-01', '2530000', '379500', '15180000', '113850000'],
  ])('%s: base salary %s, 15 %% %s, 6 times %s, 45 times %s', (date, salary, lowCost, copay, supplies) => {
    expect(salaryOn(law, date)).toBe(salary);
    expect(decimalText(salaryTimes('low-cost-visit', date).value)).toBe(lowCost);
    expect(decimalText(salaryTimes('annual-copay', date).value)).toBe(copay);
    expect(decimalText(salaryTimes('supply-package', date).value)).toBe(supplies);
  });
  test('holds a factor for each of the 27 object codes, from their first day', () => {
    const codes = law.parameters.filter(({ id }) => id.startsWith('route-factor.'));
    expect(codes).toHaveLength(27);
    expect(new Set(codes.map(({ values: [first] }) => first?.from))).toEqual(new Set(['2025-01-01']));
  });
  test('two loads give the same version', () => {
    expect(loadPolicy().version).toBe(law.version);
  });
});
