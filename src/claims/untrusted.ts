import { hasForbiddenCharacter } from '../platform/text.ts';
import { type ClaimPlace, ClaimReadError } from './errors.ts';

/**
 * Bytes from outside as XML text that a parser may see: UTF-8 (a byte-order mark is dropped), within the size limit,
 * no document type or entity declaration, only the five entities of XML and references to characters it can hold.
 * @throws ClaimReadError
 */
export function safeText(bytes: Uint8Array, place: ClaimPlace, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) throw new ClaimReadError('too-large', place, { max: maxBytes });
  const xml = decode(bytes, place);
  if (hasForbiddenCharacter(xml)) throw new ClaimReadError('forbidden-character', place);
  const encoding = /^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']/.exec(xml.slice(0, 200))?.[1];
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8')
    throw new ClaimReadError('not-utf8', place);
  if (!xml.includes('&') && !xml.includes('<!')) return xml;
  const markup = withoutLiterals(xml);
  if (/<!(?:doctype|entity)/i.test(markup)) throw new ClaimReadError('document-type', place);
  checkReferences(markup, place);
  return xml;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array, place: ClaimPlace): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ClaimReadError('not-utf8', place, {}, { cause });
  }
}

/** CDATA sections and comments cut out: what they hold is never markup. Linear also for hostile input. */
function withoutLiterals(xml: string): string {
  const kept: string[] = [];
  let at = 0;
  for (const found of xml.matchAll(/<!\[CDATA\[|<!--/g)) {
    if (found.index < at) continue;
    const close = found[0] === '<!--' ? '-->' : ']]>';
    const end = xml.indexOf(close, found.index + found[0].length);
    kept.push(xml.slice(at, found.index));
    // A section that never ends hides the rest; libxml2 refuses it.
    if (end < 0) return kept.join('');
    at = end + close.length;
  }
  kept.push(xml.slice(at));
  return kept.join('');
}

const REFERENCE = /&(?:amp|lt|gt|quot|apos|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/y;

/** A reference must mean an allowed character. Whether it is one at all is for whoever parses it next. */
function checkReferences(markup: string, place: ClaimPlace): void {
  for (let at = markup.indexOf('&'); at >= 0; at = markup.indexOf('&', at + 1)) {
    REFERENCE.lastIndex = at;
    const found = REFERENCE.exec(markup);
    if (!found) continue; // libxml2 says so, and where
    const digits = found[1] ?? found[2];
    if (digits === undefined) continue;
    const point = Number.parseInt(digits, found[1] === undefined ? 16 : 10);
    const isHalf = point >= 0xd800 && point <= 0xdfff;
    if (point > 0x10ffff || isHalf || hasForbiddenCharacter(String.fromCodePoint(point))) {
      throw new ClaimReadError('forbidden-character', place);
    }
  }
}
