import { hasForbiddenCharacter } from '../platform/text.ts';
import type { WriteFinding } from './errors.ts';

/** Nothing to escape, nothing to normalise: most values. */
const PLAIN = /^[ -%'-;=?-~]*$/;
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

const ESCAPED = /[&<>\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Characters as the standard counts them: Unicode code points. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i += 1) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count -= 1;
  return count;
}

export type Refuse = (finding: WriteFinding, values?: Readonly<Record<string, string | number>>) => never;

/**
 * Text as it stands in an element: NFC, `&amp;` `&lt;` `&gt;`, and `&#13;` because a parser turns a raw carriage
 * return into a line feed. Quotes, tabs and line feeds stay as they are.
 * @param refuse called with the finding when the text cannot be written; must throw
 */
export function elementText(value: string, maxLength: number, refuse: Refuse): string {
  if (!value.isWellFormed()) refuse('lone-surrogate');
  if (hasForbiddenCharacter(value)) refuse('control-character');
  const composed = value.normalize('NFC');
  if (composed.length > maxLength) {
    const length = codePoints(composed);
    if (length > maxLength) refuse('too-long', { max: maxLength, length });
  }
  return ESCAPED.test(composed) ? composed.replace(/[&<>\r]/g, (found) => ESCAPES[found]!) : composed;
}
