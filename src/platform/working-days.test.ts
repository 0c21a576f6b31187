import { describe, expect, test } from '@jest/globals';
import { loadWorkingDays, workingDays } from './working-days.ts';

const calendar = loadWorkingDays();

describe('the calendar of the country', () => {
  test.each([
    ['a Wednesday', '2026-11-25', true],
    ['a Saturday', '2026-11-28', false],
    ['New Year', '2026-01-01', false],
    ['in Tết', '2026-02-18', false],
    ['the day after Tết', '2026-02-23', true],
    ['a Saturday on which people work instead', '2026-01-10', true],
    ['a weekday beyond the calendar', '2031-09-02', true],
  ])('%s', (_name, day, isWorking) => {
    expect(calendar.isWorking(day)).toBe(isWorking);
  });

  test('working days are counted from the next one on, over weekends and holidays', () => {
    expect(calendar.plus('2026-11-25', 7)).toBe('2026-12-04');
    expect(calendar.plus('2026-02-13', 1)).toBe('2026-02-23');
    expect(calendar.plus('2026-11-25', 0)).toBe('2026-11-25');
    expect(calendar.onOrAfter('2026-11-28')).toBe('2026-11-30');
    expect(calendar.onOrAfter('2026-11-30')).toBe('2026-11-30');
  });

  test('speaks of whole years', () => {
    expect([calendar.from, calendar.to]).toEqual(['2025-01-01', '2028-01-01']);
  });
});

describe('a calendar file', () => {
  const named = (day: string) => ({ day, name: 'x', evidence: 'B' as const });
  const file = { from: '2026-01-01', to: '2027-01-01', holidays: [named('2026-01-01')], workingWeekends: [] };

  test.each([
    ['a day that is none', { holidays: [named('2026-02-30')] }],
    ['a day outside', { holidays: [named('2027-01-01')] }],
    ['a day twice', { holidays: [named('2026-01-01'), named('2026-01-01')] }],
    ['a holiday on a weekend', { holidays: [named('2026-01-03')] }],
    ['a weekend that is a weekday', { workingWeekends: [named('2026-01-05')] }],
    ['a holiday without a name', { holidays: [{ day: '2026-01-01', evidence: 'B' }] }],
    ['another key', { more: true }],
  ])('is refused for %s', (_name, more) => {
    expect(() => loadWorkingDays({ ...file, ...more })).toThrow(/working days/);
  });

  test('is taken as it stands', () => {
    expect(loadWorkingDays(file).isWorking('2026-01-01')).toBe(false);
    expect(workingDays({ ...file, holidays: [] }).isWorking('2026-01-01')).toBe(true);
  });
});
