import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const rows = (...given: Row[]) => ({ XML3: given.map((row) => ({ MA_NHOM: '10', ...row })) });

ruleTable(rules, 'SUP_TENDER_REQUIRED', [
  ['has one', rows({ PHAM_VI: '1', TT_THAU: 'x' }), []],
  ['has none', rows({ PHAM_VI: '1' }), ['XML3:1 TT_THAU']],
  ['paid by the patient', rows({ PHAM_VI: '2' }), []],
  ['group 11', rows({ PHAM_VI: '1', MA_NHOM: '11' }), []],
]);

ruleTable(rules, 'SUP_TENDER_FORMAT', [
  ['four parts', rows({ TT_THAU: '12/QĐ;G1;N2;2026' }), []],
  ['lot 0 and group 0', rows({ TT_THAU: '12/QĐ;G0;N00;2026' }), []],
  ['three parts', rows({ TT_THAU: '12/QĐ;G1;N2' }), ['XML3:1 TT_THAU']],
  ['two parts are for drugs', rows({ TT_THAU: '12/QĐ;2026' }), ['XML3:1 TT_THAU']],
  ['the first year', rows({ TT_THAU: '12/QĐ;G1;N2;2010' }), []],
  ['the year before it', rows({ TT_THAU: '12/QĐ;G1;N2;2009' }), ['XML3:1 TT_THAU']],
  ['a year too far', rows({ TT_THAU: '12/QĐ;G1;N2;2029', MA_NHOM: '11' }), ['XML3:1 TT_THAU']],
  ['a service', rows({ TT_THAU: 'x', MA_NHOM: '8' }), []],
  ['blank', rows({ TT_THAU: '' }), []],
]);

const priced = (ceiling: string, price: string, insured: string, more: Row = {}) =>
  rows({ T_TRANTT: ceiling, DON_GIA_BV: price, DON_GIA_BH: insured, ...more });
ruleTable(rules, 'SUP_ITEM_CEILING', [
  ['below the ceiling: the price', priced('1000', '900', '900'), []],
  ['above: the ceiling', priced('1000', '1200', '1000'), []],
  ['above, paid in full', priced('1000', '1200', '1200'), ['XML3:1 DON_GIA_BH']],
  ['half a đồng is forgiven', priced('1000', '1200', '1000.5'), []],
  ['more is not', priced('1000', '1200', '1000.501'), ['XML3:1 DON_GIA_BH']],
  ['in a package', priced('1000', '1200', '1200', { GOI_VTYT: 'G1' }), []],
  ['no ceiling', priced('0', '1200', '1100'), []],
  ['unreadable', priced('1000', 'x', '1200'), []],
]);

const packed = (...names: string[]) => rows(...names.map((GOI_VTYT) => ({ GOI_VTYT })));
ruleTable(rules, 'SUP_PACKAGE_FORMAT', [
  ['one, two', packed('G2', 'G1', 'G1'), []],
  ['a gap', packed('G1', 'G3'), ['XML3:2 GOI_VTYT']],
  ['begins with two', packed('G2'), ['XML3:1 GOI_VTYT']],
  ['other names', packed('G0', '1', 'G01'), ['XML3:1 GOI_VTYT', 'XML3:2 GOI_VTYT', 'XML3:3 GOI_VTYT']],
  ['none', packed(''), []],
]);

/** 45 base salaries of 2,340,000 are 105,300,000; from 2026-07-01 (2,530,000) 113,850,000. */
const pack = (NGAY_VAO: string, card: string, ...amounts: string[]) => ({
  ...xml1({ NGAY_VAO, MA_THE_BHYT: card }),
  ...rows(...amounts.map((THANH_TIEN_BH) => ({ GOI_VTYT: 'G1', THANH_TIEN_BH }))),
});
const CARD = 'DN4400000000001';
ruleTable(rules, 'SUP_PACKAGE_CEILING', [
  ['the ceiling and the tolerance', pack('202606300800', CARD, '105300000', '1'), []],
  ['a hundredth more', pack('202606300800', CARD, '105300000', '1.01'), ['XML3 THANH_TIEN_BH']],
  ['the day after, with the new salary', pack('202607010800', CARD, '113850001'), []],
  ['and above that', pack('202607010800', CARD, '113850001.01'), ['XML3 THANH_TIEN_BH']],
  ['a card that entitles to all', pack('202607010800', 'TE1400000000001', '200000000'), []],
  ['unreadable', pack('202607010800', CARD, '200000000', 'x'), []],
]);

ruleTable(rules, 'SUP_PARENT_SERVICE', [
  ['its service is there', rows({ MA_DICH_VU: 'A' }, { MA_DICH_VU: 'A', MA_NHOM: '8' }), []],
  ['another service', rows({ MA_DICH_VU: 'A' }, { MA_DICH_VU: 'B', MA_NHOM: '8' }), ['XML3:1 MA_DICH_VU']],
  [
    'another supply is no service',
    rows({ MA_DICH_VU: 'A' }, { MA_DICH_VU: 'A', MA_NHOM: '11' }),
    ['XML3:1 MA_DICH_VU', 'XML3:2 MA_DICH_VU'],
  ],
  ['belongs to none', rows({}), []],
]);

ruleTable(rules, 'SUP_REUSED_PRICE', [
  ['the same price', rows({ TAI_SU_DUNG: '1', DON_GIA_BV: '5', DON_GIA_BH: '5.001' }), []],
  ['hardly more', rows({ TAI_SU_DUNG: '1', DON_GIA_BV: '5', DON_GIA_BH: '5.0011' }), ['XML3:1 DON_GIA_BH']],
  ['two prices', rows({ TAI_SU_DUNG: '1', DON_GIA_BV: '5', DON_GIA_BH: '5.002' }), ['XML3:1 DON_GIA_BH']],
  ['used once', rows({ DON_GIA_BV: '6', DON_GIA_BH: '5' }), []],
  ['unreadable', rows({ TAI_SU_DUNG: '1', DON_GIA_BV: '', DON_GIA_BH: '5' }), []],
]);
