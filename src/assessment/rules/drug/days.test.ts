import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const prescribed = (days: number, visit: Row = {}) => ({
  ...xml1({ MA_LOAI_KCB: '01', MA_BENH_CHINH: 'E11.9', NGAY_RA: '202611041000', ...visit }),
  XML2: [{ NGAY_YL: '202611020900', LIEU_DUNG: `1 viên/lần * 2 lần/ngày * ${days} ngày` }],
});
const spoken = ['XML2:1 LIEU_DUNG'];

ruleTable(rules, 'DRG_PRESCRIPTION_DAYS', [
  ['thirty days', prescribed(30), []],
  ['thirty-one days', prescribed(31), spoken],
  ['two-part text', { XML2: [{ LIEU_DUNG: 'Uống sáng * 31 ngày' }] }, spoken],
  ['says no days', { XML2: [{ LIEU_DUNG: 'Sáng: 1 viên' }] }, []],
]);
ruleTable(
  rules,
  'DRG_PRESCRIPTION_DAYS',
  [
    ['ninety days for a long disease', prescribed(90), []],
    ['ninety-one days', prescribed(91), spoken],
    ['the code itself is listed', prescribed(90, { MA_BENH_CHINH: 'I50.0' }), []],
    ['the code beside it is not', prescribed(31, { MA_BENH_CHINH: 'I50.1' }), spoken],
    ['no out-patient', prescribed(31, { MA_LOAI_KCB: '03' }), spoken],
  ],
  { long_prescription_list: catalogueOf([{ code: 'E11' }, { code: 'I50.0' }], 'code')! },
);

ruleTable(rules, 'DRG_INPATIENT_DAYS', [
  ['three days of the stay and seven', prescribed(10, { MA_LOAI_KCB: '03' }), []],
  ['a day more', prescribed(11, { MA_LOAI_KCB: '03' }), spoken],
  ['an out-patient', prescribed(30), []],
  ['no end', prescribed(30, { MA_LOAI_KCB: '03', NGAY_RA: '' }), []],
]);

ruleTable(rules, 'DRG_TAKE_HOME_DEATH', [
  ['until the day of death', prescribed(3, { KET_QUA_DTRI: '5' }), []],
  ['a day more', prescribed(4, { KET_QUA_DTRI: '5' }), ['XML2:1 NGAY_YL']],
  ['died before arrival', prescribed(4, { KET_QUA_DTRI: '8' }), ['XML2:1 NGAY_YL']],
  ['went home', prescribed(4, { KET_QUA_DTRI: '1' }), []],
  ['no end', prescribed(4, { KET_QUA_DTRI: '5', NGAY_RA: '' }), []],
]);
