import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const stay = { NGAY_VAO: '202611010800', NGAY_VAO_NOI_TRU: '202611011000', NGAY_RA: '202611051500' };
const paper = (XML7: Record<string, string>, XML1: Record<string, string> = stay) => ({
  XML1: [XML1],
  XML7: [XML7],
});
const inpatient = (more: Record<string, string> = {}) => xml1({ MA_LOAI_KCB: '03', ...more });

ruleTable(rules, 'XML7_REQUIRED', [
  ['a stay with its paper', { ...inpatient(), XML7: [{}] }, []],
  ['a stay without', inpatient(), ['XML7 null']],
  ['a day patient and a short stay without', xml1({ MA_LOAI_KCB: '09' }), ['XML7 null']],
  ['left without notice', inpatient({ MA_LOAI_RV: '3' }), []],
  ['a death has one too', inpatient({ KET_QUA_DTRI: '5' }), ['XML7 null']],
  ['two papers', { ...inpatient(), XML7: [{}, {}] }, ['XML7 null']],
  ['a paper for each of the twins', { ...inpatient(), XML7: [{}, {}], XML9: [{}, {}] }, []],
  ['an out-patient', xml1({ MA_LOAI_KCB: '01' }), []],
]);

const all = {
  SO_LUU_TRU: '1',
  MA_KHOA_RV: 'K01',
  NGAY_VAO: '202611010800',
  NGAY_RA: '202611051500',
  CHAN_DOAN_RV: 'x',
  PP_DIEUTRI: 'x',
  MA_TTDV: '1',
  MA_BS: '1',
  NGAY_CT: '20261105',
};
ruleTable(rules, 'XML7_FIELDS', [
  ['all there', paper(all), []],
  ['two blank', paper({ ...all, MA_BS: ' ', NGAY_CT: '' }), ['XML7 MA_BS', 'XML7 NGAY_CT']],
  ['a zero is not blank', paper({ ...all, SO_LUU_TRU: '0' }), []],
  ['no paper', xml1(stay), []],
]);

ruleTable(rules, 'XML7_STAY_MATCH', [
  ['from arrival', paper({ NGAY_VAO: stay.NGAY_VAO, NGAY_RA: stay.NGAY_RA }), []],
  ['from the ward', paper({ NGAY_VAO: stay.NGAY_VAO_NOI_TRU, NGAY_RA: stay.NGAY_RA }), []],
  ['a minute beside it', paper({ NGAY_VAO: '202611010801', NGAY_RA: stay.NGAY_RA }), ['XML7 NGAY_VAO']],
  [
    'both differ, no ward',
    paper(
      { NGAY_VAO: '202611011000', NGAY_RA: '202611051501' },
      { NGAY_VAO: stay.NGAY_VAO, NGAY_RA: stay.NGAY_RA },
    ),
    ['XML7 NGAY_VAO', 'XML7 NGAY_RA'],
  ],
  ['one of them cannot be read', paper({ NGAY_VAO: '2026', NGAY_RA: '202611051501' }), []],
  ['no paper', xml1(stay), []],
]);

ruleTable(rules, 'XML7_SIGN_DATE', [
  ['the day of discharge', paper({ NGAY_CT: '20261105' }), []],
  ['a day later', paper({ NGAY_CT: '20261106' }), ['XML7 NGAY_CT']],
  ['a day earlier', paper({ NGAY_CT: '20261104' }), ['XML7 NGAY_CT']],
  ['no day', paper({ NGAY_CT: '20261131' }), []],
  ['still there', paper({ NGAY_CT: '20261106' }, {}), []],
]);

const terminated = (more: Record<string, string>) =>
  paper({
    MA_DINH_CHI_THAI: '1',
    TUOI_THAI: '8',
    NGUYENNHAN_DINHCHI: 'x',
    THOIGIAN_DINHCHI: '202611020900',
    ...more,
  });
ruleTable(rules, 'XML7_ABORTION', [
  ['all said', terminated({}), []],
  ['the first and the last minute', terminated({ THOIGIAN_DINHCHI: '202611010800', TUOI_THAI: '1' }), []],
  ['the last week and minute', terminated({ THOIGIAN_DINHCHI: '202611051500', TUOI_THAI: '42' }), []],
  [
    'a minute after, a week too many, no cause',
    terminated({ THOIGIAN_DINHCHI: '202611051501', TUOI_THAI: '43', NGUYENNHAN_DINHCHI: '' }),
    ['XML7 TUOI_THAI', 'XML7 NGUYENNHAN_DINHCHI', 'XML7 THOIGIAN_DINHCHI'],
  ],
  [
    'week 0, before the stay',
    terminated({ TUOI_THAI: '0', THOIGIAN_DINHCHI: '202611010759' }),
    ['XML7 TUOI_THAI', 'XML7 THOIGIAN_DINHCHI'],
  ],
  ['a time of another shape is left to others', terminated({ THOIGIAN_DINHCHI: '2026' }), []],
  ['none, and yet a week', paper({ MA_DINH_CHI_THAI: '0', TUOI_THAI: '8' }), ['XML7 TUOI_THAI']],
  ['none', paper({ MA_DINH_CHI_THAI: '0' }), []],
  ['no paper', xml1(stay), []],
]);

const child = (NGAY_SINH: string, XML7: Record<string, string> = {}) => paper(XML7, { ...stay, NGAY_SINH });
ruleTable(rules, 'XML7_PARENT_NAMES', [
  ['a child with its mother', child('202001010000', { HO_TEN_ME: 'x' }), []],
  ['a child with its father', child('202001010000', { HO_TEN_CHA: 'x' }), []],
  ['a child alone', child('202001010000'), ['XML7 HO_TEN_CHA']],
  ['sixteen on the day of discharge', child('201011050000'), []],
  ['sixteen the day after', child('201011060000'), ['XML7 HO_TEN_CHA']],
  ['nobody knows how old', child(''), []],
]);

ruleTable(rules, 'XML7_PATIENT_ID', [
  ['the same', paper({ MA_YTE: 'P1' }, { MA_BN: 'P1' }), []],
  ['another', paper({ MA_YTE: 'P2' }, { MA_BN: 'P1' }), ['XML7 MA_YTE']],
  ['capitals count', paper({ MA_YTE: 'p1' }, { MA_BN: 'P1' }), ['XML7 MA_YTE']],
  ['blank', paper({ MA_YTE: ' ' }, { MA_BN: 'P1' }), []],
  ['the patient has no number', paper({ MA_YTE: 'P1' }, {}), []],
]);
