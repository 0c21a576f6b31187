import { describe, expect, test } from '@jest/globals';
import { instantAt } from '../platform/dates.ts';
import { type CardRule, cardOfLine } from './card-of-line.ts';

const worker = { cardNumber: 'DN4400000000001', from: '2026-01-01', to: '2026-08-16' };
const pensioner = { cardNumber: 'HT3400000000002', from: '2026-08-16', to: null };
const soldier = { cardNumber: 'QN5400000000003', from: '2026-01-01', to: null };
const nearPoor = { cardNumber: 'CN3400000000004', from: '2026-01-01', to: null };
const poor = { cardNumber: 'HN2400000000005', from: '2026-01-01', to: null };

const level = (digit: string): CardRule => ({ rule: 'CARD-LEVEL', facts: { digit: { value: digit } } });
const grace: CardRule = { rule: 'CARD-GRACE' };
const moved: CardRule = { rule: 'CARD-2026', facts: { printed: { value: 'CN3' } } };
type Cards = readonly (typeof worker | typeof pensioner)[];

const CASES: readonly (readonly [string, CardRule[] | undefined, string, Cards, string | null])[] = [
  ['no trace, one card', undefined, '2026-08-10', [worker], 'DN4'],
  ['no trace, none valid', undefined, '2026-08-20', [worker], null],
  ['a trace that names no card', [{ rule: 'CARD-NONE' }], '2026-08-10', [worker], null],
  ['a trace without cards', [], '2026-08-10', [worker], null],
  ['before the change', [level('4')], '2026-08-15', [worker, pensioner], 'DN4'],
  ['on the day of the change', [level('3')], '2026-08-16', [worker, pensioner], 'HT3'],
  ['two valid: the digit that counted', [level('5')], '2026-08-10', [worker, soldier], 'QN5'],
  ['the same, the other', [level('4')], '2026-08-10', [worker, soldier], 'DN4'],
  ['days of grace', [grace, level('4')], '2026-08-20', [worker], 'DN4'],
  [
    'days of grace beside one that is valid but was late',
    [grace, level('4')],
    '2026-08-20',
    [pensioner, worker],
    'DN4',
  ],
  ['a printed digit that was moved', [moved, level('2')], '2026-08-10', [poor, nearPoor], 'CN3'],
  ['the digit itself', [level('2')], '2026-08-10', [nearPoor, poor], 'HN2'],
  ['a card that was changed afterwards', [level('4')], '2026-08-10', [pensioner], 'HT3'],
  ['a preview, which names rules only', [{ rule: 'CARD-LEVEL' }], '2026-08-10', [worker], 'DN4'],
  ['no card at all', [level('4')], '2026-08-10', [], null],
];

describe('the card that paid for a line', () => {
  test.each(CASES)('%s', (_name, rules, day, cards, expected) => {
    const card = cardOfLine(rules, day, instantAt('2026-08-10', '08:00'), cards);
    expect(card?.cardNumber.slice(0, 3) ?? null).toBe(expected);
  });
});
