import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import { spoiltClaims, writtenAnyhow } from '../harness/findings.ts';
import { his } from '../harness/his.ts';

const golden = (name: string) => fileURLToPath(new URL(`../golden/3176/${name}`, import.meta.url));
const GOOD = golden('example-02-copay/claim.xml');

/** The golden claim with one amount of its summary changed. */
function changed(field: string, to: string): string {
  const file = readFileSync(GOOD, 'utf8');
  return file.replace(/<LOAIHOSO>XML1<\/LOAIHOSO>\s*<NOIDUNGFILE>([^<]*)/, (whole, packed: string) => {
    const xml = Buffer.from(packed, 'base64').toString('utf8');
    const other = xml.replace(new RegExp(`<${field}>[^<]*`), `<${field}>${to}`);
    return whole.replace(packed, Buffer.from(other).toString('base64'));
  });
}

interface Report {
  readonly files: number;
  readonly claims: number;
  readonly findings: readonly {
    readonly file: string;
    readonly maLk: string | null;
    readonly rule: string;
    readonly severity: string;
    readonly table: string;
    readonly row: number | null;
    readonly field: string | null;
    readonly message: string;
    readonly values: Readonly<Record<string, string>>;
  }[];
  readonly notChecked: readonly { readonly rule: string; readonly needs: string }[];
}

