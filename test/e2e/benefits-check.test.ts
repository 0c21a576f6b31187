import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { his } from '../harness/his.ts';

const folder = fileURLToPath(new URL('../../fixtures/benefit-cases/', import.meta.url));
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => join(folder, name));
const scratch = mkdtempSync(join(tmpdir(), 'his-cases-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const write = (name: string, content: string | Buffer) => {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
};
const threshold = (low15: number, more: object = {}) =>
  JSON.stringify({
    cases: [
      {
        id: 'T1',
        kind: 'function',
        fn: 'thresholds',
        input: { date: '2026-07-01' },
        expected: { low15 },
        ...more,
      },
    ],
  });

describe('his benefits check', () => {
  test('computes every case of the project as expected: exit 0', async () => {
    const { code, out, err } = await his(['benefits', 'check', ...files, '--json', '--strict']);
    const answer = JSON.parse(out) as {
      passed: number;
      failed: number;
      cases: { id: string; ok: boolean }[];
    };
    const bad = answer.cases.filter(({ ok }) => !ok).map(({ id }) => id);
    expect([code, err, bad, answer.failed]).toEqual([0, '', [], 0]);
    const count = files.flatMap(
      (file) => (JSON.parse(readFileSync(file, 'utf8')) as { cases: unknown[] }).cases,
    );
    expect(answer.passed).toBe(count.length);
    expect(answer.passed).toBeGreaterThanOrEqual(74);
  });

  test('says which case, which path, what was expected: exit 1', async () => {
    const file = write('wrong.json', threshold(379_501));
    const json = await his(['benefits', 'check', file, '--json']);
    expect([json.code, JSON.parse(json.out)]).toEqual([
      1,
      {
        passed: 0,
        failed: 1,
        cases: [
          {
            file,
            id: 'T1',
            ok: false,
            differences: [{ path: 'low15', expected: '379501', actual: '379500' }],
            explanation: [
              {
                path: 'low15',
                amount: '379500',
                rules: [
                  {
                    rule: 'THRESHOLD',
                    article: 'Đ3 k2',
                    parameters: [
                      expect.objectContaining({
                        id: 'base-salary',
                        value: '2530000',
                        from: '2026-07-01',
                        to: null,
                      }),
                      expect.objectContaining({ id: 'salary-multiple.low-cost-visit', value: '0.15' }),
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ]);
    const table = await his(['benefits', 'check', file], { LANGUAGE: 'vi' });
    expect([table.code, table.out]).toEqual([
      1,
      expect.stringContaining('low15: mong đợi 379501, tính ra 379500'),
    ]);
  });

  test('a case that cannot be computed fails alone, with its place', async () => {
    const good = JSON.parse(threshold(379_500)) as { cases: object[] };
    const bad = JSON.parse(threshold(1, { id: 'T2', input: { date: 'soon' } })) as { cases: object[] };
    const file = write('half.json', JSON.stringify({ cases: [...bad.cases, ...good.cases] }));
    const { code, out } = await his(['benefits', 'check', file, '--json']);
    expect([code, JSON.parse(out)]).toEqual([
      1,
      expect.objectContaining({
        passed: 1,
        failed: 1,
        cases: [
          expect.objectContaining({
            id: 'T2',
            problem: { path: 'input.date', message: expect.stringContaining('«soon»'.replace(/[«»]/g, '"')) },
          }),
          expect.objectContaining({ id: 'T1', ok: true }),
        ],
      }),
    ]);
  });

  test('reads standard input', () => {
    const command = fileURLToPath(new URL('../../src/his.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [command, 'benefits', 'check', '-', '--json'], {
      input: threshold(379_500),
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '' },
    });
    expect([status, (JSON.parse(stdout) as { passed: number }).passed]).toEqual([0, 1]);
  });

  test('a warning is told, and fails only with --strict', async () => {
    const file = write('odd.json', threshold(379_500, { remark: 'x' }));
    const loose = await his(['benefits', 'check', file]);
    expect([loose.code, loose.err]).toEqual([0, expect.stringContaining('T1: remark')]);
    expect((await his(['benefits', 'check', file, '--strict'])).code).toBe(1);
    const twice = await his(['benefits', 'check', file, file, '--strict', '--json']);
    expect([twice.code, twice.err, (JSON.parse(twice.out) as { passed: number }).passed]).toEqual([
      1,
      expect.stringContaining('"T1" stands twice'),
      2,
    ]);
  });

  test.each([
    ['no file', []],
    ['a file that does not exist', [join(scratch, 'none.json')]],
    ['a folder', [scratch]],
    ['not JSON', [write('text.json', 'hello')]],
    ['not UTF-8', [write('latin.json', Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d]))]],
    ['no cases', [write('empty.json', '{}')]],
    ['a case without id', [write('noid.json', '{"cases":[{"kind":"function"}]}')]],
    ['one of two is bad', [files[0]!, write('list.json', '[]')]],
    ['deep nesting', [write('deep.json', `${'['.repeat(200_000)}${']'.repeat(200_000)}`)]],
  ])('%s: exit 2, nothing on standard output', async (_name, args) => {
    const { code, out, err } = await his(['benefits', 'check', ...args, '--json']);
    expect([code, out]).toEqual([2, '']);
    expect(err.length).toBeGreaterThan(10);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
