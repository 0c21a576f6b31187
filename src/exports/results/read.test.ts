import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { writeXlsx } from 'hucre/xlsx';
import { ZipFile } from 'yazl';
import { loadLayout } from './layout.ts';
import { type PortalRow, readPortalExport } from './read.ts';

const layout = loadLayout();
async function read(bytes: Buffer): Promise<PortalRow[]> {
  const rows: PortalRow[] = [];
  for await (const row of readPortalExport(bytes, layout)) rows.push(row);
  return rows;
}
const refused = (bytes: Buffer) => read(bytes).catch((error: { finding?: string }) => error.finding);
const workbook = async (rows: (string | number | null)[][]) =>
  Buffer.from(await writeXlsx({ sheets: [{ name: 'KQ', rows }] }));

const HEAD = 'STT;Mã GD;ma lien ket;TRẠNG  THÁI;Trạng thái thanh toán;T_BHTT;Mô tả lỗi';

test('a text and a workbook say the same, however their headings are written', async () => {
  const lines = [HEAD, '1;T1;K1;Thành công;Đã đề nghị thanh toán;215.000;', '2;T2;K2;LỖI;;;XML2 dòng 3'];
  const rows = await read(Buffer.from(`\ufeffKết quả gửi hồ sơ XML\n\n${lines.join('\n')}\n`));
  expect(rows.map((one) => ({ ...one, amount: one.amount?.toFixed(2) ?? null }))).toMatchObject([
    { transactionId: 'T1', claimKey: 'K1', status: 'good', payment: 'requested', amount: '215000.00' },
    { transactionId: 'T2', status: 'faulty', payment: null, text: 'XML2 dòng 3', unreadable: [] },
  ]);
  const cells = lines.map((line) =>
    line.split(';').map((cell) => (cell === '215.000' ? 215000 : cell || null)),
  );
  const same = await read(await workbook([['Kết quả gửi hồ sơ XML'], ...cells]));
  const said = (found: PortalRow[]) =>
    found.map((one) => ({ ...one, number: 0, amount: one.amount?.toString() }));
  expect(said(same)).toEqual(said(rows));
});

test.each([
  ['215000', '215000'],
  ['1.215.000,50', '1215000.5'],
  ['1,215,000.5 đ', '1215000.5'],
  ['215.000', '215000'],
  ['21.5', '21.5'],
  ['2.15.000', null],
  ['-5', null],
])('an amount written %s', async (written, value) => {
  const [row] = await read(Buffer.from(`Mã GD\tTrạng thái\tT_BHTT\nT1\tLỗi\t${written}\n`));
  expect([row!.amount?.toString() ?? null, row!.unreadable]).toEqual([
    value,
    value === null ? ['amount'] : [],
  ]);
});

test('an id that Excel made a number of is another id, and a word nobody knows is no status', async () => {
  const rows = await read(
    await workbook([
      ['Mã GD', 'Mã LK', 'Trạng thái'],
      [9_900_120_261_123_000_000, 'K1', 'Đang xem xét'],
    ]),
  );
  expect(rows[0]).toMatchObject({
    transactionId: null,
    claimKey: 'K1',
    status: null,
    unreadable: ['transactionId', 'status'],
  });
});

test('what is no export is refused by what it is', async () => {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.alloc(65 * 1024 * 1024), 'xl/worksheets/sheet1.xml');
  zip.end();
  const bomb = await buffer(zip.outputStream);
  const good = await workbook([['Mã GD', 'Trạng thái']]);
  const cases: [Buffer, string][] = [
    [Buffer.alloc(0), 'empty'],
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old-excel'],
    [Buffer.from('<html><table><tr><td>Mã GD</td></tr></table></html>'), 'web-page'],
    [bomb, 'too-large'],
    [good.subarray(0, -30), 'bad-archive'],
    [Buffer.concat([good, Buffer.from('x')]), 'bad-archive'],
    [Buffer.from('4d e3 20 47 44'.replaceAll(' ', ''), 'hex'), 'not-utf8'],
    [Buffer.from('Mã GD;Ghi chú\nT1;x\n'), 'no-headings'],
  ];
  for (const [bytes, finding] of cases) expect(await refused(bytes)).toBe(finding);
  expect(bomb.length).toBeLessThan(1024 * 1024);
  const other = new ZipFile();
  other.addBuffer(Buffer.from('x'), 'readme.txt');
  other.end();
  expect(await refused(await buffer(other.outputStream))).toBe('not-a-workbook');
});
