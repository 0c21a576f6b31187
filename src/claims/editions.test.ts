import { describe, expect, test } from '@jest/globals';
import { dictionary, loadDictionary, type TableCode, tableOf } from './dictionary.ts';
import { EDITION_IDS, EDITIONS, type EditionId, readSchema } from './editions.ts';

const sizes = (edition: EditionId) =>
  [...dictionary(edition).tables].map(([code, table]) => `${code}:${table.fields.length}`).join(' ');
const field = (edition: EditionId, code: TableCode, name: string) =>
  tableOf(code, edition).fields.find((one) => one.name === name);
const names = (edition: EditionId, code: TableCode) => tableOf(code, edition).fields.map(({ name }) => name);

describe('every edition is a whole dictionary', () => {
  test.each<[EditionId, number, string]>([
    [
      '130',
      370,
      'XML0:18 XML1:65 XML2:38 XML3:47 XML4:12 XML5:9 XML6:31 XML7:25 XML8:22 XML9:34 XML10:12 XML11:22 XML12:35',
    ],
    [
      '4750',
      481,
      'XML0:26 XML1:66 XML2:39 XML3:47 XML4:12 XML5:9 XML6:47 XML7:26 XML8:22 XML9:35 XML10:13 XML11:23 XML12:35 XML13:39 XML14:22 XML15:20',
    ],
    [
      '3176',
      479,
      'XML0:26 XML1:66 XML2:39 XML3:47 XML4:12 XML5:9 XML6:47 XML7:26 XML8:22 XML9:35 XML10:13 XML11:23 XML12:35 XML13:37 XML14:22 XML15:20',
    ],
  ])('edition %s has %i fields', (edition, count, tables) => {
    expect(sizes(edition)).toBe(tables);
    expect([...dictionary(edition).tables.values()].flatMap((table) => table.fields)).toHaveLength(count);
    for (const table of dictionary(edition).tables.values()) {
      expect(table.edition).toBe(edition);
      expect(table.fields.map((one) => one.position)).toEqual(table.fields.map((_, at) => at + 1));
    }
  });

  test('1931 has the tables and names of 3176', () => {
    expect(sizes('1931')).toBe(sizes('3176'));
    for (const code of dictionary('1931').tables.keys())
      expect(names('1931', code)).toEqual(names('3176', code));
  });

  test('what an edition does not have is not in its envelope and cannot be asked for', () => {
    expect(dictionary('130').envelope.fileOrder.join(' ')).toBe(
      'XML1 XML2 XML3 XML4 XML5 XML6 XML7 XML8 XML9 XML10 XML11',
    );
    expect(() => tableOf('XML13', '130')).toThrow('edition 130 has no table XML13');
  });

  test('they follow one another, each with its source and how well that was checked', () => {
    expect(EDITIONS.map(({ edition }) => edition)).toEqual([...EDITION_IDS]);
    const days = EDITIONS.map(({ from }) => from);
    expect(days.toSorted()).toEqual(days);
    for (const { source, grade, decidedOn, from } of EDITIONS) {
      expect(source).toMatch(/^QĐ \d+\/QĐ-BYT, \d\d\/\d\d\/\d{4}/);
      expect(grade).toMatch(/^[A-D]$/);
      expect(decidedOn <= from).toBe(true);
    }
  });
});

