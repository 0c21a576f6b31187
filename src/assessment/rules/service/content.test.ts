import { ruleTable } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const surgery = (row: Row) => ({ XML3: [{ MA_DICH_VU: '10.0001.0001', MA_NHOM: '8', ...row }] });

ruleTable(rules, 'SVC_SURGERY_QUANTITY', [
  ['one', surgery({ SO_LUONG: '1.000' }), []],
  ['a thousandth more', surgery({ SO_LUONG: '1.001' }), ['XML3:1 SO_LUONG']],
  ['half', surgery({ SO_LUONG: '0.5' }), ['XML3:1 SO_LUONG']],
  ['stopped', surgery({ SO_LUONG: '2', MA_DICH_VU: '10.0001.0001_TB' }), []],
  ['a procedure', surgery({ SO_LUONG: '2', MA_NHOM: '18' }), []],
  ['no number', surgery({ SO_LUONG: 'x' }), []],
]);

const icd9 = ['XML3:1 MA_PTTT_QT'];
ruleTable(rules, 'SVC_SURGERY_CODE_ICD9', [
  ['filled in', surgery({ MA_PTTT_QT: '47.01' }), []],
  ['blank', surgery({ MA_PTTT_QT: ' ' }), icd9],
  ['stopped', surgery({ MA_DICH_VU: '10.0001.0001_TB' }), []],
  ['a procedure', surgery({ MA_NHOM: '18' }), []],
]);
ruleTable(
  rules,
  'SVC_SURGERY_CODE_ICD9',
  [
    ['known', surgery({ MA_PTTT_QT: '47.01' }), []],
    ['one of two is unknown', surgery({ MA_PTTT_QT: '47.01;99' }), icd9],
  ],
  { icd9_catalogue: catalogueOf([{ code: '47.01' }], 'code')! },
);

const line = (MA_BENH: string, MA_NHOM = '1') => ({ XML3: [{ MA_BENH, MA_NHOM, NGAY_YL: '202611020900' }] });
const diagnosis = ['XML3:1 MA_BENH'];
ruleTable(rules, 'SVC_LINE_ICD', [
  ['filled in', line('J18.9'), []],
  ['blank', line(''), diagnosis],
  ...['10', '11', '12', '14', '15', '16'].map((group) => [`group ${group}`, line('', group), []] as const),
  ['an examination', line('', '13'), diagnosis],
]);
ruleTable(
  rules,
  'SVC_LINE_ICD',
  [
    ['known', line('J18.9;i10'), []],
    ['unknown', line('J18.9;I99.9'), diagnosis],
    ["a facility's own code that is longer", line('J18.91'), []],
    ['longer and not listed: it is not cut', line('J18.92'), diagnosis],
    ['no longer in use', line('X01'), diagnosis],
  ],
  {
    icd10_catalogue: catalogueOf(
      [{ code: 'J18.9' }, { code: 'I10' }, { code: 'J18.91' }, { code: 'X01', to: '20251231' }],
      'code',
    )!,
  },
);

const imaging = (agent: Row, row: Row = {}) => ({
  XML2: [{ MA_THUOC: '40.644', NGAY_TH_YL: '202611020930', ...agent }],
  XML3: [{ MA_DICH_VU: '18.0155.0041', NGAY_TH_YL: '202611020900', ...row }],
});
const contrast = ['XML3:1 MA_DICH_VU'];
ruleTable(
  rules,
  'SVC_CONTRAST_WITHOUT_AGENT',
  [
    ['on that day', imaging({}), []],
    ['the next day', imaging({ NGAY_TH_YL: '202611030000' }), contrast],
    ['another drug', imaging({ MA_THUOC: '40.1' }), contrast],
    ['its price includes the agent', imaging({ MA_THUOC: '40.1' }, { MA_DICH_VU: '18.0156.0041' }), []],
    ['without contrast', imaging({ MA_THUOC: '40.1' }, { MA_DICH_VU: '18.0149.0040' }), []],
    ['no time', imaging({ MA_THUOC: '40.1' }, { NGAY_TH_YL: '' }), []],
  ],
  {
    service_catalogue: catalogueOf(
      [{ MA_DICH_VU: '18.0155.0041' }, { MA_DICH_VU: '18.0156.0041', contrastIncluded: true }],
      'MA_DICH_VU',
    )!,
    drug_catalogue: catalogueOf([{ MA_THUOC: '40.644' }], 'MA_THUOC')!,
  },
  { contrastServices: ['18.0155.0041', '18.0156.0041'], agents: ['40.644'] },
);
