import { setTable, visit } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const staff = (...rows: readonly CatalogueRow[]) => ({
  staff_catalogue: catalogueOf(rows, 'MA_BHXH_CCHN')!,
});

const treated = (
  patient: string,
  rows: readonly Record<string, string>[],
  more: Record<string, string> = {},
) =>
  visit(
    { MA_LK: patient, MA_BN: patient, ...more },
    { XML3: rows.map((row) => ({ MA_NHOM: '18', NGUOI_THUC_HIEN: 'L1', ...row })) },
  );
const from = (patient: string, NGAY_TH_YL: string, NGAY_KQ: string, more: Record<string, string> = {}) =>
  treated(patient, [{ NGAY_TH_YL, NGAY_KQ, ...more }]);
const SECOND = ['2 XML3:1 NGAY_TH_YL'];
const first = from('A', '202611020800', '202611020830');

setTable(rules, 'STF_OVERLAP_ACROSS_PATIENTS', [
  ['one after the other', [first, from('B', '202611020830', '202611020900')], []],
  ['a minute together', [first, from('B', '202611020829', '202611020900')], SECOND],
  ['reported on the one given later', [from('B', '202611020829', '202611020900'), first], SECOND],
  ['within the other', [first, from('B', '202611020810', '202611020815')], SECOND],
  [
    'over midnight',
    [from('A', '202611022350', '202611030020'), from('B', '202611030010', '202611030015')],
    SECOND,
  ],
  [
    'a whole night, found once',
    [from('A', '202611022350', '202611030020'), from('B', '202611022340', '202611030015')],
    SECOND,
  ],
  ['one of a team', [first, from('B', '202611020810', '202611020815', { NGUOI_THUC_HIEN: 'L2;L1' })], SECOND],
  [
    'a shared team, found once',
    [
      from('A', '202611020800', '202611020830', { NGUOI_THUC_HIEN: 'L1;L2' }),
      from('B', '202611020810', '202611020815', { NGUOI_THUC_HIEN: 'L2;L1' }),
    ],
    SECOND,
  ],
  ['somebody else', [first, from('B', '202611020810', '202611020815', { NGUOI_THUC_HIEN: 'L2' })], []],
  ['the work of an analyser', [first, from('B', '202611020810', '202611020815', { MA_NHOM: '1' })], []],
  ['no end is known', [first, from('B', '202611020810', '')], []],
  ['the end is not after the beginning', [first, from('B', '202611020810', '202611020810')], []],
  [
    'the same person in two claims',
    [first, treated('B', [{ NGAY_TH_YL: '202611020810', NGAY_KQ: '202611020815' }], { MA_BN: 'A' })],
    [],
  ],
  [
    'at another facility',
    [first, treated('B', [{ NGAY_TH_YL: '202611020810', NGAY_KQ: '202611020815' }], { MA_CSKCB: '40555' })],
    [],
  ],
]);
setTable(
  rules,
  'STF_OVERLAP_ACROSS_PATIENTS',
  [
    ['four minutes', [first, from('B', '202611020826', '202611020900')], []],
    ['five minutes', [first, from('B', '202611020825', '202611020900')], SECOND],
    [
      'a machine has no hands',
      [
        from('A', '202611020800', '202611020830', { NGUOI_THUC_HIEN: 'BOT' }),
        from('B', '202611020810', '202611020830', { NGUOI_THUC_HIEN: 'BOT' }),
      ],
      [],
    ],
  ],
  { params: { minOverlapMinutes: 5 }, catalogues: staff({ MA_BHXH_CCHN: 'BOT', not_person: true }) },
);

const start = (patient: string, NGAY_TH_YL: string, more: Record<string, string> = {}) =>
  treated(patient, [{ NGAY_TH_YL, ...more }]);
const minute = '202611020800';
setTable(rules, 'STF_SAME_MINUTE_STARTS', [
  ['a minute later', [start('A', minute), start('B', '202611020801')], []],
  ['the same minute', [start('A', minute), start('B', minute)], SECOND],
  [
    'three of them',
    [start('A', minute), start('B', minute), start('C', minute)],
    [...SECOND, '3 XML3:1 NGAY_TH_YL'],
  ],
  ['an operation and a procedure', [start('A', minute), start('B', minute, { MA_NHOM: '8' })], SECOND],
  [
    'two for one patient',
    [treated('A', [{ NGAY_TH_YL: minute }, { NGAY_TH_YL: minute }]), start('B', '202611021000')],
    [],
  ],
  ['a test', [start('A', minute), start('B', minute, { MA_NHOM: '1' })], []],
  ['no moment', [start('A', ''), start('B', '')], []],
]);
setTable(
  rules,
  'STF_SAME_MINUTE_STARTS',
  [
    ['two are allowed', [start('A', minute), start('B', minute)], []],
    ['three are not', [start('A', minute), start('B', minute), start('C', minute)], ['3 XML3:1 NGAY_TH_YL']],
    [
      'one person in two claims counts once',
      [start('A', minute), treated('A2', [{ NGAY_TH_YL: minute }], { MA_BN: 'A' }), start('C', minute)],
      [],
    ],
    ['a machine', ['A', 'B', 'C'].map((patient) => start(patient, minute, { NGUOI_THUC_HIEN: 'BOT' })), []],
  ],
  { params: { max: 2 }, catalogues: staff({ MA_BHXH_CCHN: 'BOT', not_person: true }) },
);
