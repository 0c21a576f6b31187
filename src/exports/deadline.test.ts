import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantAt } from '../platform/dates.ts';
import { deadlineOf, deadlineRules, urgencyAt } from './deadline.ts';

const rules = deadlineRules(null);
const at = (day: string, time = '10:00') => instantAt(day, time);
const due = (endedAt: string, outages: Parameters<typeof deadlineOf>[3] = [], by = rules) =>
  deadlineOf(endedAt, at('2026-12-31'), by, outages);

describe('when a record must have reached the insurer', () => {
  test.each([
    ['a Monday: the whole seventh working day', '2026-11-02', '2026-11-12'],
    ['a Saturday counts from Monday on', '2026-11-07', '2026-11-19'],
    ['over a holiday', '2026-11-16', '2026-11-27'],
    ['near the end of the month: before the 5th', '2026-11-27', '2026-12-05'],
    ['the last day of the year', '2026-12-31', '2027-01-05'],
    ['the end of January', '2027-01-29', '2027-02-05'],
    ['before Tết', '2026-02-02', '2026-02-12'],
    ['over Tết, whose week is free', '2026-02-12', '2026-03-03'],
  ])('%s', (_name, ended, day) => {
    expect(due(at(ended)).at).toBe(instantAt(day));
  });

  test('an outage moves it by as long as it lasted, whether it is over or not', () => {
    const six = { from: at('2026-11-10', '08:00'), to: at('2026-11-10', '14:00') };
    expect(due(at('2026-11-02'), [six])).toEqual({ at: instantAt('2026-11-12', '06:00'), extendedHours: 6 });
    const going = { from: at('2026-11-11', '20:00'), to: null };
    const now = at('2026-11-11', '22:00');
    expect(deadlineOf(at('2026-11-02'), now, rules, [going]).extendedHours).toBe(2);
  });

  test('one in the time that another has gained counts too; those that overlap count once; others not at all', () => {
    const outages = [
      { from: at('2026-11-12', '02:00'), to: at('2026-11-12', '03:00') },
      { from: at('2026-11-10', '08:00'), to: at('2026-11-10', '14:00') },
      { from: at('2026-11-10', '12:00'), to: at('2026-11-10', '15:00') },
      { from: at('2026-11-01', '08:00'), to: at('2026-11-01', '14:00') },
      { from: at('2026-11-20', '08:00'), to: at('2026-11-20', '14:00') },
    ];
    expect(due(at('2026-11-02'), outages).extendedHours).toBe(8);
  });

  test('the stricter regime holds for visits that end from its day on', () => {
    const stricter = deadlineRules('2027-01-01');
    expect(due(at('2026-12-31', '23:00'), [], stricter).at).toBe(instantAt('2027-01-05'));
    expect(due(at('2027-01-01', '00:30'), [], stricter).at).toBe(at('2027-01-01', '03:30'));
  });

  test('never before the visit ends; a later end is never due earlier; outages never shorten', () => {
    const moment = fc
      .date({ min: new Date('2025-01-02'), max: new Date('2027-11-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const hours = fc.integer({ min: 0, max: 72 });
    fc.assert(
      fc.property(moment, hours, moment, hours, (ended, more, broke, lasted) => {
        const later = new Date(Date.parse(ended) + more * 3_600_000).toISOString();
        const outage = { from: broke, to: new Date(Date.parse(broke) + lasted * 3_600_000).toISOString() };
        const [plain, extended] = [due(ended), due(ended, [outage])];
        expect(plain.at > ended).toBe(true);
        expect(due(later).at >= plain.at).toBe(true);
        expect(extended.at >= plain.at).toBe(true);
        expect(extended.extendedHours).toBeLessThanOrEqual(lasted);
      }),
    );
  });
});

test.each([
  ['long before', '2026-11-03 00:00', 'later'],
  ['over the weekend before', '2026-11-07 00:00', 'later'],
  ['two working days before', '2026-11-09 00:00', 'soon'],
  ['with just a day left', '2026-11-11 00:00', 'soon'],
  ['with less than a day left', '2026-11-11 00:01', 'day'],
  ['a minute before its end', '2026-11-11 23:59', 'day'],
  ['at its end', '2026-11-12 00:00', 'overdue'],
] as const)('how urgent it is %s', (_name, moment, urgency) => {
  const [day = '', time] = moment.split(' ');
  expect(urgencyAt(instantAt(day, time), rules)(instantAt('2026-11-12'))).toBe(urgency);
});

test('before Tết two working days are long', () => {
  // 16 to 20 February 2026 are free; the deadline is the end of the 25th.
  const urgency = (day: string) => urgencyAt(at(day), rules)(instantAt('2026-02-26'));
  expect(['2026-02-13', '2026-02-22', '2026-02-23'].map(urgency)).toEqual(['later', 'later', 'soon']);
});
