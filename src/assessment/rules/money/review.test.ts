import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const services = (...rows: Row[]) => ({ XML3: rows });

ruleTable(rules, 'MON_SERVICE_RATE_UNUSUAL', [
  ...['0', '10', '30', '33', '50', '80', '100', '100.00'].map(
    (TYLE_TT_DV) => [TYLE_TT_DV, services({ TYLE_TT_DV }), []] as const,
  ),
  [
    'beside them',
    services({ TYLE_TT_DV: '99' }, { TYLE_TT_DV: '33.3' }),
    ['XML3:1 TYLE_TT_DV', 'XML3:2 TYLE_TT_DV'],
  ],
  ['blank and unreadable', services({ TYLE_TT_DV: '' }, { TYLE_TT_DV: 'x' }), []],
  ['no services', xml1({}), []],
]);

const priced = (DON_GIA_BH: string, more: Row = {}) =>
  services({ PHAM_VI: '1', DON_GIA_BH, TYLE_TT_DV: '100', ...more });
ruleTable(rules, 'MON_ZERO_INSURED_PRICE', [
  ['a thousandth', priced('0.001'), []],
  ['nothing', priced('0.00', { MA_DICH_VU: '02.0001.0101' }), ['XML3:1 DON_GIA_BH']],
  ['a code without a price', priced('0', { MA_DICH_VU: '02.0001.0000' }), []],
  ['the same elsewhere', priced('0', { MA_DICH_VU: '02.0001.0000.K.40001' }), []],
  ['zeros in another block', priced('0', { MA_DICH_VU: '02.0000.0101' }), ['XML3:1 DON_GIA_BH']],
  ['stopped', priced('0', { MA_DICH_VU: '02.0001.0101_TB' }), []],
  ['without a price of its own', priced('0', { MA_DICH_VU: '02.0001.0101_TT' }), []],
  ['local anaesthesia has a price', priced('0', { MA_DICH_VU: '02.0001.0101_GT' }), ['XML3:1 DON_GIA_BH']],
  ['a rate of nothing', priced('0', { TYLE_TT_DV: '0' }), []],
  ['out of scope', priced('0', { PHAM_VI: '2' }), []],
  ['unreadable', priced(''), []],
]);

const perService = (T_BHTT_GDV: string, more: Row = {}) => ({
  ...xml1({ T_BHTT_GDV, ...more }),
  XML2: [{ MA_PTTT: '1', T_BHTT: '100.50' }],
  XML3: [
    { MA_PTTT: '1', T_BHTT: '200' },
    { MA_PTTT: '2', T_BHTT: '5000' },
  ],
});
const spoken = ['XML1 T_BHTT_GDV'];
ruleTable(rules, 'MON_GDV_SUM', [
  ['the rows paid per service', perService('300.50'), []],
  ['a đồng more', perService('301.50'), []],
  ['a hundredth more than that', perService('301.51'), spoken],
  ['all rows', perService('5300.50'), spoken],
  ['blank is nothing', perService(''), spoken],
  ['blank, and nothing to pay', { ...xml1({}), XML3: [{ MA_PTTT: '2', T_BHTT: '5' }] }, []],
  ...['CA', 'CY', 'QN'].map(
    (card) => [card, perService('0', { MA_THE_BHYT: `${card}5970012345678` }), []] as const,
  ),
  ['another card', perService('0', { MA_THE_BHYT: 'DN4400012345678' }), spoken],
  ['a row that cannot be read', { ...xml1({ T_BHTT_GDV: '5' }), XML3: [{ MA_PTTT: '1', T_BHTT: 'x' }] }, []],
]);

ruleTable(rules, 'MON_TOTAL_PLAUSIBLE', [
  ['five thousand million', xml1({ T_TONGCHI_BV: '5000000000.00' }), []],
  ['a hundredth more', xml1({ T_TONGCHI_BV: '5000000000.01' }), ['XML1 T_TONGCHI_BV']],
  ['unreadable', xml1({ T_TONGCHI_BV: '' }), []],
]);

const drug = (DON_GIA: string, more: Row = {}) => ({
  MA_THUOC: '40.67',
  SO_DANG_KY: 'VD',
  TT_THAU: 'A',
  DON_GIA,
  ...more,
});
const drugs = (...rows: Row[]) => ({ XML2: rows });
ruleTable(rules, 'MON_DRUG_PRICE_JUMP', [
  ['one price, written in two ways', drugs(drug('820'), drug('820.00')), []],
  ['two prices', drugs(drug('820'), drug('820.001'), drug('5')), ['XML2:2 DON_GIA'], { cause: 'drug 40.67' }],
  ['another tender', drugs(drug('820'), drug('800', { TT_THAU: 'B' })), []],
  ['another registration', drugs(drug('820'), drug('800', { SO_DANG_KY: 'VN' })), []],
  ['without a code', drugs(drug('820', { MA_THUOC: '' }), drug('800', { MA_THUOC: '' })), []],
  ['unreadable', drugs(drug('820'), drug('x')), []],
  ['no drugs', xml1({}), []],
]);
