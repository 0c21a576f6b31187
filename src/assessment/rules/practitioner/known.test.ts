import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const staff = (...rows: readonly CatalogueRow[]) => ({
  staff_catalogue: catalogueOf(rows, 'MA_BHXH_CCHN')!,
});

const of = (XML3: Record<string, string>, XML2: readonly Record<string, string>[] = []) => ({
  ...xml1({ MA_CSKCB: '40021' }),
  XML2,
  XML3: [XML3],
});
const people = staff(
  { MA_BHXH_CCHN: 'L1', name: 'Nguyễn Thị Mẫu', from: '20260101', to: '20261130' },
  { MA_BHXH_CCHN: 'L2', facility: '40555' },
  { MA_BHXH_CCHN: 'L3', licence_to: '20261031' },
  { MA_BHXH_CCHN: 'BOT', not_person: true, to: '20260101' },
);

ruleTable(
  rules,
  'STF_ORDERER_KNOWN',
  [
    ['of the staff', of({ MA_BAC_SI: 'L1' }), []],
    ['unknown', of({ MA_BAC_SI: 'X' }), ['XML3:1 MA_BAC_SI']],
    ['one of two', of({ MA_BAC_SI: 'L1; X' }), ['XML3:1 MA_BAC_SI']],
    [
      'in both tables',
      of({ MA_BAC_SI: 'X' }, [{}, { MA_BAC_SI: 'X' }]),
      ['XML2:2 MA_BAC_SI', 'XML3:1 MA_BAC_SI'],
    ],
    ['of the staff of another facility', of({ MA_BAC_SI: 'L2' }), ['XML3:1 MA_BAC_SI']],
    ['remote, from another facility', of({ MA_BAC_SI: 'X.TX.40001' }), []],
    ['a trainee under supervision', of({ MA_BAC_SI: 'L1.040095000001' }), []],
    ['no longer there is left to STF_REGISTERED_AT_TIME', of({ MA_BAC_SI: 'L3' }), []],
    ['blank', of({ MA_BAC_SI: ' ' }), []],
  ],
  people,
);

ruleTable(
  rules,
  'STF_EXECUTOR_KNOWN',
  [
    ['of the staff', of({ NGUOI_THUC_HIEN: 'L1' }), []],
    ['one of two unknown', of({ NGUOI_THUC_HIEN: 'L1;X' }), ['XML3:1 NGUOI_THUC_HIEN']],
    ['mobilised from another facility', of({ NGUOI_THUC_HIEN: 'X.HD.40001' }), []],
    ['the sample was sent out', of({ NGUOI_THUC_HIEN: 'X', MA_DICH_VU: '23.0009.1494.K.40001' }), []],
    ['blank', of({ NGUOI_THUC_HIEN: '' }), []],
  ],
  people,
);

const ordered = (MA_BAC_SI: string, NGAY_YL: string) => of({ MA_BAC_SI, NGAY_YL });
const WRONG = ['XML3:1 MA_BAC_SI'];
ruleTable(
  rules,
  'STF_REGISTERED_AT_TIME',
  [
    ['the first day', ordered('L1', '202601010000'), []],
    ['the day before', ordered('L1', '202512312359'), WRONG],
    ['the last day', ordered('L1', '202611302359'), []],
    ['the day after', ordered('L1', '202612010000'), WRONG],
    ['the licence ends that day', ordered('L3', '202610312359'), []],
    ['the licence has ended', ordered('L3', '202611010000'), WRONG],
    ['unknown', ordered('X', '202611010000'), []],
    // Three accounts of machines made 5,380 of 5,422 findings.
    ['a machine', ordered('BOT', '202611010000'), []],
    ['no moment', ordered('L1', '2027'), []],
  ],
  people,
);
ruleTable(
  rules,
  'STF_REGISTERED_AT_TIME',
  [
    ['away between two times', ordered('L1', '202606150800'), WRONG],
    ['there again', ordered('L1', '202607010800'), []],
  ],
  staff({ MA_BHXH_CCHN: 'L1', to: '20260531' }, { MA_BHXH_CCHN: 'L1', from: '20260701' }),
);

ruleTable(
  rules,
  'STF_INTEGRATION_ACCOUNT',
  [
    ['a person', of({ NGUOI_THUC_HIEN: 'L1' }), []],
    ['an account', of({ NGUOI_THUC_HIEN: 'BOT' }), ['XML3:1 NGUOI_THUC_HIEN']],
    ['a person and an account', of({ NGUOI_THUC_HIEN: 'L1;BOT' }), ['XML3:1 NGUOI_THUC_HIEN']],
    ['unknown', of({ NGUOI_THUC_HIEN: 'X' }), []],
    ['blank', of({}), []],
  ],
  people,
);
