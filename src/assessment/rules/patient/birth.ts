import { daysBetween, yearsBetween } from '../../../platform/dates.ts';
import {
  type AnyRule,
  arrivalDay,
  inTable,
  isoDay,
  moment,
  type Row,
  type RuleContext,
  readMoment,
  rule,
  value,
} from '../../rule.ts';

/** Moment of birth with the first possible value for an unknown month or day; null when blank or impossible. */
export function earliestBirth(row: Row): string | null {
  const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)(\d{4})$/.exec(value(row, 'NGAY_SINH')) ?? [];
  if (year === undefined) return null;
  return readMoment(`${year}${month === '00' ? '01' : month}${day === '00' ? '01' : day}${time}`);
}

/** When somebody was born. `0000` for month and day = only the year is known, for the time = not known. */
export const birth: readonly AnyRule[] = [
  rule({
    id: 'PAT_BIRTH_VALID',
    severity: 'error',
    stage: 'order',
    params: { firstYear: '1900' },
    check: ({ xml1 }, { firstYear }, context) => {
      const text = value(xml1, 'NGAY_SINH');
      if (text === '') return 'not-applicable';
      return isBirth(text, firstYear, context) ? [] : [inTable('XML1', 'NGAY_SINH', { value: text })];
    },
  }),
  rule({
    id: 'PAT_BIRTH_AFTER_ADMISSION',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const born = earliestBirth(xml1);
      const admitted = moment(xml1, 'NGAY_VAO');
      if (born === null || admitted === null) return 'not-applicable';
      const compared = born.endsWith('0000') ? 8 : 12; // digits: the day, or the minute when it is known
      if (born.slice(0, compared) <= admitted.slice(0, compared)) return [];
      return [inTable('XML1', 'NGAY_SINH', { birth: value(xml1, 'NGAY_SINH'), admit: admitted })];
    },
  }),
  rule({
    id: 'PAT_BIRTH_PARTIAL',
    severity: 'warning',
    stage: 'order',
    params: { minAge: 6 },
    check: (claim, { minAge }) => {
      const born = value(claim.xml1, 'NGAY_SINH');
      const arrived = arrivalDay(claim);
      if (earliestBirth(claim.xml1) === null || arrived === null) return 'not-applicable';
      const isPartial = born.slice(4, 8) === '0000';
      const isOldEnough = Number(arrived.slice(0, 4)) - Number(born.slice(0, 4)) >= minAge;
      return isPartial && !isOldEnough ? [inTable('XML1', 'NGAY_SINH')] : [];
    },
  }),
  // A birth of which only the year is known is left to PAT_BIRTH_PARTIAL.
  rule({
    id: 'PAT_NEWBORN_TIME',
    severity: 'warning',
    stage: 'order',
    params: { maxDays: 28 },
    check: (claim, { maxDays }) => {
      const born = value(claim.xml1, 'NGAY_SINH');
      const arrived = arrivalDay(claim);
      if (readMoment(born) === null || arrived === null) return 'not-applicable';
      const days = daysBetween(isoDay(born), isoDay(arrived));
      if (days < 0 || days > maxDays) return 'not-applicable';
      return born.endsWith('0000') ? [inTable('XML1', 'NGAY_SINH', { days: String(days) })] : [];
    },
  }),
  rule({
    id: 'PAT_AGE_LIMIT',
    severity: 'warning',
    stage: 'order',
    params: { maxAge: 120 },
    check: (claim, { maxAge }) => {
      const [born, arrived] = [earliestBirth(claim.xml1), arrivalDay(claim)];
      if (born === null || arrived === null) return 'not-applicable';
      const age = yearsBetween(isoDay(born), isoDay(arrived));
      return age <= maxAge ? [] : [inTable('XML1', 'NGAY_SINH', { age: String(age) })];
    },
  }),
];

function isBirth(text: string, firstYear: string, { checkTime }: RuleContext): boolean {
  const onlyYear = text.slice(4, 8) === '0000';
  const born = readMoment(onlyYear ? `${text.slice(0, 4)}0101${text.slice(8)}` : text);
  return born !== null && text.slice(0, 4) >= firstYear && born <= checkTime;
}
