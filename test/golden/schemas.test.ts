import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { tableOf } from '../../src/claims/dictionary.ts';
import { type EditionId, editionOn } from '../../src/claims/editions.ts';
import { buildClaimFile } from '../../src/claims/files.ts';
import { generatedSchemas, schemaFiles } from '../../src/claims/schema/index.ts';
import { paperSchemaFiles } from '../../src/claims/schema/papers-xsd.ts';
import type { TableCode } from '../../src/claims/shape.ts';
import type { ClaimRow } from '../../src/claims/tables.ts';
import { tableXml as tableBytes } from '../../src/claims/writer.ts';

const tableXml = (...given: Parameters<typeof tableBytes>) => tableBytes(...given).toString('utf8');

/** The generated XML Schemas, as libxml2 understands them. */
const schemas = new Map<string, XsdValidator>();
afterAll(() => {
  for (const schema of schemas.values()) schema.dispose();
});

/** @returns what libxml2 finds wrong, empty for a valid document */
function problems(edition: EditionId | 'papers', schema: string, xml: string): string {
  const key = `${edition}/${schema}`;
  if (!schemas.has(key)) {
    const files = edition === 'papers' ? paperSchemaFiles() : schemaFiles(edition);
    const source = XmlDocument.fromString(files[`${schema.toLowerCase()}.xsd`]!);
    schemas.set(key, XsdValidator.fromDoc(source));
    source.dispose();
  }
  const document = XmlDocument.fromString(xml);
  try {
    schemas.get(key)!.validate(document);
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    document.dispose();
  }
}

const golden = new URL('./', import.meta.url);
const goldenFiles = (name: string) =>
  readdirSync(fileURLToPath(golden), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`/${name}`) && !path.startsWith('signed/')) // whose contents are stand-ins
    .map((path) => [path, readFileSync(new URL(path, golden), 'utf8')] as const);

/** The edition that a document names by the first of these elements that says a day. */
function editionIn(xml: string, ...names: readonly string[]): EditionId {
  const time = names.map((name) => new RegExp(`<${name}>(\\d{8})`).exec(xml)?.[1]).find(Boolean)!;
  return editionOn(`${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}`)!;
}

