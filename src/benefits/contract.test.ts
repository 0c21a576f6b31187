import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decimal, decimalText, moneyText } from '../platform/money.ts';
import { assessVisit, type BenefitLine, type BenefitVisit, explain, type Law, loadPolicy } from './index.ts';
import { createLaw } from './law.ts';

let own: Law;
let ours: Law;
beforeAll(() => {
  own = loadPolicy();
});
// A law that has decided nothing yet: no test lives on what another has asked.
beforeEach(() => {
  ours = createLaw(own.parameters, own.version);
});
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The law with these answers of a province to open questions. */
function agreed(parameters: unknown, contract: unknown = 'Hợp đồng 12'): Law {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  folders.push(folder);
  const file = join(folder, 'contract.json');
  writeFileSync(file, typeof parameters === 'string' ? parameters : JSON.stringify({ contract, parameters }));
  return loadPolicy(undefined, pathToFileURL(file));
}
const answer = (id: string, value: unknown, more: object = {}) => ({
  id,
  values: [{ from: '2026-01-01', value, source: 'Điều 4', grade: 'decision', ...more }],
});

const card = {
  cardNumber: 'DN4990000000001',
  from: '2020-01-01',
  to: null,
  areaCode: null,
  freeCopayFrom: null,
  presentedAt: null,
};
const line = (more: Partial<BenefitLine> & { price?: string } = {}): BenefitLine => {
  const { price = '1000000', ...rest } = more;
  return {
    id: 'L1',
    kind: 'service',
    date: '2026-08-10',
    quantity: decimal('1'),
    unitPrice: decimal(price),
    insuredUnitPrice: decimal(price),
    unitCeiling: null,
    scopeCode: '1',
    catalogueRate: decimal('100'),
    ...rest,
  };
};
const visit = (more: Partial<BenefitVisit> = {}): BenefitVisit => ({
  policyDate: '2026-08-10',
  classCode: '03',
  routeCode: '1.1',
  facility: { level: 'basic', points: 45, formerTier: 'district' },
  coverages: [card],
  lines: [line()],
  ...more,
});
/** Fund, copay, self-pay of each line, and its rate. */
const parts = (law: Law, more: Partial<BenefitVisit>) =>
  assessVisit(visit(more), law).lines.map(
    ({ insurerPays, copay, selfPay, benefitRate }) =>
      `${moneyText(insurerPays)} ${moneyText(copay)} ${moneyText(selfPay)} ${decimalText(benefitRate)}`,
  );

const big = { kind: 'supply' as const, packageCode: 'G1', price: '100000000' };
const pack = { lines: [line({ id: 'L1', ...big }), line({ id: 'L2', ...big })] };
const free = { coverages: [{ ...card, freeCopayFrom: '2026-02-01' }] };
const cheap = { lines: [line({ price: '300000' })] };
const year = (paid: string) => ({
  yearlyCopay: { fiveYearsFrom: '2020-01-01', paid: decimal(paid), paidBeforeChange: decimal('0') },
});

