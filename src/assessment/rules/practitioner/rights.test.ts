import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const staff = (...rows: readonly CatalogueRow[]) => ({
  staff_catalogue: catalogueOf(rows, 'MA_BHXH_CCHN')!,
});

const NGAY_YL = '202611010800';
const of = (XML3: Record<string, string>) => ({
  ...xml1({ MA_CSKCB: '40021' }),
  XML3: [{ NGAY_YL, ...XML3 }],
});
const drug = (MA_BAC_SI: string) => ({ ...xml1({}), XML2: [{ NGAY_YL, MA_BAC_SI }] });
const people = staff(
  { MA_BHXH_CCHN: 'D', name: 'Nguyễn Thị Mẫu', title: 'BS', departments: ['K01', 'K02'], scopes: ['NOI'] },
  { MA_BHXH_CCHN: 'A', title: 'YS', scopes: ['NGOAI'] },
  { MA_BHXH_CCHN: 'N', title: 'DD', departments: ['K03'], to: '20261031' },
  { MA_BHXH_CCHN: 'N', departments: ['K04'], from: '20261101' },
  { MA_BHXH_CCHN: 'U' },
);
const ORDERER = ['XML3:1 MA_BAC_SI'];
const EXECUTOR = ['XML3:1 NGUOI_THUC_HIEN'];

ruleTable(
  rules,
  'STF_DEPARTMENT',
  [
    ['one of the departments', of({ MA_BAC_SI: 'D', MA_KHOA: 'K02' }), []],
    ['another one', of({ MA_BAC_SI: 'D', MA_KHOA: 'K03' }), ORDERER],
    ['moved there on that day', of({ MA_BAC_SI: 'N', MA_KHOA: 'K04' }), []],
    ['moved away on that day', of({ MA_BAC_SI: 'N', MA_KHOA: 'K03' }), ORDERER],
    ['the catalogue names none', of({ MA_BAC_SI: 'A', MA_KHOA: 'K03' }), []],
    ['mobilised from elsewhere', of({ MA_BAC_SI: 'D.HD.40001', MA_KHOA: 'K03' }), []],
    ['no department', of({ MA_BAC_SI: 'D' }), []],
  ],
  people,
);

ruleTable(
  rules,
  'STF_ORDERING_RIGHTS',
  [
    ['imaging by a doctor', of({ MA_BAC_SI: 'D', MA_NHOM: '2' }), []],
    ['imaging by an assistant doctor', of({ MA_BAC_SI: 'A', MA_NHOM: '2' }), ORDERER],
    ['a drug by an assistant doctor', drug('A'), []],
    ['a procedure', of({ MA_BAC_SI: 'A', MA_NHOM: '18' }), ORDERER],
    ['a bed', of({ MA_BAC_SI: 'A', MA_NHOM: '15' }), []],
    ['no title is known', of({ MA_BAC_SI: 'U', MA_NHOM: '2' }), []],
    ['the title of a day before', of({ MA_BAC_SI: 'N', MA_NHOM: '2' }), []],
    ['unknown', of({ MA_BAC_SI: 'X', MA_NHOM: '2' }), []],
  ],
  people,
);
ruleTable(
  rules,
  'STF_ORDERING_RIGHTS',
  [
    ['a drug by a nurse', drug('N'), ['XML2:1 MA_BAC_SI']],
    ['a drug by somebody whose title is not known', drug('U'), []],
  ],
  staff({ MA_BHXH_CCHN: 'N', title: 'DD' }, { MA_BHXH_CCHN: 'U' }),
);

const done = (NGUOI_THUC_HIEN: string, MA_DICH_VU = '10.0001.0001') => of({ NGUOI_THUC_HIEN, MA_DICH_VU });
ruleTable(
  rules,
  'STF_SCOPE',
  [
    ['within it', done('A'), []],
    ['outside', done('D'), EXECUTOR],
    ['stopped, and outside', done('D', '10.0001.0001_TB'), EXECUTOR],
    ['a team of which one may', done('D;A'), []],
    ['nothing is known of the person', done('U'), []],
    ['nothing is known of the service', done('D', '10.0002.0001'), []],
    ['the service itself is in the licence', done('S'), []],
    ['nobody', done(''), []],
  ],
  {
    ...staff(...people.staff_catalogue.all, { MA_BHXH_CCHN: 'S', scopes: ['10.0001.0001'] }),
    scope_catalogue: catalogueOf([{ code: '10.0001.0001', scopes: ['NGOAI'] }], 'code')!,
  },
);

const both = (MA_BAC_SI: string, NGUOI_THUC_HIEN: string, more: Record<string, string> = {}) =>
  of({ MA_BAC_SI, NGUOI_THUC_HIEN, MA_NHOM: '1', MA_KHOA: 'K01', ...more });
ruleTable(rules, 'STF_ORDERER_IS_EXECUTOR', [
  ['two persons', both('D', 'A'), []],
  ['the same', both('D', 'D'), EXECUTOR],
  ['one of several', both('D', 'A;D'), EXECUTOR],
  ['a function test', both('D', 'D', { MA_NHOM: '3' }), EXECUTOR],
  ['a procedure', both('D', 'D', { MA_NHOM: '18' }), []],
  ['nobody carried it out yet', both('D', ''), []],
]);
ruleTable(
  rules,
  'STF_ORDERER_IS_EXECUTOR',
  [
    ['a department with a single doctor', both('D', 'D'), []],
    ['the department beside it', both('D', 'D', { MA_KHOA: 'K02' }), EXECUTOR],
    [
      'a station with a single doctor',
      { ...both('D', 'D', { MA_KHOA: 'K02' }), ...xml1({ MA_CSKCB: '40555' }) },
      [],
    ],
  ],
  {},
  { exempt: ['K01', '40555'] },
);

const operated = (NGUOI_THUC_HIEN: string, PP_VO_CAM = '1', MA_NHOM = '8') =>
  of({ NGUOI_THUC_HIEN, PP_VO_CAM, MA_NHOM });
ruleTable(rules, 'STF_SURGEON_ANAESTHETIST', [
  ['two', operated('D;A'), []],
  ['one', operated('D'), EXECUTOR],
  ['one, twice', operated('D;D'), EXECUTOR],
  ['local anaesthesia', operated('D', '2'), []],
  ['a procedure', operated('D', '1', '18'), []],
  ['nobody is left to others', operated(''), []],
]);
