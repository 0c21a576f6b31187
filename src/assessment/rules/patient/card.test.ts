import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const CARD = 'DN4400012345678';
const OTHER = 'HT3400012345678';
const spoken = ['XML1 MA_THE_BHYT'];

ruleTable(rules, 'CARD_REQUIRED', [
  ['money and a card', xml1({ T_BHTT: '100.00', MA_THE_BHYT: CARD }), []],
  ['a hundredth and no card', xml1({ T_BHTT: '0.01', MA_THE_BHYT: ' ' }), spoken],
  ['no money, no card', xml1({ T_BHTT: '0.00', MA_THE_BHYT: '' }), []],
  ['unknown money', xml1({ T_BHTT: '', MA_THE_BHYT: '' }), []],
]);

const selfPay = (MA_THE_BHYT: string, T_BHTT: string, MA_DOITUONG_KCB = '9') =>
  xml1({ MA_THE_BHYT, T_BHTT, MA_DOITUONG_KCB });
ruleTable(rules, 'CARD_SELFPAY_CONFLICT', [
  ['neither card nor money', selfPay('', '0.00'), []],
  ['no card, money blank', selfPay('', ''), []],
  ['a card', selfPay(CARD, '0.00'), spoken],
  ['money', selfPay('', '0.01'), ['XML1 T_BHTT']],
  ['both are one finding', selfPay(CARD, '100.00'), spoken],
  ['another class', selfPay(CARD, '100.00', '1.1'), []],
]);

const written = (MA_THE_BHYT: string, MA_DOITUONG_KCB = '1.1') => xml1({ MA_THE_BHYT, MA_DOITUONG_KCB });
ruleTable(rules, 'CARD_FORMAT', [
  ['one card', written(CARD), []],
  ['two cards', written(`${CARD};${OTHER}`), []],
  ['letters in the number', written('TE1KT4000000001'), []],
  ['14 characters', written(CARD.slice(0, 14)), spoken],
  ['16 characters', written(`${CARD}9`), spoken],
  ['benefit digits 1 and 5', written('DN1400012345678;DN5400012345678'), []],
  ['benefit digits 0 and 6', written('DN0400012345678;DN6400012345678'), [...spoken, ...spoken]],
  ['small letters', written(CARD.toLowerCase()), spoken],
  ['only the second is bad', written(`${CARD};123`), spoken],
  ['an empty element is left to STR_LIST_FORMAT', written(`${CARD};`), []],
  ['blank', written(''), []],
  ['class 9', written('123', '9'), []],
]);

const lists = (MA_THE_BHYT: string, MA_DKBD: string, GT_THE_TU: string, GT_THE_DEN: string) =>
  xml1({ MA_THE_BHYT, MA_DKBD, GT_THE_TU, GT_THE_DEN });
const two = `${CARD};${OTHER}`;
ruleTable(rules, 'CARD_LIST_COUNTS', [
  ['one each', lists(CARD, '40021', '20260101', '20261231'), []],
  ['two each', lists(two, '40021;40022', '20260101;20260701', '20260630;20261231'), []],
  ['one open end', lists(CARD, '40021', '20260101', ''), []],
  ['two ends, the last is open', lists(two, '40021;40022', '20260101;20260701', '20260630;'), []],
  ['two cards, one end', lists(two, '40021;40022', '20260101;20260701', '20261231'), ['XML1 GT_THE_DEN']],
  ['one registration too few', lists(two, '40021', '20260101;20260701', '20260630;'), ['XML1 MA_DKBD']],
  ['one start too many', lists(CARD, '40021', '20260101;20260701', '20261231'), ['XML1 GT_THE_TU']],
  ['no registration', lists(CARD, '', '20260101', '20261231'), ['XML1 MA_DKBD']],
  ['several differ, one finding', lists(two, '40021', '20260101', ''), ['XML1 MA_DKBD']],
  ['no card', lists('', '40021', '', ''), []],
]);
