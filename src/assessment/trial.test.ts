import { describe, expect, test } from '@jest/globals';
import { moneyText } from '../platform/money.ts';
import { claimOf } from './claim.ts';
import type { Judged } from './exemption.ts';
import { completed } from './finding.ts';
import { type AnyRule, type Claim, type Found, inRow, inTable, type Rule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';
import { type Answer, atRisk, TrialTally, touchedRules } from './trial.ts';

const rule = (id: string, more: Partial<Rule<unknown>> = {}): AnyRule =>
  ({ id, severity: 'error', stage: 'order', params: {}, check: () => [], ...more }) as unknown as AnyRule;
const family = [
  rule('STR_XML1_PRESENT'),
  rule('TOP'),
  rule('CHANGED', { parents: ['TOP'] }),
  rule('CHILD', { parents: ['CHANGED', 'OTHER'] }),
  rule('OTHER'),
  rule('ELSEWHERE'),
];

const claim = (more: object = {}): Claim =>
  claimOf('40021', {
    XML1: [{ MA_LK: 'A', T_BHTT: '1000.50', MA_KHOA: 'K01', ...more }],
    XML2: [
      { MA_THUOC: '40.17', T_BHTT: '300', MA_KHOA: 'K02' },
      { MA_THUOC: '40.18', T_BHTT: '200', MA_KHOA: 'K03' },
    ],
  });
const found = (id: string, of: Claim, place: Found): Judged => ({
  ...completed(place, rule(id, { cause: 'drug' }) as unknown as Rule<unknown>, of),
  effect: 'block',
});
const inDrug = (id: string, of: Claim, index = 0) => found(id, of, inRow(of.xml2[index]!, 'MA_THUOC'));
const ofClaim = (id: string, of: Claim) => found(id, of, inTable('XML1', 'T_BHTT'));

test('a change touches what it silences, and what stands above any of them', () => {
  expect(touchedRules(['CHANGED'], family).map(({ id }) => id)).toEqual([
    'STR_XML1_PRESENT',
    'TOP',
    'CHANGED',
    'CHILD',
    'OTHER',
  ]);
  const ofAll = touchedRules(['MON_SUM_BHTT'], ALL_RULES);
  expect(ofAll.map(({ id }) => id)).toContain('MON_TOTAL_BALANCE');
  const known = new Set(ofAll.map(({ id }) => id));
  expect(ofAll.flatMap(({ parents = [] }) => parents).filter((id) => !known.has(id))).toEqual([]);
});

test('money at risk: each row of the bill once, the whole claim where one is about the claim', () => {
  const one = claim();
  const money = (...of: Judged[]) => moneyText(atRisk(of));
  expect(money()).toBe('0.00');
  expect(money(inDrug('A', one), inDrug('B', one))).toBe('300.00');
  expect(money(inDrug('A', one), inDrug('A', one, 1))).toBe('500.00');
  expect(money(inDrug('A', one), ofClaim('B', one))).toBe('1000.50');
  expect(money({ ...ofClaim('B', one), amount: null })).toBe('0.00');
});

describe('a trial', () => {
  const REFUSED: Answer = { outcome: 'refused', code: '205' };
  const RECEIVED: Answer = { outcome: 'received', code: null };
  const NONE: Answer = { outcome: 'none', code: null };

  test('counts claims, findings, money, places and causes, and holds them against what the gateway said', () => {
    const tally = new TrialTally(family, ['CHANGED']);
    const given: [Answer, (of: Claim) => Judged[], string][] = [
      [REFUSED, (of) => [inDrug('CHANGED', of), inDrug('CHANGED', of, 1)], '40021'],
      [RECEIVED, (of) => [inDrug('CHANGED', of)], '40101'],
      [NONE, (of) => [ofClaim('CHANGED', of)], '40021'],
      [REFUSED, () => [], '40021'],
      [RECEIVED, () => [], '40021'],
    ];
    for (const [answer, tried, facilityCode] of given) {
      const of = claim();
      tally.take({ facilityCode, claim: of, answer, tried: tried(of), inForce: [] });
    }
    tally.unreadable();
    tally.missing([{ rule: 'CHANGED', needs: 'drug_catalogue' }]);
    const { rules, ...all } = tally.result();
    expect(tally.claims).toBe(6);
    expect(all).toEqual({
      claims: 5,
      unreadable: 1,
      amount: '5002.50',
      refusals: [{ code: '205', claims: 2 }],
    });
    expect(rules).toEqual([
      {
        rule: 'CHANGED',
        isAsked: true,
        missing: 'drug_catalogue',
        tried: {
          findings: 4,
          claims: 3,
          share: 0.6,
          amount: '1800.50',
          judgement: { answered: 2, refused: 1, precision: 0.5, missed: 1 },
          facilities: [
            { key: '40021', findings: 3, claims: 2, amount: '1500.50' },
            { key: '40101', findings: 1, claims: 1, amount: '300.00' },
          ],
          departments: [
            { key: '40021 K01', findings: 1, claims: 1, amount: '1000.50' },
            { key: '40021 K02', findings: 1, claims: 1, amount: '300.00' },
            { key: '40021 K03', findings: 1, claims: 1, amount: '200.00' },
            { key: '40101 K02', findings: 1, claims: 1, amount: '300.00' },
          ],
          causes: [
            { key: 'drug 40.17', findings: 2, claims: 2, amount: '600.00' },
            { key: 'drug 40.18', findings: 1, claims: 1, amount: '200.00' },
          ],
        },
        inForce: {
          findings: 0,
          claims: 0,
          share: 0,
          amount: '0.00',
          judgement: { answered: 0, refused: 0, precision: null, missed: 2 },
          facilities: [],
          departments: [],
          causes: [],
        },
      },
    ]);
  });

  test('tells of a rule that was not asked only when the change moves it', () => {
    const tally = new TrialTally(family, ['CHANGED']);
    const of = claim();
    tally.take({
      facilityCode: '40021',
      claim: of,
      answer: NONE,
      tried: [inDrug('OTHER', of)],
      inForce: [inDrug('OTHER', of), inDrug('CHILD', of)],
    });
    expect(tally.result().rules.map((one) => one.rule)).toEqual(['CHANGED', 'CHILD']);
  });

  test('of nothing says nothing', () => {
    expect(new TrialTally(family, ['CHANGED']).result()).toMatchObject({
      claims: 0,
      rules: [{ tried: { share: 0 } }],
    });
  });
});
