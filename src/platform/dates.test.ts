import { describe, expect, test } from '@jest/globals';
import {
  addDays,
  contains,
  daysBetween,
  instantAt,
  isInstant,
  isLocalDate,
  localDate,
  localDateTime,
  notAfter,
  yearsBetween,
} from './dates.ts';

describe('the wall clock in Viet Nam', () => {
  test.each([
    ['2026-06-30T16:59:59.999Z', '2026-06-30'],
    ['2026-06-30T17:00:00.000Z', '2026-07-01'],
    ['2026-07-01T00:00:00+07:00', '2026-07-01'],
    ['1960-01-01T00:00:00+08:00', '1960-01-01'], // the country was at UTC+8 then
    ['1975-06-12T16:00:00.000Z', '1975-06-12'], // the clocks went back an hour at that midnight
  ])('%s is on %s', (instant, day) => expect(localDate(instant)).toBe(day));
  test('shows seconds', () => expect(localDateTime('2026-11-24T05:06:07.891Z')).toBe('2026-11-24T12:06:07'));
  test('there and back', () =>
    expect(localDateTime(instantAt('2026-02-28', '23:59'))).toBe('2026-02-28T23:59:00'));
  test('refuses what is no moment', () => expect(() => localDate('yesterday')).toThrow(RangeError));
});

describe('calendar days', () => {
  test.each([
    ['2026-02-29', false],
    ['2024-02-29', true],
    ['2026-13-01', false],
    ['2026-1-01', false],
    ['0000-01-01', false],
  ])('%s exists: %s', (day, exists) => expect(isLocalDate(day)).toBe(exists));
  test('adding and counting agree over a leap day', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2);
  });
  test('a day that four digits cannot say is no day', () => {
    expect(addDays('9999-12-30', 1)).toBe('9999-12-31');
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
  });
  test.each([
    ['2026-11-24T08:00:00Z', true],
    ['2026-11-24T08:00:00.123456+07:00', true],
    ['2026-11-24', false],
    ['2026-02-30T08:00:00Z', false],
    ['2026-11-24T25:00:00Z', false],
    ['2026', false],
  ])('%s is a moment: %s', (text, is) => expect(isInstant(text)).toBe(is));
  test('completed years change on the birthday', () => {
    expect(yearsBetween('1951-08-10', '2026-08-09')).toBe(74);
    expect(yearsBetween('1951-08-10', '2026-08-10')).toBe(75);
  });
  test('an interval holds its first day and not its end', () => {
    const period = { from: '2026-01-01', to: '2026-07-01' };
    expect(
      ['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01'].map((day) => contains(period, day)),
    ).toEqual([false, true, true, false]);
    expect(contains({ from: '2026-01-01', to: null }, '9999-01-01')).toBe(true);
  });
  test('clocks may differ by five minutes', () => {
    const now = new Date('2026-11-24T05:00:00Z');
    expect(notAfter('2026-11-24T05:05:00Z', now)).toBe(true);
    expect(notAfter('2026-11-24T05:05:01Z', now)).toBe(false);
  });
});
