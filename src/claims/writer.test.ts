import { describe, expect, test } from '@jest/globals';
import { catalogue, LANGUAGES } from '../messages/index.ts';
import { dictionary, type TableCode, tableOf } from './dictionary.ts';
import { EDITION_IDS } from './editions.ts';
import {
  ClaimReadError,
  ClaimWriteError,
  READ_FINDINGS,
  WRITE_FINDINGS,
  type WriteFinding,
} from './errors.ts';
import { buildClaimFile, editionOfTables, streamClaimFile } from './files.ts';
import { readClaimFile } from './reader.ts';
import type { ClaimTables } from './tables.ts';
import { PLAIN_UNITS } from './text.ts';
import { tableXml as tableBytes } from './writer.ts';

const tableXml = (...given: Parameters<typeof tableBytes>) => tableBytes(...given).toString('utf8');

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

describe('hostile names', () => {
  test.each<[string, string, string]>([
    ['tags', '<script>x</script>', '&lt;script&gt;x&lt;/script&gt;'],
    ['the end of CDATA', 'a]]>b', 'a]]&gt;b'],
    ['an ampersand and what looks escaped', 'R&B &amp; &#60;', 'R&amp;B &amp;amp; &amp;#60;'],
    ['quotes', `Nguyễn "Bé" 'Ba'`, `Nguyễn "Bé" 'Ba'`],
    ['an emoji of several parts', '👩‍⚕️ bác sĩ', '👩‍⚕️ bác sĩ'],
    ['combining marks, composed', 'Nguye\u0302\u0303n Thu\u031b\u0323c', 'Nguy\u1ec5n Th\u1ef1c'],
    ['marks that compose with nothing', 'x\u0301\u0323', 'x\u0323\u0301'],
    ['right-to-left marks', '\u202eabc\u200f\u2066', '\u202eabc\u200f\u2066'],
    ['a carriage return', 'a\r\nb', 'a&#13;\nb'],
    ['a byte order mark', '\ufeffa', '\ufeffa'],
  ])('%s', (_, name, expected) => {
    const xml = tableXml('XML1', [row('XML1', { HO_TEN: name })]);
    expect(xml).toContain(`<HO_TEN>${expected}</HO_TEN>`);
    const [read] = readClaimFile(buildClaimFile([{ XML1: [row('XML1', { HO_TEN: name })] }], HEAD)).records;
    expect(read!.XML1![0]!.HO_TEN).toBe(name.normalize('NFC'));
  });

  test('what is written as it stands needs no escape and no composing, alone or side by side', () => {
    const units = [...PLAIN_UNITS.keys()].filter((unit) => PLAIN_UNITS[unit] === 1);
    const text = units.map((unit) => String.fromCharCode(unit)).join('');
    expect(text.normalize('NFC')).toBe(text);
    expect(text).not.toMatch(/[&<>\r\p{M}\p{Cc}\p{Cs}]/u);
    expect(text).toMatch(/^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\p{Cf}]+$/u);
    const xml = tableXml('XML5', [row('XML5', { DIEN_BIEN_LS: text })]);
    expect(xml).toContain(`<DIEN_BIEN_LS>${text}</DIEN_BIEN_LS>`);
  });

  test('a document larger than any usual one', () => {
    const note = 'Đau bụng <nhiều> '.repeat(400_000);
    const xml = tableXml('XML5', [row('XML5', { DIEN_BIEN_LS: note }), row('XML5')]);
    expect(xml).toContain(
      `<DIEN_BIEN_LS>${note.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</DIEN_BIEN_LS>`,
    );
    expect(tableXml('XML5', [row('XML5')])).not.toContain('Đau');
  });
});

describe('every field of every table and edition', () => {
  const MISFITS: Readonly<Record<string, readonly [value: string, finding: WriteFinding][]>> = {
    date8: [
      ['2026081', 'bad-format'],
      ['202608100', 'bad-format'],
      ['2026-8-1', 'bad-format'],
    ],
    datetime12: [
      ['20260810', 'bad-format'],
      ['2026081008300', 'bad-format'],
      ['20260810T083', 'bad-format'],
    ],
    digits: [
      ['1a', 'bad-format'],
      ['-1', 'bad-format'],
    ],
    integer: [
      ['1.5', 'bad-format'],
      ['1a', 'bad-format'],
      ['+1', 'bad-format'],
    ],
    decimal: [
      ['1.', 'bad-format'],
      ['.5', 'bad-format'],
      ['1,5', 'bad-format'],
      ['1.55555', 'bad-format'],
    ],
  };
  const tables = EDITION_IDS.flatMap((edition) =>
    [...dictionary(edition).tables.values()].map((table) => [edition, table.code, table] as const),
  );

  test.each(tables)('%s %s: in order, each held to its type and its length', (edition, code, { fields }) => {
    const empty = Object.fromEntries(fields.map(({ name }) => [name, '']));
    const written = [...tableXml(code, [empty], edition).matchAll(/<([A-Z0-9_]+)><\/\1>/g)].map(
      ([, name]) => name,
    );
    expect(written).toEqual(fields.map(({ name }) => name));
    for (const { name, type, maxLength } of fields) {
      const misfits = [...(MISFITS[type] ?? [['a\u0000', 'control-character'] as const])];
      if (maxLength !== null && !MISFITS[type]) misfits.push(['ễ'.repeat(maxLength + 1), 'too-long']);
      if (maxLength !== null && type !== 'date8' && type !== 'datetime12' && MISFITS[type])
        misfits.push(['9'.repeat(maxLength + 1), 'too-long']);
      for (const [value, finding] of misfits) {
        const error = refusal(() => tableXml(code, [{ ...empty, [name]: value }], edition));
        expect([name, value, error.finding, error.place]).toEqual([
          name,
          value,
          finding,
          { table: code, row: 1, field: name },
        ]);
      }
      const { [name]: _, ...lacking } = empty;
      expect(refusal(() => tableXml(code, [lacking], edition)).place.field).toBe(name);
    }
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