/** Question → visit → what our answer gives → another answer → what that gives. */
const QUESTIONS: readonly (readonly [string, Partial<BenefitVisit>, string[], unknown, string[]])[] = [
  [
    'decision.D2',
    { routeCode: '3.1', ...cheap },
    ['120000.00 180000.00 0.00 40'],
    'whole-route-only',
    ['96000.00 204000.00 0.00 32'],
  ],
  [
    'decision.D2',
    { routeCode: '1.1', ...cheap },
    ['300000.00 0.00 0.00 100'],
    'whole-route-only',
    ['300000.00 0.00 0.00 100'],
  ],
  [
    'decision.D3',
    pack,
    ['45540000.00 11385000.00 43075000.00 80', '45540000.00 11385000.00 43075000.00 80'],
    'fund-payment',
    ['56925000.00 20000000.00 23075000.00 80', '56925000.00 20000000.00 23075000.00 80'],
  ],
  [
    'decision.D4',
    pack,
    ['45540000.00 11385000.00 43075000.00 80', '45540000.00 11385000.00 43075000.00 80'],
    'copay',
    ['45540000.00 54460000.00 0.00 80', '45540000.00 54460000.00 0.00 80'],
  ],
  [
    'decision.D5',
    { lines: [line({ price: '700000', catalogueRate: decimal('50') })] },
    ['350000.00 0.00 350000.00 100'],
    'before-ratio',
    ['280000.00 70000.00 350000.00 80'],
  ],
  [
    'decision.D6',
    { ...pack, coverages: [{ ...card, cardNumber: 'QN5990000000007' }] },
    ['100000000.00 0.00 0.00 100', '100000000.00 0.00 0.00 100'],
    'limited',
    ['56925000.00 0.00 43075000.00 100', '56925000.00 0.00 43075000.00 100'],
  ],
  [
    'decision.D7',
    { routeCode: '3.1', ...free },
    ['320000.00 680000.00 0.00 32'],
    'any-route',
    ['400000.00 600000.00 0.00 40'],
  ],
  ['decision.D8', { routeCode: '8' }, ['0.00 0.00 1000000.00 0'], 'copay', ['0.00 1000000.00 0.00 0']],
  [
    'decision.D9',
    year('15180000'),
    ['1000000.00 0.00 0.00 100'],
    'from-next-visit',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'decision.D10',
    { routeCode: '7.2', underlyingRouteCode: '3.1' },
    ['320000.00 680000.00 0.00 32'],
    'whole-level',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'decision.D11',
    { lines: [line({ kind: 'bed', bedOccupants: 3, price: '1000000' })] },
    ['330000.00 0.00 0.00 100'],
    '33.333',
    ['333330.00 0.00 0.00 100'],
  ],
  [
    'decision.D12',
    { coverages: [{ ...card, cardNumber: 'LH4990000000005' }], birthDate: '1980-01-01' },
    ['800000.00 200000.00 0.00 80'],
    'every-card',
    ['1000000.00 0.00 0.00 100'],
  ],
  [
    'decision.D12',
    { coverages: [{ ...card, cardNumber: 'LH4990000000005' }], birthDate: '1940-01-01' },
    ['1000000.00 0.00 0.00 100'],
    'age-and-pension',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'decision.shared-stretcher',
    { lines: [line({ kind: 'bed', isStretcher: true })] },
    ['400000.00 100000.00 0.00 80'],
    'smaller-rate',
    ['400000.00 100000.00 0.00 80'],
  ],
  [
    'decision.D12',
    {
      coverages: [{ ...card, cardNumber: 'LH4990000000005' }],
      birthDate: '1940-01-01',
      receivesSocialPension: true,
    },
    ['1000000.00 0.00 0.00 100'],
    'age-and-pension',
    ['1000000.00 0.00 0.00 100'],
  ],
  [
    'decision.D12',
    {
      coverages: [{ ...card, cardNumber: 'LH4990000000005' }],
      birthDate: '1980-01-01',
      receivesSocialPension: true,
    },
    ['800000.00 200000.00 0.00 80'],
    'age-and-pension',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'decision.reduced-route-level',
    { routeCode: '1.13', classCode: '01' },
    ['400000.00 600000.00 0.00 40'],
    'factor-alone',
    ['500000.00 500000.00 0.00 50'],
  ],
  // Only the three halved codes are in question: others keep level times factor.
  [
    'decision.reduced-route-level',
    { routeCode: '3.1' },
    ['320000.00 680000.00 0.00 32'],
    'factor-alone',
    ['320000.00 680000.00 0.00 32'],
  ],
  [
    'decision.reduced-route-level',
    { routeCode: '1.1' },
    ['800000.00 200000.00 0.00 80'],
    'factor-alone',
    ['800000.00 200000.00 0.00 80'],
  ],
  // Codes may become more than our own.
  [
    'care-setting.inpatient',
    { routeCode: '3.1', classCode: '06' },
    ['0.00 0.00 1000000.00 0'],
    ['03', '04', '06', '09'],
    ['320000.00 680000.00 0.00 32'],
  ],
  [
    'decision.counted-copay',
    { routeCode: '1.15', ...year('15180000') },
    ['1000000.00 0.00 0.00 100'],
    'not-self-referred',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'decision.counted-copay',
    year('15180000'),
    ['1000000.00 0.00 0.00 100'],
    'not-self-referred',
    ['1000000.00 0.00 0.00 100'],
  ],
  [
    'decision.stents',
    { lines: [line({ kind: 'supply', stentOrdinal: 2 })] },
    ['800000.00 200000.00 0.00 80'],
    'on',
    ['400000.00 100000.00 500000.00 80'],
  ],
  [
    'decision.stents',
    { lines: [line({ kind: 'supply', stentOrdinal: 1 })] },
    ['800000.00 200000.00 0.00 80'],
    'on',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'decision.stents',
    { lines: [line({ kind: 'supply', stentOrdinal: 7 })] },
    ['800000.00 200000.00 0.00 80'],
    'on',
    ['0.00 0.00 1000000.00 80'],
  ],
  // A supply that is no numbered stent is none of them.
  [
    'decision.stents',
    { lines: [line({ kind: 'supply' })] },
    ['800000.00 200000.00 0.00 80'],
    'on',
    ['800000.00 200000.00 0.00 80'],
  ],
  [
    'card-cover.grace-days',
    { policyDate: '2026-07-20', coverages: [{ ...card, to: '2026-08-01' }] },
    ['800000.00 200000.00 0.00 80'],
    '9',
    ['0.00 0.00 1000000.00 0'],
  ],
];

