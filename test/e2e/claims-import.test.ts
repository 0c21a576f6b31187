import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { foreignFile } from '../harness/foreign.ts';
import { his } from '../harness/his.ts';
import { TEST_KEY } from '../harness/province.ts';

let database: TestDatabase;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'his-import-'));
  environment = {
    ...environmentOf(database),
    SECRETS_KEY: TEST_KEY.toString('base64'),
  };
  mkdirSync(join(folder, 'thang-8'));
  writeFileSync(join(folder, 'thang-8', 'a.xml'), foreignFile('40101', 'K1', 'K2'));
  writeFileSync(join(folder, 'b.xml.gz'), gzipSync(foreignFile('79999', 'K3')));
  writeFileSync(join(folder, 'notes.txt'), 'no claim');
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const imported = async (...args: string[]) => {
  const { code, out, err } = await his(['claims', 'import', folder, '--json', ...args], environment);
  return { code, err, ...(out === '' ? {} : (JSON.parse(out) as Record<string, unknown>)) };
};
const stored = () =>
  database.query<{ key: string; code: string }>(
    'select claim_key as key, facility_code as code from foreign_claim order by 1',
  );
const K = [
  { key: 'K1', code: '40101' },
  { key: 'K2', code: '40101' },
  { key: 'K3', code: '79999' },
];

test('a folder and the folders in it are taken in; the same again is nothing twice', async () => {
  const first = await imported();
  expect(first).toMatchObject({ code: 0, files: 2, stored: 3, known: 0, setAside: 0, refused: 0 });
  expect(await stored()).toEqual(K);
  expect(await imported()).toMatchObject({ code: 0, files: 2, stored: 0, known: 3, setAside: 0, refused: 0 });
  // The same dossiers in another file.
  writeFileSync(join(folder, 'c.xml'), foreignFile('40101', 'K2'));
  expect(await imported()).toMatchObject({ code: 0, files: 3, stored: 0, known: 4 });
  expect(await stored()).toEqual(K);
});

test('what cannot be taken in is named, with the reason; the others are there: exit 1', async () => {
  const bad = foreignFile('40101', 'K4', 'K5')
    .toString()
    .replace(/<NOIDUNGFILE>[^<]{8}/, '<NOIDUNGFILE>********');
  writeFileSync(join(folder, 'd.xml'), bad);
  writeFileSync(join(folder, 'e.xml'), '<xml/>');
  const found = await imported();
  expect(found).toMatchObject({ code: 1, files: 5, stored: 1, setAside: 1, refused: 1 });
  expect(found.err).toMatch(/d\.xml[\s\S]*\b1\b/);
  expect(found.err).toContain('e.xml');
  expect((await stored()).map(({ key }) => key)).toEqual(['K1', 'K2', 'K3', 'K5']);
  const files = await database.query<{ name: string; state: string }>(
    'select name, state from foreign_file order by name',
  );
  expect(files).toEqual([
    { name: 'b.xml.gz', state: 'read' },
    { name: 'c.xml', state: 'read' },
    { name: 'd.xml', state: 'read' },
    { name: 'e.xml', state: 'refused' },
    { name: 'thang-8/a.xml', state: 'read' },
  ]);
});

test('words for people, and for a folder that is not there or has no claim files', async () => {
  const { code, out } = await his(['claims', 'import', join(folder, 'thang-8')], environment);
  expect([code, out]).toEqual([0, expect.stringMatching(/2/)]);
  expect((await his(['claims', 'import', join(folder, 'none')], environment)).code).toBe(2);
  mkdirSync(join(folder, 'empty'));
  expect((await his(['claims', 'import', join(folder, 'empty')], environment)).code).toBe(1);
});
