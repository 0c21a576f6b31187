import { expect, test } from '@jest/globals';
import { instantAt } from '../platform/dates.ts';
import { deadlineRules } from './deadline.ts';
import { radarOf, whyNotSent } from './radar.ts';

const rules = deadlineRules(null);
const NOW = instantAt('2026-11-11', '08:00');
const visit = (facilityCode: string, day: string, insurerPays = '100.50') => ({
  facilityCode,
  endedAt: instantAt(day, '10:00'),
  insurerPays,
});
/** Of a visit of 2 November the deadline is the end of the 11th. */
const rows = [
  visit('40001', '2026-11-10'),
  visit('40021', '2026-11-02'),
  visit('40021', '2026-10-26'),
  visit('40001', '2026-11-04', '0.50'),
  visit('40101', '2026-11-02'),
];
const counts = (radar: ReturnType<typeof radarOf>) =>
  radar.facilities.map(({ facilityCode, overdue, day, soon, later }) =>
    [facilityCode, overdue.count, day.count, soon.count, later.count].join(' '),
  );

test('what waits by time left, the facility with most at its end first', () => {
  const radar = radarOf(rows, [], rules, NOW);
  expect(counts(radar)).toEqual(['40021 1 1 0 0', '40101 0 1 0 0', '40001 0 0 1 1']);
  expect(radar.total).toEqual({
    overdue: { count: 1, insurerPays: '100.50' },
    day: { count: 2, insurerPays: '201.00' },
    soon: { count: 1, insurerPays: '0.50' },
    later: { count: 1, insurerPays: '100.50' },
  });
  expect(radarOf([], [], rules, NOW)).toMatchObject({ facilities: [], total: { overdue: { count: 0 } } });
});

test('an outage of one facility gives that one time, an outage of all gives it to all, and nobody else', () => {
  const outage = { from: instantAt('2026-11-09', '00:00'), to: instantAt('2026-11-10', '00:00') };
  expect(counts(radarOf(rows, [{ ...outage, facilityCode: '40101' }], rules, NOW))).toEqual([
    '40021 1 1 0 0',
    '40001 0 0 1 1',
    '40101 0 0 1 0',
  ]);
  expect(counts(radarOf(rows, [{ ...outage, facilityCode: null }], rules, NOW))).toEqual([
    '40021 1 0 1 0',
    '40101 0 0 1 0',
    '40001 0 0 0 2',
  ]);
});

test('the stricter regime makes late from its day on what was early', () => {
  expect(counts(radarOf(rows, [], deadlineRules('2026-11-04'), NOW))).toEqual([
    '40001 2 0 0 0',
    '40021 1 1 0 0',
    '40101 0 1 0 0',
  ]);
});

const built = { number: 1, isHeld: false, hasObstacle: false, state: null, isResting: false } as const;
test.each([
  ['waits for the run', { number: 0 }, 'run'],
  ['held before it is built', { number: 0, isHeld: true, hasObstacle: true }, 'held'],
  ['could not be built', { number: 0, hasObstacle: true }, 'obstacle'],
  ['held as a version', { state: 'held' }, 'held'],
  ['not signed', { state: 'notSigned', isResting: true }, 'notSigned'],
  ['to be signed', { state: 'checked', isResting: true }, 'signing'],
  ['a call is under way', { state: 'sending', isResting: true }, 'sending'],
  ['the channel rests', { state: 'queued', isResting: true }, 'channel'],
  ['its outcome is unknown, the channel rests', { state: 'unknown', isResting: true }, 'channel'],
  ['its outcome is unknown', { state: 'unknown' }, 'unknown'],
  ['its turn will come', { state: 'queued' }, 'queue'],
  ['tried, tried again later', { state: 'notSent' }, 'queue'],
] as const)('why it is not sent: %s', (_name, facts, why) => {
  expect(whyNotSent({ ...built, ...facts })).toBe(why);
});
