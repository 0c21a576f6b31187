import { zero } from '../../../platform/money.ts';
import { type AnyRule, inTable, list, number, type Row, rule, value } from '../../rule.ts';

/** Is there a card when there must be one, and is it written as a card? */
export const card: readonly AnyRule[] = [
  rule({
    id: 'CARD_REQUIRED',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: ({ xml1 }) => {
      if (!number(xml1, 'T_BHTT')?.gt(zero)) return 'not-applicable';
      const amount = value(xml1, 'T_BHTT');
      return value(xml1, 'MA_THE_BHYT') === '' ? [inTable('XML1', 'MA_THE_BHYT', { amount })] : [];
    },
  }),
  rule({
    id: 'CARD_SELFPAY_CONFLICT',
    severity: 'error',
    stage: 'settlement',
    params: { selfPayClass: '9' },
    check: ({ xml1 }, { selfPayClass }) => {
      if (value(xml1, 'MA_DOITUONG_KCB') !== selfPayClass) return 'not-applicable';
      if (value(xml1, 'MA_THE_BHYT') !== '') return [inTable('XML1', 'MA_THE_BHYT')];
      const insurerPays = number(xml1, 'T_BHTT') ?? zero;
      return insurerPays.eq(zero) ? [] : [inTable('XML1', 'T_BHTT')];
    },
  }),
  rule({
    id: 'CARD_FORMAT',
    severity: 'error',
    stage: 'order',
    params: { pattern: '^[A-Z]{2}[1-5][0-9A-Z]{2}[0-9A-Z]{10}$', selfPayClass: '9' },
    check: ({ xml1 }, { pattern, selfPayClass }) => {
      // An empty element of the list is left to STR_LIST_FORMAT.
      const cards = list(xml1, 'MA_THE_BHYT').filter((one) => one.trim() !== '');
      if (cards.length === 0 || value(xml1, 'MA_DOITUONG_KCB') === selfPayClass) return 'not-applicable';
      const form = new RegExp(pattern);
      return cards
        .filter((one) => !form.test(one))
        .map((one) => inTable('XML1', 'MA_THE_BHYT', { value: one }));
    },
  }),
  rule({
    id: 'CARD_LIST_COUNTS',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: ({ xml1 }) => {
      const cards = list(xml1, 'MA_THE_BHYT').length;
      if (cards === 0) return 'not-applicable';
      const counts = { MA_THE_BHYT: cards, ...countsBesideCards(xml1) };
      const differing = Object.entries(counts).find(([, count]) => count !== cards);
      if (!differing) return [];
      return [inTable('XML1', differing[0], { counts: Object.values(counts).join('/') })];
    },
  }),
];

/** A blank list has no element, but a blank end is one open end. */
const countsBesideCards = (xml1: Row): Readonly<Record<string, number>> => ({
  MA_DKBD: list(xml1, 'MA_DKBD').length,
  GT_THE_TU: list(xml1, 'GT_THE_TU').length,
  GT_THE_DEN: value(xml1, 'GT_THE_DEN').split(';').length,
});
