import { hasForbiddenCharacter } from '../platform/text.ts';
import type { WriteFinding } from './errors.ts';

/** One entry for each UTF-16 unit, 1 where it is among those from `first` to `last` of some range. */
function unitsIn(ranges: readonly (readonly [first: number, last: number])[]): Uint8Array {
  const units = new Uint8Array(0x1_0000);
  for (const [first, last] of ranges) units.fill(1, first, last + 1);
  return units;
}

/**
 * Units that stand in an element as they are, in whatever company of each other: nothing to escape, to refuse or to
 * compose. Basic Latin but `& < >`, Latin letters and the letters of Vietnamese: nearly all that is ever written.
 */
export const PLAIN_UNITS = unitsIn([
  [0x20, 0x25],
  [0x27, 0x3b],
  [0x3d, 0x3d],
  [0x3f, 0x7e],
  [0xa0, 0x2ff],
  [0x1ea0, 0x1ef9],
]);
export const DIGIT_UNITS = unitsIn([[0x30, 0x39]]);

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
