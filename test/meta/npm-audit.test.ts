import { expect, test } from '@jest/globals';
import { verdictOn } from '../harness/npm-audit.ts';

const report = (vulnerabilities: object, total: number) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities,
    metadata: { vulnerabilities: { total }, dependencies: { prod: 170 } },
  });

test('no hole is said as such', () => {
  expect(verdictOn(report({}, 0))).toEqual({
    hasFindings: false,
    lines: ['No known hole in 170 packages that we run with.'],
  });
});

test('each hole is named, with what brings it', () => {
  const advisory = { title: 'Denial of service', url: 'https://advisories.example/1' };
  const { hasFindings, lines } = verdictOn(
    report(
      {
        parser: { severity: 'high', range: '<5.0.1', via: [advisory] },
        reader: { severity: 'high', range: '*', via: ['parser'] },
      },
      2,
    ),
  );
  expect(hasFindings).toBe(true);
  expect(lines).toEqual([
    '2 packages with known holes:',
    '  parser <5.0.1: high; Denial of service https://advisories.example/1',
    '  reader *: high; through parser',
  ]);
});

test.each([
  [
    'a registry that does not have it',
    '{"message":"405 Method Not Allowed","statusCode":405}',
    undefined,
    '405',
  ],
  ['no output', '', new Error('spawn ETIMEDOUT'), 'ETIMEDOUT'],
  ['something else', '<html>', undefined, 'npm said nothing'],
  ['an empty answer', '{}', undefined, 'npm said nothing'],
])('%s: nothing was checked, and that is said', (_name, output, failure, why) => {
  const { hasFindings, lines } = verdictOn(output, failure);
  expect(hasFindings).toBe(false);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Nothing was checked: /);
  expect(lines[0]).toContain(why);
});
