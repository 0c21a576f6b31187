import { describe } from '@jest/globals';
import { ruleTable } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

const [EIGHT, LATER] = ['202611200800', '202611200801'];
const rows = (...given: Row[]) => ({ XML3: given });
const done = (MA_NHOM: string, NGAY_TH_YL: string, NGAY_KQ: string, more: Row = {}) => ({
  MA_NHOM,
  NGAY_TH_YL,
  NGAY_KQ,
  ...more,
});

ruleTable(rules, 'DT_EXEC_EQUALS_RESULT', [
  ['a minute later', rows(done('1', EIGHT, LATER)), []],
  ['the same minute', rows(done('1', EIGHT, LATER), done('18', EIGHT, EIGHT)), ['XML3:2 NGAY_KQ']],
  ['a minute before has its own rule', rows(done('1', LATER, EIGHT)), []],
  ['an examination', rows(done('13', EIGHT, EIGHT)), []],
  ['unreadable', rows(done('1', EIGHT, ''), done('1', '', '')), []],
]);

ruleTable(rules, 'DT_EXEC_TOO_SHORT', [
  ['three minutes', rows(...['1', '2', '3'].map((group) => done(group, EIGHT, '202611200803'))), []],
  ['two', rows(done('1', EIGHT, '202611200802')), ['XML3:1 NGAY_KQ']],
  ['over midnight', rows(done('3', '202611202359', '202611210002')), []],
  ['the same minute has its own rule', rows(done('2', EIGHT, EIGHT)), []],
  ['a result before', rows(done('2', LATER, EIGHT)), []],
  ['an operation', rows(done('8', EIGHT, LATER)), []],
  ['no result', rows(done('1', EIGHT, '')), []],
]);

describe('with minutes of the catalogue', () => {
  const services: CatalogueRow[] = [
    { MA_DICH_VU: '02.0001.0001', minutes: 10, from: '20260101', to: '20261119' },
    { MA_DICH_VU: '02.0001.0001', minutes: 20, from: '20261120', to: '' },
    { MA_DICH_VU: '02.0002.0002' },
  ];
  const timed = (MA_DICH_VU: string, NGAY_KQ: string) => rows(done('1', EIGHT, NGAY_KQ, { MA_DICH_VU }));
  ruleTable(
    rules,
    'DT_EXEC_TOO_SHORT',
    [
      ['twenty', timed('02.0001.0001', '202611200820'), []],
      ['nineteen', timed('02.0001.0001', '202611200819'), ['XML3:1 NGAY_KQ']],
      [
        'with a suffix',
        timed('02.0001.0001_GT', '202611200819'),
        ['XML3:1 NGAY_KQ'],
        { cause: 'service 02.0001.0001' },
      ],
      ['sent elsewhere', timed('02.0001.0001.K.40001', '202611200819'), ['XML3:1 NGAY_KQ']],
      ['the day before', rows(done('1', '202611190800', '202611190810', { MA_DICH_VU: '02.0001.0001' })), []],
      ['no minutes there', timed('02.0002.0002', '202611200803'), []],
      ['nor the service', timed('02.0003.0003', '202611200802'), ['XML3:1 NGAY_KQ']],
    ],
    { service_catalogue: catalogueOf(services, 'MA_DICH_VU')! },
  );
});

const ordered = (MA_NHOM: string, NGAY_YL: string, NGAY_TH_YL: string) =>
  rows({ MA_NHOM, NGAY_YL, NGAY_TH_YL });
ruleTable(rules, 'DT_ORDER_EQUALS_EXEC', [
  ['a minute later', ordered('1', EIGHT, LATER), []],
  ['the same minute', ordered('8', EIGHT, EIGHT), ['XML3:1 NGAY_TH_YL']],
  ['before has its own rule', ordered('1', LATER, EIGHT), []],
  ['another group', ordered('18', EIGHT, EIGHT), []],
  ['unreadable', ordered('1', EIGHT, ''), []],
]);

const NINE = '202611200900';
const operation = (from: string, to: string, group = '8') => done(group, from, to);
ruleTable(rules, 'DT_PATIENT_OVERLAP_PROCEDURES', [
  ['one after the other', rows(operation(EIGHT, NINE), operation(NINE, '202611201000')), []],
  [
    'a minute together',
    rows(operation(EIGHT, NINE), operation('202611200859', '202611201000', '18')),
    ['XML3:2 NGAY_TH_YL'],
  ],
  ['within', rows(operation('202611200830', '202611200840'), operation(EIGHT, NINE)), ['XML3:2 NGAY_TH_YL']],
  [
    'each pair once',
    rows(operation(EIGHT, NINE), operation(EIGHT, NINE, '18'), operation(EIGHT, NINE, '18')),
    ['XML3:2 NGAY_TH_YL', 'XML3:3 NGAY_TH_YL', 'XML3:3 NGAY_TH_YL'],
  ],
  ['two rows of one operation', rows(operation(EIGHT, NINE), operation(EIGHT, '202611200930')), []],
  [
    'procedures that start together',
    rows(operation(EIGHT, NINE, '18'), operation(EIGHT, NINE, '18')),
    ['XML3:2 NGAY_TH_YL'],
  ],
  ['tests', rows(operation(EIGHT, NINE, '1'), operation(EIGHT, NINE, '1')), []],
  ['no end', rows(operation(EIGHT, ''), operation(EIGHT, EIGHT), operation(EIGHT, NINE)), []],
]);
