import { expect, test } from '@jest/globals';
import { runaways } from './stop.ts';

const LIMITS = { share: 0.2, claims: 50 };
const stopped = (hits: number, before: number, lately: number, month: number) =>
  runaways([{ rule: 'A', hits, before }], { lately, before: month }, LIMITS).length > 0;

test.each([
  ['a fifth of the claims is not more than a fifth', 20, 0, 100, 1000, false],
  ['one more is', 21, 0, 100, 1000, true],
  ['fewer claims than that say nothing', 49, 0, 49, 1000, false],
  ['just enough of them', 11, 0, 50, 1000, true],
  ['it spoke of so many all the month: nothing sudden', 60, 300, 100, 1000, false],
  ['a fifth of the month is not so many', 60, 200, 100, 1000, true],
  ['a month of a few claims does not tell', 60, 10, 100, 12, true],
  ['no claims at all', 0, 0, 0, 0, false],
] as const)('%s', (_, hits, before, lately, month, expected) =>
  expect(stopped(hits, before, lately, month)).toBe(expected),
);

test('each rule for itself', () => {
  const shares = ['A', 'B', 'C'].map((rule, index) => ({ rule, hits: index * 15, before: 0 }));
  expect(runaways(shares, { lately: 100, before: 0 }, LIMITS).map(({ rule }) => rule)).toEqual(['C']);
});
