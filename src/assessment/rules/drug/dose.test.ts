import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const dose = (LIEU_DUNG: string, row: Row = {}, visit: Row = {}) => ({
  ...xml1(visit),
  XML2: [
    { MA_NHOM: '4', MA_THUOC: '40.30', DON_VI_TINH: 'Viên', NGAY_YL: '202611020900', LIEU_DUNG, ...row },
  ],
});
const written = ['XML2:1 LIEU_DUNG'];

ruleTable(rules, 'DRG_DOSE_FORMAT', [
  ['three parts and a sum', dose('2 viên/lần * 3 lần/ngày * 5 ngày [30 viên]'), []],
  ['the two-part form, which is 97 of 100', dose('Uống sáng 1 viên, tối 2 viên * 5 ngày'), []],
  ['by the time of day', dose('Sáng: 1 viên, Tối: 1/2 viên [1,5 viên/ngày]'), []],
  ['one day in the ward', dose('1 lọ/lần * 2 lần/ngày'), []],
  ['words only', dose('uống khi đau'), written, { cause: 'drug 40.30' }],
  ['no number of days', dose('2 viên/lần * 3 lần/ngày * hết thuốc'), written],
  ['longer than the table allows', dose(`${'x'.repeat(1020)} * 5`), []],
  ['a letter longer', dose(`${'x'.repeat(1021)} * 5`), written],
  ['blood', dose('x', { MA_NHOM: '7' }), []],
  ['blank', dose(''), []],
]);

const given = (LIEU_DUNG: string, SO_LUONG: string, row: Row = {}) => dose(LIEU_DUNG, { SO_LUONG, ...row });
const counted = ['XML2:1 SO_LUONG'];
ruleTable(rules, 'DRG_DOSE_TOTAL', [
  ['agrees', given('2 viên/lần * 3 lần/ngày * 5 ngày', '30'), []],
  ['one less', given('2 viên/lần * 3 lần/ngày * 5 ngày', '29'), counted, { cause: 'drug 40.30' }],
  ['one more', given('2 viên/lần * 3 lần/ngày * 5 ngày', '31'), counted],
  ['a thousandth', given('2 * 3 * 5', '30.001'), []],
  ['hardly more', given('2 * 3 * 5', '30.0011'), counted],
  ['two thousandths', given('2 * 3 * 5', '30.002'), counted],
  ['rounded up', given('1/2 viên/lần * 1 lần/ngày * 5 ngày', '3'), []],
  ['rounded up by one too many', given('1/2 viên/lần * 1 lần/ngày * 5 ngày', '4'), counted],
  ['rounded down', given('0,5 viên/lần * 1 lần/ngày * 5 ngày', '2'), counted],
  ['a third', given('1/3 viên/lần * 2 lần/ngày * 1 ngày', '0.667'), []],
  ['two parts state no sum', given('Uống 2 viên * 5 ngày', '1'), []],
  ['by the time of day', given('Sáng: 1 viên', '9'), []],
  ['another unit', given('5 ml/lần * 2 lần/ngày * 5 ngày', '1', { DON_VI_TINH: 'Chai' }), []],
  ['no quantity', given('2 * 3 * 5', ''), []],
]);
ruleTable(
  rules,
  'DRG_DOSE_TOTAL',
  [
    ['rounded up is not allowed', given('1/2 * 1 * 5', '3'), counted],
    ['exact', given('1/2 * 1 * 5', '2.5'), []],
  ],
  {},
  { allowRoundUp: false },
);

ruleTable(rules, 'DRG_DOSE_UNIT', [
  ['the same in other letters', dose('2 VIÊN/lần * 3 lần/ngày * 5 ngày'), []],
  ['another name', dose('2 v/lần * 3 lần/ngày * 5 ngày'), []],
  ['another name the other way round', dose('1 lọ/lần * 1 * 1', { DON_VI_TINH: 'Chai' }), []],
  ['another unit', dose('2 gói/lần * 3 lần/ngày * 5 ngày'), written, { cause: 'drug 40.30' }],
  ['one of several', dose('Sáng: 1 viên, Tối: 1 gói'), written],
  ['no unit', dose('2 * 3 * 5'), []],
  ['DON_VI_TINH is blank', dose('2 gói/lần * 3 * 5', { DON_VI_TINH: '' }), []],
  ['no form', dose('uống 2 gói'), []],
]);
