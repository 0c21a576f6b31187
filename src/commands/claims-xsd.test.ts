import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { his } from '../../test/harness/his.ts';

const folder = mkdtempSync(join(tmpdir(), 'his-xsd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kept = (edition: string, name: string) =>
  readFileSync(new URL(`../../schemas/claim/${edition}/generated/${name}`, import.meta.url), 'utf8');

test.each([
  ['130', ['--edition', '130'], 15],
  ['1931', [], 18],
])('his claims xsd writes the schemas of edition %s', async (edition, args, count) => {
  const to = join(folder, edition, 'deeper');
  const { code, out, err } = await his(['claims', 'xsd', '--to', to, ...args]);
  expect([code, out]).toEqual([0, '']);
  expect(err).toContain(`${count} schema files of edition ${edition}`);
  const names = readdirSync(to);
  expect(names).toHaveLength(count);
  for (const name of names) expect(readFileSync(join(to, name), 'utf8')).toBe(kept(edition, name));
});

test('an edition that does not exist, and a folder that cannot be made, are told with exit code 2', async () => {
  const unknown = await his(['claims', 'xsd', '--to', folder, '--edition', '4210']);
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('expected one of 130, 4750, 3176, 1931');
  writeFileSync(join(folder, 'file'), '');
  const noFolder = await his(['claims', 'xsd', '--to', join(folder, 'file')]);
  expect([noFolder.code, noFolder.out]).toEqual([2, '']);
  expect(noFolder.err).toContain('EEXIST');
});
