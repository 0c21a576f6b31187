import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadPolicy } from '../../benefits/index.ts';
import { casesOf, checkCase } from './check.ts';
import { valueText } from './computed.ts';
import { CaseFault } from './fields.ts';

const law = loadPolicy();
const folder = new URL('../../../fixtures/benefit-cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** A case that passes, to be spoilt in one place each time. */
const GOOD = {
  id: 'G1',
  kind: 'encounter',
  title: 'one service',
  date: '2026-08-10',
  encounter: { maLoaiKcb: '01', treatment: 'outpatient', ngayVao: '2026-08-10', ngayRa: '2026-08-10' },
  facility: { level: 'basic', points: 45, legacyTier: 'district' },
  objectCode: '1.1',
  cards: [{ maThe: 'DN4990000000001', tu: '2019-01-01', den: '2027-12-31' }],
  circumstances: {},
  lines: [
    {
      id: 'L1',
      loai: 'service',
      xml: 'XML3',
      at: '2026-08-10',
      soLuong: 1,
      donGiaBv: 500_000,
      donGiaBh: 500_000,
      phamVi: 1,
      catalogTyleTtBh: 100,
    },
  ],
  expected: { lines: { L1: { MUC_HUONG: 80, T_BHTT: 400_000 } }, totals: { patientTotal: 100_000 } },
};

type Json = Record<string, unknown>;
/** The case with one place changed; undefined removes it. */
function spoilt(path: string, value: unknown): Json {
  const copy = structuredClone(GOOD) as unknown as Json;
  const names = path.split('.');
  const last = names.pop()!;
  const holder = names.reduce<Json>((inner, name) => inner[name] as Json, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}
const check = (one: Json | string) => {
  const [first] = casesOf(typeof one === 'string' ? one : JSON.stringify({ cases: [one] }));
  return checkCase(first!, law);
};

describe.each(files)('%s', (file) => {
  const cases = casesOf(readFileSync(new URL(file, folder), 'utf8'));
  test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const { fault, differences, warnings } = checkCase(one, law);
    expect([fault, differences, warnings]).toEqual([undefined, [], []]);
  });
});

