import { setTable, visit } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const staff = (...rows: readonly CatalogueRow[]) => ({
  staff_catalogue: catalogueOf(rows, 'MA_BHXH_CCHN')!,
});

const seen = (NGAY_YL: string, more: Record<string, string> = {}, where: Record<string, string> = {}) =>
  visit(
    { MA_LK: NGAY_YL + (where.MA_CSKCB ?? ''), MA_BN: NGAY_YL, ...where },
    { XML3: [{ MA_NHOM: '13', MA_BAC_SI: 'L1', NGAY_YL, ...more }] },
  );
const minute = (n: number) =>
  `20261102${String(7 + Math.floor(n / 60)).padStart(2, '0')}${String(n % 60).padStart(2, '0')}`;
const examinations = (count: number) => Array.from({ length: count }, (_, n) => seen(minute(n)));

setTable(rules, 'STF_DAILY_EXAM_COUNT', [
  ['sixty-five', examinations(65), []],
  ['sixty-six', examinations(66), ['66 XML3:1 MA_BAC_SI']],
  ['seventy, told once, where the number is passed', examinations(70), ['66 XML3:1 MA_BAC_SI']],
  ['in the order of the day, not of the files', examinations(66).toReversed(), ['1 XML3:1 MA_BAC_SI']],
  ['two days', [...examinations(65), seen('202611030700')], []],
  ['two doctors', [...examinations(65), seen(minute(65), { MA_BAC_SI: 'L2' })], []],
  ['at another facility', [...examinations(65), seen(minute(65), {}, { MA_CSKCB: '40555' })], []],
  ['no examination', [...examinations(65), seen(minute(65), { MA_NHOM: '15' })], []],
]);
setTable(
  rules,
  'STF_DAILY_EXAM_COUNT',
  [
    ['half of eight in four hours', examinations(2), []],
    ['one more', examinations(3), ['3 XML3:1 MA_BAC_SI']],
    [
      'two in one claim',
      [
        visit(
          { MA_LK: 'A' },
          {
            XML3: [1, 2, 3].map((n) => ({
              MA_NHOM: '13',
              MA_BAC_SI: 'L1',
              NGAY_YL: minute(0),
              STT: String(n),
            })),
          },
        ),
        seen('202611030700'),
      ],
      ['1 XML3:3 MA_BAC_SI'],
    ],
    [
      'a day without registered times counts eight hours',
      ['0', '1', '2', '3'].map((n) => seen(`20261104080${n}`)),
      [],
    ],
  ],
  {
    params: { max: 4 },
    catalogues: staff({ MA_BHXH_CCHN: 'L1', working_time: ['1 0700-1100'] }),
  },
);

const act = (MA_CSKCB: string, NGAY_YL: string, MA_BAC_SI = 'L1') =>
  seen(NGAY_YL, { MA_BAC_SI }, { MA_CSKCB });
const SECOND = ['2 XML3:1 MA_BAC_SI'];
setTable(rules, 'STF_TWO_FACILITIES_DAY', [
  ['one facility', [act('40021', '202611020800'), act('40021', '202611020900')], []],
  ['two', [act('40021', '202611020800'), act('40555', '202611021500')], SECOND],
  [
    'reported on the later in the day',
    [act('40555', '202611021500'), act('40021', '202611020800')],
    ['1 XML3:1 MA_BAC_SI'],
  ],
  [
    'at the same minute: on the one given later',
    [act('40021', '202611020800'), act('40555', '202611020800')],
    SECOND,
  ],
  [
    'told once for all that follows there',
    [act('40021', '202611020800'), act('40555', '202611021500'), act('40555', '202611021510')],
    SECOND,
  ],
  [
    'and again after going back',
    [act('40021', '202611020800'), act('40555', '202611021000'), act('40021', '202611021500')],
    [...SECOND, '3 XML3:1 MA_BAC_SI'],
  ],
  ['on two days', [act('40021', '202611020800'), act('40555', '202611030800')], []],
  ['two practitioners', [act('40021', '202611020800'), act('40555', '202611020900', 'L2')], []],
  ['remote from there', [act('40021', '202611020800'), act('40555', '202611020900', 'L1.TX.40021')], []],
  [
    'ordered here, done there',
    [
      act('40021', '202611020800'),
      seen('', { NGUOI_THUC_HIEN: 'L1', NGAY_TH_YL: '202611020900', MA_BAC_SI: '' }, { MA_CSKCB: '40555' }),
    ],
    ['2 XML3:1 NGUOI_THUC_HIEN'],
  ],
  ['no moment', [act('40021', '202611020800'), act('40555', '')], []],
]);
setTable(
  rules,
  'STF_TWO_FACILITIES_DAY',
  [
    [
      'registered at both, half an hour between',
      [act('40021', '202611020830'), act('40555', '202611020900')],
      [],
    ],
    ['less than half an hour', [act('40021', '202611020831'), act('40555', '202611020900')], SECOND],
    [
      'outside the registered time there',
      [act('40021', '202611020700'), act('40555', '202611021000')],
      SECOND,
    ],
    ['a machine', [act('40021', '202611020800', 'BOT'), act('40555', '202611020801', 'BOT')], []],
  ],
  {
    catalogues: staff(
      { MA_BHXH_CCHN: 'L1', name: 'Nguyễn Thị Mẫu', facility: '40021' },
      { MA_BHXH_CCHN: 'L1', facility: '40555', working_time: ['1 0900-1000'] },
      { MA_BHXH_CCHN: 'BOT', not_person: true },
    ),
  },
);
