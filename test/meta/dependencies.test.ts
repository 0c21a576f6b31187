import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'optionalDependencies' | 'devDependencies',
  Readonly<Record<string, string>>
>;
/** Cells of all rows of the tables of a page, but for their heads. */
const rowsOf = (page: string) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
const section = (page: string, title: string) => page.split(/^## /m).find((part) => part.startsWith(title))!;

describe('docs/decisions/dependencies.md', () => {
  test('has a line with licence and reason for each package, and none for what is gone', () => {
    const rows = rowsOf(read('docs/decisions/dependencies.md')).filter(([name]) => name !== 'Package');
    const named = rows.flatMap(([names]) => names!.split(', '));
    const all = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    expect(named.toSorted()).toEqual(all.toSorted());
    for (const [names, licence, reason] of rows)
      expect([names, licence!.length > 2, reason!.length > 3]).toEqual([names, true, true]);
  });
});

describe('docs/security.md', () => {
  const page = read('docs/security.md');

  test('lists libraries that touch bytes from outside, in the versions that are installed', () => {
    const listed = rowsOf(section(page, 'Libraries that touch')).filter(([name]) => name !== 'Library');
    expect(listed.length).toBeGreaterThan(10);
    for (const [name, version, reason] of listed) {
      expect([name, version]).toEqual([name, dependencies[name!]]);
      const installed = JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string };
      expect([name, version]).toEqual([name, installed.version]);
      expect([name, reason!.length > 7]).toEqual([name, true]);
    }
  });

  test('says of every other package of the program that it touches none', () => {
    const [table, rest] = section(page, 'Libraries that touch').split(/^Node itself/m);
    const listed = rowsOf(table!).map(([name]) => name);
    const silent = Object.keys(dependencies).filter((name) => !listed.includes(name));
    expect(silent.filter((name) => !rest!.includes(`\`${name}\``))).toEqual([]);
  });

  test('names tests that are there, for each promise', () => {
    const promises = rowsOf(section(page, 'What is promised')).filter(([promise]) => promise !== 'Promise');
    expect(promises.length).toBeGreaterThan(20);
    for (const [promise, where] of promises) {
      const files = [...where!.matchAll(/`((?:src|test)\/[^`]+)`/g)].map(([, file]) => file!);
      expect([promise, files.length > 0]).toEqual([promise, true]);
      expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
    }
  });
});

test('links between pages lead somewhere', () => {
  const pages = [
    'README.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'docs/security.md',
    'docs/operations.md',
    'docs/architecture.md',
  ];
  for (const page of [...pages, 'docs/decisions/0012-identity-and-isolation.md'])
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect([page, target, existsSync(new URL(target!, new URL(page, ROOT)))]).toEqual([page, target, true]);
});
