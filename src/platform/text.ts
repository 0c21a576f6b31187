/** Anything XML 1.0 cannot hold, not even escaped: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Letter by letter, without looking at pairs: much quicker, and most texts have nothing of it. */
const SUSPECT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/;

/** What a claim could not say is refused wherever text comes in; PostgreSQL, too, holds no NUL and no half pair. */
export function hasForbiddenCharacter(text: string): boolean {
  return SUSPECT.test(text) && FORBIDDEN.test(text);
}

/** Text of somebody else's program, as it can be stored: in normal form C, and what no text can hold as U+FFFD. */
export function storable(text: string): string {
  const composed = text.normalize('NFC');
  if (!hasForbiddenCharacter(composed)) return composed;
  return Array.from(composed, (one) => (hasForbiddenCharacter(one) ? '\ufffd' : one)).join('');
}

/** The name of a file from outside; the end of a long one says more than its beginning. `?` for one that cannot be shown. */
export function fileNameOf(name: string): string {
  const composed = name.normalize('NFC').trim().slice(-255);
  return composed === '' || hasForbiddenCharacter(composed) ? '?' : composed;
}

/** Every string inside in normal form C, trimmed at both ends; applied once, where data comes in. */
export function normalised<T>(value: T): T {
  if (typeof value === 'string') return value.normalize('NFC').trim() as T;
  if (Array.isArray(value)) return value.map(normalised) as T;
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, normalised(entry)])) as T;
  return value;
}
