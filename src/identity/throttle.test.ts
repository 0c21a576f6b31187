import { describe, expect, test } from '@jest/globals';
import { type FailureCount, type Failures, FORGET_AFTER_MS, LIMITS, waitSeconds } from './throttle.ts';

const NOW = new Date('2026-11-24T08:00:00+07:00');
const failed = (failures: number, secondsAgo = 0): FailureCount => ({
  failures,
  lastAt: new Date(NOW.getTime() - secondsAgo * 1000),
});
const seen = (more: Partial<Failures>): Failures => ({
  pair: null,
  account: null,
  address: null,
  isKnownAddress: false,
  ...more,
});
const wait = (more: Partial<Failures>) => waitSeconds(seen(more), NOW);

test('who did nothing wrong does not wait', () => {
  expect(wait({})).toBe(0);
  expect(wait({ isKnownAddress: true })).toBe(0);
});

describe.each(['pair', 'account', 'address'] as const)('%s', (count) => {
  const free = LIMITS[count];
  test.each([
    ['the last free failure', free - 1, 0, 0],
    ['the first that waits', free, 0, 2],
    ['the next waits twice as long', free + 1, 0, 4],
    ['and so on', free + 5, 0, 64],
    ['up to five minutes', free + 8, 0, 300],
    ['never longer', free + 1_000_000, 0, 300],
    ['half of the wait is over', free + 1, 2, 2],
    ['a part of a second is a whole one', free, 1.5, 1],
    ['the wait is over to the second', free + 1, 4, 0],
    ['and after it', free + 1, 5, 0],
  ])('%s', (_name, failures, secondsAgo, expected) => {
    expect(wait({ [count]: failed(failures, secondsAgo) })).toBe(expected);
  });
});

test('the longest of the three counts', () => {
  expect(
    wait({
      pair: failed(LIMITS.pair),
      account: failed(LIMITS.account + 2),
      address: failed(LIMITS.address + 1),
    }),
  ).toBe(8);
});

describe('an address that the account knows', () => {
  test('is not slowed by what others do elsewhere, nor by its neighbours', () => {
    const others = { account: failed(10_000), address: failed(10_000) };
    expect(wait({ ...others, isKnownAddress: true })).toBe(0);
    expect(wait({ ...others, isKnownAddress: false })).toBe(300);
  });
  test('is slowed by its own failures', () => {
    expect(wait({ pair: failed(LIMITS.pair), isKnownAddress: true })).toBe(2);
  });
});

test.each([
  ['just before they are forgotten, the wait is long over', FORGET_AFTER_MS / 1000 - 1, 0],
  ['forgotten', FORGET_AFTER_MS / 1000, 0],
])('%s', (_name, secondsAgo, expected) => {
  expect(wait({ pair: failed(1_000, secondsAgo) })).toBe(expected);
});

test('a clock that was set back makes nobody wait until it has caught up', () => {
  expect(wait({ pair: failed(1_000, -86_400) })).toBe(0);
  expect(wait({ pair: failed(1_000, -60) })).toBe(240);
});
