import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { rules } from './index.ts';

const asked = (XML14: Record<string, string>, XML1: Record<string, string> = {}) => ({
  XML1: [XML1],
  XML14: [XML14],
});

ruleTable(rules, 'XML14_SINGLE', [
  ['one', asked({}), []],
  ['two', { ...xml1({}), XML14: [{}, {}] }, ['XML14 null']],
  ['none', xml1({}), []],
]);

const visit = { NGAY_VAO: '202611010800', NGAY_RA: '202611051500' };
const on = (NGAY_HEN_KL: string, NGAY_TAI_KHAM = NGAY_HEN_KL, MA_LOAI_KCB = '03') =>
  asked({ NGAY_HEN_KL }, { ...visit, NGAY_TAI_KHAM, MA_LOAI_KCB });
const WRONG = ['XML14 NGAY_HEN_KL'];
ruleTable(rules, 'XML14_DATE', [
  ['the day after discharge', on('20261106'), []],
  ['the day of discharge', on('20261105'), WRONG],
  ['one of two days', on('20261112', '20261106; 20261112'), []],
  ['none of them', on('20261113', '20261106;20261112'), WRONG],
  ['a course: before it ends', on('20261102', '20261102', '02'), []],
  ['a course: the day of arrival', on('20261101', '20261101', '02'), WRONG],
  ['the day was not put down', on('20261101', ''), []],
  ['no day', on('20261131'), []],
  ['still there', asked({ NGAY_HEN_KL: '20261101' }, { NGAY_TAI_KHAM: '20261101' }), []],
]);

const all = {
  SO_GIAYHEN_KL: '1',
  MA_CSKCB: '40021',
  HO_TEN: 'x',
  NGAY_HEN_KL: '20261112',
  MA_BAC_SI: '1',
  MA_TTDV: '1',
  NGAY_CT: '20261105',
};
ruleTable(rules, 'XML14_FIELDS', [
  ['all there', asked(all), []],
  ['two blank', asked({ ...all, MA_TTDV: '', NGAY_CT: ' ' }), ['XML14 MA_TTDV', 'XML14 NGAY_CT']],
  ['a zero is not blank', asked({ ...all, SO_GIAYHEN_KL: '0' }), []],
  ['no paper', xml1({}), []],
]);

ruleTable(rules, 'XML14_MISSING', [
  ['a day and its paper', asked({}, { NGAY_TAI_KHAM: '20261112' }), []],
  ['a day without', xml1({ NGAY_TAI_KHAM: '20261112' }), ['XML14 null']],
  ['blanks are no day', xml1({ NGAY_TAI_KHAM: ' ' }), []],
  // The patient was sent here: that asks for no paper of ours.
  ['no day, sent here by another facility', xml1({ MA_NOI_DI: '40001' }), []],
]);

ruleTable(rules, 'XML14_TOO_FAR', [
  ['a hundred days', on('20270213'), []],
  ['a day more', on('20270214'), WRONG],
  ['no day', on('20279999'), []],
  ['still there', asked({ NGAY_HEN_KL: '20280101' }), []],
]);

const person = {
  MA_CSKCB: '40021',
  HO_TEN: 'Nguyễn Thị Mẫu',
  MA_THE_BHYT: 'DN4404000000001;GD4404000000001',
  MA_BENH_CHINH: 'J18.9',
};
const as = (more: Record<string, string>) => asked({ ...person, ...more }, person);
ruleTable(rules, 'XML14_IDENTITY_MATCH', [
  ['as XML1', as({}), []],
  ['capitals and blanks of the name', as({ HO_TEN: 'NGUYỄN  THỊ MẪU' }), []],
  ['one of the cards', as({ MA_THE_BHYT: 'GD4404000000001' }), []],
  [
    'all differ',
    as({ MA_CSKCB: '40022', HO_TEN: 'x', MA_THE_BHYT: 'x', MA_BENH_CHINH: 'J18' }),
    ['XML14 MA_CSKCB', 'XML14 HO_TEN', 'XML14 MA_THE_BHYT', 'XML14 MA_BENH_CHINH'],
  ],
  ['blank', as({ MA_CSKCB: '', HO_TEN: '', MA_THE_BHYT: '', MA_BENH_CHINH: '' }), []],
  ['no paper', xml1(person), []],
]);
