import { describe } from '@jest/globals';
import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { catalogueOf } from '../../catalogues.ts';
import type { Row } from '../../rule.ts';
import { rules } from './index.ts';

/** The check day is Tuesday, 24 November 2026. */
const left = (NGAY_RA: string, more: Row = {}) => xml1({ NGAY_RA, ...more });
const spoken = ['XML1 NGAY_RA'];

ruleTable(rules, 'DT_DISCHARGE_OLD_YEAR', [
  ['the first minute of the year', left('202601010000'), []],
  ['the last minute before', left('202512312359'), spoken],
  ['a year to come', left('202701010000'), spoken],
  ['not discharged', left(''), []],
]);

const yearBefore = left('202612311600');
const IN_TIME = [
  ['sent on 15 January', yearBefore, []],
  ['two years before', left('202512312359'), spoken],
] as const;
ruleTable(rules, 'DT_DISCHARGE_OLD_YEAR', IN_TIME, {}, {}, '2027-01-15');
const TOO_LATE = [
  ['sent on 16 January', yearBefore, spoken],
  ['of the year itself', left('202701010000'), []],
] as const;
ruleTable(rules, 'DT_DISCHARGE_OLD_YEAR', TOO_LATE, {}, {}, '2027-01-16');

const holidays = (...rows: { day: string; working?: boolean }[]) => ({
  holiday_calendar: catalogueOf([{ day: '20260101' }, ...rows], 'day')!,
});
ruleTable(
  rules,
  'DT_SEND_DEADLINE',
  [
    ['seven working days', left('202611132359'), []],
    ['eight', left('202611120800'), spoken],
    ['a week-end does not count', left('202611140800'), []],
    [
      'paid before the last dose',
      left('202612302359', { MA_LOAI_KCB: '05', NGAY_TTOAN: '202611120800' }),
      spoken,
    ],
    ['neither paid', left('202612302359', { MA_LOAI_KCB: '05', NGAY_VAO: '202611130800' }), []],
    ['not discharged', left(''), []],
    ['still there', left('202612010800'), []],
  ],
  holidays(),
);

describe('with a holiday, and a Saturday on which people work', () => {
  ruleTable(
    rules,
    'DT_SEND_DEADLINE',
    [
      ['one day earlier is in time', left('202611120800'), []],
      ['two are not', left('202611110800'), spoken],
    ],
    holidays({ day: '20261120' }),
  );
  ruleTable(
    rules,
    'DT_SEND_DEADLINE',
    [
      ['one day earlier is late', left('202611130800'), spoken],
      ['three days later', left('202611160800'), []],
    ],
    holidays({ day: '20261121', working: true }),
  );
});

const paid = (NGAY_TTOAN: string, NGAY_RA: string, more: Row = {}) => xml1({ NGAY_TTOAN, NGAY_RA, ...more });
ruleTable(rules, 'DT_PAYMENT_AFTER_DISCHARGE', [
  ['the same minute', paid('202611200800', '202611200800'), []],
  ['a minute before', paid('202611200759', '202611200800'), ['XML1 NGAY_TTOAN']],
  [
    'before the last dose',
    paid('202611200800', '202612202359', { MA_LOAI_KCB: '05', NGAY_VAO: '202611200800' }),
    [],
  ],
  [
    'before they came',
    paid('202611200759', '202612202359', { MA_LOAI_KCB: '05', NGAY_VAO: '202611200800' }),
    ['XML1 NGAY_TTOAN'],
  ],
  ['not paid', paid('', '202611200800'), []],
  ['not discharged', paid('202611200800', ''), []],
]);
