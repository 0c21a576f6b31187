import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const stay = (NGAY_VAO: string, NGAY_RA: string, more: Row = {}) => xml1({ NGAY_VAO, NGAY_RA, ...more });
const spoken = ['XML1 NGAY_RA'];

ruleTable(rules, 'DT_LONG_STAY', [
  ['90 days', stay('202601012359', '202604010000'), []],
  ['91 days', stay('202601012359', '202604020000'), spoken],
  ['not discharged', stay('202601010800', ''), []],
]);

ruleTable(rules, 'DT_OUTPATIENT_STAY', [
  ['24 hours', stay('202611010800', '202611020800', { MA_LOAI_KCB: '01' }), []],
  ['a minute more', stay('202611010800', '202611020801', { MA_LOAI_KCB: '01' }), spoken],
  ['another type', stay('202611010800', '202611200800', { MA_LOAI_KCB: '02' }), []],
  ['unreadable', stay('202611010800', '2026', { MA_LOAI_KCB: '01' }), []],
]);

const visit = (NGAY_RA: string, MA_NHOM = '13', MA_LOAI_KCB = '01') => ({
  ...stay('202611010800', NGAY_RA, { MA_LOAI_KCB }),
  XML3: [{ MA_NHOM }],
});
ruleTable(rules, 'DT_SHORT_VISIT', [
  ['five minutes', visit('202611010805'), []],
  ['four', visit('202611010804'), spoken],
  ['without an examination', visit('202611010801', '1'), []],
  ['another type', visit('202611010801', '13', '07'), []],
  ['not discharged', visit(''), []],
]);

const ward = (MA_LOAI_KCB: string, NGAY_VAO_NOI_TRU = '') => xml1({ MA_LOAI_KCB, NGAY_VAO_NOI_TRU });
ruleTable(rules, 'DT_WARD_ADMISSION_REQUIRED', [
  ['written', ward('03', '202611010800'), []],
  ...['03', '04', '09'].map((type) => [type, ward(type), ['XML1 NGAY_VAO_NOI_TRU']] as const),
  ['a station', ward('06'), []],
]);

ruleTable(rules, 'DT_WARD_ADMISSION_OUTPATIENT', [
  ['blank', ward('01'), []],
  ...['01', '02', '05', '07', '08'].map(
    (type) => [type, ward(type, '202611010800'), ['XML1 NGAY_VAO_NOI_TRU']] as const,
  ),
  ['an in-patient', ward('03', '202611010800'), []],
]);

ruleTable(rules, 'DT_LAST_DOSE_2359', [
  ['the last minute', stay('', '202611012359', { MA_LOAI_KCB: '05' }), []],
  ['the one before', stay('', '202611012358', { MA_LOAI_KCB: '05' }), spoken],
  ['another type', stay('', '202611010800', { MA_LOAI_KCB: '01' }), []],
  ['not discharged', stay('', '', { MA_LOAI_KCB: '05' }), []],
]);

const days = (SO_NGAY_DTRI: string, MA_LOAI_KCB: string, NGAY_RA = '202611030700') =>
  stay('202611012300', NGAY_RA, { SO_NGAY_DTRI, MA_LOAI_KCB });
const count = ['XML1 SO_NGAY_DTRI'];
ruleTable(rules, 'DT_DAYS_OF_CARE', [
  ['both ends count', days('3', '03'), []],
  ['one too few', days('2', '03'), count],
  ['one too many', days('4', '02'), count],
  ['one day', days('1', '04', '202611012330'), []],
  ['a visit has none', days('0', '01'), []],
  ['a visit with a day', days('1', '01'), count],
  ['under four hours', days('1', '09'), count],
  ['none, though nobody knows when it ended', days('0', '07', ''), []],
  ['other types', days('9', '05'), []],
  ['unreadable', days('', '03'), []],
  ['not discharged', days('3', '03', ''), []],
]);
