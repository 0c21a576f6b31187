import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { dictionary } from '../dictionary.ts';
import { EDITION_IDS } from '../editions.ts';
import { alwaysEmpty } from '../project.ts';
import { claimTablesPage } from './reference.ts';

const page = claimTablesPage();
const rowsOf = (part: string): string[] =>
  part
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .slice(1);
const section = (from: string, to: string) => page.slice(page.indexOf(from), page.indexOf(to));

test('the page in the repository is that of the dictionary', () => {
  const kept = readFileSync(new URL('../../../docs/claim-tables.md', import.meta.url), 'utf8');
  expect(kept === page).toBe(true);
});

test('names every field of every table once, in order', () => {
  for (const { code, names, fields } of dictionary().tables.values()) {
    const part = section(`### ${code}: ${names.vi}`, `\n## Khác nhau`).split('\n### ')[0]!;
    expect(rowsOf(part).map((row) => /^\| \d+ \| `(\w+)`/.exec(row)?.[1])).toEqual(
      fields.map(({ name }) => name),
    );
  }
});

test('says what every other edition has otherwise', () => {
  const part = section('## Khác nhau', '## Chỉ tiêu luôn để trống');
  for (const edition of EDITION_IDS.filter((id) => id !== '3176'))
    expect(part).toContain(`### ${edition} ← `);
  expect(part).toContain('| XML13 | `MA_CSKCB_DEN` | `MA_NOI_DEN`. code ≤ 5 | code ≤ 5 |');
  expect(part).toContain('| XML1 | `NHOM_MAU` | không có · absent |  |');
  expect(part).toContain('| XML15 |  | chưa có bảng này · does not have this table |  |');
});

test('lists every field that stays empty, with its reason', () => {
  const rows = rowsOf(section('## Chỉ tiêu luôn để trống', '## Danh mục đóng'));
  expect(rows).toEqual(
    alwaysEmpty().map(
      ({ table, field, reason }) =>
        `| ${table} | ${field === null ? 'cả bảng · the whole table' : `\`${field}\``} | ${reason} |`,
    ),
  );
  expect(rows.length).toBeGreaterThan(0);
});
