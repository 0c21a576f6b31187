import { describe, expect, test } from '@jest/globals';
import { cardLevel } from '../../../benefits/formulas/card-level.ts';
import { lowCostVisit } from '../../../benefits/formulas/low-cost-visit.ts';
import { loadPolicy, parseCard } from '../../../benefits/index.ts';
import { decimal, decimalText, type Money, money } from '../../../platform/money.ts';
import { builtInsOf } from '../../built-ins.ts';

const law = loadPolicy();
const builtIns = builtInsOf(law);
const days = ['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01'];

describe('what rules read of the law is what the benefits compute', () => {
  const cards = ['TE1', 'HN2', 'CN3', 'HT3', 'DN4', 'LH4', 'CA5'];
  const births = [null, '1950-12-31', '1951-01-01', '1951-01-02', '2000-01-01'];
  const all = cards.flatMap((card) =>
    days.flatMap((day) => births.map((birth) => [card, day, birth] as const)),
  );
  test.each(all)('level of %s on %s, born %s', (card, day, birth) => {
    const ours = builtIns.cardLevel(card, day, '2026-01-01', birth);
    const theirs = cardLevel(
      parseCard(`${card}400012345678`),
      day,
      { arrivedOn: '2026-01-01', birthDate: birth },
      law,
    );
    expect(ours && decimalText(ours)).toBe(decimalText(theirs.level));
  });

  test.each(days)('limit of a low cost on %s', (day) => {
    const limit = builtIns.lowCostLimit(day);
    if (!limit) throw new Error('no limit');
    const raised = (cost: Money) =>
      lowCostVisit({ afterRatio: cost, beforeRatio: cost }, decimal('100'), day, law).raisedLevel;
    expect(raised(limit)).toBeNull();
    expect(raised(limit.minus(money('0.01')))).not.toBeNull();
  });

  test('days of grace', () => {
    expect(builtIns.graceDays('03', '2026-08-10')).toBe(15);
    expect(builtIns.graceDays('01', '2026-08-10')).toBe(0);
  });

  test('nothing before the law', () => {
    expect(builtIns.cardLevel('DN4', '2014-12-31', '2014-12-31', null)).toBeNull();
    expect(builtIns.cardLevel('DN9', '2026-01-01', '2026-01-01', null)).toBeNull();
    expect(builtIns.lowCostLimit('2013-06-30')).toBeNull();
    expect(builtIns.graceDays('03', '2014-12-31')).toBe(0);
  });
});
