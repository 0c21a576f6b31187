import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { type CatalogueRow, catalogueOf } from '../../catalogues.ts';
import { rules } from './index.ts';

const staff = (...rows: readonly CatalogueRow[]) => ({
  staff_catalogue: catalogueOf(rows, 'MA_BHXH_CCHN')!,
});

// Monday 2 November 2026.
const at = (NGAY_YL: string, MA_BAC_SI = 'L1') => ({ ...xml1({}), XML3: [{ NGAY_YL, MA_BAC_SI }] });

ruleTable(
  rules,
  'STF_WORKING_HOURS',
  [
    ['the first minute', at('202611020700'), []],
    ['a minute before', at('202611020659'), ['XML3:1 NGAY_YL']],
    ['the end is not included', at('202611021130'), ['XML3:1 NGAY_YL']],
    ['in the afternoon', at('202611021300'), []],
    ['on Sunday', at('202611010800'), ['XML3:1 NGAY_YL']],
    ['on duty that night', at('202611022359'), []],
    ['the end of the duty', at('202611030700'), ['XML3:1 NGAY_YL']],
    ['no times are registered', at('202611010300', 'L2'), []],
    ['unknown', at('202611010300', 'X'), []],
    ['no moment', at('2026'), []],
  ],
  {
    ...staff(
      { MA_BHXH_CCHN: 'L1', name: 'Nguyễn Thị Mẫu', working_time: ['1 0700-1130', '1 1300-1630'] },
      { MA_BHXH_CCHN: 'L2' },
    ),
    duty_roster: catalogueOf(
      [{ MA_BHXH_CCHN: 'L1', start: '202611021630', end: '202611030700' }],
      'MA_BHXH_CCHN',
    )!,
  },
);

const WRONG = ['XML3:1 MA_BAC_SI'];
ruleTable(
  rules,
  'STF_ON_LEAVE',
  [
    ['the day before', at('202611092359'), []],
    ['the first day', at('202611100000'), WRONG],
    ['the last day', at('202611112359'), WRONG],
    ['the day after', at('202611120000'), []],
    ['retired', at('202612010000'), WRONG],
    ['no leave is recorded', at('202611100800', 'L2'), []],
    ['no moment', at('2026'), []],
  ],
  staff({ MA_BHXH_CCHN: 'L1', leave: ['20261110-20261111', '20261201'] }, { MA_BHXH_CCHN: 'L2' }),
);
