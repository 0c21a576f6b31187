import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const CARD = 'DN4400012345678';
ruleTable(rules, 'CARD_END_REQUIRED', [
  ['has an end', xml1({ MA_THE_BHYT: CARD, GT_THE_DEN: '20261231' }), []],
  ['blank', xml1({ MA_THE_BHYT: CARD, GT_THE_DEN: ' ' }), ['XML1 GT_THE_DEN']],
  [
    'the second of two',
    xml1({ MA_THE_BHYT: `${CARD};${CARD}`, GT_THE_DEN: '20261231;' }),
    ['XML1 GT_THE_DEN'],
  ],
  ['armed forces', xml1({ MA_THE_BHYT: 'QN5970012345678', GT_THE_DEN: '' }), []],
  [
    'an element is missing: CARD_LIST_COUNTS',
    xml1({ MA_THE_BHYT: `${CARD};${CARD}`, GT_THE_DEN: '20261231' }),
    [],
  ],
  ['no card', xml1({ GT_THE_DEN: '' }), []],
]);

const two = (GT_THE_TU: string, GT_THE_DEN: string, more = {}) =>
  xml1({
    MA_THE_BHYT: GT_THE_TU.split(';')
      .map(() => CARD)
      .join(';'),
    GT_THE_TU,
    GT_THE_DEN,
    NGAY_VAO: '202610200800',
    NGAY_RA: '202611100800',
    ...more,
  });
const gap = ['XML1 GT_THE_TU'];
ruleTable(rules, 'CARD_GAP_IN_STAY', [
  ['the next day', two('20260101;20261101', '20261031;20271031'), []],
  ['a day between', two('20260101;20261102', '20261031;20271031'), gap],
  ['in the other order', two('20261102;20260101', '20271031;20261031'), gap],
  ['over the end of a year', two('20250101;20260101', '20251231;20261231', { NGAY_VAO: '202512300800' }), []],
  ['the gap was before the stay', two('20260101;20261020', '20260930;20271031'), []],
  ['the last free day is the day of arrival', two('20260101;20261021', '20260930;20271031'), gap],
  ['the gap begins after the stay', two('20260101;20261201', '20261110;20271031'), []],
  ['the gap begins on the last day', two('20260101;20261201', '20261109;20271031'), gap],
  ['a third card fills it', two('20260101;20261102;20261001', '20261031;20271031;20261130'), []],
  ['the first is open', two('20260101;20261102', ';20271031'), []],
  ['one card', two('20260101', '20261031'), []],
  ['a day that is none', two('20260101;20261102', '20261032;20271031'), []],
  ['no end of the stay', two('20260101;20261102', '20261031;20271031', { NGAY_RA: '' }), []],
]);

const child = (NGAY_SINH: string, NGAY_VAO: string, MA_THE_BHYT = 'TE1400012345678') =>
  xml1({ NGAY_SINH, NGAY_VAO, MA_THE_BHYT });
const spoken = ['XML1 MA_THE_BHYT'];
ruleTable(rules, 'CARD_CHILD_AGE', [
  ['until the end of September', child('202002150000', '202609302359'), []],
  ['the first of October', child('202002150000', '202610010000'), spoken],
  ['born in December: until the birthday', child('202012150000', '202612152359'), []],
  ['the day after the birthday', child('202012150000', '202612160000'), spoken],
  ['only the year is known', child('201500000000', '202610010000'), []],
  ['another card', child('201502150000', '202610010000', 'HS4400012345678'), []],
  ['the second card', child('201502150000', '202610010000', 'HS4400012345678;TE1400012345678'), spoken],
  ['no arrival', child('201502150000', ''), []],
]);
