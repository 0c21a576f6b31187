import { SLOT } from './profiles.ts';

/** An unsigned file of ours, taken apart: what is hashed and where the signature goes. */
export interface UnsignedDocument {
  readonly root: string;
  /** Everything up to the signature's place, as it stands in the file. */
  readonly head: Buffer;
  /** Everything after it. */
  readonly tail: Buffer;
  /** The file as canonical XML (C14N 1.0), the slot empty. */
  readonly canonical: string;
}

/** A file that is not written the plain way in which this program writes: it is not signed at all. */
export class NotPlainError extends Error {
  constructor(what: string) {
    super(`not signed: ${what}`);
    this.name = 'NotPlainError';
  }
}

const DECLARATION =
  /^<\?xml version="1\.0"(?: encoding="(?:utf-8|UTF-8)")?(?: standalone="(?:yes|no)")?\?>\n?/;
/** A tag with a name and at most an `Id`: nothing that canonical XML would write differently. */
const OTHER_TAG = /<(?!\/?[A-Za-z_][\w.-]*>|[A-Za-z_][\w.-]* Id="[\w.-]+">)/;
const REFERENCE = /&(?:(amp|lt|gt)|(quot)|(apos)|#13|#xD);|&/g;
const EMPTY_SLOT = `<${SLOT}></${SLOT}>`;

/**
 * The files that this program writes are canonical already, but for the declaration and the spelling of a few
 * characters. A property test holds this equal to what xml-crypto makes of the same file.
 * @throws NotPlainError for anything else
 */
export function takeApart(bytes: Buffer): UnsignedDocument {
  const xml = bytes.toString('utf8');
  const body = xml.slice(DECLARATION.exec(xml)?.[0].length ?? 0);
  const root = /^<([A-Za-z_][\w.-]*)>/.exec(body)?.[1];
  if (root === undefined) throw new NotPlainError('root');
  const end = `</${root}>`;
  if (!body.endsWith(`${EMPTY_SLOT}${end}`)) throw new NotPlainError('no empty place for the signature');
  if (OTHER_TAG.test(body) || count(body, '<') !== count(body, '>')) throw new NotPlainError('markup');
  if (body.includes('\r')) throw new NotPlainError('line ends');
  const tail = Buffer.from(`</${SLOT}>${end}`);
  return {
    root,
    head: bytes.subarray(0, bytes.length - tail.length),
    tail,
    canonical: body.includes('&') ? body.replace(REFERENCE, canonicalReference) : body,
  };
}

function canonicalReference(whole: string, kept?: string, quote?: string, apostrophe?: string): string {
  if (kept !== undefined) return whole;
  if (quote !== undefined) return '"';
  if (apostrophe !== undefined) return "'";
  if (whole === '&') throw new NotPlainError('reference');
  return '&#xD;';
}

function count(text: string, mark: string): number {
  let found = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) found += 1;
  return found;
}

/** The one element with an `Id`, as canonical XML, for profile B. @throws NotPlainError unless there is exactly one */
export function elementWithId({ canonical }: UnsignedDocument): {
  readonly id: string;
  readonly canonical: string;
} {
  const opens = [...canonical.matchAll(/<([A-Za-z_][\w.-]*) Id="([\w.-]+)">/g)];
  const [open] = opens;
  if (opens.length !== 1 || !open) throw new NotPlainError('one element with an Id');
  const [, name, id] = open;
  const close = `</${name}>`;
  const to = canonical.lastIndexOf(close);
  // Between the element and the slot there is nothing: what follows is not signed.
  if (to < 0 || !canonical.startsWith(EMPTY_SLOT, to + close.length))
    throw new NotPlainError('place of the Id');
  return { id: id!, canonical: canonical.slice(open.index, to + close.length) };
}
