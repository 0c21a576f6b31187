import type { WriteFinding } from './errors.ts';

/** Nothing to escape, nothing to normalise: most values. */
const PLAIN = /^[ -%'-;=?-~]*$/;
/** What XML 1.0 cannot hold, also not escaped (tab, line feed and carriage return are allowed). */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/; // oxlint-disable-line no-control-regex
const ESCAPED = /[&<>\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

export function hasForbiddenCharacter(text: string): boolean {
  return FORBIDDEN.test(text);
}

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
  if (PLAIN.test(value)) {
    if (value.length > maxLength) refuse('too-long', { max: maxLength, length: value.length });
    return value;
  }
  if (!value.isWellFormed()) refuse('lone-surrogate');
  if (FORBIDDEN.test(value)) refuse('control-character');
  const composed = value.normalize('NFC');
  if (composed.length > maxLength) {
    const length = codePoints(composed);
    if (length > maxLength) refuse('too-long', { max: maxLength, length });
  }
  return ESCAPED.test(composed) ? composed.replace(/[&<>\r]/g, (found) => ESCAPES[found]!) : composed;
}
