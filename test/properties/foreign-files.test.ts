import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dictionary, type TableCode, tableOf } from '../../src/claims/dictionary.ts';
import { EDITION_IDS, type EditionId } from '../../src/claims/editions.ts';
import { buildClaimFile } from '../../src/claims/files.ts';
import {
  type ClaimSource,
  foreignRecords,
  onlySource,
  recogniseEdition,
  rewritten,
  scanFile,
  sourcesInBytes,
  structureProblems,
} from '../../src/claims/foreign.ts';
import { readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimRow, ClaimTables } from '../../src/claims/tables.ts';
import { readXml } from '../../src/gateway/simulator/xml-reader.ts';

const runs = { numRuns: 80, seed: 20_261_126 };
const GOLDEN = new URL('../golden/', import.meta.url);

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', '0', '007', '47.50', '202608100830', ' x ', 'Lê Thị Bưởi') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '<b>&amp;]]>',
      'a & b',
      '\'"',
      'Nguye\u0302\u0303n',
      '👶\u202e',
      '&#13;',
      'x\ry\n',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const clean = value.map((text) =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''),
);

/** Rows as some vendor has them: in the order of an edition, or mixed up; now and then an element of their own. */
function rowOf(code: TableCode, edition: EditionId, isMixed: boolean): fc.Arbitrary<ClaimRow> {
  const names = tableOf(code, edition).fields.map(({ name }) => name);
  const order = isMixed
    ? fc.shuffledSubarray([...names, 'TEN_RIENG', 'x.y-z'], { minLength: 1 })
    : fc.constant(names);
  return order.chain((fields) =>
    fc
      .array(clean, { minLength: fields.length, maxLength: fields.length })
      .map((values) => Object.fromEntries(fields.map((name, at) => [name, values[at]!]))),
  );
}

interface Vendor {
  readonly edition: EditionId;
  readonly records: readonly ClaimTables[];
  readonly text: 'cdata' | 'escaped' | 'numeric';
  readonly gap: string;
  readonly declaration: boolean;
  readonly mark: boolean;
  readonly lines: boolean;
  readonly gzip: boolean;
  readonly piece: number;
}

const vendorOf = (mixed: fc.Arbitrary<boolean>): fc.Arbitrary<Vendor> =>
  fc.tuple(fc.constantFrom(...EDITION_IDS), mixed).chain(([edition, isMixed]) => {
    const record = fc
      .shuffledSubarray([...dictionary(edition).envelope.fileOrder], { minLength: 1, maxLength: 3 })
      .chain((codes) =>
        fc.record(
          Object.fromEntries(
            codes.map((code) => {
              const most = tableOf(code, edition).rows === 'one' ? 1 : 2;
              return [code, fc.array(rowOf(code, edition, isMixed), { minLength: 1, maxLength: most })];
            }),
          ),
        ),
      ) as fc.Arbitrary<ClaimTables>;
    return fc.record({
      edition: fc.constant(edition),
      records: fc.array(record, { minLength: 0, maxLength: 3 }),
      text: fc.constantFrom('cdata' as const, 'escaped' as const, 'numeric' as const),
      gap: fc.constantFrom('', '\n  ', '\r\n\t', ' <!-- <HOSO> & </HOSO> --> '),
      declaration: fc.boolean(),
      mark: fc.boolean(),
      lines: fc.boolean(),
      gzip: fc.boolean(),
      piece: fc.constantFrom(1, 2, 3, 17, 1_000, 1_000_000),
    });
  });

const vendor = vendorOf(fc.boolean());

