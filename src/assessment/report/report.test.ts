import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import type { Finding } from '../rule.ts';
import { ruleCounter } from '../rule-counts.ts';
import type { Listed } from './columns.ts';
import { csvOf, harmless } from './csv.ts';
import { xlsxOf } from './xlsx.ts';

const finding: Listed = {
  file: 'thang-8.xml',
  maLk: '=1+1',
  rule: 'MON_SUM_BHTT',
  version: 2,
  severity: 'error',
  table: 'XML1',
  row: null,
  field: 'T_BHTT',
  values: { value: '1.00', expected: '2' },
  amount: '1500.50',
  cause: { kind: 'drug', key: '40.48' },
};
const HEAD = [
  'Tệp',
  'Mã liên kết',
  'Quy tắc',
  'Phiên bản',
  'Mức',
  'Bảng',
  'Dòng',
  'Trường',
  'Nội dung',
  'Giá trị',
  'Tiền có nguy cơ bị từ chối (đồng)',
  'Do đâu',
  'Mã gây lỗi',
];

async function csv(found: readonly Listed[]): Promise<string> {
  let text = '';
  for await (const part of csvOf(found, 'vi')) text += part;
  return text;
}

describe('findings as CSV', () => {
  test('begin with a mark that Excel knows, then heads in Vietnamese, then one line each', async () => {
    const text = await csv([finding]);
    expect(text.startsWith('\uFEFFTệp,')).toBe(true);
    const [head, line, end] = text.slice(1).split('\r\n');
    expect([head!.split(','), end]).toEqual([HEAD, '']);
    expect(line).toMatch(
      /^thang-8\.xml,'=1\+1,MON_SUM_BHTT,2,lỗi,XML1,,T_BHTT,"?T_BHTT 1\.00, .*"?,1\.00,1500\.50,thuốc,40\.48$/,
    );
  });

  test('quote what has commas, quotes or line ends', async () => {
    const text = await csv([{ ...finding, maLk: 'a"b,c\nd' }]);
    expect(text).toContain('thang-8.xml,"a""b,c\nd",MON_SUM_BHTT');
  });

  test.each(['=1', '+1', '-1', '@x', '\tx', '\rx'])('a spreadsheet does not run %j', (text) =>
    expect(harmless(text)).toBe(`'${text}`),
  );
  test.each(['1', 'a=b', '', "'x"])('%j stays as it is', (text) => expect(harmless(text)).toBe(text));

  test('a negative amount stays a number', async () => {
    expect(await csv([{ ...finding, amount: '-5.00' }])).toContain(',-5.00,');
  });
});

test('findings as a workbook: text is text, numbers are numbers', async () => {
  const bytes = await buffer(xlsxOf([finding, { ...finding, amount: null, cause: null, row: 3 }], 'vi'));
  const { sheets } = await readXlsx(bytes);
  const [head, first, second] = sheets[0]!.rows;
  expect([sheets.length, sheets[0]!.name, head]).toEqual([1, 'Điều cần xem', HEAD]);
  expect(first!.slice(0, 8)).toEqual([
    'thang-8.xml',
    '=1+1',
    'MON_SUM_BHTT',
    2,
    'lỗi',
    'XML1',
    null,
    'T_BHTT',
  ]);
  expect(first!.slice(9)).toEqual(['1.00', 1500.5, 'thuốc', '40.48']);
  expect(second![6]).toBe(3);
});

test('counts by rule: claims once each, the money of a row once, errors first', () => {
  const counter = ruleCounter();
  const add = (claim: string, more: Partial<Finding> = {}) =>
    counter.add({ ...finding, params: {}, rowKey: '', ...more }, claim);
  add('W', { rule: 'W', severity: 'warning', amount: null });
  for (const claim of ['A', 'A', 'B']) add(claim, { table: 'XML2', row: 1, amount: '10.50' });
  add('B', { table: 'XML2', row: 2, amount: '1.00' });
  expect(counter.counts()).toEqual([
    { rule: 'MON_SUM_BHTT', version: 2, severity: 'error', findings: 4, claims: 2, amount: '22.00' },
    { rule: 'W', version: 2, severity: 'warning', findings: 1, claims: 1, amount: '0.00' },
  ]);
});
