import { ruleTable, setTable, visit, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const EXAM = { MA_DICH_VU: '02.1897', MA_NHOM: '13', T_BHTT: '45000.00' };
const exams = (visitRow: Row, ...rows: Row[]) => ({
  ...xml1(visitRow),
  XML3: rows.map((row) => ({ ...EXAM, ...row })),
});

ruleTable(rules, 'EXM_SAME_CODE_TWICE', [
  ['two codes', exams({}, {}, { MA_DICH_VU: '03.1897' }), []],
  ['the same code', exams({}, {}, {}), ['XML3:2 MA_DICH_VU']],
  ['three times is one finding', exams({}, {}, {}, {}), ['XML3:3 MA_DICH_VU']],
  ['one is not insured', exams({}, {}, { T_BHTT: '0.00' }), []],
  ['no examination', exams({}, { MA_NHOM: '1' }, { MA_NHOM: '1' }), []],
  ['no code', exams({}, { MA_DICH_VU: '' }, { MA_DICH_VU: '' }), []],
]);

ruleTable(rules, 'EXM_INPATIENT_MAX_ONE', [
  ['one', exams({ MA_LOAI_KCB: '03' }, {}), []],
  ['two', exams({ MA_LOAI_KCB: '03' }, {}, { MA_DICH_VU: '03.1897' }), ['XML3 MA_NHOM']],
  ['two in a day ward', exams({ MA_LOAI_KCB: '04' }, {}, {}), ['XML3 MA_NHOM']],
  ['two in less than four hours', exams({ MA_LOAI_KCB: '09' }, {}, {}), []],
  ['the second is not insured', exams({ MA_LOAI_KCB: '03' }, {}, { T_BHTT: '0' }), []],
  ['none', exams({ MA_LOAI_KCB: '03' }), []],
  ['an out-patient', exams({ MA_LOAI_KCB: '01' }, {}, {}), []],
]);

ruleTable(rules, 'EXM_MISSING_OUTPATIENT', [
  ['has one', exams({ MA_LOAI_KCB: '01', MA_DOITUONG_KCB: '1.1' }, {}), []],
  ['has one that the patient pays', exams({ MA_LOAI_KCB: '01', MA_DOITUONG_KCB: '9' }, { T_BHTT: '0' }), []],
  ['has none', exams({ MA_LOAI_KCB: '01', MA_DOITUONG_KCB: '1.1' }, { MA_NHOM: '1' }), ['XML3 MA_NHOM']],
  ...['7', '7.2', '7.4', '10'].map(
    (one) => [`class ${one}`, exams({ MA_LOAI_KCB: '01', MA_DOITUONG_KCB: one }), []] as const,
  ),
  ['an in-patient', exams({ MA_LOAI_KCB: '03' }), []],
]);

const seen = (hour: string, TYLE_TT_DV: string, values: Row = {}, row: Row = {}) =>
  visit(
    { MA_LK: hour, NGAY_VAO: `20261102${hour}`, ...values },
    { XML3: [{ ...EXAM, MA_KHOA: 'K03', TYLE_TT_DV, ...row }] },
  );
const rate = ['2 XML3:1 TYLE_TT_DV'];
setTable(rules, 'EXM_RETURN_SAME_DAY', [
  ['thirty percent', [seen('0800', '100'), seen('1400', '30')], []],
  ['a point more', [seen('0800', '100'), seen('1400', '31')], rate],
  ['given in the other order', [seen('1400', '100'), seen('0800', '100')], ['1 XML3:1 TYLE_TT_DV']],
  ['another specialty', [seen('0800', '100'), seen('1400', '100', {}, { MA_KHOA: 'K04' })], []],
  [
    'another facility',
    [seen('0800', '100', { SO_CCCD: '1' }), seen('1400', '100', { SO_CCCD: '1', MA_CSKCB: '40555' })],
    [],
  ],
  ['the next day', [seen('0800', '100'), seen('1400', '100', { NGAY_VAO: '202611030000' })], []],
  ['another person', [seen('0800', '100'), seen('1400', '100', { MA_BN: 'P2' })], []],
  ['no examination before', [seen('0800', '100', {}, { MA_NHOM: '1' }), seen('1400', '100')], []],
  ['no rate', [seen('0800', '100'), seen('1400', '')], []],
]);

const DIALYSIS = { MA_DICH_VU: '01.0199.0200', MA_NHOM: '18' };
const course = (day: string, exam: Row = {}, more: readonly Row[] = [], from = day) =>
  visit(
    { MA_LK: day, NGAY_VAO: `${from}0700`, NGAY_RA: `${day}1200` },
    {
      XML3: [{ ...EXAM, NGAY_YL: `${day}0710`, ...exam }, { ...DIALYSIS, NGAY_YL: `${from}0800` }, ...more],
    },
  );
const charged = ['2 XML3:1 MA_DICH_VU'];
setTable(
  rules,
  'EXM_WITH_DIALYSIS_REHAB',
  [
    ['the first visit', [visit({ MA_BN: 'P2' }), course('20261102')], []],
    ['the second visit', [course('20261102'), course('20261104')], charged],
    ['the examination is not insured', [course('20261102'), course('20261104', { T_BHTT: '0' })], []],
    ['a later day of one claim', [visit({ MA_BN: 'P2' }), course('20261104', {}, [], '20261102')], charged],
    [
      'another procedure beside it',
      [course('20261102'), course('20261104', {}, [{ MA_DICH_VU: 'X', MA_NHOM: '18' }])],
      [],
    ],
    [
      'a test beside it',
      [course('20261102'), course('20261104', {}, [{ MA_DICH_VU: 'X', MA_NHOM: '1' }])],
      charged,
    ],
    [
      'the first visit after it was another service',
      [course('20261102', {}, [{ MA_DICH_VU: 'X', MA_NHOM: '18' }]), visit({ MA_LK: 'B' })],
      [],
    ],
  ],
  {
    catalogues: { service_catalogue: catalogueOf([{ MA_DICH_VU: '01.0199.0200' }], 'MA_DICH_VU')! },
    params: { cyclic: ['01.0199.0200'] },
  },
);
ruleTable(
  rules,
  'EXM_WITH_DIALYSIS_REHAB',
  [
    ['one claim alone', course('20261102'), []],
    ['a later day of it', course('20261104', {}, [], '20261102'), ['XML3:1 MA_DICH_VU']],
  ],
  { service_catalogue: catalogueOf([{ MA_DICH_VU: '01.0199.0200' }], 'MA_DICH_VU')! },
  { cyclic: ['01.0199.0200'] },
);
