/** What is remembered of one function; then it begins anew. */
const MOST_REMEMBERED = 20_000;
const LONGEST_REMEMBERED = 200;

/** A function of a text that remembers what it said: the same codes, times, prices and names come again in every claim. */
export function remembered<T extends string | number | boolean | object | null>(
  of: (text: string) => T,
): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = of(text);
    if (text.length > LONGEST_REMEMBERED) return now;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(owned(text), now);
    return now;
  };
}

/** A part of a long text keeps all of it in memory; this is the part alone. */
export const owned = (text: string): string => (text.length < 13 ? text : Buffer.from(text).toString());

/** How texts are compared: composed letters, lower case, single spaces. */
export const comparable = remembered((text) =>
  text.normalize('NFC').toLowerCase().trim().replace(/\s+/g, ' '),
);

/** The same without any space. */
export const withoutSpaces = remembered((text) => comparable(text).replaceAll(' ', ''));
