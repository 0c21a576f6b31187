import { describe, expect, test } from '@jest/globals';
import { tableOf } from './dictionary.ts';
import { ClaimReadError, type ReadFinding } from './errors.ts';
import { buildClaimFile } from './files.ts';
import { readCheckInFile, readClaimFile } from './reader.ts';

const empty = Object.fromEntries(tableOf('XML1').fields.map((field) => [field.name, '']));
const good = buildClaimFile([{ XML1: [{ ...empty, HO_TEN: 'Lê Văn Tám' }] }], {
  facilityCode: '40101',
  madeOn: '2026-08-15',
}).toString();

/** A file whose only inner document is this. */
const holding = (inner: string | Buffer, code = 'XML1') =>
  good
    .replace(/<NOIDUNGFILE>[^<]*/, () => `<NOIDUNGFILE>${Buffer.from(inner).toString('base64')}`)
    .replace('>XML1<', `>${code}<`);
const bytes = (xml: string) => Buffer.from(xml, 'utf8');

function finding(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ClaimReadError) return error.finding;
    throw error;
  }
  return 'read';
}

describe('a file that is not safe or not clear is refused', () => {
  const bomb =
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><TONG_HOP><MA_LK>&b;</MA_LK></TONG_HOP>';
  test.each<[string, ReadFinding, string | Buffer]>([
    ['document type', 'document-type', good.replace('<GIAMDINHHS>', '<!DOCTYPE GIAMDINHHS><GIAMDINHHS>')],
    [
      'document type in other case, inside',
      'document-type',
      good.replace('<THONGTINHOSO>', '<!doctype x><THONGTINHOSO>'),
    ],
    ['billion laughs in an inner document', 'document-type', holding(bomb)],
    [
      'external entity',
      'document-type',
      holding('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><TONG_HOP>&e;</TONG_HOP>'),
    ],
    ['undeclared entity', 'not-well-formed', holding('<TONG_HOP><MA_LK>&nbsp;</MA_LK></TONG_HOP>')],
    ['bare ampersand', 'not-well-formed', holding('<TONG_HOP><MA_LK>a & b</MA_LK></TONG_HOP>')],
    ['unclosed CDATA', 'not-well-formed', holding('<TONG_HOP><MA_LK><![CDATA[x</MA_LK></TONG_HOP>')],
    ['mismatched tags', 'not-well-formed', holding('<TONG_HOP><MA_LK>1</STT></TONG_HOP>')],
    ['truncated', 'not-well-formed', good.slice(0, -20)],
    ['two roots', 'not-well-formed', `${good}<GIAMDINHHS></GIAMDINHHS>`],
    ['plain text', 'not-well-formed', 'xin chào'],
    ['nothing', 'not-well-formed', ''],
    ['dangerous name', 'not-well-formed', holding('<TONG_HOP><__proto__>1</__proto__></TONG_HOP>')],
    ['nesting', 'too-deep', holding(`<TONG_HOP>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</TONG_HOP>`)],
    ['another root', 'wrong-root', '<HOSO></HOSO>'],
    ['another inner root', 'wrong-root', holding('<KHAC></KHAC>')],
    ['no facility', 'missing-element', good.replace(/<THONGTINDONVI>.*<\/THONGTINDONVI>/, '')],
    ['facility of two parts', 'bad-format', good.replace('>40101<', '>40 101<')],
    ['a day that is none', 'bad-format', good.replace('>20260815<', '>2026-08-15<')],
    ['number of dossiers', 'wrong-record-count', good.replace('<SOLUONGHOSO>1<', '<SOLUONGHOSO>2<')],
    ['table twice', 'repeated-table', good.replace(/<FILEHOSO>.*<\/FILEHOSO>/, (file) => file + file)],
    ['unknown table', 'unknown-table', holding('<TONG_HOP></TONG_HOP>', 'XML16')],
    ['check-in inside a claim file', 'unknown-table', holding('<TONG_HOP></TONG_HOP>', 'XML0')],
    ['base64 with a stray sign', 'bad-base64', good.replace('<NOIDUNGFILE>', '<NOIDUNGFILE>*')],
    ['base64 cut short', 'bad-base64', good.replace(/.<\/NOIDUNGFILE>/, '</NOIDUNGFILE>')],
    ['base64 of nothing', 'bad-base64', good.replace(/<NOIDUNGFILE>[^<]*/, '<NOIDUNGFILE>')],
    ['element with children', 'element-not-text', holding('<TONG_HOP><MA_LK><x>1</x></MA_LK></TONG_HOP>')],
    ['element twice', 'repeated-element', holding('<TONG_HOP><MA_LK>1</MA_LK><MA_LK>2</MA_LK></TONG_HOP>')],
    ['text between elements', 'stray-text', holding('<TONG_HOP><MA_LK>1</MA_LK>2</TONG_HOP>')],
    ['null byte', 'forbidden-character', holding('<TONG_HOP><MA_LK>\u0000</MA_LK></TONG_HOP>')],
    ['reference to a null byte', 'forbidden-character', holding('<TONG_HOP><MA_LK>&#0;</MA_LK></TONG_HOP>')],
    [
      'reference to half a character',
      'forbidden-character',
      holding('<TONG_HOP><MA_LK>&#xD800;</MA_LK></TONG_HOP>'),
    ],
    ['bytes that are not UTF-8', 'not-utf8', holding(Buffer.from([0x3c, 0x61, 0x3e, 0xff]))],
    ['another declared encoding', 'not-utf8', good.replace('utf-8', 'windows-1258')],
  ])('%s: %s', (_, expected, xml) => {
    expect(finding(() => readClaimFile(typeof xml === 'string' ? bytes(xml) : xml))).toBe(expected);
  });

  test('size and number of dossiers have limits', () => {
    const limits = { maxBytes: good.length, maxRecordBytes: good.length, maxRecords: 1 };
    expect(finding(() => readClaimFile(bytes(good), limits))).toBe('read');
    expect(finding(() => readClaimFile(bytes(good), { ...limits, maxBytes: good.length - 1 }))).toBe(
      'too-large',
    );
    expect(finding(() => readClaimFile(bytes(good), { ...limits, maxRecords: 0 }))).toBe('too-many-records');
  });
});

