import { describe, expect, test } from '@jest/globals';
import { CHECK_DAY } from '../../test/harness/rules.ts';
import { loadPolicy } from '../benefits/index.ts';
import { type ClaimSource, sourcesInBytes } from '../claims/foreign.ts';
import { builtInsOf } from './built-ins.ts';
import { checkSources, type ForeignOptions } from './foreign.ts';
import type { Finding, Row } from './rule.ts';
import { rules as datetime } from './rules/datetime/index.ts';
import { rules as money } from './rules/money/index.ts';
import { rules as structure } from './rules/structure/index.ts';

const builtIns = builtInsOf(loadPolicy());
const only = (...ids: string[]) =>
  [...structure, ...money, ...datetime]
    .filter(({ id }) => ids.includes(id))
    .map((one) => ({ ...one, parents: [] }));

const elements = (row: Row) =>
  Object.entries(row)
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join('');
const tableFile = (code: string, xml: string) =>
  `<FILEHOSO><LOAIHOSO>${code}</LOAIHOSO><NOIDUNGFILE>${Buffer.from(xml).toString('base64')}</NOIDUNGFILE></FILEHOSO>`;
const summary = (row: Row) => tableFile('XML1', `<TONG_HOP>${elements(row)}</TONG_HOP>`);
const drugs = (rows: readonly Row[], name = 'CHI_TIET_THUOC') =>
  tableFile(
    'XML2',
    `<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>${rows
      .map((row) => `<${name}>${elements(row)}</${name}>`)
      .join('')}</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>`,
  );
const fileOf = (
  dossiers: readonly string[],
  { facility = '40021', madeOn = '20261124', count = dossiers.length } = {},
) =>
  `<GIAMDINHHS><THONGTINDONVI><MACSKCB>${facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>${madeOn}</NGAYLAP>` +
  `<SOLUONGHOSO>${count}</SOLUONGHOSO><DANHSACHHOSO>${dossiers.map((one) => `<HOSO>${one}</HOSO>`).join('')}` +
  '</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>';

async function checked(files: readonly string[], options: Partial<ForeignOptions> = {}) {
  const sources: ClaimSource[] = [];
  for (const [index, file] of files.entries())
    sources.push(...(await sourcesInBytes(Buffer.from(file), `${index + 1}.xml`)));
  const found: { name: string; claims: number; findings: readonly Finding[] }[] = [];
  for await (const one of checkSources(sources, { builtIns, rules: only(), today: CHECK_DAY, ...options }))
    found.push(one);
  return found;
}
const spoken = (findings: readonly Finding[]) =>
  findings.map(({ rule, table, row, maLk }) => `${rule} ${row === null ? table : `${table}:${row}`} ${maLk}`);
const of = async (file: string, options?: Partial<ForeignOptions>) =>
  spoken((await checked([file], options))[0]!.findings);

describe('a file as a whole', () => {
  const ok = summary({ MA_LK: 'A' });
  test('without faults', async () => {
    expect(await checked([fileOf([ok])])).toEqual([
      { name: '1.xml', claims: 1, of: 1, findings: [], isLast: true },
    ]);
  });
  test('of which a dossier is no XML is one finding, whatever else it holds', async () => {
    const file = fileOf([ok, '<FILEHOSO>', ok]);
    expect(await of(file)).toEqual(['STR_XML_WELLFORMED ENVELOPE null']);
    expect((await checked([file]))[0]!.claims).toBe(0);
  });
  test('with another number, heads that are wrong: the claims are judged all the same', async () => {
    const options = { rules: only('STR_MA_LK_REQUIRED', 'STR_FACILITY_ENVELOPE') };
    const dossier = summary({ MA_LK: '?', MA_CSKCB: '40021' });
    expect(await of(fileOf([dossier], { count: 3 }), options)).toEqual([
      'STR_HOSO_COUNT ENVELOPE null',
      'STR_MA_LK_REQUIRED XML1 ?',
    ]);
    expect(await of(fileOf([dossier], { facility: '4002', madeOn: '2026' }), options)).toEqual([
      'STR_ENVELOPE_PATH ENVELOPE null',
      'STR_ENVELOPE_PATH ENVELOPE null',
      'STR_MA_LK_REQUIRED XML1 ?',
    ]);
  });
  test('with no dossiers', async () => {
    expect(await of(fileOf([]))).toEqual(['STR_ENVELOPE_PATH ENVELOPE null']);
  });
  test('of several dossiers, where one is asked for', async () => {
    const fileRules = ['STR_ONE_RECORD_PER_FILE'];
    expect(await of(fileOf([ok, ok]))).toEqual([]);
    expect(await of(fileOf([ok, ok]), { fileRules })).toEqual(['STR_ONE_RECORD_PER_FILE ENVELOPE null']);
    expect(await of(fileOf([ok]), { fileRules })).toEqual([]);
  });
});

