import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ROUTES } from '../../src/runtime/api.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'his-arrows-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}
interface Cruised {
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number };
}

function cruise(cwd: string): Cruised {
  const args = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
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
        cwd,
        encoding: 'utf8',
        maxBuffer: 1e8,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as Cruised;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Cruised; // violations make it exit non-zero
  }
}

/** File → what it imports against which rule (null = only there for another). The arrows have their own, below. */
const PLANTS: Readonly<Record<string, readonly [rule: string | null, imports: string]>> = {
  'src/benefits/planted/queue.ts': ['pure-benefits', '../../platform/queue/index.ts'],
  'src/patients/planted/command.ts': ['ring-is-outermost', '../../commands/console.ts'],
  'src/planted/floating.ts': ['placed', '../platform/dates.ts'],
  'src/platform/planted/to-floating.ts': ['into-the-unplaced', '../../planted/floating.ts'],
  'src/exports/planted/past-the-face.ts': ['only-the-face', '../../claims/writer.ts'],
  'src/api/planted/past-the-face.ts': ['only-the-face', '../../exports/send.service.ts'],
  'workers/planted.worker.ts': ['only-the-face-from-outside', '../src/exports/send.service.ts'],
  'src/planted.ts': ['only-the-face-from-outside', './claims/writer.ts'],
  'src/encounters/planted/entity.ts': ['entities-stay-home', '../../patients/patient.entity.ts'],
  'workers/planted-entity.worker.ts': ['entities-stay-home', '../src/patients/patient.entity.ts'],
  'src/runtime/planted.ts': ['files-of-claims', '../claims/reader.ts'],
  'src/billing/planted/circle-a.ts': ['no-cycles', './circle-b.ts'],
  'src/billing/planted/circle-b.ts': [null, './circle-a.ts'],
  'src/billing/planted/test.ts': ['not-to-test', '../../../test/harness/his.ts'],
};

describe('import arrows', () => {
  test('hold', () => {
    const { summary } = cruise(root);
    expect(summary.violations.map((one) => `${one.rule.name}: ${one.from} -> ${one.to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(150);
  });

  test('are held by a check that is not blind: a violation of each rule is caught', async () => {
    for (const part of [
      'src',
      'workers',
      'schemas',
      'test/harness',
      '.dependency-cruiser.mjs',
      'package.json',
    ])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const config = (await import(join(root, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: readonly { name: string }[] };
    };
    const rules = config.default.forbidden.map((rule) => rule.name);
    const planted: Record<string, readonly [string | null, string]> = { ...PLANTS };
    for (const rule of rules.filter((name) => name.startsWith('arrow-')))
      planted[`src/${rule.slice('arrow-'.length)}/planted-arrow.ts`] = [rule, '../reports/index.ts'];
    expect(rules.filter((name) => !Object.values(planted).some(([rule]) => rule === name))).toEqual([]);
    for (const [file, [, imports]] of Object.entries(planted)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), `import * as all from '${imports}';\nexport const used = all;\n`);
    }
    const found = cruise(copy).summary.violations.map((one) => `${one.rule.name}: ${one.from}`);
    const expected = Object.entries(planted).flatMap(([file, [rule]]) => (rule ? [`${rule}: ${file}`] : []));
    expect(expected.filter((one) => !found.includes(one))).toEqual([]);
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
      else expect(route.body ?? route.upload).toBeDefined();
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
