import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ROUTES } from '../../src/runtime/api.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const planted = join(root, 'src/benefits/planted-violation');
afterAll(() => rmSync(planted, { recursive: true, force: true }));

interface Cruised {
  readonly summary: {
    readonly violations: { rule: { name: string }; from: string; to: string }[];
    readonly totalCruised: number;
  };
}

function cruise(): Cruised {
  const args = [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    '-T',
    'json',
    'src',
    'workers',
  ];
  try {
    return JSON.parse(
      execFileSync(process.execPath, args, {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 1e8,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as Cruised;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Cruised; // violations make it exit non-zero
  }
}

describe('import arrows', () => {
  test('hold, and the check that holds them is not blind', () => {
    const { summary } = cruise();
    expect(summary.violations.map((one) => `${one.rule.name}: ${one.from} -> ${one.to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(150);
    mkdirSync(planted, { recursive: true });
    writeFileSync(
      join(planted, 'low.ts'),
      "import { settle } from '../../billing/settle.service.ts';\nexport const use = settle;\n",
    );
    try {
      const found = cruise().summary.violations.map((one) => one.rule.name);
      expect(found).toEqual(expect.arrayContaining(['arrow-identity', 'only-the-face']));
    } finally {
      rmSync(planted, { recursive: true, force: true });
    }
  });

  test('every folder of src stands in the architecture page', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map((entry) => entry.name).filter((name) => !page.includes(`${name}/`))).toEqual([]);
  });
});

describe('the way to the database', () => {
  test('leads through one file: nobody else takes a connection from the pool', () => {
    const users = grep(/\.connect\(\)/).filter((path) =>
      /pool|client/i.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(
      users.filter(
        (path) => !/platform\/(database|queue|embedded)\/|runtime\/prepare|demo\/run|transaction/.test(path),
      ),
    ).toEqual([]);
  });

  test('only the configuration reads the environment', () => {
    expect(grep(/process\.env/).filter((path) => path !== 'src/config.ts')).toEqual([]);
  });
});

describe('every operation of the API', () => {
  test.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    (_name, route) => {
      expect(route.permission).not.toBe('');
      if (route.method === 'POST') expect(route.idempotent).toBe('required');
      if (route.method === 'PATCH') expect(route.ifMatch).toBe('required');
      if (route.method === 'GET') expect(route.changes).toBe('reads');
      else expect(route.body).toBeDefined();
    },
  );
});

function grep(pattern: RegExp): string[] {
  const found: string[] = [];
  const walk = (dir: string) => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (
        path.endsWith('.ts') &&
        !path.endsWith('.test.ts') &&
        pattern.test(readFileSync(join(root, path), 'utf8'))
      )
        found.push(path);
    }
  };
  walk('src');
  walk('workers');
  return found;
}