describe('the differences', () => {
  test('the referral paper of 4750 has other names and two fields more', () => {
    const old = names('4750', 'XML13');
    expect(old.filter((name) => !names('3176', 'XML13').includes(name))).toEqual([
      'MA_NOI_DI',
      'MA_NOI_DEN',
      'TEN_DICH_VU',
      'TEN_THUOC',
      'PP_DIEU_TRI',
    ]);
    expect(old.slice(26, 30)).toEqual(['MA_BENH_YHCT', 'TEN_DICH_VU', 'TEN_THUOC', 'PP_DIEU_TRI']);
    expect(old.indexOf('MA_NOI_DI')).toBe(names('3176', 'XML13').indexOf('MA_CSKCB_DI'));
    expect(field('4750', 'XML13', 'MA_NOI_DI')).toMatchObject({ type: 'code', maxLength: 5 });
    expect(field('4750', 'XML13', 'MA_NOI_DI')).not.toHaveProperty('separator');
  });

  test.each<[EditionId, TableCode, string, object | undefined]>([
    ['130', 'XML1', 'SO_CCCD', { type: 'digits', maxLength: 15 }],
    ['4750', 'XML1', 'SO_CCCD', { type: 'string', maxLength: 15 }],
    ['3176', 'XML1', 'SO_CCCD', { type: 'string', maxLength: null }],
    ['130', 'XML1', 'MA_NGHE_NGHIEP', { type: 'digits', maxLength: 5 }],
    ['4750', 'XML1', 'MA_NGHE_NGHIEP', { type: 'code', maxLength: 5 }],
    ['3176', 'XML1', 'MA_NGHE_NGHIEP', { type: 'code', maxLength: 2 }],
    ['130', 'XML1', 'NHOM_MAU', undefined],
    ['130', 'XML2', 'NGAY_TH_YL', undefined],
    ['130', 'XML8', 'MA_TTDV', { type: 'digits', maxLength: 10 }],
    ['4750', 'XML8', 'MA_TTDV', { type: 'string', maxLength: 10 }],
    ['4750', 'XML4', 'GIA_TRI', { maxLength: 50 }],
    ['4750', 'XML7', 'PP_DIEUTRI', { maxLength: 1500 }],
    ['4750', 'XML13', 'NGAY_VAO', { type: 'datetime12', maxLength: 12 }],
    ['3176', 'XML13', 'NGAY_VAO', { type: 'list', maxLength: 100 }],
    ['4750', 'XML14', 'NGAY_HEN_KL', { type: 'datetime12' }],
    ['3176', 'XML14', 'NGAY_HEN_KL', { type: 'date8' }],
    ['3176', 'XML2', 'MUC_HUONG', { type: 'integer', maxLength: 3 }],
    ['1931', 'XML2', 'MUC_HUONG', { type: 'decimal', maxLength: 4, decimals: 1 }],
    ['1931', 'XML3', 'MUC_HUONG', { type: 'decimal', maxLength: 4, decimals: 1 }],
  ])('in %s, %s.%s is %j', (edition, code, name, expected) => {
    const found = field(edition, code, name);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  test('closed lists: renumbered, or without what came later', () => {
    const values = (edition: EditionId, list: string) => dictionary(edition).enums[list]!.values;
    expect(values('4750', 'NHOM_DOI_TUONG')['1']).toBe('sex worker');
    expect(values('3176', 'NHOM_DOI_TUONG')['1']).toBe('uses drugs');
    expect(Object.keys(values('4750', 'PHACDO_DTRI_LAO'))).toHaveLength(25);
    expect(values('130', 'KET_QUA_DTRI')).not.toHaveProperty('8');
    expect(values('4750', 'KET_QUA_DTRI')).toHaveProperty('8');
  });
});

describe('a dictionary with a hole is refused', () => {
  type Json = Record<string, never>;
  /** The real files, one of them spoiled. */
  const spoiled = (path: string, spoil: (file: Json) => void) => (asked: string) => {
    const file = readSchema(asked) as Json;
    if (asked === path) spoil(file);
    return file;
  };
  const inField = (spoil: (field: Record<string, unknown>) => void) =>
    spoiled('3176/xml2', (file) => spoil((file as unknown as { fields: Json[] }).fields[3]!));
  const inTable = (change: object) => spoiled('3176/xml2', (file) => Object.assign(file, change));
  const inChanges = (change: object) => spoiled('1931/edition', (file) => Object.assign(file, change));

  test.each<[string, RegExp, (asked: string) => unknown]>([
    [
      'a position is missing',
      /MA_PP_CHEBIEN stands at 4, says 5/,
      inField((f) => Object.assign(f, { position: 5 })),
    ],
    ['a name twice', /MA_THUOC occurs twice/, inField((f) => Object.assign(f, { name: 'MA_THUOC' }))],
    [
      'no name of an element',
      /cannot be the name of an element/,
      inField((f) => Object.assign(f, { name: 'A B' })),
    ],
    ['an unknown type', /unknown type text/, inField((f) => Object.assign(f, { type: 'text' }))],
    ['no length', /is undefined long/, inField((f) => delete f.maxLength)],
    ['a length of nothing', /is 0 long/, inField((f) => Object.assign(f, { maxLength: 0 }))],
    ['no meaning', /has no meaning/, inField((f) => delete f.meaning)],
    [
      'required as nobody knows',
      /is required sometimes/,
      inField((f) => Object.assign(f, { required: 'sometimes' })),
    ],
    [
      'conditional without the condition',
      /must say when/,
      inField((f) => Object.assign(f, { required: 'conditional', requiredWhen: undefined })),
    ],
    ['an unknown list', /unknown list NOWHERE/, inField((f) => Object.assign(f, { enum: 'NOWHERE' }))],
    [
      'a list without separator',
      /must have a separator/,
      inField((f) => Object.assign(f, { type: 'list', separator: undefined })),
    ],
    [
      'a decimal without decimals',
      /decimal without decimals/,
      inField((f) => Object.assign(f, { type: 'decimal' })),
    ],
    ['decimals of a text', /has decimals/, inField((f) => Object.assign(f, { type: 'code', decimals: 2 }))],
    ['a broken pattern', /pattern that is none/, inField((f) => Object.assign(f, { pattern: '^(' }))],
    ['an unknown property', /unknown property maxlength/, inField((f) => Object.assign(f, { maxlength: 9 }))],
    ['an unknown edition', /came with 9999/, inField((f) => Object.assign(f, { since: '9999' }))],
    ['a table of another code', /the file says XML3/, inTable({ code: 'XML3' })],
    ['a table of another edition', /belongs to edition 130/, inTable({ edition: '130' })],
    ['one row and a list', /no list element/, inTable({ rows: 'one' })],
    ['no claim key', /first field is not the claim key/, inTable({ fields: [] })],
    [
      'an envelope with a table too many',
      /unknown table XML16/,
      spoiled('3176/envelope', (file) =>
        (file as unknown as { fileOrder: string[] }).fileOrder.push('XML16'),
      ),
    ],
    [
      'a change of no field',
      /change of MA_KHONG, which is not there/,
      inChanges({ tables: { XML2: { fields: { MA_KHONG: { maxLength: 1 } } } } }),
    ],
    ['a change of no table', /1931\/XML16: a change of a table/, inChanges({ tables: { XML16: {} } })],
    [
      'a change of no list',
      /change of the list NOWHERE/,
      inChanges({ enums: { NOWHERE: { without: ['1'] } } }),
    ],
    [
      'a value taken away that is not there',
      /GIOI_TINH 9, which is not there/,
      inChanges({ enums: { GIOI_TINH: { without: ['9'] } } }),
    ],
    [
      'a change that makes nonsense',
      /decimal without decimals/,
      inChanges({ tables: { XML2: { fields: { MUC_HUONG: { type: 'decimal' } } } } }),
    ],
  ])('%s', (_, message, read) => {
    expect(() => loadDictionary('1931', read)).toThrow(message);
  });

  test('and unspoiled it is not', () => {
    expect(loadDictionary('1931', readSchema)).toEqual(dictionary('1931'));
  });
});