function written({ edition, records, text, gap, declaration, mark, lines, gzip }: Vendor): Buffer {
  const head = declaration ? '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' : '';
  const escaped = (raw: string) => raw.replace(/[&<>\r]/g, (one) => `&#${one.charCodeAt(0)};`);
  const content = (raw: string): string => {
    if (text === 'cdata' && !/\r|\]\]>/.test(raw)) return `<![CDATA[${raw}]]>`;
    if (text === 'numeric')
      return Array.from(raw, (one) => `&#x${one.codePointAt(0)!.toString(16)};`).join('');
    return escaped(raw);
  };
  const document = (code: TableCode, rows: readonly ClaimRow[]) => {
    const { root, list, row: name } = tableOf(code, edition);
    const body = rows.map((row) => {
      const fields = Object.entries(row).map(([field, raw]) =>
        raw === '' && gap ? `<${field} />` : `<${field}>${content(raw)}</${field}>`,
      );
      return `<${name} xmlns:xsi="urn:x">${gap}${fields.join(gap)}</${name}>`;
    });
    const inside =
      list === null ? body.join('') : `<${root}>${gap}<${list}>${body.join(gap)}</${list}></${root}>`;
    const base64 = Buffer.from(`${mark ? '\ufeff' : ''}${head}${inside}`).toString('base64');
    return lines ? base64.replace(/.{76}/g, '$&\r\n') : base64;
  };
  const dossiers = records.map((tables) => {
    const files = Object.entries(tables).map(
      ([code, rows]) =>
        `<FILEHOSO>${gap}<LOAIHOSO>${code}</LOAIHOSO><NOIDUNGFILE>${document(code as TableCode, rows ?? [])}</NOIDUNGFILE></FILEHOSO>`,
    );
    return `<HOSO id="a>b">${gap}${files.join(gap)}</HOSO>`;
  });
  const xml =
    `${mark ? '\ufeff' : ''}${head}${gap}<GIAMDINHHS>${gap}<THONGTINDONVI><MACSKCB>40101</MACSKCB></THONGTINDONVI>${gap}` +
    `<THONGTINHOSO><NGAYLAP>20260815</NGAYLAP><SOLUONGHOSO>${records.length}</SOLUONGHOSO><DANHSACHHOSO>${gap}` +
    `${dossiers.join(gap)}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>${gap}`;
  return gzip ? gzipSync(xml) : Buffer.from(xml);
}

async function inPieces(bytes: Buffer, size: number): Promise<ClaimSource> {
  const { name, open } = onlySource(await sourcesInBytes(bytes, 'x.xml'));
  async function* pieces() {
    for await (const chunk of open())
      for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
  }
  return { name, open: pieces };
}

async function recordsIn(source: ClaimSource) {
  const found: ClaimTables[] = [];
  for await (const { record, error } of foreignRecords(source, await scanFile(source))) {
    if (error) throw error;
    found.push(record.tables);
  }
  return found;
}

async function again(source: ClaimSource): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of rewritten(source, await scanFile(source))) parts.push(part);
  return Buffer.concat(parts);
}

/** The documents inside, by a reader that shares nothing with ours: the simulated gateway's. */
function documentsIn(xml: string): unknown[] {
  return [...xml.matchAll(/<NOIDUNGFILE>([^<]*)/g)].map(([, base64 = '']) => {
    const inner = Buffer.from(base64, 'base64')
      .toString('utf8')
      .replace(/^\ufeff/, '');
    return readXml(inner);
  });
}

const NAMES_AND_ORDER: ReadonlySet<string> = new Set(['missing', 'unknown', 'order', 'not-in-edition']);

describe('files of any vendor', () => {
  test('say the same however they are written, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(vendor, async (one) => {
        const source = await inPieces(written(one), one.piece);
        expect(JSON.stringify(await recordsIn(source))).toBe(JSON.stringify(one.records));
      }),
      runs,
    );
  });

  test('keep every element, its order and its value when they are rewritten', async () => {
    await fc.assert(
      fc.asyncProperty(vendor, async (one) => {
        const bytes = await again(await inPieces(written(one), one.piece));
        expect(JSON.stringify(readClaimFile(bytes).records)).toBe(JSON.stringify(one.records));
        const plain = written({ ...one, text: 'escaped', gap: '', mark: false, lines: false, gzip: false });
        expect(documentsIn(bytes.toString())).toEqual(
          documentsIn(plain.toString().replaceAll(' xmlns:xsi="urn:x"', '')),
        );
      }),
      runs,
    );
  });

  test('of each edition are recognised by what they hold, whole rows without a problem of order or names', () => {
    fc.assert(
      fc.property(vendorOf(fc.constant(false)), ({ records }) => {
        for (const tables of records) {
          const problems = structureProblems({ tables, unknown: [], broken: [] }, recogniseEdition(tables));
          expect(problems.filter(({ kind }) => NAMES_AND_ORDER.has(kind))).toEqual([]);
        }
      }),
      runs,
    );
  });
});

describe('files of ours', () => {
  // Papers have another root, and rewriting takes a signature off.
  const files = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(130|4750|3176|1931)\/.*(claim|check-in)\.xml$/.test(path))
    .toSorted();

  test.each(files)('%s comes back byte for byte', async (path) => {
    const bytes = readFileSync(new URL(path, GOLDEN));
    expect((await again(await inPieces(bytes, 1_000))).toString()).toBe(bytes.toString());
  });

  test('of many dossiers, too', async () => {
    const claims = files.filter((path) => path.endsWith('claim.xml'));
    const records = claims.flatMap((path) => readClaimFile(readFileSync(new URL(path, GOLDEN))).records);
    const bytes = buildClaimFile(records, { facilityCode: '40101', madeOn: '2026-08-15' });
    expect((await again(await inPieces(bytes, 333))).equals(bytes)).toBe(true);
  });
});
