import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const drug = (visit: Row, row: Row = {}) => ({
  ...xml1(visit),
  XML2: [{ MA_THUOC: '40.30', MA_NHOM: '6', NGAY_YL: '202611020900', ...row }],
});
const conditions = (...rows: Readonly<Record<string, string | number | readonly string[]>>[]) => ({
  drug_condition_catalogue: catalogueOf(
    rows.map((row) => ({ code: '40.30', ...row })),
    'code',
  )!,
});
const coded = ['XML2:1 MA_THUOC'];

ruleTable(
  rules,
  'DRG_INDICATION_ICD',
  [
    ['begins with a listed code', drug({ MA_BENH_CHINH: 'E11.9' }), []],
    ['beside the main disease', drug({ MA_BENH_CHINH: 'I10', MA_BENH_KT: 'J18; e11.0' }), []],
    ['of the other row', drug({ MA_BENH_CHINH: 'C50' }), []],
    ['none of them', drug({ MA_BENH_CHINH: 'I10', MA_BENH_KT: 'J18' }), coded],
    ['no longer needed', drug({ MA_BENH_CHINH: 'I10' }, { NGAY_YL: '202701010000' }), []],
    ['another drug', drug({ MA_BENH_CHINH: 'I10' }, { MA_THUOC: '40.31' }), []],
    ['no diagnosis yet', drug({ MA_BENH_CHINH: '' }), []],
  ],
  conditions({ icds: 'E11;E14', to: '20261231' }, { icds: ['C50'], to: '20261231' }, { minDays: 1 }),
);

const patient = (GIOI_TINH: string, NGAY_SINH: string) => drug({ GIOI_TINH, NGAY_SINH });
ruleTable(
  rules,
  'DRG_AGE_GENDER',
  [
    ['the first day', patient('2', '202610230000'), []],
    ['a day too young', patient('2', '202610240000'), coded],
    ['the last day', patient('2', '202610130000'), []],
    ['a day too old', patient('2', '202610120000'), coded],
    ['a man', patient('1', '202610200000'), coded],
    ['undetermined', patient('3', '202610200000'), []],
    ['nothing is known', patient('', ''), []],
    ['no time of order', drug({ GIOI_TINH: '1' }, { NGAY_YL: '' }), []],
  ],
  conditions({ sex: '2', minDays: 10, maxDays: 20 }, { icds: 'E11' }),
);
ruleTable(
  rules,
  'DRG_AGE_GENDER',
  [
    ['the second alternative', patient('1', '199002030000'), []],
    ['neither', patient('2', '202610240000'), coded],
  ],
  conditions({ minDays: 6570 }, { sex: '1' }),
);

const paid = (TYLE_TT_BH: string, more: Row = {}, visit: Row = {}) =>
  drug({ MA_BENH_CHINH: 'I10', MA_THE_BHYT: 'DN4400012345678', ...visit }, { TYLE_TT_BH, ...more });
ruleTable(
  rules,
  'DRG_RATIO_BY_CONDITION',
  [
    ['the rate', paid('50'), []],
    ['a point more', paid('51'), ['XML2:1 TYLE_TT_BH']],
    ['more for this disease', paid('70', {}, { MA_BENH_CHINH: 'E11.9' }), []],
    ['more than that', paid('71', {}, { MA_BENH_CHINH: 'E11.9' }), ['XML2:1 TYLE_TT_BH']],
    ['another group', paid('50', { MA_NHOM: '4' }), ['XML2:1 MA_NHOM']],
    ['another group, the patient pays', paid('0', { MA_NHOM: '4', PHAM_VI: '2' }), []],
    ['digit 1', paid('100', {}, { MA_THE_BHYT: 'TE1400012345678' }), []],
    ['digit 5', paid('100', {}, { MA_THE_BHYT: 'QN5970012345678' }), []],
    ['another drug', paid('100', { MA_THUOC: '40.31' }), []],
    ['no rate', paid(''), []],
  ],
  conditions({ rate: 50 }, { rate: '70', icds: 'E11' }),
);
