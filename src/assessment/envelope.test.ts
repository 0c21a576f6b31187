import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY } from '../../test/harness/rules.ts';
import { loadPolicy } from '../benefits/index.ts';
import { text } from '../messages/index.ts';
import { builtInsOf } from './built-ins.ts';
import { checkClaimFile } from './envelope.ts';
import { rules as structure } from './rules/structure/index.ts';

/** Speaks when a claim was read at all, so that a clean file is a file that was looked at. */
const rules = structure.filter(({ id }) => ['STR_XML1_PRESENT', 'STR_MA_LK_REQUIRED'].includes(id));
const builtIns = builtInsOf(loadPolicy());

const base64 = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');
const tableFile = (code: string, content: string): string =>
  `<FILEHOSO><LOAIHOSO>${code}</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO>`;
const summary = (key = '40021-1'): string =>
  tableFile('XML1', base64(`<TONG_HOP><MA_LK>${key}</MA_LK><STT>1</STT></TONG_HOP>`));
const DRUGS = '<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC/></CHITIEU_CHITIET_THUOC>';

interface Parts {
  readonly facility?: string;
  readonly madeOn?: string;
  readonly count?: string;
  /** Inside of each dossier. */
  readonly dossiers?: readonly string[];
}

function fileOf({
  facility = '40021',
  madeOn = '20261124',
  count,
  dossiers = [summary()],
}: Parts = {}): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<GIAMDINHHS>
  <THONGTINDONVI><MACSKCB>${facility}</MACSKCB></THONGTINDONVI>
  <THONGTINHOSO>
    <NGAYLAP>${madeOn}</NGAYLAP>
    <SOLUONGHOSO>${count ?? dossiers.length}</SOLUONGHOSO>
    <DANHSACHHOSO>${dossiers.map((one) => `<HOSO>${one}</HOSO>`).join('')}</DANHSACHHOSO>
  </THONGTINHOSO>
  <CHUKYDONVI/>
