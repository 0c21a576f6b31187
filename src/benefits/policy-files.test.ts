import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decimalText, scale } from '../platform/money.ts';
import { createLaw, type Law } from './law.ts';
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
    [
      'the eleventh of a family',
      {
        'a.json': {
          family: 'x',
          unit: 'percent',
          verifiedOn: '2026-10-01',
          parameters: Array.from({ length: 11 }, (_, index) => ({
            id: `x.${index + 1}`,
            values: [index === 10 ? withoutSource : value('2020-01-01', '1')],
          })),
        },
      },
      /a\.json, x\.11: .*'source'/,
    ],
    [
      'a parameter of a family that is none',
      { 'a.json': { family: 'x', unit: 'percent', verifiedOn: '2026-10-01', parameters: [null] } },
      /a\.json, x: \/parameters\/0 must be object/,
    ],
    [
      'two faults: the one deeper inside is told',
      { 'a.json': parameter([withoutSource], { unit: 'euro' }) },
      /base-salary: \/values\/0 must have required property 'source'/,
    ],
    [
      'two faults: deeper, not longer',
      { 'a.json': parameter([withoutSource], { verifiedOn: '1.10.2026' }) },
      /base-salary: \/values\/0 must have required property 'source'/,
    ],
    ['nothing', { 'a.json': 'null' }, /a\.json, whole file: file must be object/],
    ['broken JSON', { 'a.json': '{' }, /a\.json, whole file: not JSON/],
    ['no file at all', {}, /\*\.json, no parameter: nothing found in .*policy-/],
  ])('%s', (_name, files, message) => {
    expect(() => loadFiles(files)).toThrow(message);
  });
  test('a pause before the days on which a parameter is required does not matter', () => {
    const law = loadFiles({
      'a.json': parameter([
        value('2018-01-01', '1', { to: '2018-06-01', pause: 'no text' }),
        value('2019-01-01', '2'),
      ]),
      'required.json': { required: [{ from: '2020-01-01', ids: ['base-salary'] }] },
    });
    expect(salaryOn(law, '2020-01-01')).toBe('2');
  });
  test('what JSON says of its fault is kept as the cause', () => {
    expect(() => loadFiles({ 'a.json': '{' })).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ name: 'SyntaxError' }) }),
    );
  });
  test('a member of a family may have a unit of its own', () => {
    const law = loadFiles({
      'a.json': {
        family: 'x',
        unit: 'percent',
        verifiedOn: '2026-10-01',
        parameters: [
          { id: 'x.1', values: good },
          { id: 'x.2', unit: 'days', values: good },
        ],
      },
    });
    expect(law.parameters.map(({ id, unit }) => `${id} ${unit}`)).toEqual(['x.1 percent', 'x.2 days']);
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
  test('a decimal is neither a list of codes nor the name of a method, even with a digit in it', () => {
    const as = (raw: unknown) => {
      const [first] = law.parameters;
      const values = [{ ...first!.values[0]!, value: raw as string }];
      return createLaw([{ ...first!, values }], 'test');
    };
    const read = (raw: unknown) =>
      as(raw).trace('2020-01-01', 'TEST', '', (policy) => policy.decimal('base-salary')).value;
    expect(decimalText(read('100'))).toBe('100');
    for (const raw of [['100'], { a: '100' }, 'largest-of-2'])
      expect(() => read(raw)).toThrow(expect.objectContaining({ type: 'policy-not-in-force' }));
  });
  test('what a table does not say is refused by table and key; codes are shown apart', () => {
    const files = loadFiles({
      'a.json': parameter([value('2020-01-01', { a: '1', b: null })]),
      'b.json': parameter([value('2020-01-01', ['03', '04'])], { id: 'codes', unit: 'code' }),
    });
    const entry = (key: string) =>
      files.trace('2020-01-01', 'TEST', key, (policy) => decimalText(policy.entry('base-salary', key)));
    expect(entry('a').value).toBe('1');
    for (const key of ['b', 'c'])
      expect(() => entry(key)).toThrow(
        expect.objectContaining({ values: { what: `base-salary/${key}`, date: '2020-01-01' } }),
      );
    const codes = files.trace('2020-01-01', 'TEST', 'codes', (policy) => policy.codes('codes'));
    expect(codes.because.parameters.map((one) => `${one.id}: ${one.value}`)).toEqual(['codes: 03 04']);
  });
  test('a ruling that read nothing stands on no article', () => {
    expect(law.trace('2020-01-01', 'TEST', 'nothing', () => 1)).toEqual({
      value: 1,
      because: { rule: 'TEST', article: '', parameters: [], facts: {} },
    });
  });
  test('since when a value holds; never, for what no file has', () => {
    const since = ['2019-12-31', '2020-06-30', '2020-07-01', '2026-01-01'].map((date) =>
      law.inForceSince('base-salary', date),
    );
    expect(since).toEqual([null, '2020-01-01', null, '2021-01-01']);
    expect(law.inForceSince('nothing', '2020-06-30')).toBeNull();
  });
  test('a trace names every value read, its dates and source, and is one object for all days on which the law stands still', () => {
    const read = (date: string) =>
      law.trace(date, 'TEST', 'kept', (policy) => policy.decimal('base-salary')).because;
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
  test('does not depend on the order of keys in a table, nor on the order of parameters', () => {
    const ab = parameter([value('2020-01-01', { a: '1', b: '2' })]);
    const ba = parameter([value('2020-01-01', { b: '2', a: '1' })]);
    const codes = parameter([value('2020-01-01', ['03', '04'])], { id: 'codes', unit: 'code' });
    const one = loadFiles({ 'a.json': ab, 'b.json': codes });
    expect(loadFiles({ 'a.json': codes, 'b.json': ba }).version).toBe(one.version);
  });
  test('is the same in every release: the hash of one fixed spelling of the content', () => {
    const dates = '"from":"2020-01-01","grade":"B","source":"NĐ 1/2020","to":null';
    const spelt = (id: string, unit: string, content: string) =>
      `{"id":"${id}","unit":"${unit}","values":[{"article":"NĐ 1/2020",${dates},"value":${content}}]}`;
    const hash = createHash('sha256')
      .update(
        [spelt('base-salary', 'VND/month', '{"a":"1","b":null}'), spelt('codes', 'code', '["03","04"]')].join(
          '\n',
        ),
      )
      .digest('hex');
    const law = loadFiles({
      'a.json': parameter([value('2020-01-01', { b: null, a: '1' })]),
      'b.json': parameter([value('2020-01-01', ['03', '04'])], { id: 'codes', unit: 'code' }),
    });
    expect(law.version).toBe(`2026-10+${hash.slice(0, 8)}`);
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
