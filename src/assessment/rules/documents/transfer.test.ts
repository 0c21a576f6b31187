import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const sent = (XML13: Record<string, string>, XML1: Record<string, string> = {}) => ({
  XML1: [XML1],
  XML13: [XML13],
});

ruleTable(rules, 'XML13_REQUIRED', [
  ['sent on, with the paper', sent({}, { MA_LOAI_RV: '2' }), []],
  ['at the own wish, with the paper', sent({}, { MA_LOAI_RV: '5' }), []],
  ['sent on, without', xml1({ MA_LOAI_RV: '2' }), ['XML13 null']],
  ['home, with the paper', sent({}, { MA_LOAI_RV: '1' }), ['XML13 null']],
  ['home', xml1({ MA_LOAI_RV: '1' }), []],
  // 81 findings of 81 were false when a paper was asked for because the patient had been sent here.
  ['the patient was sent here by another facility', xml1({ MA_LOAI_RV: '1', MA_NOI_DI: '40001' }), []],
  ['still there', sent({}), []],
]);

const all = {
  SO_HOSO: '1',
  SO_CHUYENTUYEN: '1',
  MA_CSKCB: '40021',
  MA_CSKCB_DEN: '40001',
  HO_TEN: 'x',
  DAU_HIEU_LS: 'x',
  QT_BENHLY: 'x',
  TOMTAT_KQ: 'x',
  MA_LYDO_CT: '1',
  HUONG_DIEU_TRI: 'x',
  PHUONGTIEN_VC: 'x',
  MA_BAC_SI: '1',
  MA_TTDV: '1',
};
ruleTable(rules, 'XML13_FIELDS', [
  ['all there', sent(all, { MA_LOAI_KCB: '03' }), []],
  ['a blank', sent({ ...all, MA_LYDO_CT: ' ' }, { MA_LOAI_KCB: '03' }), ['XML13 MA_LYDO_CT']],
  ['results of a stay', sent({ ...all, TOMTAT_KQ: '' }, { MA_LOAI_KCB: '09' }), ['XML13 TOMTAT_KQ']],
  ['results of an examination are not asked for', sent({ ...all, TOMTAT_KQ: '' }, { MA_LOAI_KCB: '01' }), []],
  ['no paper', xml1({ MA_LOAI_KCB: '03' }), []],
]);

const extra = {
  CHAN_DOAN_RV: 'x',
  MA_BENH_CHINH: 'J00',
  TINH_TRANG_CT: 'x',
  MA_LOAI_RV: '2',
  PP_DIEUTRI: 'x',
};
ruleTable(rules, 'XML13_FIELDS_EXTRA', [
  ['all there', sent(extra), []],
  [
    'a blank and an absent one',
    sent({ ...extra, TINH_TRANG_CT: ' ', PP_DIEUTRI: '' }),
    ['XML13 TINH_TRANG_CT', 'XML13 PP_DIEUTRI'],
  ],
  ['a zero is not blank', sent({ ...extra, PP_DIEUTRI: '0' }), []],
  ['no paper', xml1({}), []],
]);

const to = (MA_CSKCB_DEN: string, MA_NOI_DEN: string) =>
  sent({ MA_CSKCB_DEN }, { MA_CSKCB: '40021', MA_NOI_DEN });
const WRONG = ['XML13 MA_CSKCB_DEN'];
ruleTable(rules, 'XML13_DESTINATION', [
  ['where XML1 says', to('40001', '40001'), []],
  ['elsewhere', to('40001', '40002'), WRONG],
  ['back to itself', to('40021', '40021'), WRONG],
  ['XML1 says nothing', to('40001', ''), []],
  ['blank', to(' ', '40001'), []],
  ['a facility nobody knows, while the facilities are not known', to('99999', '99999'), []],
]);
ruleTable(
  rules,
  'XML13_DESTINATION',
  [
    ['one of the facilities', to('40001', '40001'), []],
    ['none of them', to('40002', '40002'), WRONG],
  ],
  { facility_catalogue: catalogueOf([{ code: '40001' }], 'code')! },
);

const person = {
  HO_TEN: 'Nguyễn Thị Mẫu',
  NGAY_SINH: '199501010000',
  GIOI_TINH: '2',
  MA_THE_BHYT: 'DN4404000000001;GD4404000000001',
  NGAY_VAO: '202611010800',
  NGAY_RA: '202611051500',
  MA_BENH_CHINH: 'J18.9',
};
const as = (more: Record<string, string>) => sent({ ...person, ...more }, person);
ruleTable(rules, 'XML13_IDENTITY_MATCH', [
  ['as XML1', as({}), []],
  ['capitals, blanks and composition of the name', as({ HO_TEN: 'NGUYỄN  THỊ MẪU'.normalize('NFD') }), []],
  ['another name', as({ HO_TEN: 'Nguyễn Thị Mấu' }), ['XML13 HO_TEN']],
  ['one of the cards', as({ MA_THE_BHYT: 'GD4404000000001' }), []],
  ['a card more', as({ MA_THE_BHYT: 'GD4404000000001;HT4404000000001' }), ['XML13 MA_THE_BHYT']],
  [
    'the visit is one of several',
    as({ NGAY_VAO: '202610300800;202611010800', NGAY_RA: '202610310800; 202611051500' }),
    [],
  ],
  ['the visit is none of several', as({ NGAY_VAO: '202610300800;202611010801' }), ['XML13 NGAY_VAO']],
  [
    'all others',
    as({ NGAY_SINH: '199501020000', GIOI_TINH: '1', NGAY_RA: '2026', MA_BENH_CHINH: 'J18' }),
    ['XML13 NGAY_SINH', 'XML13 GIOI_TINH', 'XML13 NGAY_RA', 'XML13 MA_BENH_CHINH'],
  ],
  ['blank here or there', sent({ HO_TEN: '', GIOI_TINH: '2' }, { HO_TEN: 'x' }), []],
  ['no paper', xml1(person), []],
]);
