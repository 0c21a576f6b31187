import { describe } from '@jest/globals';
import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const answered = (result: Row, ...services: Row[]) => ({
  XML3: services.map((service) => ({ MA_NHOM: '1', MA_DICH_VU: 'A', ...service })),
  XML4: [{ MA_DICH_VU: 'A', ...result }],
});

ruleTable(rules, 'LAB_ORPHAN_RESULT', [
  ['a service that was asked for', answered({}, { MA_DICH_VU: 'B' }, {}), []],
  ['one that was not', answered({}, { MA_DICH_VU: 'B' }), ['XML4:1 MA_DICH_VU']],
  ['no services at all', answered({}), ['XML4:1 MA_DICH_VU']],
  ['no code', answered({ MA_DICH_VU: '' }), []],
]);

const catalogue: CatalogueRow[] = [
  { MA_CHI_SO: '1', TEN_CHI_SO: 'Glucose máu', MA_DICH_VU: 'G', DON_VI_DO: 'mmol/L', low: 0.5, high: 60 },
  { MA_CHI_SO: '2', TEN_CHI_SO: 'Natri' },
];
const indicator_catalogue = catalogueOf(catalogue, 'MA_CHI_SO')!;

ruleTable(rules, 'LAB_INDICATOR_CODE', [
  ['its name', answered({ TEN_CHI_SO: 'x' }, {}), []],
  ['no name', answered({ TEN_CHI_SO: ' ' }, {}), ['XML4:1 TEN_CHI_SO']],
  ['imaging', answered({}, { MA_NHOM: '2' }), []],
  ['no such service', answered({}, { MA_DICH_VU: 'B' }), []],
]);
describe('with indicators', () => {
  ruleTable(
    rules,
    'LAB_INDICATOR_CODE',
    [
      ['its name and code', answered({ TEN_CHI_SO: 'glucose  MÁU', MA_CHI_SO: '1' }, {}), []],
      ['no code of a known name', answered({ TEN_CHI_SO: 'glucose  MÁU' }, {}), ['XML4:1 MA_CHI_SO']],
      [
        'nor of a known service',
        answered({ MA_DICH_VU: 'G' }, { MA_DICH_VU: 'G' }),
        ['XML4:1 MA_CHI_SO', 'XML4:1 TEN_CHI_SO'],
      ],
      ['a name that is not there', answered({ TEN_CHI_SO: 'Kali' }, {}), []],
    ],
    { indicator_catalogue },
  );
});

const dated = (NGAY_KQ: string, ...days: string[]) =>
  answered({ NGAY_KQ }, ...days.map((day) => ({ NGAY_KQ: day })));
ruleTable(rules, 'LAB_RESULT_TIME_MATCH', [
  ['the same day, whatever the time', dated('202611200000', '202611202359'), []],
  ['the day after', dated('202611210000', '202611202359'), ['XML4:1 NGAY_KQ']],
  ['one of two', dated('202611210000', '202611202359', '202611210800'), []],
  ['a service without a day', dated('202611210000', '202611202359', ''), []],
  ['no such service', dated('202611210000'), []],
  ['no day', dated('', '202611202359'), []],
]);

ruleTable(
  rules,
  'LAB_READER_KNOWN',
  [
    ['known', answered({ MA_BS_DOC_KQ: ' A1 ' }), []],
    ['unknown', answered({ MA_BS_DOC_KQ: 'A2' }), ['XML4:1 MA_BS_DOC_KQ'], { cause: 'practitioner A2' }],
    ['one of two', answered({ MA_BS_DOC_KQ: 'A1;A2' }), ['XML4:1 MA_BS_DOC_KQ']],
    ['blank has its own rule', answered({ MA_BS_DOC_KQ: '' }), []],
    ['no results', xml1({}), []],
  ],
  { staff_catalogue: catalogueOf([{ MA_BHXH_CCHN: 'A1' }], 'MA_BHXH_CCHN')! },
);

const measured = (MA_CHI_SO: string, GIA_TRI: string, DON_VI_DO = '') =>
  answered({ MA_CHI_SO, GIA_TRI, DON_VI_DO });
ruleTable(
  rules,
  'LAB_UNIT_PRESENT',
  [
    ['its unit', measured('1', '5.6', 'mmol/l'), []],
    ['another', measured('1', '5.6', 'mg/dL'), ['XML4:1 DON_VI_DO']],
    ['none', measured('1', '5.6'), ['XML4:1 DON_VI_DO']],
    ['no number', measured('1', 'âm tính'), []],
    ['no unit there', measured('2', '140'), []],
    ['not in the catalogue', measured('9', '5.6', 'x'), []],
  ],
  { indicator_catalogue },
);

ruleTable(
  rules,
  'LAB_CRITICAL_RANGE',
  [
    ['both ends are plausible', { XML4: [...measured('1', '0.5').XML4, ...measured('1', '60').XML4] }, []],
    ['less', measured('1', '0.49'), ['XML4:1 GIA_TRI']],
    ['more', measured('1', '60.01'), ['XML4:1 GIA_TRI']],
    ['no number', measured('1', 'cao'), []],
    ['no range there', measured('2', '9999'), []],
    ['not in the catalogue', measured('9', '9999'), []],
    ['no indicator', measured('', '9999'), []],
  ],
  { indicator_catalogue },
);