describe('a case', () => {
  test('passes, and each amount is explained by its rules in order', () => {
    const { ok, explanation } = check(GOOD);
    expect(ok).toBe(true);
    const copay = explanation.find(({ path }) => path === 'lines.L1.T_BNCCT')!;
    expect([valueText(copay.amount), copay.rules.map(({ rule }) => rule)]).toEqual([
      '100000',
      ['CARD-LEVEL', 'ROUTE-1.1'],
    ]);
    expect(copay.rules[0]!.parameters).toEqual([
      expect.objectContaining({ id: 'card-level.4', value: '80', from: '2015-01-01', to: null }),
    ]);
    expect(explanation.find(({ path }) => path === 'totals.T_BHTT')!.rules).toHaveLength(2);
  });

  test('fails with the path of every value that differs, to the hundredth', () => {
    const { ok, differences } = check(
      spoilt('expected', {
        lines: { L1: { T_BHTT: 400_000.01, MUC_HUONG: 80 }, L9: { T_BHTT: 1 } },
        totals: { T_BHTT: 400_000, T_NO_SUCH: 5 },
        belowThreshold: true,
        routeFactor: null,
      }),
    );
    expect(ok).toBe(false);
    expect(differences).toEqual([
      { path: 'lines.L1.T_BHTT', expected: '400000.01', actual: '400000' },
      { path: 'lines.L9.T_BHTT', expected: '1', actual: null },
      { path: 'totals.T_NO_SUCH', expected: '5', actual: null },
      { path: 'belowThreshold', expected: 'true', actual: 'false' },
    ]);
  });

  test('numbers are decimals as written, never floats', () => {
    const json = JSON.stringify({ cases: [GOOD] })
      .replace('"soLuong":1', '"soLuong":3.333')
      .replaceAll('500000', '1234.567')
      .replace(
        /"expected":.*/,
        '"expected":{"lines":{"L1":{"THANH_TIEN_BV":4114.810,"T_BHTT":4.11481e3}}}}]}',
      );
    expect(check(json)).toMatchObject({ ok: true });
    const huge = json.replace('4114.810', '0.1e-2');
    expect(check(huge).differences[0]).toMatchObject({ expected: '0.001', actual: '4114.81' });
  });

  const FAULTS: readonly (readonly [string, unknown, string, string])[] = [
    ['kind', 'visit', 'kind', 'notOneOf'],
    ['kind', undefined, 'kind', 'missing'],
    ['date', '2026-02-30', 'date', 'notDay'],
    ['date', '2026-08-10T25:00', 'date', 'notDay'],
    ['encounter', undefined, 'encounter', 'missing'],
    ['encounter', 'x', 'encounter', 'notObject'],
    ['encounter.treatment', 'day', 'encounter.treatment', 'notOneOf'],
    ['encounter.maLoaiKcb', undefined, 'encounter.maLoaiKcb', 'missing'],
    ['facility', null, 'facility', 'missing'],
    ['facility.level', 'high', 'facility.level', 'notOneOf'],
    ['facility.points', -1, 'facility.points', 'notNumber'],
    ['cards', undefined, 'cards', 'missing'],
    ['cards', {}, 'cards', 'notList'],
    ['cards.0.maThe', undefined, 'cards[0].maThe', 'missing'],
    ['cards.0.tu', '10/08/2026', 'cards[0].tu', 'notDay'],
    ['cards.0.maKhuVuc', 'K9', 'cards[0].maKhuVuc', 'notOneOf'],
    ['circumstances', [], 'circumstances', 'notObject'],
    ['circumstances.presentedAt', 'soon', 'circumstances.presentedAt', 'notDay'],
    ['circumstances.chronicDispense', 'yes', 'circumstances.chronicDispense', 'notFlag'],
    ['lines', null, 'lines', 'missing'],
    ['lines.0', 5, 'lines[0]', 'notObject'],
    ['lines.0.id', undefined, 'lines[0].id', 'missing'],
    ['lines.0.loai', 'food', 'lines[0].loai', 'notOneOf'],
    ['lines.0.at', undefined, 'lines[0].at', 'missing'],
    ['lines.0.soLuong', 'many', 'lines[0].soLuong', 'notNumber'],
    ['lines.0.soLuong', true, 'lines[0].soLuong', 'notText'],
    ['lines.0.donGiaBv', 1e300, 'lines[0].donGiaBv', 'notNumber'],
    ['lines.0.donGiaBh', undefined, 'lines[0].donGiaBh', 'missing'],
    ['lines.0.phamVi', undefined, 'lines[0].phamVi', 'missing'],
    ['lines.0.facts', { examOrdinal: 0 }, 'lines[0].facts.examOrdinal', 'notOrdinal'],
    ['lines.0.facts', { bedOccupants: 1.5 }, 'lines[0].facts.bedOccupants', 'notOrdinal'],
    ['lines.0.facts', { surgeryRole: 'helper' }, 'lines[0].facts.surgeryRole', 'notOneOf'],
    ['lines.0.nguonKhac', { kind: 'friend' }, 'lines[0].nguonKhac.kind', 'notOneOf'],
    ['lines.0.nguonKhac', { kind: 'individual' }, 'lines[0].nguonKhac.amount', 'missing'],
    ['lines.1', GOOD.lines[0], 'lines[1].id', 'twice'],
    ['expected', undefined, 'expected', 'missing'],
    ['expected', [], 'expected', 'notObject'],
    ['expected.totals', [[1]], 'expected.totals', 'notValue'],
  ];
  test.each(FAULTS)('with %s = %j is blamed at %s: %s', (path, value, at, fault) => {
    const json = JSON.stringify({ cases: [spoilt(path, value)] }).replace('1e+300', '1e30');
    const found = check(json);
    expect([found.ok, found.id]).toEqual([false, 'G1']);
    expect(found.fault).toBeInstanceOf(CaseFault);
    expect(found.fault).toMatchObject({ path: at, fault });
  });

  const REFUSED: readonly (readonly [string, unknown, string, string])[] = [
    ['objectCode', '1.15', 'route-not-possible', '/routeCode'],
    ['objectCode', '1.99', 'unknown-code', '/routeCode'],
    ['objectCode', null, 'route-not-possible', '/routeCode'],
    ['cards.0.maThe', '0123456789', 'unknown-code', '/cardNumber'],
    ['lines.0.phamVi', 4, 'unknown-code', '/scopeCode'],
    ['lines.0.nguonKhac', { kind: 'individual', amount: 500_000 }, 'invalid-body', '/otherPayer/amount'],
  ];
  test.each(REFUSED)('with %s = %j is refused: %s at %s', (path, value, type, pointer) => {
    const { ok, fault } = check(spoilt(path, value));
    expect(ok).toBe(false);
    expect(fault).toMatchObject({ type, places: [expect.objectContaining({ pointer })] });
  });

  test('may expect a refusal, and fails when there is none or another', () => {
    const expected = (refused: string) => ({ ...spoilt('objectCode', '1.15'), expected: { refused } });
    expect(check(expected('route-not-possible')).ok).toBe(true);
    expect(check(expected('route-not-possible routeColumn')).ok).toBe(true);
    expect(check(expected('unknown-code')).differences).toEqual([
      { path: 'refused', expected: 'unknown-code', actual: 'route-not-possible routeColumn' },
    ]);
    expect(check(spoilt('expected', { refused: 'unknown-code' })).differences).toEqual([
      { path: 'refused', expected: 'unknown-code', actual: null },
    ]);
  });

  test('names what is not understood, and an expectation of nothing', () => {
    const odd = { ...spoilt('lines.0.tyle', 5), note: 'x', expected: { routeFactor: null } };
    expect(check(odd).warnings.map(({ path, fault }) => [path, fault])).toEqual([
      ['note', 'unknown'],
      ['lines[0].tyle', 'unknown'],
      ['expected', 'nothing'],
    ]);
  });

  test('days may be written as the claim tables write them', () => {
    const official = {
      ...spoilt('date', '20260810'),
      encounter: { ...GOOD.encounter, ngayVao: '202608100730' },
    };
    expect(check(official).ok).toBe(true);
    expect(check(spoilt('lines.0.at', '2026-08-10T09:00:00+07:00')).ok).toBe(true);
  });

  test('names of JavaScript are names like others', () => {
    const json = JSON.stringify({ cases: [GOOD] })
      .replaceAll('"L1"', '"__proto__"')
      .replace('"kind"', '"constructor":1,"kind"');
    expect(check(json)).toMatchObject({ ok: true, warnings: [{ path: 'constructor' }] });
  });
});

