import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

/**
 * The scenarios of the gateway's specification, G01 to G38: each is the beginning of the name of a test, in a file that
 * works against the simulator's own process.
 */
const SCENARIOS = Array.from({ length: 38 }, (_, at) => `G${String(at + 1).padStart(2, '0')}`);
const root = fileURLToPath(new URL('..', import.meta.url));
const tests = ['api', 'faults'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .filter((code) => /\b(startPlant|startRig)\(/.test(code)),
);

test('plants and rigs start the simulator as a process', () => {
  const starts = (name: string) => readFileSync(join(root, name), 'utf8').includes(' startSimulatorProcess(');
  expect([starts('harness/plant.ts'), starts('faults/gateway-fixtures.ts')]).toEqual([true, true]);
});

test.each(SCENARIOS)('%s of the gateway has a test', (scenario) => {
  const begins = new RegExp(`['"\`]${scenario}\\b`);
  expect(tests.filter((code) => begins.test(code)).length).toBeGreaterThan(0);
});
