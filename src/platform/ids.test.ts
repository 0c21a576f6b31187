import { expect, test } from '@jest/globals';
import { checkedId, derivedId, idTime, newId, UUID_V7 } from './ids.ts';
import { Problem } from './problem.ts';

const now = new Date('2026-11-24T05:00:00Z');
const HOUR = 3_600_000;

test('ids are UUIDv7, ordered by their time, and tell it', () => {
  const [a, b] = [newId(1_000), newId(2_000)];
  expect(a).toMatch(UUID_V7);
  expect(a < b).toBe(true);
  expect(idTime(b)).toBe(2_000);
});
test('derived ids repeat, and differ by every name', () => {
  expect(derivedId(5, 'a', 'bc')).toBe(derivedId(5, 'a', 'bc'));
  expect(derivedId(5, 'a', 'bc')).not.toBe(derivedId(5, 'ab', 'c'));
  expect(derivedId(5, 'a')).toMatch(UUID_V7);
});
test('a chosen id may be old, but not from beyond tomorrow', () => {
  const old = newId(now.getTime() - 400 * 24 * HOUR);
  expect(checkedId(old, now)).toBe(old);
  const tomorrow = newId(now.getTime() + 24 * HOUR);
  expect(checkedId(tomorrow, now)).toBe(tomorrow);
  expect(() => checkedId(newId(now.getTime() + 24 * HOUR + 1), now)).toThrow(new Problem('id-implausible'));
  expect(checkedId(undefined, now)).toMatch(UUID_V7);
});