describe('a function', () => {
  const run = (fn: string, input: Json, expected: Json) =>
    check({ id: 'F', kind: 'function', fn, input, expected });
  test.each([
    ['thresholds', { date: '2016-01-01' }, { baseSalary: 1_150_000, low15: 172_500, supply45: null }],
    [
      'remainingCopay2026',
      { accumulatedBefore20260701: 0, accumulatedFrom20260701: 180_000 },
      { remaining: 15_000_000 },
    ],
    [
      'remainingCopay2026',
      { accumulatedBefore20260701: 14_040_001, accumulatedFrom20260701: 0 },
      { remaining: -1.08 },
    ],
    [
      'parseCard',
      { maThe: 'TE1990000000099' },
      { objectGroup: 'TE', benefitDigit: '1', number: '0000000099', baseLevel: 100 },
    ],
    ['cardLevel', { maThe: 'LH4990000000005', date: '2026-01-01' }, { level: 100 }],
    ['cardLevel', { maThe: 'LH4990000000005', date: '2026-01-01', birthDate: '1960-01-01' }, { level: 80 }],
    ['transportAmount', { date: '2026-08-10', km: 12.5, fuelPricePerLitre: 20_000 }, { amount: 50_000 }],
    ['bedDays', { ngayVao: '202603100800', ngayRa: '202603111000', outcome: 'died' }, { days: 2 }],
  ])('%s of %j', (fn, input, expected) => {
    const { fault, differences } = run(fn, input as Json, expected as Json);
    expect([fault, differences]).toEqual([undefined, []]);
  });

  test('names what it does not know and what is missing', () => {
    expect(run('tax', {}, { x: 1 }).fault).toMatchObject({ path: 'fn', fault: 'notOneOf' });
    expect(run('thresholds', {}, { low15: 1 }).fault).toMatchObject({ path: 'input.date', fault: 'missing' });
    expect(run('thresholds', { date: '2016-01-01' }, { supply45: 1 }).fault).toMatchObject({
      type: 'policy-not-in-force',
    });
    expect(
      run('bedDays', { ngayVao: '20260310', ngayRa: '202603111000', outcome: 'died' }, { days: 2 }).fault,
    ).toMatchObject({
      path: 'input.ngayVao',
      fault: 'noTime',
    });
    expect(run('parseCard', { maThe: 'TE1990000000099' }, { number: 99 }).differences).toEqual([
      { path: 'number', expected: '99', actual: '0000000099' },
    ]);
  });
});

describe('a file', () => {
  test.each([
    ['{"cases":', SyntaxError],
    ['[]', CaseFault],
    ['{}', CaseFault],
    ['{"cases":[{"kind":"encounter"}]}', CaseFault],
    ['{"cases":[1]}', CaseFault],
    ['{"cases":[],"x":1e999}', RangeError],
  ])('%s is no list of cases', (json, kind) => {
    expect(() => casesOf(json)).toThrow(kind);
  });
});
