import { readdirSync, readFileSync } from 'node:fs';

/**
 * Every text a person sees, in Vietnamese and English: `src/messages/<language>/<group>.json`, keys `group.name`.
 * `{name}` is replaced by the value of that name. A meta-test fails on a key that one language lacks.
 */
export type Language = 'vi' | 'en';
export const LANGUAGES: readonly Language[] = ['vi', 'en'];
export type MessageValues = Readonly<Record<string, string | number>>;

const folder = new URL('./', import.meta.url);

function load(language: Language): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const file of readdirSync(new URL(`${language}/`, folder)).toSorted()) {
    const group = file.replace(/\.json$/, '');
    const entries = JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')) as Record<
      string,
      string
    >;
    for (const [key, text] of Object.entries(entries)) texts.set(`${group}.${key}`, text);
  }
  return texts;
}

const catalogues = new Map<Language, ReadonlyMap<string, string>>();

export function catalogue(language: Language): ReadonlyMap<string, string> {
  let found = catalogues.get(language);
  if (!found) {
    found = load(language);
    catalogues.set(language, found);
  }
  return found;
}

/** @throws RangeError for an unknown key: a missing text is a mistake of ours, never shown as an empty string. */
export function text(language: Language, key: string, values: MessageValues = {}): string {
  const template = catalogue(language).get(key);
  if (template === undefined) throw new RangeError(`no message ${key} in ${language}`);
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The first language we speak in an Accept-Language header or a LANG variable; Vietnamese otherwise. */
export function preferredLanguage(wanted: string | undefined): Language {
  for (const entry of (wanted ?? '').split(',')) {
    const primary = entry.trim().slice(0, 2).toLowerCase();
    if (primary === 'vi' || primary === 'en') return primary;
  }
  return 'vi';
}
