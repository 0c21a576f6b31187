import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const drug = (row: Row, visit: Row = {}) => ({ ...xml1(visit), XML2: [row] });
const code = (MA_THUOC: string) => drug({ MA_THUOC });
const coded = ['XML2:1 MA_THUOC'];

ruleTable(rules, 'DRG_CODE_SHAPE', [
  ...[
    '40.30',
    '40.30+40.31',
    '40.30.1',
    '05C.12',
    'M01',
    'HD1',
    'VM.12345',
    'BB.40001',
    '00.0000',
    'N07.01.2',
  ].map((one) => [one, code(one), []] as const),
  ['five digits', code('40.30123'), coded],
  ['a name', code('Paracetamol'), coded],
  ['a comma', code('40.30,40.31'), coded],
  ['blank', code(''), []],
]);

const group = (MA_NHOM: string, PHAM_VI: string, TYLE_TT_BH = '100', visit: Row = {}) =>
  drug({ MA_NHOM, PHAM_VI, TYLE_TT_BH }, visit);
const grouped = ['XML2:1 MA_NHOM'];
ruleTable(rules, 'DRG_GROUP_SCOPE', [
  ['of the list', group('4', '1'), []],
  ['of the list, the patient pays', group('4', '2'), grouped],
  ['outside the list', group('5', '2'), []],
  ['outside the list, armed forces', group('5', '3'), []],
  ['outside the list, insured', group('5', '1'), grouped],
  ['at a rate', group('6', '1', '99'), []],
  ['at a rate of 100', group('6', '1', '100'), grouped],
  ['at a rate of 100, a card without limits', group('6', '1', '100', { MA_THE_BHYT: 'TE1400012345678' }), []],
  ['no scope', group('4', ''), []],
  ['no rate', group('6', '1', ''), []],
  ['blood', group('7', '2'), []],
]);

const linked = (MA_DICH_VU: string) => ({ ...drug({ MA_DICH_VU }), XML3: [{ MA_DICH_VU: '18.0149.0040' }] });
ruleTable(rules, 'DRG_SERVICE_LINK', [
  ['is there', linked(' 18.0149.0040 '), []],
  ['is not there', linked('18.0150.0040'), ['XML2:1 MA_DICH_VU']],
  ['no services at all', drug({ MA_DICH_VU: '18.0149.0040' }), ['XML2:1 MA_DICH_VU']],
  ['blank', linked(''), []],
]);

const from = (MA_CSKCB_THUOC: string, visit: Row = {}) =>
  drug({ MA_CSKCB_THUOC, NGAY_YL: '202611020900' }, { MA_CSKCB: '40021', MA_DOITUONG_KCB: '1.1', ...visit });
const stock = ['XML2:1 MA_CSKCB_THUOC'];
ruleTable(rules, 'DRG_OTHER_FACILITY_STOCK', [
  ...['C.40021', 'K.40001', 'M.40001', 'H.40001', 'HC.40001'].map((one) => [one, from(one), []] as const),
  ['another mark', from('X.40001'), stock],
  ['no mark', from('40001'), stock],
  ['four digits', from('C.4001'), stock],
  ['received, contracts are not known', from('C.40001'), []],
  ['blank', from(''), []],
]);
ruleTable(
  rules,
  'DRG_OTHER_FACILITY_STOCK',
  [
    ['unknown facility', from('K.40002'), stock],
    ['received from oneself', from('C.40021'), []],
    ['received under a contract', from('C.40001'), []],
    ['received without a contract', from('C.40003'), stock],
    ['the last day of the contract', from('C.40004'), []],
    ['received for a pick-up', from('C.40003', { MA_DOITUONG_KCB: '7.3' }), []],
  ],
  {
    facility_catalogue: catalogueOf(
      ['40001', '40003', '40004', '40021'].map((one) => ({ code: one })),
      'code',
    )!,
    contract_table: catalogueOf([{ supplier: '40001' }, { supplier: '40004', to: '20261102' }], 'supplier')!,
  },
);

const herb = (MA_PP_CHEBIEN: string, MA_THUOC = '05V.12') => drug({ MA_THUOC, MA_PP_CHEBIEN });
ruleTable(
  rules,
  'DRG_HERB_PROCESSING',
  [
    ['known', herb('SC'), []],
    ['two', herb('SC; PC'), []],
    ['blank', herb(''), ['XML2:1 MA_PP_CHEBIEN']],
    ['one is unknown', herb('SC;X'), ['XML2:1 MA_PP_CHEBIEN']],
    ['no herb', herb('', '05C.12'), []],
  ],
  { herb_catalogue: catalogueOf([{ code: 'SC' }, { code: 'PC' }], 'code')! },
);
