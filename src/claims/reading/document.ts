import { XMLParser } from 'fast-xml-parser';
import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';
import { CURRENT_EDITION, dictionary } from '../dictionary.ts';
import { type ClaimPlace, ClaimReadError } from '../errors.ts';
import { safeText } from '../untrusted.ts';
import { MAX_DEPTH, MAX_TAGS } from './limits.ts';
import { parsePlain } from './plain.ts';
import type { Children, Node } from './tree.ts';

/** Elements that come as a list even when there is one. */
let listed: ReadonlySet<string> | undefined;

function manyOf(): ReadonlySet<string> {
  if (listed) return listed;
  const { tables, envelope } = dictionary(CURRENT_EDITION);
  const many = new Set([envelope.dossiers.dossier, envelope.dossiers.file]);
  for (const table of tables.values()) if (table.list !== null) many.add(table.row);
  listed = many;
  return many;
}

/** One for all: the options keep every text exactly as it stands (`007`, blanks, `&#13;`). */
let shared: XMLParser | undefined;

/**
 * The tree of a well-formed document: at once where it is plain, else by fast-xml-parser, which a property holds equal.
 * @throws Error of fast-xml-parser, for depth and for names that are none
 */
export function parseExactly(xml: string): Children {
  return parsePlain(xml, manyOf(), MAX_DEPTH) ?? parseAny(xml);
}

function parseAny(xml: string): Children {
  shared ??= exactParser();
  return shared.parse(xml) as Children;
}

/** The reference parser. */
export function exactParser(): XMLParser {
  const many = manyOf();
  return new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    trimValues: false,
    processEntities: true,
    htmlEntities: true, // numeric references are only decoded with this
    maxNestedTags: MAX_DEPTH,
    jPath: false,
    isArray: (name) => many.has(name),
  });
}

/**
 * A document from outside as a tree. A plain one proves itself; of any other libxml2 says whether it is well-formed: the
 * parser that gives the values takes much that is not.
 * @param firstLine line of the file on which these bytes begin
 * @throws ClaimReadError
 */
export function parseDocument(
  bytes: Uint8Array,
  place: ClaimPlace,
  maxBytes: number,
  firstLine = 1,
): Children {
  const xml = safeText(bytes, place, maxBytes);
  if (hasMoreTags(xml, MAX_TAGS)) throw new ClaimReadError('too-many-elements', place, { max: MAX_TAGS });
  const plain = parsePlain(xml, manyOf(), MAX_DEPTH);
  if (plain) return plain;
  checkWellFormed(xml, place, firstLine);
  try {
    return parseAny(xml);
  } catch (cause) {
    // The parser refuses depth and names such as __proto__ with plain errors.
    const tooDeep = cause instanceof Error && /nested/i.test(cause.message);
    throw tooDeep
      ? new ClaimReadError('too-deep', place, {}, { cause })
      : new ClaimReadError('not-well-formed', place, { line: firstLine }, { cause });
  }
}

function hasMoreTags(xml: string, most: number): boolean {
  if (xml.length <= most) return false;
  let count = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at + 1)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

/** Sizes are limited by us, so that a large base64 text is none of libxml2's business. */
const PARSING = {
  option: ParseOption.XML_PARSE_HUGE | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET,
};
/** A prefix whose namespace is declared further out is an error of this level, and the document well-formed. */
const FATAL = 3;

function checkWellFormed(xml: string, place: ClaimPlace, firstLine: number): void {
  try {
    XmlDocument.fromString(xml, PARSING).dispose();
  } catch (cause) {
    if (!(cause instanceof XmlParseError)) throw cause;
    const [fault] = cause.details.filter(({ level }) => level >= FATAL);
    if (!fault && cause.details.length > 0) return;
    const finding = /depth/i.test(fault?.message ?? '') ? 'too-deep' : 'not-well-formed';
    // Nothing of libxml2's words is passed on: they quote the text.
    throw new ClaimReadError(finding, place, { line: firstLine + (fault?.line ?? 1) - 1 });
  }
}

/** Strict base64; white space between the characters is allowed. */
export function decodeBase64(text: string, place: ClaimPlace): Buffer {
  const packed = /[ \t\r\n]/.test(text) ? text.replace(/[ \t\r\n]+/g, '') : text;
  const bytes = Buffer.from(packed, 'base64');
  const padding = packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0;
  // Node leaves out what is no base64, and takes the two letters of the alphabet for addresses.
  const isWhole =
    packed !== '' && packed.length % 4 === 0 && bytes.length === (packed.length / 4) * 3 - padding;
  if (!isWhole || packed.includes('-') || packed.includes('_')) throw new ClaimReadError('bad-base64', place);
  return bytes;
}

export function rootOf(document: Children, name: string, place: ClaimPlace): Children {
  if (!Object.hasOwn(document, name)) {
    const actual = Object.keys(document).find((one) => !one.startsWith('#')) ?? '';
    throw new ClaimReadError('wrong-root', place, { expected: name, actual: actual.slice(0, 60) });
  }
  return childrenOf(document[name]!, name, place);
}

export function child(parent: Children, name: string, place: ClaimPlace = {}): Children {
  if (!Object.hasOwn(parent, name)) throw new ClaimReadError('missing-element', place, { expected: name });
  return childrenOf(parent[name]!, name, place);
}

/** An element without children comes as its text, which must be blank. */
export function childrenOf(node: Node, name: string, place: ClaimPlace = {}): Children {
  if (typeof node === 'string') {
    if (node.trim() !== '') throw new ClaimReadError('stray-text', { ...place, field: name });
    return {};
  }
  if (Array.isArray(node)) throw new ClaimReadError('repeated-element', { ...place, field: name });
  return node as Children;
}

export function listOf(parent: Children, name: string): readonly Node[] {
  return Object.hasOwn(parent, name) ? (parent[name] as readonly Node[]) : [];
}

export function textOf(parent: Children, name: string, place: ClaimPlace = {}): string {
  if (!Object.hasOwn(parent, name)) throw new ClaimReadError('missing-element', place, { expected: name });
  const value = parent[name]!;
  if (typeof value === 'string') return value;
  const finding = Array.isArray(value) ? 'repeated-element' : 'element-not-text';
  throw new ClaimReadError(finding, { ...place, field: name });
}