describe('the golden files', () => {
  const heldIn = (xml: string) =>
    [...xml.matchAll(/<LOAIHOSO>(\w+)<\/LOAIHOSO><NOIDUNGFILE>([^<]+)/g)].map(
      ([, code, content]) => [code!, Buffer.from(content!, 'base64').toString('utf8')] as const,
    );

  test.each(goldenFiles('papers.xml'))('%s is valid, and every paper in it', (_, xml) => {
    expect(problems('papers', 'hschungtu', xml)).toBe('');
    expect(problems('papers', 'hschungtu', xml.replace(/ Id="[^"]*"/, ''))).toContain('Id');
    for (const [code, inner] of heldIn(xml)) {
      expect([code, problems('papers', code, inner)]).toEqual([code, '']);
      const swapped = inner.replace(/(<HO_TEN>.*<\/HO_TEN>)(<NGAY_SINH>.*<\/NGAY_SINH>)/, '$2$1');
      expect(problems('papers', code, swapped)).toContain('NGAY_SINH');
    }
  });

  test.each(goldenFiles('claim.xml'))('%s is valid, and every table in it', (_, xml) => {
    const tables = heldIn(xml);
    const edition = editionIn(tables.find(([code]) => code === 'XML1')![1], 'NGAY_RA', 'NGAY_VAO');
    expect(problems(edition, 'envelope', xml)).toBe('');
    for (const [code, inner] of tables) expect([code, problems(edition, code, inner)]).toEqual([code, '']);
  });

  test.each(goldenFiles('check-in.xml'))('%s is valid', (_, xml) => {
    expect(problems(editionIn(xml, 'NGAY_VAO'), 'XML0', xml)).toBe('');
  });
});

const emptyRow = (code: TableCode, edition: EditionId): ClaimRow =>
  Object.fromEntries(tableOf(code, edition).fields.map(({ name }) => [name, '']));
const sample: Readonly<Record<string, string>> = {
  date8: '20260810',
  datetime12: '202608100830',
  digits: '0401',
  integer: '12',
  decimal: '47.5',
};

test('the envelope of a signed golden file is valid, signature and all', () => {
  const xml = readFileSync(new URL('signed/claim.xml', golden), 'utf8');
  expect(xml).toContain('<SignatureValue>');
  expect(problems('1931', 'envelope', xml)).toBe('');
});

describe('what the schemas refuse', () => {
  const document = (values: object, edition: EditionId = '1931') =>
    tableXml('XML2', [{ ...emptyRow('XML2', edition), ...values }], edition);
  const good = document({ MA_LK: 'x', SO_LUONG: '1.5', NGAY_YL: '202608100830' });
  const spoiled = (from: string | RegExp, to: string) => {
    const xml = good.replace(from, to);
    if (xml === good) throw new Error('nothing was spoiled');
    return xml;
  };

  test.each<[string, string, RegExp]>([
    ['nothing of what is right', good, /^$/],
    ['a missing element', spoiled('<STT></STT>', ''), /MA_THUOC.*Expected is.*STT/s],
    [
      'another order',
      spoiled(/(<STT><\/STT>)(<MA_THUOC><\/MA_THUOC>)/, '$2$1'),
      /MA_THUOC.*Expected is.*STT/s,
    ],
    ['an element that is not in the table', spoiled('<STT>', '<X/><STT>'), /Expected is.*STT/s],
    ['an element twice', spoiled('<STT></STT>', '<STT></STT><STT></STT>'), /Expected is.*MA_THUOC/s],
    ['a text that is too long', spoiled('<MA_LK>x', `<MA_LK>${'x'.repeat(101)}`), /maximum length of '100'/],
    ['letters for a number', spoiled('>1.5<', '>nine<'), /pattern/],
    ['a decimal too many', spoiled('>1.5<', '>1.5555<'), /pattern/],
    ['a decimal comma', spoiled('>1.5<', '>1,5<'), /pattern/],
    ['a number that is too long', spoiled('>1.5<', '>12345678901<'), /maximum length of '10'/],
    ['a day for a minute', spoiled('202608100830', '20260810'), /pattern/],
    ['no row at all', spoiled(/<CHI_TIET_THUOC>.*<\/CHI_TIET_THUOC>/, ''), /Expected is.*CHI_TIET_THUOC/s],
    [
      'a row without its list',
      good.replace(/<\/?(?:CHITIEU_CHITIET|DSACH_CHI_TIET)_THUOC>/g, ''),
      /No matching global/,
    ],
  ])('%s', (_, xml, expected) => {
    expect(problems('1931', 'XML2', xml)).toMatch(expected);
  });

  test('length is counted in characters, not in bytes or halves', () => {
    expect(problems('1931', 'XML2', document({ TEN_THUOC: '𠮷'.repeat(1024) }))).toBe('');
    const long = document({ TEN_THUOC: '𠮷'.repeat(1024) }).replace('𠮷', '𠮷𠮷');
    expect(problems('1931', 'XML2', long)).toMatch(/maximum length/);
  });

  test('more than twelve associated conditions', () => {
    const codes = (count: number) => Array.from({ length: count }, (_, at) => `A0${at % 10}`).join(';');
    const main = tableXml('XML1', [{ ...emptyRow('XML1', '1931'), MA_BENH_KT: codes(12) }], '1931');
    expect(problems('1931', 'XML1', main)).toBe('');
    expect(problems('1931', 'XML1', main.replace(codes(12), codes(13)))).toMatch(/pattern/);
  });

  test('what another edition has', () => {
    const half = document({ MUC_HUONG: '47.5' });
    expect(problems('1931', 'XML2', half)).toBe('');
    expect(problems('3176', 'XML2', half)).toMatch(/MUC_HUONG.*pattern/s);
    expect(problems('130', 'XML2', good)).toMatch(/NGAY_TH_YL/);
    expect(problems('4750', 'XML13', tableXml('XML13', [emptyRow('XML13', '3176')], '3176'))).toMatch(
      /MA_NOI_DI/,
    );
  });

  test.each<[string, string | RegExp, string, RegExp]>([
    [
      'the parts in another order',
      /(<THONGTINDONVI>.*<\/THONGTINDONVI>)(.*)(?=<CHUKYDONVI>)/,
      '$2$1',
      /THONGTINHOSO/,
    ],
    ['no place for the signature', '<CHUKYDONVI></CHUKYDONVI>', '', /Expected is.*CHUKYDONVI/s],
    [
      'a table that does not travel',
      '<LOAIHOSO>XML1<',
      '<LOAIHOSO>XML0<',
      /enumeration|not an element of the set/,
    ],
    ['base64 that is cut', '<NOIDUNGFILE>', '<NOIDUNGFILE>A', /base64Binary/],
    ['another facility code', '40101', '4010', /pattern/],
  ])('an envelope with %s', (_, from, to, expected) => {
    const head = { facilityCode: '40101', madeOn: '2026-08-15' };
    const xml = buildClaimFile([{ XML1: [emptyRow('XML1', '1931')] }], head).toString('utf8');
    expect(problems('1931', 'envelope', xml)).toBe('');
    expect(problems('1931', 'envelope', xml.replace(from, to))).toMatch(expected);
  });

  test('a signature may stand in its place, and nothing else', () => {
    const head = { facilityCode: '40101', madeOn: '2026-08-15' };
    const xml = buildClaimFile([{ XML1: [emptyRow('XML1', '1931')] }], head).toString('utf8');
    const signed = (content: string) => xml.replace('<CHUKYDONVI>', `<CHUKYDONVI>${content}`);
    const signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>';
    expect(problems('1931', 'envelope', signed(signature))).toBe('');
    expect(problems('1931', 'envelope', signed(signature + signature))).not.toBe('');
    expect(problems('1931', 'envelope', signed('<Signature/>'))).not.toBe('');
  });
});

const everyTable = (['130', '4750', '3176', '1931'] as const).flatMap((edition) =>
  Object.keys(schemaFiles(edition))
    .map((name) => /^(xml\d+)\.xsd$/.exec(name)?.[1]?.toUpperCase() as TableCode | undefined)
    .filter((code) => code !== undefined)
    .map((code) => [edition, code] as const),
);

describe('every table of every edition', () => {
  test('has its schema', () => expect(everyTable).toHaveLength(13 + 3 * 16));

  test.each(everyTable)(
    '%s %s: what the writer writes is valid, filled to its limits or empty',
    (edition, code) => {
      const { fields, root } = tableOf(code, edition);
      const full = Object.fromEntries(
        fields.map((field) => [
          field.name,
          sample[field.type]?.slice(0, field.maxLength ?? 99) ?? 'Ễ'.repeat(field.maxLength ?? 5_000),
        ]),
      );
      for (const row of [full, emptyRow(code, edition)]) {
        let xml = tableXml(code, [row], edition);
        if (code === 'XML0') xml = xml.replace(`</${root}>`, `<CHUKYDONVI></CHUKYDONVI></${root}>`);
        expect(problems(edition, code, xml)).toBe('');
      }
    },
  );
});

test('the schemas in the repository are those of the dictionary', () => {
  for (const [path, content] of Object.entries(generatedSchemas()))
    expect([path, readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8') === content]).toEqual([
      path,
      true,
    ]);
});
