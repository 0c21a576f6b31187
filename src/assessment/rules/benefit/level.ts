import { decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  type Claim,
  classRate,
  inRow,
  isoDay,
  number,
  type RuleContext,
  rule,
  value,
} from '../../rule.ts';
import { cardsOf, covering, isOnRoute, isReadable, levelsOn, paidRows, WHOLE } from './entitlement.ts';
import { isExemptOn } from './exemption.ts';

/** Is the insured cost of the visit so low that nothing of it is co-paid? Null when that cannot be told. */
export function isLowCost(claim: Claim, { builtIns }: RuleContext): boolean | null {
  const [cost, day] = [number(claim.xml1, 'T_TONGCHI_BH'), arrivalDay(claim)];
  const limit = day === null ? null : builtIns.lowCostLimit(isoDay(day));
  return cost && limit && cost.gt(zero) && cost.lt(limit);
}

/** What a row says the insurer pays in percent (`MUC_HUONG`), against card, class and cost. Transport has its own. */
export const level: readonly AnyRule[] = [
  rule({
    id: 'BEN_CLASS_RATE',
    severity: 'error',
    stage: 'settlement',
    // Percentage points. 'flat_rate': the rate of the class alone, whatever the card.
    params: {
      offrouteMode: 'rate_times_entitlement' as 'rate_times_entitlement' | 'flat_rate',
      tol: '0.05',
      skipGroups: ['12'],
    },
    check: (claim, { offrouteMode, tol, skipGroups }, context) => {
      const [cards, rate] = [cardsOf(claim.xml1).filter(isReadable), classRate(claim, context)];
      const lowCost = isLowCost(claim, context);
      if (cards.length === 0 || !rate?.gt(zero) || !rate.lt(WHOLE) || lowCost === null)
        return 'not-applicable';
      const isWhole = lowCost || offrouteMode === 'flat_rate';
      return paidRows(claim, skipGroups).flatMap(({ row, day, level: written }) => {
        const entitled = isWhole ? [WHOLE] : levelsOn(day, cards, claim, context);
        const highest = entitled.toSorted((a, b) => b.cmp(a))[0];
        const max = highest?.times(rate).div(WHOLE);
        if (!max || written.lte(max.plus(tol))) return [];
        const code = value(claim.xml1, 'MA_DOITUONG_KCB');
        return [inRow(row, 'MUC_HUONG', { max: decimalText(max), class: code })];
      });
    },
  }),
  rule({
    id: 'BEN_CARD_LEVEL',
    severity: 'error',
    stage: 'settlement',
    params: { skipGroups: ['12'] },
    check: (claim, { skipGroups }, context) => {
      const cards = cardsOf(claim.xml1).filter(isReadable);
      if (cards.length === 0 || !isOnRoute(claim, context)) return 'not-applicable';
      return paidRows(claim, skipGroups).flatMap(({ row, day, level: written }) => {
        const entitled = levelsOn(day, covering(day, cards, claim, context), claim, context);
        // Why it is 100 is asked by BEN_LEVEL_100_REASON.
        if (entitled.length === 0 || [...entitled, WHOLE].some((one) => one.eq(written))) return [];
        return [inRow(row, 'MUC_HUONG', { expected: [...new Set(entitled.map(decimalText))].join(' / ') })];
      });
    },
  }),
  rule({
    id: 'BEN_LEVEL_100_REASON',
    severity: 'error',
    stage: 'settlement',
    params: { classes: ['1.2'], skipGroups: ['12'] },
    check: (claim, { classes, skipGroups }, context) => {
      const cards = cardsOf(claim.xml1).filter(isReadable);
      if (cards.length === 0 || !isOnRoute(claim, context)) return 'not-applicable';
      const isInitialLevel = classes.includes(value(claim.xml1, 'MA_DOITUONG_KCB'));
      if (isInitialLevel || isLowCost(claim, context) !== false) return [];
      return paidRows(claim, skipGroups)
        .filter(({ day, level: written }) => written.eq(WHOLE) && !isExemptOn(day, claim))
        .filter(({ day }) => {
          const entitled = levelsOn(day, covering(day, cards, claim, context), claim, context);
          return entitled.length > 0 && !entitled.some((one) => one.eq(WHOLE));
        })
        .map(({ row }) => inRow(row, 'MUC_HUONG'));
    },
  }),
];
