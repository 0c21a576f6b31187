import { expect, test } from '@jest/globals';
import { createLanes } from './lanes.ts';

const FACILITY = 'f';
const MINUTE = 60_000;

test('as many in a minute as are allowed, then one by one', () => {
  const lanes = createLanes({ perFacility: 2, perMinute: 60 });
  const paced = (now: number) => lanes.pace(FACILITY, 'claims', now);
  for (let sent = 0; sent < 60; sent += 1) expect(paced(MINUTE)).toBe(0);
  expect(paced(MINUTE)).toBe(1_000);
  expect(paced(MINUTE + 400)).toBe(600);
  expect(paced(MINUTE + 1_000)).toBe(0);
  expect(lanes.pace('g', 'claims', MINUTE)).toBe(0);
});

test('a clock that is set back keeps nobody waiting for it to catch up', () => {
  const lanes = createLanes({ perFacility: 2, perMinute: 60 });
  for (let sent = 0; sent < 60; sent += 1) lanes.pace(FACILITY, 'claims', 20 * MINUTE);
  expect(lanes.pace(FACILITY, 'claims', 0)).toBe(1_000);
  expect(lanes.pace(FACILITY, 'claims', 1_000)).toBe(0);
});
