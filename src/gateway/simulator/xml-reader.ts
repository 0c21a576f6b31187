/**
 * A strict reader for the files the simulator receives: well-formed XML without DTD, or an error. Written here because
 * the far side must not share code with the sender, because fast-xml-parser alone accepts malformed documents, and
 * because one pass over the text reads thousands of claims a second. A test holds it equal to fast-xml-parser.
 */
export class XmlError extends Error {}

/** An element: its own text (all pieces joined, entities resolved) and its child elements in order. */
export interface XmlElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const NAME = /[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*/y;
const SPACE = /[ \t\r\n]*/y;
const ONLY_SPACE = /^[ \t\r\n]*$/;
/** Characters XML 1.0 forbids. Lone surrogates cannot occur: the text was decoded from checked UTF-8. */
const FORBIDDEN = /[^\t\n\r\u0020-\ufffd]/;
const REFERENCE = /&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|amp|lt|gt|quot|apos);|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Claim files are five levels deep. */
const MAX_DEPTH = 64;

/** @throws XmlError when the text is not one well-formed element without a document type. */
export function readXml(source: string): XmlElement {
  if (FORBIDDEN.test(source)) throw new XmlError('forbidden character');
  return new Reader(source).document();
}

/** The first child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((found) => found.name === name);
}

class Reader {
  private readonly source: string;
  private at = 0;
  private readonly open: XmlElement[] = [];
  private root: XmlElement | undefined;

  constructor(source: string) {
    this.source = source;
  }

  document(): XmlElement {
    const { source } = this;
    if (source.startsWith('<?xml')) this.skipPast('?>', 'unclosed declaration');
    while (this.at < source.length) {
      const next = source.indexOf('<', this.at);
      this.text(source.slice(this.at, next < 0 ? source.length : next));
      if (next < 0) break;
      this.at = next;
      this.markup();
    }
    if (this.open.length > 0) throw new XmlError(`unclosed element ${this.open.at(-1)?.name}`);
    if (!this.root) throw new XmlError('no element');
    return this.root;
  }

  private text(raw: string): void {
    if (raw === '') return;
    const element = this.open.at(-1);
    if (!element) {
      if (!ONLY_SPACE.test(raw)) throw new XmlError('text outside the root element');
      return;
    }
    if (raw.includes(']]>')) throw new XmlError(']]> in text');
    element.text += resolve(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw);
  }

  private markup(): void {
    const { source, at } = this;
    if (source.charCodeAt(at + 1) === 47 /* / */) this.endTag();
    else if (source.startsWith('<!--', at)) this.comment();
    else if (source.startsWith('<![CDATA[', at)) this.cdata();
    else if (source.startsWith('<?', at)) this.skipPast('?>', 'unclosed instruction');
    else if (source.startsWith('<!', at)) throw new XmlError('document type not allowed');
    else this.startTag();
  }

  private startTag(): void {
    this.at += 1;
    const element: XmlElement = { name: this.name(), text: '', children: [] };
    const parent = this.open.at(-1);
    if (parent) parent.children.push(element);
    else if (this.root) throw new XmlError('two root elements');
    else this.root = element;
    if (this.source.charCodeAt(this.at) !== 62 /* > */) this.attributes();
    if (this.source.startsWith('/>', this.at)) {
      this.at += 2;
      return;
    }
    if (this.source.charCodeAt(this.at) !== 62) throw new XmlError(`malformed tag ${element.name}`);
    this.at += 1;
    if (this.open.push(element) > MAX_DEPTH) throw new XmlError('too deep');
  }

  /** Read for well-formedness only: no official field is an attribute. */
  private attributes(): void {
    const seen = new Set<string>();
    for (;;) {
      const before = this.at;
      this.space();
      const here = this.source.charCodeAt(this.at);
      if (here === 62 || here === 47) return;
      if (this.at === before) throw new XmlError('malformed tag');
      const name = this.name();
      if (seen.has(name)) throw new XmlError(`attribute ${name} twice`);
      seen.add(name);
      this.space();
      this.expect('=');
      this.space();
      const quote = this.source[this.at];
      if (quote !== '"' && quote !== "'") throw new XmlError(`attribute ${name} without quotes`);
      const end = this.source.indexOf(quote, this.at + 1);
      if (end < 0) throw new XmlError(`attribute ${name} not closed`);
      const value = this.source.slice(this.at + 1, end);
      if (value.includes('<')) throw new XmlError(`< in attribute ${name}`);
      resolve(value);
      this.at = end + 1;
    }
  }

  private endTag(): void {
    const element = this.open.pop();
    this.at += 2;
    if (!element || !this.source.startsWith(element.name, this.at)) {
      throw new XmlError(element ? `${element.name} not closed` : 'end tag without start');
    }
    this.at += element.name.length;
    this.space();
    this.expect('>');
  }

  private comment(): void {
    const end = this.source.indexOf('--', this.at + 4);
    if (end < 0 || this.source[end + 2] !== '>') throw new XmlError('malformed comment');
    this.at = end + 3;
  }

  private cdata(): void {
    const element = this.open.at(-1);
    const from = this.at + 9;
    this.skipPast(']]>', 'unclosed CDATA');
    if (!element) throw new XmlError('CDATA outside the root element');
    element.text += this.source.slice(from, this.at - 3).replace(/\r\n?/g, '\n');
  }

  private name(): string {
    NAME.lastIndex = this.at;
    const found = NAME.exec(this.source);
    if (!found) throw new XmlError('malformed name');
    this.at += found[0].length;
    return found[0];
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.source);
    this.at = SPACE.lastIndex;
  }

  private expect(text: string): void {
    if (!this.source.startsWith(text, this.at)) throw new XmlError(`${text} expected`);
    this.at += text.length;
  }

  private skipPast(mark: string, problem: string): void {
    const end = this.source.indexOf(mark, this.at);
    if (end < 0) throw new XmlError(problem);
    this.at = end + mark.length;
  }
}

function resolve(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(REFERENCE, (whole, inner: string | undefined) => {
    if (inner === undefined) throw new XmlError('& without a known entity');
    return NAMED[inner] ?? character(inner, whole);
  });
}

function character(inner: string, whole: string): string {
  const code = inner[1] === 'x' ? Number.parseInt(inner.slice(2), 16) : Number.parseInt(inner.slice(1), 10);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > 0x10ffff || isSurrogate || FORBIDDEN.test(String.fromCodePoint(code))) {
    throw new XmlError(`${whole} is no character of XML`);
  }
  return String.fromCodePoint(code);
}
