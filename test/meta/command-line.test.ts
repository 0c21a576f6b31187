import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { program } from '../../src/main.ts';
import { his, startHis } from '../harness/his.ts';

const ENGLISH = /\b(error|unknown|usage|options?:|commands?:|missing|invalid|default|display|argument)\b/i;

/** What was typed → what the person reads, Vietnamese and English; always exit code 2. */
const WRONG: readonly (readonly [string, string, string])[] = [
  ['seed --form x', 'Không có tùy chọn --form.', 'There is no option --form.'],
  ['exprt', 'Không có lệnh exprt.', 'There is no command exprt.'],
  ['demo --encounters', 'Tùy chọn --encounters <n> cần một giá trị.', 'needs a value'],
  ['demo --encounters 0', 'cần một số nguyên dương', 'expected a positive whole number'],
  ['demo --date 2030-01-01', 'cần một ngày không ở sau hôm nay', 'a day that is not after today'],
  ['demo --date 2026-02-30', 'cần một ngày có thật', 'expected a real day'],
  ['demo --facilities 9999', 'Tỉnh mẫu có 472 cơ sở', 'has 472 facilities'],
  ['export run', 'Thiếu tùy chọn --date <day>.', 'The option --date <day> is missing.'],
  ['export run --date 2030-01-01', 'cần một ngày không ở sau hôm nay', 'a day that is not after today'],
  [
    'export files --date 2026-11-01 --to x --facility 1',
    'mã cơ sở gồm 5 chữ số',
    'facility code of 5 digits',
  ],
  ['simulate-gateway --port 70000', 'cần một số cổng từ 0 đến 65535', 'a port number from 0 to 65535'],
  ['simulate-gateway --signature no', 'cần một trong: ignore, presence', 'expected one of ignore, presence'],
  [
    'simulate-gateway --set no.such=1',
    'không có thiết lập no.such; các thiết lập:',
    'unknown setting no.such',
  ],
  [
    'simulate-gateway --set token.ttlSeconds=0',
    'cần một số nguyên từ 1, nhận được 0',
    'a whole number from 1, got 0',
  ],
  [
    'simulate-gateway --set token.bindIp=1',
    'cần true hoặc false, nhận được 1',
    'expected true or false, got 1',
  ],
  ['benefits check', 'Thiếu tham số file.', 'The argument file is missing.'],
  ['check', 'Thiếu tham số file.', 'The argument file is missing.'],
  ['check x --rules A,,B', 'cần mã quy tắc cách nhau bằng dấu phẩy', 'expected ids of rules'],
  ['billing what-if --month 2026-13', 'cần một tháng dạng YYYY-MM', 'a month YYYY-MM'],
  ['billing what-if --visit abc', 'cần mã lượt khám', 'the id of a visit'],
  ['proof money', 'Thiếu tùy chọn --date <day>.', 'The option --date <day> is missing.'],
  ['serve now', 'Lệnh này không nhận thêm tham số.', 'takes no further arguments'],
];

describe('the command line', () => {
  test.each(WRONG)('his %s is explained in both languages', async (typed, vi, en) => {
    const [vietnamese, english] = await Promise.all(
      ['vi', 'en'].map((LANGUAGE) => his(typed.split(' '), { LANGUAGE })),
    );
    expect([vietnamese!.code, english!.code]).toEqual([2, 2]);
    expect(vietnamese!.err).toContain(vi);
    expect(english!.err).toContain(en);
    expect(vietnamese!.err.replaceAll(/--[a-z-]+|<\w+>/g, '')).not.toMatch(ENGLISH);
  });

  test('help is Vietnamese throughout, for every command', async () => {
    const all = commandsOf(program());
    expect(all.map((typed) => typed.join(' '))).toEqual(
      expect.arrayContaining([
        '',
        'backup',
        'backup verify',
        'restore',
        'doctor',
        'insurer resolve',
        'keys list',
      ]),
    );
    for (const args of all) {
      const { code, out } = await his([...args, '--help'], { LANGUAGE: 'vi' });
      expect([args, code]).toEqual([args, 0]);
      expect(out).toContain(`Cách dùng: ${['his', ...args].join(' ')}`);
      // Names as they are typed stand in both languages.
      const words = out.replaceAll(/--?[a-z-]+|<[^<>]+>|"\w+"/g, '');
      expect([args, ENGLISH.exec(words)?.[0]]).toEqual([args, undefined]);
    }
  });
});

/** What is typed for each command of the program, groups and the program itself as well. */
function commandsOf(command: Command, typed: readonly string[] = []): string[][] {
  return [[...typed], ...command.commands.flatMap((one) => commandsOf(one, [...typed, one.name()]))];
}

describe('each command loads only what it needs', () => {
  /** Names of the packages that a command loads, told on its standard error by a hook on Node's loader. */
  async function packagesOf(args: string[], environment: Record<string, string> = {}): Promise<string[]> {
    const hook = `import { registerHooks } from 'node:module';
      import { writeSync } from 'node:fs';
      const seen = new Set();
      registerHooks({ load(url, context, next) {
        const found = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url);
        if (found) seen.add(found[1]);
        return next(url, context);
      } });
      process.on('exit', () => writeSync(2, 'LOADED ' + JSON.stringify([...seen]) + '\\n'));`;
    const { err } = await startHis(args, environment, [
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
    ]).ended;
    return JSON.parse(/^LOADED (.*)$/m.exec(err)![1]!) as string[];
  }
  test('help: neither ORM, nor queue, nor database', async () => {
    expect(await packagesOf(['--help'])).toEqual(['commander']);
  });

  test('benefit cases need neither ORM, nor queue, nor database, nor web server', async () => {
    const cases = fileURLToPath(new URL('../../fixtures/benefit-cases/rounding.json', import.meta.url));
    expect(
      (await packagesOf(['benefits', 'check', cases])).filter((name) => !/^(fast-|json-schema-)/.test(name)),
    ).toEqual(['commander', 'big.js', 'ajv']);
  });

  test('claim files are checked with neither ORM, nor queue, nor database, nor web server', async () => {
    const claim = fileURLToPath(new URL('../golden/3176/example-02-copay/claim.xml', import.meta.url));
    const names = await packagesOf(['check', claim, '--json']);
    expect(names).toEqual(expect.arrayContaining(['commander', 'big.js', 'ajv', 'libxml2-wasm', 'yauzl']));
    expect(
      names.filter((name) => /^@mikro-orm|^bullmq$|^ioredis$|^pg|^kysely$|^express$/.test(name)),
    ).toEqual([]);
  });

  test('files of a province are judged before anything of a database is loaded', async () => {
    const names = await packagesOf(['seed', '--from', '/nonexistent']);
    expect(names).toContain('ajv');
    expect(names.filter((name) => /^@mikro-orm|^bullmq$|^pg|^kysely$/.test(name))).toEqual([]);
  });

  test('hand-over files need neither ORM nor queue nor web server', async () => {
    const nowhere = 'postgresql://nobody@127.0.0.1:1/none';
    const names = await packagesOf(['export', 'files', '--date', '2026-11-20', '--to', '/tmp'], {
      DATABASE_URL: nowhere,
      MIGRATION_DATABASE_URL: nowhere,
      EXPORT_DATABASE_URL: nowhere,
      IDENTITY_DATABASE_URL: nowhere,
    });
    expect(names).toContain('pg');
    expect(names.filter((name) => /^@mikro-orm|^bullmq$|^ioredis$|^express$/.test(name))).toEqual([]);
  });
});
