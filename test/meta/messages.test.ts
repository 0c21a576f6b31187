import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { PERMISSION_NAMES, ROLES } from '../../src/identity/index.ts';
import { catalogue, LANGUAGES, preferredLanguage, text } from '../../src/messages/index.ts';
import { PROBLEM_STATUS } from '../../src/platform/problem.ts';
import { ROUTES } from '../../src/runtime/api.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function* sources(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|js)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) yield path;
  }
}
const files = [...sources(join(root, 'src')), ...sources(join(root, 'workers'))].map((path) => ({
  path: relative(root, path),
  code: readFileSync(path, 'utf8'),
}));

const placeholders = (template: string) =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted((a, b) => (a < b ? -1 : 1));

describe('the catalogue of messages', () => {
  test('has every text in both languages, with the same placeholders', () => {
    const [vi, en] = LANGUAGES.map((language) => catalogue(language));
    expect([...en!.keys()].toSorted()).toEqual([...vi!.keys()].toSorted());
    const different = [...vi!].filter(
      ([key, template]) =>
        JSON.stringify(placeholders(template)) !== JSON.stringify(placeholders(en!.get(key) ?? '')),
    );
    expect(different.map(([key]) => key)).toEqual([]);
    for (const language of LANGUAGES)
      for (const [key, template] of catalogue(language))
        expect([key, template.trim()]).not.toEqual([key, '']);
  });

  test('has a title, a detail and a cure for every problem type, and a summary for every route', () => {
    const vi = catalogue('vi');
    for (const type of Object.keys(PROBLEM_STATUS))
      for (const part of ['title', 'detail', 'cure'])
        expect([`problem.${type}.${part}`, vi.has(`problem.${type}.${part}`)]).toEqual([
          `problem.${type}.${part}`,
          true,
        ]);
    for (const route of ROUTES) expect([route.summary, vi.has(route.summary)]).toEqual([route.summary, true]);
  });

  test('says what each role is and what each permission allows', () => {
    const vi = catalogue('vi');
    const wanted = [
      ...ROLES.flatMap((role) => [`roles.${role}.name`, `roles.${role}.about`]),
      ...PERMISSION_NAMES.map((name) => `permissions.${name}`),
    ];
    expect(wanted.filter((key) => !vi.has(key))).toEqual([]);
    const known = [...vi.keys()].filter((key) => key.startsWith('permissions.'));
    expect(known.toSorted()).toEqual(PERMISSION_NAMES.map((name) => `permissions.${name}`).toSorted());
  });

  test('knows every key that is written out in the code', () => {
    const groups = new Set([...catalogue('vi').keys()].map((key) => key.split('.')[0]));
    const unknown = files.flatMap(({ path, code }) =>
      [...code.matchAll(/['"`]([a-z][\w-]*)\.([\w-]+(?:\.[\w-]+)*)['"`]/g)]
        .filter(
          ([, group]) =>
            groups.has(group ?? '') && /\b(text|say|words|message|summary|expected|key)\b/.test(code),
        )
        .map(([, group, name]) => `${group}.${name}`)
        .filter((key) => isMessageUse(code, key) && !catalogue('vi').has(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(unknown).toEqual([]);
  });

  test('is where Vietnamese stands: code writes none, except invented names and the imitated gateway', () => {
    const letters = /[ăâêôơưĂÂÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]/;
    const allowed = /^src\/(demo\/visits\/|his\.js$|claims\/projection\/|assessment\/|gateway\/simulator\/)/;
    const found = files
      .filter(({ path }) => !allowed.test(path))
      .flatMap(({ path, code }) =>
        code
          .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, '')
          .split('\n')
          .filter((line) => letters.test(line))
          .map((line) => `${path}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });

  test('is chosen by what the reader asked for, Vietnamese first', () => {
    expect(preferredLanguage('en-GB,vi;q=0.5')).toBe('en');
    expect(preferredLanguage('fr, vi')).toBe('vi');
    expect(preferredLanguage('vi_VN.UTF-8')).toBe('vi');
    expect(preferredLanguage(undefined)).toBe('vi');
    expect(() => text('vi', 'problem.nothing')).toThrow(RangeError);
  });
});

/** Only where the text stands as an argument or value that names a message. */
function isMessageUse(code: string, key: string): boolean {
  const quoted = key.replace(/[.-]/g, '\\$&');
  return new RegExp(`(text\\([^,()]+, |message: |summary: |expected: )['"\`]${quoted}['"\`]`).test(code);
}
