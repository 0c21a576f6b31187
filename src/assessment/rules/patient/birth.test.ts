import { describe, expect, test } from '@jest/globals';
import { ruleTable, xml1 } from '../../../../test/harness/rules.ts';
import { earliestBirth } from './birth.ts';
import { rules } from './index.ts';

const born = (NGAY_SINH: string, NGAY_VAO = '') => xml1({ NGAY_SINH, NGAY_VAO });
const spoken = ['XML1 NGAY_SINH'];

/** The file is checked at the end of 24 November 2026. */
ruleTable(rules, 'PAT_BIRTH_VALID', [
  ['a day', born('198502280000'), []],
  ['a minute', born('202611240759'), []],
  ['only the year', born('195000000000'), []],
  ['month without a day', born('195005000000'), spoken],
  ['day without a month', born('195000050000'), spoken],
  ['29 February of a leap year', born('200002290000'), []],
  ['29 February of another', born('190002290000'), spoken],
  ['the first year', born('190001010000'), []],
  ['the year before', born('189912310000'), spoken],
  ['last minute of a day', born('200001012359'), []],
  ['hour 24', born('200001012400'), spoken],
  ['minute 60', born('200001011260'), spoken],
  ['the last minute of today', born('202611242359'), []],
  ['tomorrow', born('202611250000'), spoken],
  ['only this year', born('202600000000'), []],
  ['only next year', born('202700000000'), spoken],
  ['eight digits', born('19850228'), spoken],
  ['letters', born('1985022800:0'), spoken],
  ['blank', born(''), []],
]);

ruleTable(rules, 'PAT_BIRTH_AFTER_ADMISSION', [
  ['the minute of admission', born('202611240801', '202611240801'), []],
  ['a minute later', born('202611240802', '202611240801'), spoken],
  ['the day of admission, minute unknown', born('202611240000', '202611240000'), []],
  ['the day after', born('202611250000', '202611242359'), spoken],
  ['only the year of admission', born('202600000000', '202601010000'), []],
  ['only the year after', born('202700000000', '202612310000'), spoken],
  ['only the month of admission', born('202611000000', '202611010000'), []],
  ['birth unreadable', born('202613010000', '202611240801'), []],
  ['admission unreadable', born('202611250000', '20261124'), []],
  ['blank', born('', '202611240801'), []],
]);

describe('earliestBirth', () => {
  test.each([
    ['198500000000', '198501010000'],
    ['198505000000', '198505010000'],
    ['198505061230', '198505061230'],
    ['198505320000', null],
    ['', null],
  ])('%s → %s', (NGAY_SINH, expected) => expect(earliestBirth({ NGAY_SINH })).toBe(expected));
});

const arriving = (NGAY_SINH: string, NGAY_VAO = '202611020800') => xml1({ NGAY_SINH, NGAY_VAO });
ruleTable(rules, 'PAT_BIRTH_PARTIAL', [
  ['six years by the year', arriving('202000000000'), []],
  ['five years by the year', arriving('202100000000'), ['XML1 NGAY_SINH']],
  ['a full day', arriving('202511010000'), []],
  ['an adult', arriving('199000000000'), []],
  ['no arrival', arriving('202500000000', ''), []],
  ['impossible', arriving('2025'), []],
]);
ruleTable(rules, 'PAT_NEWBORN_TIME', [
  ['born today', arriving('202611020000'), ['XML1 NGAY_SINH']],
  ['28 days old', arriving('202610050000'), ['XML1 NGAY_SINH']],
  ['29 days old', arriving('202610040000'), []],
  ['with the minute', arriving('202611020001'), []],
  ['born after the arrival', arriving('202611030000'), []],
  ['only the year is known', arriving('202600000000'), []],
]);
ruleTable(rules, 'PAT_AGE_LIMIT', [
  ['120 years', arriving('190511030000'), []],
  ['121 years today', arriving('190511020000'), ['XML1 NGAY_SINH']],
  ['only the year is known', arriving('190500000000'), ['XML1 NGAY_SINH']],
  ['no birth', arriving(''), []],
]);