describe('a dossier', () => {
  const own = summary({ MA_LK: 'A', T_THUOC: '5', T_TONGCHI_BV: '5', NGAY_VAO: 'x' });
  const rules = only('MON_SUM_THUOC', 'STR_EMPTY_TABLE', 'DT_FORMAT_12');
  const broken = tableFile('XML2', '<CHITIEU');

  test('of which a table cannot be read: no rule that looks at it speaks, the others do', async () => {
    expect(
      await of(fileOf([own + drugs([{ THANH_TIEN_BV: '4' }])]), { rules: only('MON_SUM_THUOC') }),
    ).toEqual([]);
    expect(await of(fileOf([own]), { rules })).toEqual(['MON_SUM_THUOC XML1 A', 'DT_FORMAT_12 XML1 A']);
    expect(await of(fileOf([own + broken]), { rules })).toEqual(['STR_CONTENT_DECODES XML2 A']);
  });
  test('behind it is read', async () => {
    const next = summary({ MA_LK: 'B', T_THUOC: '5' });
    expect(await of(fileOf([own + broken, next]), { rules: only('MON_SUM_THUOC') })).toEqual([
      'STR_CONTENT_DECODES XML2 A',
      'MON_SUM_THUOC XML1 B',
    ]);
  });
  test('with a table twice, a table that nobody knows', async () => {
    expect(
      await of(fileOf([own + drugs([]) + drugs([]) + drugs([])]), { rules: only('STR_EMPTY_TABLE') }),
    ).toEqual(['STR_LOAIHOSO_UNIQUE XML2 A']);
    expect(await of(fileOf([own + tableFile('XML99', '<A/>') + tableFile(' XML2', '<A/>')]))).toEqual([
      'STR_LOAIHOSO_KNOWN ENVELOPE A',
      'STR_LOAIHOSO_KNOWN ENVELOPE A',
      'STR_INNER_ROOT XML2 A',
    ]);
  });
  test('with rows of another name: they are not said to be none', async () => {
    expect(await of(fileOf([own + drugs([{}], 'DONG')]), { rules: only('STR_EMPTY_TABLE') })).toEqual([
      'STR_INNER_ROOT XML2 A',
    ]);
    expect(await of(fileOf([own + drugs([])]), { rules: only('STR_EMPTY_TABLE') })).toEqual([
      'STR_EMPTY_TABLE XML2 A',
    ]);
  });
  test('without its XML1, or with one that cannot be read', async () => {
    const asked = { rules: only('STR_XML1_PRESENT', 'STR_MA_LK_REQUIRED') };
    expect(await of(fileOf([drugs([{}])]), asked)).toEqual(['STR_XML1_PRESENT XML1 null']);
    expect(await of(fileOf([tableFile('XML1', 'x')]), asked)).toEqual(['STR_CONTENT_DECODES XML1 null']);
  });
});

describe('a check-in file', () => {
  const checkIn = (...rows: Row[]) =>
    `<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>${rows
      .map((row) => `<TRANG_THAI_KCB>${elements(row)}</TRANG_THAI_KCB>`)
      .join('')}</DSACH_TRANG_THAI_KCB><CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>`;
  test('is judged by the rules that speak of it, row by row', async () => {
    const file = checkIn(
      { MA_LK: 'A', NGAY_VAO: '202611240800' },
      { MA_LK: 'B', NGAY_VAO: '20261124', KHAC: '1' },
    );
    const rules = only(
      'STR_XML1_PRESENT',
      'STR_UNKNOWN_TAG',
      'DT_FORMAT_12',
      'DT_FORMAT_8',
      'STR_MAX_LENGTH',
    );
    const [found] = await checked([file], { rules });
    expect(spoken(found!.findings)).toEqual(['STR_UNKNOWN_TAG XML0 A', 'DT_FORMAT_12 XML0:2 B']);
    expect(found!.claims).toBe(0);
  });
});

describe('several files', () => {
  test('are judged one after the other, each on the day it was made', async () => {
    const late = { MA_LK: 'A', NGAY_VAO: '202611250800' };
    const files = [fileOf([summary(late)]), fileOf([summary(late)], { madeOn: '20261126' })];
    const [first, second] = await checked(files, { rules: only('DT_FUTURE') });
    expect(spoken(first!.findings)).toEqual(['DT_FUTURE XML1 A']);
    expect(second!.findings).toEqual([]);
    const asOf = await checked(files, { rules: only('DT_FUTURE'), asOf: '2026-11-30' });
    expect(asOf.map(({ findings }) => findings.length)).toEqual([0, 0]);
  });
  test('are one set, also beside a file that is none, and when they are told as they come', async () => {
    const examined = (MA_BN: string) =>
      summary({ MA_LK: MA_BN, MA_BN, MA_CSKCB: '40021' }) +
      tableFile(
        'XML3',
        `<CHITIEU_CHITIET_DVKT_VTYT><DSACH_CHI_TIET_DVKT><CHI_TIET_DVKT>${elements({
          MA_NHOM: '13',
          MA_BAC_SI: 'B1',
          NGAY_YL: '202611240800',
        })}</CHI_TIET_DVKT></DSACH_CHI_TIET_DVKT></CHITIEU_CHITIET_DVKT_VTYT>`,
      );
    const progress: (readonly [number, number | null])[] = [];
    const found = await checked(
      [fileOf([examined('1')]), fileOf([examined('7'), '<A>']), fileOf([examined('2'), examined('1')])],
      { rules: only('DT_ORDER_SAME_MINUTE'), onProgress: (done, total) => void progress.push([done, total]) },
    );
    expect(found.map(({ findings }) => spoken(findings))).toEqual([
      [],
      ['STR_XML_WELLFORMED ENVELOPE null'],
      ['DT_ORDER_SAME_MINUTE XML3:1 2', 'DT_ORDER_SAME_MINUTE XML3:1 1'],
    ]);
    expect(progress.at(-1)).toEqual([6, 6]);
  });
});
