import { describe, expect, test } from '@jest/globals';
import { catalogue, LANGUAGES } from '../messages/index.ts';
import { type TableCode, tableOf } from './dictionary.ts';
import {
  ClaimReadError,
  ClaimWriteError,
  READ_FINDINGS,
  WRITE_FINDINGS,
  type WriteFinding,
} from './errors.ts';
import { buildClaimFile, editionOfTables, streamClaimFile } from './files.ts';
import type { ClaimTables } from './tables.ts';
import { tableXml } from './writer.ts';

const HEAD = { facilityCode: '40101', madeOn: '2026-08-15' };
const row = (code: TableCode, values: Record<string, string> = {}) => ({
  ...Object.fromEntries(tableOf(code).fields.map((field) => [field.name, ''])),
  ...values,
});

function refusal(write: () => unknown): ClaimWriteError {
  try {
    write();
  } catch (error) {
    if (error instanceof ClaimWriteError) return error;
    throw error;
  }
  throw new Error('was written');
}

describe('one value', () => {
  test.each<[field: string, value: string, expected: WriteFinding | 'written']>([
    ['TEN_THUOC', 'a'.repeat(1024), 'written'],
    ['TEN_THUOC', 'a'.repeat(1025), 'too-long'],
    ['TEN_THUOC', '𠮷'.repeat(1024), 'written'], // counted in code points, not in halves
    ['TEN_THUOC', '𠮷'.repeat(1025), 'too-long'],
    ['DON_VI_TINH', 'e\u0302'.repeat(50), 'written'], // counted after composing
    ['DON_VI_TINH', 'ê'.repeat(51), 'too-long'],
    ['TEN_THUOC', 'a\u0007', 'control-character'],
    ['TEN_THUOC', 'a\u0009\u000a\u000d\u0085', 'written'],
    ['TEN_THUOC', '\ud83d', 'lone-surrogate'],
    ['NGAY_YL', '202608100830', 'written'],
    ['NGAY_YL', '2026-08-10T08:30', 'bad-format'],
    ['NGAY_YL', '20260810', 'bad-format'],
    ['SO_LUONG', '3.333', 'written'],
    ['SO_LUONG', '3.3333', 'bad-format'],
    ['SO_LUONG', '3,5', 'bad-format'],
    ['SO_LUONG', '1e3', 'bad-format'],
    ['SO_LUONG', '12345678901', 'too-long'],
    ['T_BHTT', '3291.85', 'written'],
    ['T_BHTT', '3291.855', 'bad-format'],
    ['T_BHTT', '351 000', 'bad-format'],
    ['TYLE_TT_BH', '47.5', 'bad-format'],
    ['MUC_HUONG', '47.5', 'written'],
  ])('%s = %j: %s', (field, value, expected) => {
    const write = () => tableXml('XML2', [row('XML2'), row('XML2', { [field]: value })], '1931');
    if (expected === 'written') {
      expect(write()).toContain(`<${field}>`);
      return;
    }
    const error = refusal(write);
    expect([error.finding, error.place]).toEqual([expected, { table: 'XML2', row: 2, field }]);
    expect(error.message).not.toContain(value);
  });

  test('half a point of benefit rate fits from 2026-07-01, by the end of the visit', () => {
    const record = (ended: string): ClaimTables => ({
      XML1: [row('XML1', { NGAY_RA: ended })],
      XML2: [row('XML2', { MUC_HUONG: '47.5' })],
    });
    expect(editionOfTables(record('202606302359'), HEAD.madeOn)).toBe('3176');
    expect(editionOfTables(record('202607010000'), '2026-06-30')).toBe('1931');
    expect(refusal(() => buildClaimFile([record('202606302359')], HEAD)).finding).toBe('bad-format');
    expect(buildClaimFile([record('202607010000')], HEAD).length).toBeGreaterThan(0);
  });

  test('a draft is of the edition of its arrival, else of the day the file is made', () => {
    const draft = (NGAY_VAO: string) => ({ XML1: [row('XML1', { NGAY_VAO })] });
    expect(editionOfTables(draft('202606302300'), HEAD.madeOn)).toBe('3176');
    expect(editionOfTables(draft(''), '2026-06-30')).toBe('3176');
    expect(editionOfTables({}, '2026-07-01')).toBe('1931');
  });

  test('digits of an early edition keep their leading zeros and are nothing but digits', () => {
    const write = (value: string) =>
      tableXml(
        'XML1',
        [{ ...Object.fromEntries(tableOf('XML1', '130').fields.map((f) => [f.name, ''])), SO_CCCD: value }],
        '130',
      );
    expect(write('040123456789')).toContain('<SO_CCCD>040123456789</SO_CCCD>');
    expect(refusal(() => write('C1234567')).finding).toBe('bad-format');
    expect(refusal(() => write('1'.repeat(16))).finding).toBe('too-long');
  });

  test('more than twelve associated conditions', () => {
    const codes = (count: number) => Array.from({ length: count }, (_, i) => `A0${i % 10}`).join(';');
    expect(tableXml('XML1', [row('XML1', { MA_BENH_KT: codes(12) })])).toContain('A01');
    const error = refusal(() => tableXml('XML1', [row('XML1', { MA_BENH_KT: codes(13) })]));
    expect([error.finding, error.values]).toEqual(['too-many-items', { max: 12, count: 13 }]);
  });
});