</GIAMDINHHS>`;
}

const check = (file: string | Uint8Array) =>
  checkClaimFile(typeof file === 'string' ? Buffer.from(file, 'utf8') : file, { builtIns, rules });
const spoken = (file: string | Uint8Array) => check(file).findings.map(({ rule }) => rule);

/** What a file has wrong, and what the Vietnamese message must name. */
type EnvelopeCase = readonly [name: string, file: string | Uint8Array, shown: string];

function envelopeRule(id: string, cases: readonly EnvelopeCase[], table = 'ENVELOPE'): void {
  test.each(cases)(`${id}: %s`, (_name, file, shown) => {
    const { file: read, findings } = check(file);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: id,
      severity: 'error',
      table,
      row: null,
      maLk: null,
    });
    if (id !== 'STR_ENVELOPE_PATH') expect(read).toBeNull();
    const values = { ...findings[0]?.values };
    expect(text('vi', `rules.${id}`, values)).toContain(shown);
    for (const language of ['vi', 'en'] as const)
      expect(text(language, `rules.${id}`, values)).not.toMatch(/[{}]/);
  });
}

describe('a clean file', () => {
  test('is read and has no finding', () => {
    const { file, findings } = check(fileOf());
    expect(findings).toEqual([]);
    expect(file).toMatchObject({ facilityCode: '40021', madeOn: CHECK_DAY });
    expect(file?.records[0]?.XML1?.[0]).toMatchObject({ MA_LK: '40021-1' });
  });
  test('may begin with a byte-order mark', () => {
    expect(spoken(`\uFEFF${fileOf()}`)).toEqual([]);
  });
  test('may break base64 into lines', () => {
    const broken = base64(`<TONG_HOP><MA_LK>A</MA_LK></TONG_HOP>`).replace(/.{16}/g, '$&\r\n ');
    expect(spoken(fileOf({ dossiers: [tableFile('XML1', broken)] }))).toEqual([]);
  });
  test('may hold many dossiers, each with its tables once', () => {
    const dossiers = ['A', 'B'].map((key) => summary(key) + tableFile('XML2', base64(DRUGS)));
    expect(spoken(fileOf({ dossiers }))).toEqual([]);
  });
  test('is judged claim by claim', () => {
    expect(
      spoken(fileOf({ dossiers: [summary('A'), summary('?'), tableFile('XML2', base64(DRUGS))] })),
    ).toEqual(['STR_MA_LK_REQUIRED', 'STR_XML1_PRESENT']);
  });
});

envelopeRule('STR_XML_WELLFORMED', [
  ['an element left open', fileOf().replace('</THONGTINHOSO>', ''), 'file'],
  ['no XML', 'MA_LK;STT', 'file'],
  ['nothing', '', 'file'],
  ['another encoding', Buffer.from(fileOf().replace('40021', '4002é'), 'latin1'), 'file'],
]);

envelopeRule('STR_ENVELOPE_PATH', [
  ['another root', fileOf().replaceAll('GIAMDINHHS', 'HOSOGIAMDINH'), 'file'],
  ['no facility', fileOf().replace(/<THONGTINDONVI>.*<\/THONGTINDONVI>/, ''), 'file'],
  ['a facility of four characters', fileOf({ facility: '4002' }), 'MACSKCB'],
  ['a facility of six characters', fileOf({ facility: '400211' }), 'MACSKCB'],
  ['a day of seven digits', fileOf({ madeOn: '2026112' }), 'NGAYLAP'],
  ['a day of nine digits', fileOf({ madeOn: '202611240' }), 'NGAYLAP'],
  ['a number that is none', fileOf({ count: 'một' }), 'SOLUONGHOSO'],
  ['no list', fileOf().replace(/<DANHSACHHOSO>.*<\/DANHSACHHOSO>/s, ''), 'file'],
  ['two lists', fileOf().replace(/<DANHSACHHOSO>.*<\/DANHSACHHOSO>/s, '$&$&'), 'DANHSACHHOSO'],
  ['no dossier', fileOf({ dossiers: [] }), 'HOSO'],
  ['a table without a name', fileOf().replace('<LOAIHOSO>XML1</LOAIHOSO>', ''), 'file'],
]);

envelopeRule('STR_HOSO_COUNT', [
  ['one too few', fileOf({ count: '0' }), 'ghi 0 nhưng tệp có 1'],
  ['one too many', fileOf({ count: '2' }), 'ghi 2 nhưng tệp có 1'],
  ['dossiers announced, none there', fileOf({ count: '1', dossiers: [] }), 'ghi 1 nhưng tệp có 0'],
]);
test('STR_HOSO_COUNT: zeros before the number do not count', () => {
  expect(spoken(fileOf({ count: '001' }))).toEqual([]);
});

const withTable = (code: string) => fileOf({ dossiers: [summary() + tableFile(code, base64(DRUGS))] });
envelopeRule('STR_LOAIHOSO_KNOWN', [
  ['the check-in table travels alone', withTable('XML0'), 'XML0'],
  ['after the last', withTable('XML16'), 'XML16'],
  ['small letters', withTable('xml2'), 'xml2'],
  ['a blank', withTable('XML2 '), 'XML2 '],
  ['the name of an object', withTable('toString'), 'toString'],
]);
test('STR_LOAIHOSO_KNOWN: every other table is known, also XML12 of the portal', () => {
  const judged = Array.from({ length: 15 }, (_, n) => `XML${n + 1}`).map((code) =>
    spoken(fileOf({ dossiers: [tableFile(code, base64('<A/>'))] })),
  );
  expect(new Set(judged.flat())).toEqual(new Set(['STR_INNER_ROOT']));
});

envelopeRule(
  'STR_LOAIHOSO_UNIQUE',
  [['XML1 twice', fileOf({ dossiers: [summary() + summary('B')] }), '2 tệp XML1']],
  'XML1',
);
envelopeRule(
  'STR_LOAIHOSO_UNIQUE',
  [
    [
      'XML2 twice, in the second dossier',
      fileOf({ dossiers: [summary(), summary('B') + tableFile('XML2', base64(DRUGS)).repeat(2)] }),
      '2 tệp XML2',
    ],
  ],
  'XML2',
);

const withContent = (content: string) => fileOf({ dossiers: [tableFile('XML1', content)] });
envelopeRule(
  'STR_CONTENT_DECODES',
  [
    ['empty', withContent(''), 'XML1'],
    ['white space', withContent(' \n '), 'XML1'],
    ['signs that are not base64', withContent('@@@@'), 'XML1'],
    [
      'a character too few',
      withContent(base64('<TONG_HOP><MA_LK>A</MA_LK></TONG_HOP>').slice(0, -1)),
      'XML1',
    ],
    ['base64 of no XML', withContent(base64('MA_LK;STT')), 'XML1'],
    ['base64 of broken XML', withContent(base64('<TONG_HOP><MA_LK>A</TONG_HOP>')), 'XML1'],
    ['a field twice', withContent(base64('<TONG_HOP><MA_LK>A</MA_LK><MA_LK>B</MA_LK></TONG_HOP>')), 'XML1'],
    ['a document type', withContent(base64('<!DOCTYPE a><TONG_HOP><MA_LK>A</MA_LK></TONG_HOP>')), 'XML1'],
  ],
  'XML1',
);

envelopeRule(
  'STR_INNER_ROOT',
  [['another table', withContent(base64(DRUGS)), "'CHITIEU_CHITIET_THUOC', cần thẻ 'TONG_HOP'"]],
  'XML1',
);
