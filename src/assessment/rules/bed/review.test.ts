import { expect, test } from '@jest/globals';
import { CHECK_DAY, ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { loadPolicy } from '../../../benefits/index.ts';
import { builtInsOf } from '../../built-ins.ts';
import { catalogueOf } from '../../catalogues.ts';
import { checkFile } from '../../check.ts';
import type { AnyRule, Row } from '../../rule.ts';
import { rules } from './index.ts';

const beds = (...rows: Row[]) => ({ XML3: rows.map((row) => ({ MA_NHOM: '15', T_BHTT: '1.00', ...row })) });
const tuned = (params: Readonly<Record<string, unknown>>) =>
  rules.map((one) => ({ ...one, params }) as unknown as AnyRule);
const ofType = (MA_LOAI_KCB: string, ...rows: Row[]) => ({ ...xml1({ MA_LOAI_KCB }), ...beds(...rows) });

ruleTable(rules, 'BED_CODE_ON_OTHER_GROUP', [
  ['none', ofType('01', { MA_NHOM: '13' }), []],
  ['a bed for an examination', ofType('01', { MA_NHOM: '13', MA_GIUONG: 'H001' }), ['XML3:1 MA_GIUONG']],
  ['a bed-day has its own rule', ofType('01', { MA_NHOM: '15', MA_GIUONG: 'H001' }), []],
  ['an in-patient', ofType('03', { MA_NHOM: '8', MA_GIUONG: 'H001' }), []],
]);

const morning = '202611010800';
const inWard = (NGAY_RA: string, days: string, more: Row = {}) => ({
  ...xml1({ MA_LOAI_KCB: '03', NGAY_VAO: morning, NGAY_RA, ...more }),
  ...beds({ SO_LUONG: days }),
});
const short = ['XML3 SO_LUONG'];
ruleTable(rules, 'BED_DAY_COUNT_SHORT', [
  ['as many as there are', inWard('202611041000', '3'), []],
  ['half a day less', inWard('202611041000', '2.5'), []],
  ['more than half a day less', inWard('202611041000', '2.499'), short],
  ['no bed at all', { ...inWard('202611041000', '3'), XML3: [] }, short],
  ['paid by the patient', { ...inWard('202611041000', '3'), ...beds({ SO_LUONG: '3', T_BHTT: '0' }) }, short],
  ['without insurance', inWard('202611041000', '0', { MA_DOITUONG_KCB: '9' }), []],
  ['part of a day is one', inWard('202611011200', '0.4'), short],
  ['under four hours', inWard('202611011159', '0'), []],
  // The trap: counted from the arrival at the house, three days would be missing one.
  ['counted from the ward', inWard('202611041000', '2', { NGAY_VAO_NOI_TRU: '202611021000' }), []],
  [
    'a ward outside the stay does not count',
    inWard('202611041000', '2', { NGAY_VAO_NOI_TRU: '202611051000' }),
    short,
  ],
  // The trap: a day more is earned by who was sent on, and is not missed by who does not claim it.
  ['the extra day is not missed', inWard('202611041000', '3', { MA_LOAI_RV: '2', KET_QUA_DTRI: '4' }), []],
  ['another type', inWard('202611041000', '0', { MA_LOAI_KCB: '04' }), []],
  ['unreadable', inWard('202611041000', 'x'), []],
]);

const lines = beds(
  { SO_LUONG: '1' },
  { SO_LUONG: '1.01' },
  { SO_LUONG: 'x' },
  { MA_NHOM: '1', SO_LUONG: '9' },
);
ruleTable(tuned({ max: '1', perDayRows: true }), 'BED_LINE_QUANTITY', [
  ['one a row', beds({ SO_LUONG: '1' }), []],
  ['more than one', lines, ['XML3:2 SO_LUONG']],
  ['no beds', xml1({}), []],
]);
test('BED_LINE_QUANTITY says nothing where a row may hold several days', () => {
  const alone = rules.filter(({ id }) => id === 'BED_LINE_QUANTITY');
  const file = { facilityCode: '40021', madeOn: CHECK_DAY, records: [{ ...xml1({}), ...lines }] };
  expect(checkFile(file, { builtIns: builtInsOf(loadPolicy()), rules: alone })).toEqual([]);
});

const inDepartment = (MA_DICH_VU: string, MA_KHOA: string, MA_NHOM = '15') =>
  beds({ MA_DICH_VU, MA_KHOA, MA_NHOM });
const dept = ['XML3:1 MA_KHOA'];
ruleTable(
  rules,
  'BED_DEPARTMENT_MATCH',
  [
    ['its own', inDepartment('K03.1912', 'K03'), []],
    ['one of three', inDepartment('K103436', 'K34;K01'), []],
    ['the first one counts', inDepartment('K103436.1912', 'K01;K34'), dept],
    ['another', inDepartment('K03.1912', 'K01'), dept],
    ['a department that nobody knows', inDepartment('K03.1912', 'K99'), []],
    ['no bed code of a department', inDepartment('15.0001', 'K01'), []],
    ['an odd number of digits', inDepartment('K031.1912', 'K01'), []],
    ['a service', inDepartment('K03.1912', 'K01', '13'), []],
  ],
  {
    department_catalogue: catalogueOf(
      ['K01', 'K03', 'K34'].map((code) => ({ code })),
      'code',
    )!,
  },
);

const services = { service_catalogue: catalogueOf([{ MA_DICH_VU: 'K19.1' }], 'MA_DICH_VU')! };
const operated = (NGAY_YL: string, ...operations: string[]) => ({
  XML3: [
    ...operations.map((NGAY_TH_YL) => ({ MA_NHOM: '8', NGAY_TH_YL })),
    { MA_NHOM: '15', MA_DICH_VU: 'K19.1', NGAY_YL },
  ],
});
ruleTable(
  tuned({ maxDays: 10, surgicalBedCodes: ['K19.1'] }),
  'BED_TYPE_VS_SURGERY',
  [
    ['the day of the operation', operated('202611010000', '202611011000'), []],
    ['ten days later', operated('202611112359', '202611010000'), []],
    ['eleven', operated('202611120000', '202611012359'), ['XML3:2 MA_DICH_VU']],
    ['a later operation', operated('202611120000', '202611010000', '202611100000'), []],
    ['the day before', operated('202610312359', '202611010000'), ['XML3:2 MA_DICH_VU']],
    ['no operation', operated('202611010000'), ['XML3:1 MA_DICH_VU']],
    ['an operation without a time', operated('202611010000', ''), []],
    ['another bed', { XML3: [{ MA_NHOM: '15', MA_DICH_VU: 'K19.2', NGAY_YL: morning }] }, []],
  ],
  services,
);

ruleTable(rules, 'BED_DAYCARE_LIMIT', [
  ['a day bed by day', ofType('04', { MA_NHOM: '14' }), []],
  ['a bed by night', ofType('04', { MA_NHOM: '15' }), ['XML3:1 MA_NHOM']],
  ['an in-patient', ofType('03', { MA_NHOM: '15' }, { MA_NHOM: '14' }), ['XML3:2 MA_NHOM']],
  ['at a station', ofType('06', { MA_NHOM: '16' }), []],
  ['no type', ofType('', { MA_NHOM: '14' }), []],
]);