describe('rows and files', () => {
  const one: ClaimTables = { XML1: [row('XML1')] };

  test.each<[WriteFinding, () => unknown]>([
    ['missing-field', () => tableXml('XML5', [{ MA_LK: 'x' }])],
    ['unknown-field', () => tableXml('XML5', [{ ...row('XML5'), EXTRA: '' }])],
    ['wrong-row-count', () => tableXml('XML5', [])],
    ['wrong-row-count', () => tableXml('XML1', [row('XML1'), row('XML1')])],
    ['wrong-row-count', () => buildClaimFile([{ XML5: [row('XML5')] }], HEAD)],
    ['unknown-table', () => buildClaimFile([{ ...one, XML0: [row('XML0')] }], HEAD)],
    ['unknown-table', () => buildClaimFile([{ ...one, XML12: [row('XML12')] }], HEAD)],
    ['bad-format', () => buildClaimFile([one], { ...HEAD, facilityCode: '4010<' })],
    ['no-edition', () => buildClaimFile([{ XML1: [row('XML1', { NGAY_RA: '201912310800' })] }], HEAD)],
  ])('%s', (finding, write) => {
    expect(refusal(write).finding).toBe(finding);
  });

  test('an absent and an empty table are the same', () => {
    expect(buildClaimFile([{ ...one, XML2: [] }], HEAD).equals(buildClaimFile([one], HEAD))).toBe(true);
  });

  test('a stream that brings another number of dossiers than announced fails', async () => {
    const drain = async () => {
      for await (const piece of streamClaimFile([one], { ...HEAD, recordCount: 2 }))
        expect(piece.length).toBeGreaterThan(0);
    };
    await expect(drain()).rejects.toMatchObject({ finding: 'wrong-record-count' });
  });
});

describe('every finding has its text in both languages', () => {
  const values = { day: '2019-12-31', max: 1, length: 2, count: 3, expected: 'x', line: 4 };
  const place = { table: 'XML2', row: 3, field: 'TEN_THUOC' };
  const errors = [
    ...WRITE_FINDINGS.map((finding) => new ClaimWriteError(finding, place, values)),
    ...READ_FINDINGS.map((finding) => new ClaimReadError(finding, place, values)),
  ];
  test.each(errors.map((error) => [error.name, error.finding, error] as const))('%s %s', (_, __, error) => {
    for (const language of LANGUAGES) expect(error.explain(language)).toMatch(/^[^{}]{10,}$/);
  });

  test('and no text is left over', () => {
    const keys = [...catalogue('vi').keys()].filter((key) => /^claims\.(write|read)\./.test(key));
    expect(keys).toHaveLength(errors.length);
  });
});
