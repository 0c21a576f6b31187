import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { hasForbiddenCharacter } from '../../platform/text.ts';
import { exactParser } from './document.ts';
import { parsePlain } from './plain.ts';

const MANY = new Set(['HOSO', 'FILEHOSO', 'CHI_TIET_THUOC']);
const reference = exactParser();
const both = (xml: string) => [parsePlain(xml, MANY, 30), reference.parse(xml)];

const name = fc.constantFrom('TONG_HOP', 'MA_LK', 'HOSO', 'FILEHOSO', 'CHI_TIET_THUOC', 'X', 'A1', 'STT');
const text = fc.oneof(
  fc.constantFrom('', ' ', '\n  ', '007', '1.50', 'Nguyễn Thị Mẫu', ']]', '>', '"', "'", 'ế\u0301', '𝄞'),
  fc.string({ unit: 'binary' }).map((one) => one.replace(/[<&\r]|\]\]>/g, '')),
);
const element = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: 'small' },
    name.map((of) => `<${of}/>`),
    fc.tuple(name, text).map(([of, inside]) => `<${of}>${inside}</${of}>`),
    fc
      .tuple(name, fc.array(fc.tuple(text, tie('one')), { maxLength: 6 }), text)
      .map(([of, children, end]) => `<${of}>${children.flat().join('')}${end}</${of}>`),
  ),
})).one;
const declaration = fc.constantFrom('', '<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.0"?>\n');
const blank = fc.constantFrom('', '\n', '  ');
const document = fc.tuple(declaration, element, blank).map((parts) => parts.join(''));

test('a plain document is the same tree as by fast-xml-parser', () => {
  fc.assert(
    fc.property(document, (xml) => {
      const [plain, tree] = both(xml);
      expect(plain).toBeDefined();
      expect(plain).toEqual(tree);
      expect(JSON.stringify(plain)).toBe(JSON.stringify(tree));
    }),
    { numRuns: 2_000 },
  );
});

test('whatever is done to one: the same tree, or it is left to the other parser', () => {
  const piece = fc.constantFrom(
    '&amp;',
    '<!-- x -->',
    '<![CDATA[y]]>',
    '\r\n',
    ' a="1"',
    '<',
    '>',
    '/',
    '</X>',
    '<X>',
    '<X/>',
    ']]>',
    '\u00a0',
    '?',
  );
  fc.assert(
    fc.property(document, piece, fc.nat(), (xml, put, at) => {
      const place = at % (xml.length + 1);
      const changed = xml.slice(0, place) + put + xml.slice(place);
      const plain = parsePlain(changed, MANY, 30);
      if (plain) expect(plain).toEqual(reference.parse(changed));
      if (plain && !hasForbiddenCharacter(changed)) XmlDocument.fromString(changed).dispose();
    }),
    { numRuns: 2_000 },
  );
});

describe('left to the other parser', () => {
  test.each([
    ['a reference', '<X>&amp;</X>'],
    ['an attribute', '<X a="1">1</X>'],
    ['a namespace', '<a:X>1</a:X>'],
    ['CDATA', '<X><![CDATA[1]]></X>'],
    ['a comment', '<X><!-- 1 --></X>'],
    ['a document type', '<!DOCTYPE X><X/>'],
    ['a carriage return', '<X>1\r\n</X>'],
    ['small letters', '<constructor>1</constructor>'],
    ['two names crossed', '<X><A1></X></A1>'],
    ['no end', '<X><A1>1</A1>'],
    ['an end too many', '<X></X></X>'],
    ['a tag that is cut', '<X>1</X'],
    ['text behind the root', '<X>1</X>y'],
    ['text before the root', 'y<X>1</X>'],
    ['a processing instruction', '<?xml version="1.0"?><?y z?><X/>'],
    ['another version', '<?xml version="1.1"?><X/>'],
    ['a declaration cut short', '<?xml version="1.0"><X/>'],
    ['a declaration with a blank that is none of XML', '<?xml version="1.0"\u00a0?><X/>'],
    ['a declaration in capitals', '<?XML VERSION="1.0"?><X/>'],
    ['the end of CDATA', '<X>]]></X>'],
    ['two roots', '<X/><X/>'],
    ['an end before the beginning', '/X><X>'],
    ['no root', ' '],
    ['a blank that is none of XML behind the root', '<X/>\u00a0'],
  ])('%s', (_name, xml) => expect(parsePlain(xml, MANY, 30)).toBeUndefined());

  test('more depth than is allowed', () => {
    const nested = (depth: number) => '<X>'.repeat(depth) + '</X>'.repeat(depth);
    expect(parsePlain(nested(30), MANY, 30)).toBeDefined();
    expect(parsePlain(nested(31), MANY, 30)).toBeUndefined();
  });
});