describe('an open question, answered by a province', () => {
  test.each(QUESTIONS)('%s of %j', (id, more, own, value, other) => {
    expect(parts(ours, more)).toEqual(own);
    expect(parts(agreed([answer(id, value)]), more)).toEqual(other);
  });

  test('holds on its days only', () => {
    const law = agreed([answer('decision.D2', 'whole-route-only', { from: '2026-08-05', to: '2026-08-10' })]);
    const rateOn = (day: string) =>
      parts(law, { routeCode: '3.1', policyDate: day, lines: [line({ date: day, price: '300000' })] })[0]!
        .split(' ')
        .at(-1);
    expect(['2026-08-04', '2026-08-05', '2026-08-09', '2026-08-10'].map(rateOn)).toEqual([
      '40',
      '32',
      '32',
      '40',
    ]);
  });

  test('begins before our own value, and several follow each other', () => {
    const law = agreed([
      {
        id: 'decision.D11',
        values: [
          {
            from: '2014-01-01',
            to: '2020-01-01',
            value: '30',
            source: 'Điều 1',
            grade: 'decision',
            pause: 'ended',
          },
          { from: '2025-01-01', value: '35', source: 'Điều 2', grade: 'decision' },
        ],
      },
    ]);
    const on = (day: string) =>
      law.trace(day, 'TEST', day, (policy) => decimalText(policy.decimal('decision.D11'))).value;
    expect(['2014-01-01', '2019-12-31', '2020-01-01', '2024-12-31', '2025-01-01'].map(on)).toEqual([
      '30',
      '30',
      '33',
      '33',
      '35',
    ]);
    expect(law.inForceSince('decision.D11', '2022-05-05')).toBe('2020-01-01');
  });

  test('lies over our own values in every way it can', () => {
    // Our own D14 holds from 2015-01-01 on, without end.
    const periods = (...values: [from: string, to: string | null][]) => {
      const given = values.map(([from, to], index) => ({
        from,
        ...(to ? { to } : {}),
        value: 'arrival',
        source: `Điều ${index}`,
        grade: 'decision',
        ...(to && values[index + 1] && values[index + 1]![0] > to ? { pause: 'none agreed' } : {}),
      }));
      const law = agreed([{ id: 'decision.D14', values: given }]);
      return law.parameters
        .find(({ id }) => id === 'decision.D14')!
        .values.map(({ from, to, value }) => `${from} ${to} ${value === 'arrival' ? 'theirs' : 'ours'}`);
    };
    expect(periods(['2015-01-01', null])).toEqual(['2015-01-01 null theirs']);
    expect(periods(['2014-01-01', null])).toEqual(['2014-01-01 null theirs']);
    expect(periods(['2020-01-01', null])).toEqual(['2015-01-01 2020-01-01 ours', '2020-01-01 null theirs']);
    expect(periods(['2014-01-01', '2015-01-01'])).toEqual([
      '2014-01-01 2015-01-01 theirs',
      '2015-01-01 null ours',
    ]);
    expect(periods(['2014-01-01', '2016-01-01'])).toEqual([
      '2014-01-01 2016-01-01 theirs',
      '2016-01-01 null ours',
    ]);
    expect(periods(['2020-01-01', '2021-01-01'])).toEqual([
      '2015-01-01 2020-01-01 ours',
      '2020-01-01 2021-01-01 theirs',
      '2021-01-01 null ours',
    ]);
    expect(periods(['2020-01-01', '2021-01-01'], ['2022-01-01', null])).toEqual([
      '2015-01-01 2020-01-01 ours',
      '2020-01-01 2021-01-01 theirs',
      '2021-01-01 2022-01-01 ours',
      '2022-01-01 null theirs',
    ]);
    expect(periods(['2020-01-01', '2021-01-01'], ['2021-01-01', '2022-01-01'])).toEqual([
      '2015-01-01 2020-01-01 ours',
      '2020-01-01 2021-01-01 theirs',
      '2021-01-01 2022-01-01 theirs',
      '2022-01-01 null ours',
    ]);
  });

  const dated = (from: string, value: unknown, to?: string) => ({
    from,
    value,
    source: 'Luật',
    grade: 'A',
    ...(to ? { to } : {}),
  });
  /** A contract's one value over several of our own. */
  const laidOver = (values: readonly object[], over: object): Law => {
    const folder = mkdtempSync(join(tmpdir(), 'contract-own-'));
    folders.push(folder);
    writeFileSync(
      join(folder, 'own.json'),
      JSON.stringify({
        id: 'decision.own',
        unit: 'percent',
        verifiedOn: '2026-10-01',
        decision: 'own',
        values,
      }),
    );
    const contract = join(folder, 'contract.jsonc');
    writeFileSync(
      contract,
      JSON.stringify({
        contract: 'Hợp đồng',
        parameters: [{ id: 'decision.own', values: [{ ...over, grade: 'decision' }] }],
      }),
    );
    return loadPolicy(pathToFileURL(`${folder}/`), pathToFileURL(contract));
  };
  const valuesOf = (law: Law) =>
    law.parameters[0]!.values.map(({ from, to, value }) => `${from} ${to} ${JSON.stringify(value)}`);

  test('lies over several own values, of which it may swallow one', () => {
    const values = [
      dated('2015-01-01', '1'),
      dated('2016-01-01', '2'),
      dated('2017-01-01', '3', '2018-01-01'),
    ];
    expect(valuesOf(laidOver(values, dated('2015-07-01', '9', '2017-07-01')))).toEqual([
      '2015-01-01 2015-07-01 "1"',
      '2015-07-01 2017-07-01 "9"',
      '2017-07-01 2018-01-01 "3"',
    ]);
    // Inside the first one the others stay as they are.
    expect(valuesOf(laidOver(values, dated('2015-03-01', '9', '2015-09-01')))).toEqual([
      '2015-01-01 2015-03-01 "1"',
      '2015-03-01 2015-09-01 "9"',
      '2015-09-01 2016-01-01 "1"',
      '2016-01-01 2017-01-01 "2"',
      '2017-01-01 2018-01-01 "3"',
    ]);
  });

  test('may give a table other numbers, but not other keys', () => {
    const table = [dated('2015-01-01', { first: '1', more: '2' })];
    expect(valuesOf(laidOver(table, dated('2015-01-01', { more: '4', first: '3' })))).toEqual([
      '2015-01-01 null {"more":"4","first":"3"}',
    ]);
    for (const value of [{ first: '3' }, { first: '3', other: '4' }, { first: '3', more: '4', most: '5' }])
      expect(() => laidOver(table, dated('2015-01-01', value))).toThrow(
        /decision\.own: .* is of another shape than the own value/,
      );
  });

  test('the ceiling of a package on what the fund pays, and what lies above as copay', () => {
    const law = agreed([answer('decision.D3', 'fund-payment'), answer('decision.D4', 'copay')]);
    // 80 % of twice 100 million is 160 million; the fund pays 113.85 million of it, the rest is copay.
    expect(parts(law, pack)).toEqual(['56925000.00 43075000.00 0.00 80', '56925000.00 43075000.00 0.00 80']);
    expect(assessVisit(visit(pack), law).lines[1]!.because.map(({ rule }) => rule)).toEqual([
      'CARD-LEVEL',
      'ROUTE-1.1',
      'CAP-PACKAGE',
    ]);
  });

  test('a whole route stays cheap after a reduced one was not', () => {
    const law = agreed([answer('decision.D2', 'whole-route-only')]);
    expect(parts(law, { routeCode: '3.1', ...cheap })).toEqual(['96000.00 204000.00 0.00 32']);
    expect(parts(law, { routeCode: '1.1', ...cheap })).toEqual(['300000.00 0.00 0.00 100']);
  });

  test('a flat share is told by its route alone', () => {
    const law = agreed([answer('decision.reduced-route-level', 'factor-alone')]);
    const [first] = assessVisit(visit({ routeCode: '1.13', classCode: '01' }), law).lines;
    expect(first!.because.map(({ rule }) => rule)).toEqual(['CARD-LEVEL', 'ROUTE-1.13']);
  });

  test('is named in the explanation, and is another version of the law', () => {
    const law = agreed([answer('decision.D5', 'before-ratio')]);
    const [first] = assessVisit(visit(cheap), law).lines;
    const rule = first!.because.find((one) => one.rule === 'LEVEL-LOWCOST')!;
    expect(rule.parameters.find(({ id }) => id === 'decision.D5')).toMatchObject({
      value: 'before-ratio',
      from: '2026-01-01',
      source: 'Hợp đồng 12: Điều 4',
    });
    expect(explain('vi', rule)).toContain('15 % lương cơ sở');
    expect(law.version).not.toBe(ours.version);
    expect(agreed([answer('decision.D5', 'before-ratio')]).version).toBe(law.version);
  });

  test('several on a stretcher: the smaller of both rates', () => {
    const law = agreed([answer('decision.shared-stretcher', 'smaller-rate')]);
    const rates = [1, 2, 3, 40].map((bedOccupants) => {
      const lines = [line({ kind: 'bed', isStretcher: true, bedOccupants })];
      return decimalText(assessVisit(visit({ lines }), law).lines[0]!.serviceRate);
    });
    expect(rates).toEqual(['50', '50', '33', '33']);
    const cheaper = agreed([
      answer('decision.shared-stretcher', 'smaller-rate'),
      answer('decision.D11', '60'),
    ]);
    const three = [line({ kind: 'bed', isStretcher: true, bedOccupants: 3 })];
    expect(decimalText(assessVisit(visit({ lines: three }), cheaper).lines[0]!.serviceRate)).toBe('50');
  });

  test('the stent rule is told', () => {
    const law = agreed([answer('decision.stents', 'on')]);
    const [first] = assessVisit(visit({ lines: [line({ kind: 'supply', stentOrdinal: 2 })] }), law).lines;
    expect(explain('en', first!.because.find(({ rule }) => rule === 'SCOPE-STENT')!)).toContain('50%');
    // A further stent under the rule counts to no package.
    const stents = [1, 2].map((stentOrdinal) =>
      line({ id: `L${stentOrdinal}`, ...big, stentOrdinal, price: '150000000' }),
    );
    expect(parts(law, { lines: stents })).toEqual([
      '91080000.00 22770000.00 36150000.00 80',
      '60000000.00 15000000.00 75000000.00 80',
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no file', 'nothing', /contract\.json, whole file: not JSON/],
    ['no name', { parameters: [answer('decision.D2', 'whole-route-only')] }, /contract\.json.*contract/],
    ['no parameters', [], /contract\.json, whole file: \/parameters/],
    [
      'no such parameter',
      [answer('decision.D99', 'x')],
      /contract\.json, decision\.D99: there is no such parameter/,
    ],
    ['the law itself', [answer('base-salary', '1')], /base-salary: is law, not an open question/],
    [
      'an answer nobody carries out',
      [answer('decision.D2', 'half')],
      /decision\.D2: "half" is none of "raised-times-factor", "whole-route-only"/,
    ],
    ['another shape', [answer('decision.D11', 'third')], /decision\.D11: "third" is of another shape/],
    ['a table for a method', [answer('decision.D14', { a: '1' })], /decision\.D14: \{"a":"1"\} is none of/],
    ['a table for a decimal', [answer('decision.D11', { a: '1' })], /decision\.D11: .*of another shape/],
    ['codes for a decimal', [answer('decision.D11', ['1'])], /decision\.D11: .*of another shape/],
    [
      'a decimal for codes',
      [answer('care-setting.inpatient', '1')],
      /care-setting\.inpatient: .*of another shape/,
    ],
    [
      'a method for codes',
      [answer('care-setting.inpatient', 'codes')],
      /care-setting\.inpatient: .*of another shape/,
    ],
    ['codes for a method', [answer('decision.D2', ['1'])], /decision\.D2: \["1"\] is/],
    [
      'twice',
      [answer('decision.D2', 'whole-route-only'), answer('decision.D2', 'whole-route-only')],
      /Hợp đồng 12: the same id stands twice/,
    ],
    [
      'overlapping',
      [
        {
          id: 'decision.D11',
          values: [
            { from: '2026-01-01', to: '2027-01-01', value: '1', source: 'Điều 1', grade: 'decision' },
            { from: '2026-06-01', value: '2', source: 'Điều 1', grade: 'decision' },
          ],
        },
      ],
      /decision\.D11: overlap/,
    ],
    ['no source', [answer('decision.D2', 'whole-route-only', { source: '' })], /source/],
  ])('%s: the program does not start', (_name, parameters, said) => {
    const wrong =
      Array.isArray(parameters) || typeof parameters === 'string' ? parameters : JSON.stringify(parameters);
    expect(() => agreed(wrong)).toThrow(
      expect.objectContaining({ name: 'PolicyFileError', message: expect.stringMatching(said) }),
    );
  });

  test('a contract that is not there stops the start too', () => {
    expect(() => loadPolicy(undefined, pathToFileURL('/nonexistent/contract.json'))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/contract\.json, whole file: cannot be read \(ENOENT/),
        cause: expect.objectContaining({ code: 'ENOENT' }),
      }),
    );
  });
});
