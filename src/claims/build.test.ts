import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildClaim } from './build.service.ts';
import { editionOn, writtenEditionOn } from './editions.ts';
import type { ClaimSnapshot } from './snapshot.ts';

const golden = new URL('../../test/golden/3176/example-02-copay/input.json', import.meta.url);
const snapshot = JSON.parse(readFileSync(golden, 'utf8')) as ClaimSnapshot;
const ended = (endedAt: string, more: object = {}) =>
  buildClaim(
    {
      ...snapshot,
      visit: { ...snapshot.visit, encounter: { ...snapshot.visit.encounter, endedAt, ...more } },
    },
    '2026-08-15',
    1,
    'first',
  );

test.each([
  ['2023-01-17', undefined, undefined],
  ['2023-01-18', '130', undefined],
  ['2024-06-30', '130', undefined],
  ['2024-07-01', '4750', undefined],
  ['2024-12-31', '4750', undefined],
  ['2025-01-01', '3176', '3176'],
  ['2026-06-30', '3176', '3176'],
  ['2026-07-01', '1931', '1931'],
  ['2026-11-25', '1931', '1931'],
])('a visit that ended on %s is read in edition %s and written in %s', (day, read, written) => {
  expect(editionOn(day)).toBe(read);
  expect(writtenEditionOn(day)).toBe(written);
});

test('a visit that ended before the first edition that we write is set aside with its day, midnight being that of Viet Nam', () => {
  expect(ended('2024-12-31T16:59:59Z')).toMatchObject({
    reason: 'no-edition',
    details: { day: '2024-12-31' },
  });
  expect(ended('2024-12-31T17:00:00Z')).toMatchObject({ edition: '3176' });
});

test('what cannot be written is set aside with the finding and its place, never the value', () => {
  const result = ended('2026-08-10T03:00:00Z', { reason: 'x\u0001y' });
  expect(result).toMatchObject({
    reason: 'control-character',
    details: { place: expect.stringMatching(/^XML1\/1\//) },
  });
  expect(JSON.stringify(result)).not.toContain('x\\u0001y');
});
