import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const stored: CatalogueRow[] = [
  { MA_VAT_TU: 'N01', TEN_VAT_TU: 'Băng dính lụa', DON_GIA: 18500, from: '20260101', to: '20261031' },
  { MA_VAT_TU: 'N01', TEN_VAT_TU: 'Băng dính lụa 5cm', DON_GIA: 19000.5, from: '20261101', to: '' },
  { MA_VAT_TU: 'N02', TT_THAU: 'A', DON_GIA: 100 },
  { MA_VAT_TU: 'N02', TT_THAU: 'B', DON_GIA: 200, serial: true },
  { MA_VAT_TU: 'N03' },
];
const supply_catalogue = catalogueOf(stored, 'MA_VAT_TU')!;
const NOVEMBER = '202611010000';
const OCTOBER = '202610312359';
const used = (MA_VAT_TU: string, more: Row = {}) => ({
  XML3: [{ MA_NHOM: '10', PHAM_VI: '1', NGAY_YL: NOVEMBER, MA_VAT_TU, ...more }],
});

ruleTable(
  rules,
  'SUP_IN_CATALOGUE',
  [
    ['it is', used('N01'), []],
    ['on its last day', { XML3: [...used('N01', { NGAY_YL: OCTOBER }).XML3] }, []],
    ['before its first day', used('N01', { NGAY_YL: '202512312359' }), ['XML3:1 MA_VAT_TU']],
    ['it is not', used('N09'), ['XML3:1 MA_VAT_TU']],
    ['paid by the patient', used('N09', { PHAM_VI: '2' }), []],
    ['no code', used(''), []],
    ['no day', used('N09', { NGAY_YL: '' }), []],
  ],
  { supply_catalogue },
);

const named = (TEN_VAT_TU: string, more: Row = {}) => used('N01', { TEN_VAT_TU, ...more });
ruleTable(
  rules,
  'SUP_NAME',
  [
    ['the name of that day', named('Băng dính lụa 5cm'), []],
    ['letters, blanks and marks as they come', named('BĂNG  DÍNH\tlụa 5cm '.normalize('NFD')), []],
    ['the name of another day', named('Băng dính lụa'), ['XML3:1 TEN_VAT_TU']],
    ['blank', named(''), ['XML3:1 TEN_VAT_TU']],
    ['no name there', used('N03', { TEN_VAT_TU: 'x' }), []],
    ['not in the catalogue', used('N09', { TEN_VAT_TU: 'x' }), []],
    ['a service', named('x', { MA_NHOM: '8' }), []],
  ],
  { supply_catalogue },
);

const priced = (MA_VAT_TU: string, DON_GIA_BH: string, more: Row = {}) =>
  used(MA_VAT_TU, { DON_GIA_BH, ...more });
ruleTable(
  rules,
  'SUP_PRICE',
  [
    ['the price of that day', priced('N01', '19000.5'), []],
    ['half a đồng is forgiven', priced('N01', '19001'), []],
    ['a thousandth more is not', priced('N01', '19001.001'), ['XML3:1 DON_GIA_BH']],
    ['the price of the day before', priced('N01', '19000.5', { NGAY_YL: OCTOBER }), ['XML3:1 DON_GIA_BH']],
    ['its own tender', priced('N02', '150', { TT_THAU: 'A' }), ['XML3:1 DON_GIA_BH']],
    ['the dearer one', priced('N02', '150', { TT_THAU: 'B' }), []],
    ['a tender that is not there', priced('N02', '900', { TT_THAU: 'C' }), []],
    ['no price there', priced('N03', '900'), []],
    ['unreadable', priced('N01', ''), []],
    ['no supplies', xml1({}), []],
  ],
  { supply_catalogue },
);

ruleTable(
  rules,
  'SUP_SERIAL',
  [
    ['its mark', used('N02', { MA_HIEU_SP: 'SN1' }), []],
    ['no mark', used('N02', { MA_HIEU_SP: ' ' }), ['XML3:1 MA_HIEU_SP']],
    ['one that has none', used('N01'), []],
    ['no day', used('N02', { NGAY_YL: 'x' }), []],
  ],
  { supply_catalogue },
);
