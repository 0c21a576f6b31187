import { expect, test } from '@jest/globals';
import { fuzz, told } from '../fuzz/fuzz.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);

test(`1,000 requests made up from the API document, seed ${SEED}: no 5xx, no hang, nothing let slip`, async () => {
  const { findings, operations, statuses } = await fuzz({ seed: SEED, requests: 1_000 });
  expect(findings.map((finding) => told(SEED, finding))).toEqual([]);
  // A fuzz that is only turned away at the door tries nothing.
  expect(operations.asked).toBe(operations.all);
  expect(operations.answeredWell.length).toBeGreaterThan(operations.all / 3);
  expect(statuses['201']).toBeGreaterThan(10);
}, 120_000);