describe('what other vendors write is read', () => {
  const row = (xml: string | Buffer) =>
    readClaimFile(typeof xml === 'string' ? bytes(xml) : xml).records[0]?.XML1?.[0];

  test.each<[string, string]>([
    ['plain', good],
    ['byte-order mark', `\ufeff${good}`],
    ['no declaration', good.replace(/^<\?xml[^>]*>/, '')],
    [
      'attributes and comments',
      good.replace('<GIAMDINHHS>', '<!-- <!DOCTYPE x> & --><GIAMDINHHS xmlns:xsi="urn:x">'),
    ],
    ['line breaks everywhere', good.replaceAll('><', '>\r\n  <')],
    ['line breaks inside base64', good.replace(/(<NOIDUNGFILE>.{40})/, '$1\r\n')],
  ])('%s', (_, xml) => {
    expect(row(xml)).toMatchObject({ HO_TEN: 'Lê Văn Tám', MA_LK: '' });
  });

  test('CDATA, escapes and numeric references mean the same; unknown elements are kept', () => {
    const inner =
      '<TONG_HOP><A><![CDATA[<b> & <!DOCTYPE]]></A><B>&lt;b&gt; &#225;&#xE1;&#13;</B><C/><D> 007 </D></TONG_HOP>';
    expect(row(holding(inner))).toEqual({ A: '<b> & <!DOCTYPE', B: '<b> áá\r', C: '', D: ' 007 ' });
  });

  test('a table with an empty list has no rows', () => {
    const inner = '<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC/></CHITIEU_CHITIET_THUOC>';
    expect(readClaimFile(bytes(holding(inner, 'XML2'))).records).toEqual([{ XML2: [] }]);
  });

  test('a claim file is no check-in file', () => {
    expect(finding(() => readCheckInFile(bytes(good)))).toBe('wrong-root');
  });
});
