import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import type { XmlElement } from './xml-reader.ts';
import { readXml, XmlError } from './xml-reader.ts';

const reference = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
  preserveOrder: true,
});

/** fast-xml-parser's ordered form as our elements. */
function elements(nodes: readonly Record<string, unknown>[]): XmlElement[] {
  return nodes.flatMap((node) => {
    const [name] = Object.keys(node);
    if (name === undefined || name === '#text' || name.startsWith('?')) return [];
    const inside = node[name] as Record<string, unknown>[];
    const text = inside.map((child) => (typeof child['#text'] === 'string' ? child['#text'] : '')).join('');
    return [{ name, text, children: elements(inside) }];
  });
}

const escaped = (text: string) => text.replace(/[&<>"'\r]/g, (letter) => `&#${letter.codePointAt(0)};`);
const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
const text = fc.string({
  unit: fc.constantFrom('a', 'ế', ' ', '\n', '&', '<', '>', '"', "'", '\r', '7', '😀'),
});
const tree = (depth: number): fc.Arbitrary<string> => {
  const children = depth === 0 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 3 });
  return fc
    .tuple(name, text, children)
    .map(([tag, inside, inner]) => `<${tag} a="1">${escaped(inside)}${inner.join('')}</${tag}>`);
};

describe('readXml', () => {
  test('reads what fast-xml-parser reads', () => {
    fc.assert(
      fc.property(tree(3), (xml) => {
        const [expected] = elements(reference.parse(xml) as Record<string, unknown>[]);
        expect(readXml(`<?xml version="1.0" encoding="utf-8"?>\n${xml}`)).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('whitespace, entities, CDATA, comments, empty tags', () => {
    const xml = '<a><!-- c --><b>1 &amp;&#13;&#x1EBF;<![CDATA[<&>]]></b><c/><d></d><?pi x?></a>\n';
    expect(readXml(xml)).toEqual({
      name: 'a',
      text: '',
      children: [
        { name: 'b', text: '1 &\rế<&>', children: [] },
        { name: 'c', text: '', children: [] },
        { name: 'd', text: '', children: [] },
      ],
    });
  });

  test.each([
    ['nothing', ''],
    ['plain text', 'abc'],
    ['unclosed', '<a><b></b>'],
    ['crossed', '<a><b></a></b>'],
    ['an end tag that only begins alike', '<a></ab>'],
    ['a start tag that only begins alike', '<ab></a>'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>x & y</a>'],
    ['a reference to a forbidden character', '<a>&#1;</a>'],
    ['a forbidden character', '<a>\u0001</a>'],
    ['a reference to half a pair', '<a>&#xD800;</a>'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['an attribute without quotes', '<a x=1/>'],
    ['< in an attribute', '<a x="<"/>'],
    ['attributes grown together', '<a x="1"y="2"/>'],
    ['a bad name', '<1a/>'],
    ['-- in a comment', '<a><!-- x -- y --></a>'],
    [']]> in text', '<a>]]></a>'],
    ['CDATA outside', '<![CDATA[x]]><a/>'],
    ['too many levels', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
    ['a cut tag', '<a><b'],
  ])('refuses %s', (_name, xml) => {
    expect(() => readXml(xml)).toThrow(XmlError);
  });

  test('64 levels are still read', () => {
    expect(readXml(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`).name).toBe('a');
  });
});