describe('his check', () => {
  let folder = '';
  let wrong = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'his-check-'));
    mkdirSync(join(folder, 'b'));
    wrong = join(folder, 'b', 'wrong.xml');
    writeFileSync(wrong, changed('T_BHTT', '1.00'));
    writeFileSync(join(folder, 'a.XML'), readFileSync(GOOD));
    writeFileSync(join(folder, 'readme.txt'), 'no claim');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const report = async (...args: string[]): Promise<Report & { readonly code: number | null }> => {
    const { code, out } = await his(['check', '--json', ...args]);
    return { code, ...(JSON.parse(out) as Report) };
  };

  test('finds nothing wrong in a good file, and says what it did not check', async () => {
    const { code, files, claims, findings, notChecked } = await report(GOOD);
    expect({ code, files, claims, errors: findings.filter(({ severity }) => severity === 'error') }).toEqual({
      code: 0,
      files: 1,
      claims: 1,
      errors: [],
    });
    expect(notChecked).toContainEqual({ rule: 'SUP_IN_CATALOGUE', needs: 'supply_catalogue' });
  });

  test('tells each finding as the contract has it, in Vietnamese', async () => {
    const { code, findings } = await report(wrong, '--rules', 'MON_SUM_BHTT');
    expect(code).toBe(1);
    expect(findings).toEqual([
      {
        file: wrong,
        maLk: expect.any(String),
        rule: 'MON_SUM_BHTT',
        severity: 'error',
        table: 'XML1',
        row: null,
        field: 'T_BHTT',
        message: expect.stringMatching(/^T_BHTT 1\.00, cộng dòng \d+/),
        values: { value: '1.00', expected: expect.any(String) },
      },
    ]);
  });

  test('reads folders in the order of names, and all files as one set', async () => {
    const { files, claims, findings } = await report(folder, '--rules', 'MON_SUM_BHTT,XENC_DUPLICATE_CLAIM');
    expect([files, claims]).toEqual([2, 2]);
    expect(new Set(findings.map(({ file }) => file))).toEqual(new Set([wrong]));
  });

  test('checks on the day that is asked for', async () => {
    const early = ['--rules', 'DT_FUTURE', '--as-of', '2020-01-01'];
    expect((await report(GOOD, ...early)).findings.length).toBeGreaterThan(0);
    expect((await report(GOOD, '--rules', 'DT_FUTURE')).findings).toEqual([]);
  });

  test('uses catalogues of a file', async () => {
    const catalogues = join(folder, 'catalogues.json');
    writeFileSync(catalogues, '{"supplies":[{"MA_VAT_TU":"N99"}],"note":1}');
    const { notChecked } = await report(GOOD, '--catalogues', catalogues);
    expect(notChecked.map(({ needs }) => needs)).not.toContain('supply_catalogue');
    const { code, err } = await his(['check', GOOD, '--catalogues', catalogues]);
    expect(code).toBe(0);
    expect(err).toContain('nobody reads the key note');
  });

  test('a file that is no XML is a finding', async () => {
    const { code, findings } = await report(join(folder, 'readme.txt'));
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      { rule: 'STR_XML_WELLFORMED', maLk: null, table: 'ENVELOPE', row: null },
    ]);
  });

  test('standard input, check-in files', async () => {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('../../src/his.js', import.meta.url)),
        'check',
        '-',
        '--json',
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    child.stdin.end(readFileSync(golden('example-02-copay/check-in.xml')));
    let out = '';
    for await (const chunk of child.stdout) out += String(chunk);
    expect(JSON.parse(out)).toMatchObject({ files: 1, claims: 0, findings: [] });
  });

  test('warnings count with --strict', async () => {
    const file = join(folder, 'warned.xml');
    writeFileSync(file, changed('NGAY_TTOAN', '202001010000'));
    const args = ['check', file, '--rules', 'DT_PAYMENT_AFTER_DISCHARGE'];
    expect((await his(args)).code).toBe(0);
    const { code, out, err } = await his([...args, '--strict']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /Rule +Version +Severity +Findings +Claims +Money at risk \(đồng\)\nDT_PAYMENT_AFTER_DISCHARGE +1 +warning +1 +1 +\d+\.\d\d\n/,
    );
    expect(err).toBe('0 errors and 1 warnings were found.\n');
    rmSync(file);
  });

  test('CSV and Excel files carry version, money and cause; the summary goes to the terminal', async () => {
    const args = ['check', wrong, '--rules', 'MON_SUM_BHTT'];
    const csv = join(folder, 'found.csv');
    const told = await his([...args, '--format', 'csv', '--output', csv]);
    expect([told.code, told.out]).toEqual([1, '']);
    expect(told.err).toMatch(/MON_SUM_BHTT +1 +error +1 +1 +1\.00\n/);
    const text = readFileSync(csv, 'utf8');
    expect(text).toMatch(/^\uFEFFTệp,Mã liên kết,Quy tắc,Phiên bản,/);
    expect(text.split('\r\n')[1]).toMatch(/,MON_SUM_BHTT,1,lỗi,XML1,,T_BHTT,.*,1\.00,1\.00,,$/);
    expect((await his([...args, '--format', 'csv'])).out).toBe(text);
    const xlsx = join(folder, 'found.xlsx');
    expect((await his([...args, '--format', 'xlsx', '--output', xlsx])).code).toBe(1);
    const { sheets } = await readXlsx(readFileSync(xlsx));
    expect(sheets[0]!.rows.map((row) => row[2])).toEqual(['Quy tắc', 'MON_SUM_BHTT']);
    const json = join(folder, 'found.json');
    await his([...args, '--json', '--output', json]);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      claims: 1,
      findings: [{ rule: 'MON_SUM_BHTT' }],
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('several threads find what one finds, in the same order', async () => {
    const set = join(folder, 'set');
    mkdirSync(set);
    for (const [at, claim] of spoiltClaims(24).entries()) {
      const name = `${String(at).padStart(2, '0')}.xml`;
      writeFileSync(join(set, name), writtenAnyhow([claim], claim.XML1![0]!.MA_CSKCB!));
    }
    writeFileSync(join(set, '99.xml'), 'no XML');
    const one = await his(['check', set, '--json', '--threads', '1']);
    const two = await his(['check', set, '--json', '--threads', '2']);
    expect([two.code, two.out]).toEqual([one.code, one.out]);
    expect((JSON.parse(one.out) as Report).findings.length).toBeGreaterThan(24);
    writeFileSync(join(set, 'broken.zip'), 'PK\u0003\u0004');
    const broken = await his(['check', set, '--threads', '2']);
    expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('broken.zip')]);
    rmSync(set, { recursive: true });
  });

  test('a long set says how far it is, on standard error alone', async () => {
    const large = join(folder, 'large.xml');
    const claims = spoiltClaims(1_050);
    writeFileSync(large, writtenAnyhow(claims, claims[0]!.XML1![0]!.MA_CSKCB!));
    const { out, err } = await his(['check', large, '--json', '--rules', 'MON_SUM_BHTT']);
    expect((JSON.parse(out) as Report).claims).toBe(1_050);
    expect(err.split('\n').filter((line) => /read…|checked$/.test(line))).toEqual([
      '500 claims read…',
      '1000 claims read…',
      '450 of 1050 claims checked',
      '950 of 1050 claims checked',
      '1050 of 1050 claims checked',
    ]);
    rmSync(large);
  });

  test('--help says what the exit codes mean', async () => {
    const { code, out } = await his(['check', '--help']);
    expect([code, out]).toEqual([0, expect.stringMatching(/Exit codes: 0 .*; 1 .*; 2 /)]);
  });

  test.each([
    ['a file that is not there', ['/nowhere/claim.xml'], 'ENOENT'],
    ['a place where nothing can be written', [GOOD, '--output', '/nowhere/out.json'], 'cannot be written'],
    ['a format that is none', [GOOD, '--format', 'pdf'], 'xlsx'],
    ['a rule that is not there', [GOOD, '--rules', 'NOPE'], 'There is no rule NOPE.'],
    ['catalogues that are none', [GOOD, '--catalogues', GOOD], 'not a valid catalogue file'],
    ['a day that is none', [GOOD, '--as-of', '2026-02-30'], 'expected a real day'],
  ])('could not run: %s', async (_name, args, said) => {
    const { code, err } = await his(['check', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  test('a folder without claim files could not be checked', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'his-check-'));
    for (const more of [[], ['--threads', '2']])
      expect(await his(['check', empty, ...more])).toMatchObject({ code: 2, out: '' });
    rmSync(empty, { recursive: true });
  });
});
