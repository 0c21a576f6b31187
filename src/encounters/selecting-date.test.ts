import { expect, test } from '@jest/globals';
import { selectingDate } from './selecting-date.ts';

// Everything of this visit lies on its own side of midnight, 30 June to 3 July 2026 in Viet Nam.
const visit = { arrivedAt: '2026-06-30T16:59:00Z', endedAt: '2026-07-02T17:00:00Z' };
const line = { orderedAt: '2026-06-30T17:00:00Z', performedAt: '2026-07-01T17:30:00Z' };

test.each([
  ['law', '2026-06-30'],
  ['facilityFacts', '2026-06-30'],
  ['codeLists', '2026-07-03'],
] as const)('%s: by the visit, %s', (what, day) => expect(selectingDate(what, visit)).toBe(day));

test('price by the order, card by the execution, by the order when nothing was executed', () => {
  expect(selectingDate('price', visit, line)).toBe('2026-07-01');
  expect(selectingDate('card', visit, line)).toBe('2026-07-02');
  expect(selectingDate('card', visit, { ...line, performedAt: null })).toBe('2026-07-01');
});

test('a draft uses the lists of its arrival', () => {
  expect(selectingDate('codeLists', { ...visit, endedAt: null })).toBe('2026-06-30');
});
