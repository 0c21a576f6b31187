import { deflateRawSync, gzipSync } from 'node:zlib';
import { tableOf } from '../../src/claims/dictionary.ts';
import type { ReadFinding } from '../../src/claims/errors.ts';
import { buildClaimFile } from '../../src/claims/files.ts';

/** A file that must not do harm, and what is to be said of it. Large ones are made here, none is stored. */
export interface HostileFile {
  readonly name: string;
  readonly bytes: () => Buffer;
  readonly finding: ReadFinding;
  /** Is the file as a whole refused, or the dossier only? */
  readonly of: 'file' | 'record';
}

const MIB = 1024 * 1024;
const empty = Object.fromEntries(tableOf('XML1').fields.map(({ name }) => [name, '']));
const good = buildClaimFile([{ XML1: [{ ...empty, HO_TEN: 'Lê Văn Tám', NGAY_RA: '202608100900' }] }], {
  facilityCode: '40101',
  madeOn: '2026-08-15',
}).toString();

const holding = (inner: string | Buffer) =>
  good.replace(/<NOIDUNGFILE>[^<]*/, () => `<NOIDUNGFILE>${Buffer.from(inner).toString('base64')}`);
const inRow = (element: string) => holding(`<TONG_HOP>${element}</TONG_HOP>`);
const before = (text: string, place: string) => good.replace(place, () => text + place);
const utf8 = (text: string) => Buffer.from(text, 'utf8');

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha"> ${Array.from(
  { length: 20 },
  (_, n) => `<!ENTITY ${String.fromCharCode(98 + n)} "${`&${String.fromCharCode(97 + n)};`.repeat(10)}">`,
).join('')}]>`;
const EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
const PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>';

/** A gzip of one piece over and over: members that stand one behind the other are one stream. */
function gzipOf(head: string, piece: string, mebibytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(16 * MIB, piece));
  return Buffer.concat([gzipSync(head), ...Array.from({ length: mebibytes / 16 }, () => member)]);
}

/** A zip with one entry, made by hand so that its head can say what is not so. */
function zipOf(
  name: string,
  packed: Buffer,
  told: { size: number; flags?: number; method?: number },
): Buffer {
  const { size, flags = 0, method = 8 } = told;
  const local = Buffer.alloc(30);
  local.write('PK\u0003\u0004', 'latin1');
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(flags, 6);
  local.writeUInt16LE(method, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.write('PK\u0001\u0002', 'latin1');
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(flags, 8);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

const zipped = (content: Buffer, name = 'a.xml') =>
  zipOf(name, deflateRawSync(content), { size: content.length });
const bombHead = good.slice(0, good.indexOf('<HOSO>'));

export const HOSTILE: readonly HostileFile[] = [
  // entities and document types
  file('billion laughs', 'document-type', () => utf8(before(LAUGHS, '<GIAMDINHHS>'))),
  record('billion laughs inside', 'document-type', () => utf8(holding(`${LAUGHS}<TONG_HOP>&t;</TONG_HOP>`))),
  file('external entity', 'document-type', () => utf8(before(EXTERNAL, '<GIAMDINHHS>'))),
  record('external entity inside', 'document-type', () =>
    utf8(holding(`${EXTERNAL}<TONG_HOP>&e;</TONG_HOP>`)),
  ),
  file('parameter entity', 'document-type', () => utf8(before(PARAMETER, '<GIAMDINHHS>'))),
  file('document type in the middle', 'document-type', () => utf8(before('<!DOCTYPE x>', '<FILEHOSO>'))),
  record('entity that nobody declared', 'not-well-formed', () => utf8(inRow('<MA_LK>&xxe;</MA_LK>'))),
  // depth
  file('deep outside', 'too-deep', () => utf8(before('<a>'.repeat(100_000), '<THONGTINHOSO>'))),
  file('deep in a dossier', 'too-deep', () => utf8(before('<a>'.repeat(100_000), '<FILEHOSO>'))),
  record('deep inside', 'too-deep', () => utf8(inRow(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`))),
  record('a little too deep', 'too-deep', () => utf8(inRow(`${'<a>'.repeat(60)}${'</a>'.repeat(60)}`))),
  // size
  file('huge text in a dossier', 'too-large', () => utf8(before('x'.repeat(40 * MIB), '</HOSO>'))),
  file('huge base64', 'too-large', () => utf8(before('QUFB'.repeat(10 * MIB), '</NOIDUNGFILE>'))),
  file('huge text outside', 'too-large', () => utf8(before(' '.repeat(10 * MIB), '<DANHSACHHOSO>'))),
  file('huge comment', 'too-large', () => utf8(before(`<!--${'x'.repeat(10 * MIB)}-->`, '<GIAMDINHHS>'))),
  file('huge section that never ends', 'too-large', () =>
    utf8(`${bombHead}<![CDATA[${'x'.repeat(10 * MIB)}`),
  ),
  file('tag that never ends', 'not-well-formed', () => utf8(`${bombHead}<HOSO ${'a '.repeat(MIB)}`)),
  file('quote that never ends', 'not-well-formed', () => utf8(before(`<a b="${'>'.repeat(MIB)}`, '<HOSO>'))),
  record('a million elements', 'too-many-elements', () => utf8(inRow('<a/>'.repeat(1_000_000)))),
  file('more dossiers than anybody reads', 'too-many-records', () =>
    utf8(before('<HOSO/>'.repeat(60_000), '</DANHSACHHOSO>')),
  ),
  // form
  file('cut in a tag', 'not-well-formed', () => utf8(good.slice(0, good.indexOf('</HOSO>') + 3))),
  file('cut in a dossier', 'not-well-formed', () => utf8(good.slice(0, good.indexOf('</FILEHOSO>')))),
  file('cut behind the dossiers', 'not-well-formed', () =>
    utf8(good.slice(0, good.indexOf('</THONGTINHOSO>'))),
  ),
  record('cut inside', 'not-well-formed', () => utf8(holding('<TONG_HOP><MA_LK>1</MA_LK>'))),
  file('two roots', 'not-well-formed', () => utf8(good + good.replace(/^<\?xml[^>]*>/, ''))),
  record('two roots inside', 'not-well-formed', () =>
    utf8(holding('<TONG_HOP></TONG_HOP><TONG_HOP></TONG_HOP>')),
  ),
  file('nothing', 'not-well-formed', () => Buffer.alloc(0)),
  file('no XML', 'not-well-formed', () => utf8('xin chào')),
  record('crossed tags', 'not-well-formed', () =>
    utf8(good.replace('</FILEHOSO></HOSO>', '</HOSO></FILEHOSO>')),
  ),
  record('attribute twice', 'not-well-formed', () =>
    utf8(good.replace('<FILEHOSO>', '<FILEHOSO a="1" a="2">')),
  ),
  record('a section’s end in text', 'not-well-formed', () => utf8(inRow('<MA_LK>]]></MA_LK>'))),
  record('dangerous name', 'not-well-formed', () => utf8(inRow('<__proto__>1</__proto__>'))),
  // encoding and characters
  file('UTF-16', 'not-utf8', () => Buffer.from(`\ufeff${good}`, 'utf16le')),
  file('UTF-16 without a mark', 'not-utf8', () => Buffer.from(good, 'utf16le')),
  file('another encoding declared', 'not-utf8', () => utf8(good.replace('utf-8', 'windows-1258'))),
  record('bytes of another encoding', 'not-utf8', () =>
    utf8(holding(Buffer.from('<TONG_HOP>L\xea</TONG_HOP>', 'latin1'))),
  ),
  record('null byte in a dossier', 'forbidden-character', () => utf8(before('\u0000', '<FILEHOSO>'))),
  file('null byte outside', 'forbidden-character', () => utf8(before('\u0000', '<DANHSACHHOSO>'))),
  record('null byte inside', 'forbidden-character', () => utf8(inRow('<MA_LK>\u0000</MA_LK>'))),
  record('reference to a null byte', 'forbidden-character', () => utf8(inRow('<MA_LK>&#0;</MA_LK>'))),
  // content
  record('bad base64', 'bad-base64', () => utf8(good.replace('<NOIDUNGFILE>', '<NOIDUNGFILE>!'))),
  record('base64 cut short', 'bad-base64', () => utf8(good.replace(/.<\/NOIDUNGFILE>/, '</NOIDUNGFILE>'))),
  record('table twice', 'repeated-table', () =>
    utf8(good.replace(/<FILEHOSO>.*<\/FILEHOSO>/, (one) => one + one)),
  ),
  record('element twice', 'repeated-element', () => utf8(inRow('<MA_LK>1</MA_LK><MA_LK>2</MA_LK>'))),
  file('fewer dossiers than announced', 'wrong-record-count', () =>
    utf8(good.replace('<SOLUONGHOSO>1<', '<SOLUONGHOSO>2<')),
  ),
  file('more dossiers than announced', 'wrong-record-count', () =>
    utf8(good.replace(/<HOSO>.*<\/HOSO>/, (one) => one.repeat(3))),
  ),
  file('another standard', 'wrong-root', () => utf8('<KHAMSUCKHOE><XML1/></KHAMSUCKHOE>')),
  // archives
  file('gzip of a gibibyte of zeros', 'not-well-formed', () => gzipOf('', '\u0000', 1024)),
  file('gzip of a gibibyte of blanks', 'too-large', () => gzipOf(bombHead, ' ', 1024)),
  file('gzip of a dossier without end', 'too-large', () => gzipOf(`${bombHead}<HOSO>`, 'x', 1024)),
  file('gzip cut short', 'bad-archive', () => gzipSync(good).subarray(0, 200)),
  file('gzip that is none', 'bad-archive', () =>
    Buffer.concat([Buffer.from([0x1f, 0x8b]), utf8('x'.repeat(100))]),
  ),
  file('zip bomb', 'too-large', () =>
    zipped(Buffer.concat([utf8(`${bombHead}<HOSO>`), Buffer.alloc(64 * MIB, 'x')])),
  ),
  file('zip that lies about its size', 'bad-archive', () =>
    zipOf('a.xml', deflateRawSync(utf8(good)), { size: 10 }),
  ),
  file('zip with a password', 'bad-archive', () =>
    zipOf('a.xml', utf8(good), { size: good.length, flags: 1 }),
  ),
  file('zip that climbs out', 'bad-archive', () => zipped(utf8(good), '../../etc/cron.d/x')),
  file('zip in a zip', 'not-well-formed', () => zipped(zipped(utf8(good)))),
  file('zip cut short', 'bad-archive', () => zipped(utf8(good)).subarray(0, 100)),
  file('empty zip', 'not-one-file', () => zipped(utf8(good)).subarray(-22).fill(0, 4)),
];

function file(name: string, finding: ReadFinding, bytes: () => Buffer): HostileFile {
  return { name, bytes, finding, of: 'file' };
}

function record(name: string, finding: ReadFinding, bytes: () => Buffer): HostileFile {
  return { name, bytes, finding, of: 'record' };
}
