import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const service = {
  MA_NHOM: '8',
  MA_DICH_VU: 'A',
  NGAY_YL: '202611022300',
  NGAY_TH_YL: '202611030800',
  NGAY_KQ: '202611040100',
};
const tied = (NGAY_YL: string, ofService: Row = service) => ({
  XML3: [ofService, { MA_NHOM: '10', MA_DICH_VU: 'A', NGAY_YL }],
});
const late = ['XML3:2 NGAY_YL'];
ruleTable(rules, 'SUP_DATE_WITH_SERVICE', [
  ['the day of the order', tied('202611020000'), []],
  ['the day of the result', tied('202611042359'), []],
  ['the day before', tied('202611012359'), late],
  ['the day after', tied('202611050000'), late],
  ['no result: the day it was done', tied('202611040000', { ...service, NGAY_KQ: '' }), late],
  [
    'of two services one',
    {
      XML3: [...tied('202611100800').XML3, { ...service, NGAY_YL: '202611100000', NGAY_KQ: '202611102359' }],
    },
    [],
  ],
  ['a service without days', tied('202611200800', { ...service, NGAY_YL: '' }), []],
  ['no such service has its own rule', tied('202611200800', { ...service, MA_DICH_VU: 'B' }), []],
  ['no day', tied(''), []],
]);

const stent = (SO_LUONG: string, more: Row = {}) => ({
  MA_NHOM: '10',
  MA_VAT_TU: 'N06.02.020.1',
  MA_DICH_VU: 'A',
  NGAY_YL: '202611020800',
  TYLE_TT_BH: '100',
  SO_LUONG,
  ...more,
});
const stents = (card: string, ...rows: Row[]) => ({ ...xml1({ MA_THE_BHYT: card }), XML3: rows });
ruleTable(rules, 'SUP_STENT_COUNT', [
  ['one', stents('DN4', stent('1')), []],
  ['two', stents('DN4', stent('1'), stent('1')), ['XML3 SO_LUONG']],
  ['two in one row', stents('DN4', stent('2')), ['XML3 SO_LUONG']],
  ['the second one by half', stents('DN4', stent('1'), stent('1', { TYLE_TT_BH: '50' })), []],
  ['in two operations', stents('DN4', stent('1'), stent('1', { NGAY_YL: '202611030800' })), []],
  ['whose card pays all', stents('TE1', stent('2')), []],
  ['another supply', stents('DN4', stent('9', { MA_VAT_TU: 'N06.02.030' })), []],
  ['unreadable', stents('DN4', stent('1'), stent('')), []],
]);

const group11 = (TYLE_TT_BH: string, MA_NHOM = '11') => ({ XML3: [{ MA_NHOM, TYLE_TT_BH }] });
ruleTable(rules, 'SUP_GROUP11_REVIEW', [
  ['99', group11('99'), []],
  ['all', group11('100.00'), ['XML3:1 MA_NHOM']],
  ['group 10', group11('100', '10'), []],
  ['unreadable', group11(''), []],
]);
