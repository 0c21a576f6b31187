import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MISSING, pdfPages, pdfText } from '../../test/harness/pdf.ts';
import { html } from './html.ts';
import { stopPress } from './press.ts';
import { qrSquares } from './qr.ts';
import { type ReceiptDocument, receiptText } from './receipt.ts';
import { type ReceiptSize, receiptPdf } from './receipt-pdf.ts';
import { type ReceiptFormat, renderReceipt } from './render-receipt.ts';

afterAll(() => stopPress());

const QR =
  '00020101021238570010A00000072701270006970436011312345678901230208QRIBFTTA5303704540615000005802VN62080804PT126304ABCD';
const receipt = (more: Partial<ReceiptDocument> = {}): ReceiptDocument => ({
  kind: 'payment',
  facility: { code: '40021', name: 'Trung tâm Y tế khu vực Sông Lam', address: 'Đường Mẫu, xã Mẫu' },
  book: 'K1/26',
  number: '0000123',
  issuedAt: '2026-08-14T03:05:00.000Z',
  payer: 'Trần Thị <Nộp>',
  patient: { number: 'BN000123', name: 'Trần Văn Ất' },
  visit: { claimKey: '40021.019a', recordNumber: 'HS0001' },
  purpose: 'Cùng chi trả & tự trả',
  amount: '1185920.60',
  rounding: '79.40',
  paid: '1186000.00',
  method: 'cash',
  cashier: 'Nguyễn Thu Ngân',
  voided: null,
  qrPayload: null,
  ...more,
});

const PAPERS: readonly (readonly [ReceiptFormat, ReceiptSize])[] = [
  ['html', 'a5'],
  ['html', '80mm'],
  ['pdf', 'a5'],
  ['pdf', '80mm'],
];

/** Without blanks: a line breaks where the paper ends. */
async function contentOf(
  document: ReceiptDocument,
  format: ReceiptFormat,
  size: ReceiptSize,
): Promise<string> {
  const { bytes } = await renderReceipt(document, format, size);
  return (format === 'pdf' ? pdfText(bytes) : bytes.toString()).replace(/\s/g, '');
}

const KINDS: readonly (readonly [string, Partial<ReceiptDocument>, readonly string[], readonly string[]])[] =
  [
    [
      'a payment in cash, rounded at the desk',
      {},
      [
        'PHIẾU THU',
        'Quyển K1/26 · Số 0000123',
        '10:05 14/08/2026',
        'BN000123',
        '1.185.920,60 đồng',
        '79,40 đồng',
        '1.186.000 đồng',
        'Một triệu một trăm tám mươi sáu nghìn đồng',
        'Tiền mặt',
        'Nguyễn Thu Ngân',
        'Đường Mẫu, xã Mẫu',
      ],
      ['ĐÃ HỦY', 'Quét mã'],
    ],
    ['rounded down', { amount: '1186400.00', rounding: '-400.00' }, ['-400 đồng', '1.186.000 đồng'], []],
    [
      'a deposit by card: no rounding, no purpose',
      {
        kind: 'deposit',
        method: 'card',
        amount: '500000.00',
        rounding: '0.00',
        paid: '500000.00',
        purpose: null,
      },
      ['PHIẾU THU TẠM ỨNG', 'Thẻ ngân hàng', 'Năm trăm nghìn đồng'],
      ['Làm tròn', 'Nội dung'],
    ],
    [
      'a refund',
      { kind: 'refund' },
      ['PHIẾU CHI HOÀN TRẢ', 'Người nhận tiền', 'Thực chi'],
      ['Người nộp tiền', 'Thực thu'],
    ],
    [
      'a voided one: marked, with who and why',
      {
        voided: { at: '2026-08-14T04:00:00.000Z', by: 'Lê Trưởng Ca', reason: 'Thu nhầm người bệnh' },
        qrPayload: QR,
      },
      ['ĐÃ HỦY', '11:00 14/08/2026', 'Lê Trưởng Ca', 'Thu nhầm người bệnh', '0000123'],
      ['Quét mã'],
    ],
    [
      'a transfer that has not come in: the code to pay by, in no book',
      {
        kind: 'request',
        book: null,
        number: null,
        method: 'transfer',
        amount: '1500000.00',
        rounding: '0.00',
        paid: '1500000.00',
        qrPayload: QR,
      },
      ['PHIẾU BÁO THANH TOÁN', 'Cần trả', 'Chuyển khoản', 'Quét mã bằng ứng dụng ngân hàng'],
      ['Quyển', 'Thực thu'],
    ],
    ['nothing to pay', { amount: '0.00', rounding: '0.00', paid: '0.00' }, ['0 đồng', 'Không đồng'], []],
  ];

describe('a receipt', () => {
  const cases = KINDS.flatMap(([name, more, has, hasNot]) =>
    PAPERS.map(([format, size]) => [name, format, size, more, has, hasNot] as const),
  );
  test.each(cases)('%s, %s %s', async (_name, format, size, more, has, hasNot) => {
    const content = await contentOf(receipt(more), format, size);
    const plain = (text: string) => (format === 'html' ? html`${text}`.text : text).replaceAll(' ', '');
    for (const text of [...has, 'Trần Thị <Nộp>']) expect(content).toContain(plain(text));
    for (const text of hasNot) expect(content).not.toContain(plain(text));
    expect(content).not.toContain(MISSING);
  });

  test('is one sheet of its size, however long its texts are', async () => {
    const long = 'Người nộp tiền có tên và địa chỉ rất dài '.repeat(8) + 'Liềnmộtkhối'.repeat(20);
    const document = receipt({ payer: long, purpose: long });
    const a5 = (await renderReceipt(document, 'pdf', 'a5')).bytes;
    const roll = (await renderReceipt(document, 'pdf', '80mm')).bytes;
    expect([pdfPages(a5).length, pdfPages(roll).length]).toEqual([1, 1]);
    expect(a5.toString('latin1')).toContain('/MediaBox [0 0 419.53 595.28]');
    expect(roll.toString('latin1')).toMatch(/\/MediaBox \[0 0 226\.77\d* \d+/);
    for (const bytes of [a5, roll])
      expect(pdfText(bytes).replace(/\s/g, '')).toContain(long.replace(/\s/g, ''));
    for (const [size, rule] of [
      ['a5', '@page{size:A5 portrait'],
      ['80mm', '@page{size:80mm'],
    ] as const)
      expect((await renderReceipt(document, 'html', size)).bytes.toString()).toContain(rule);
  });

  test('as a page it says which style may be used, and has no script and nothing from outside', async () => {
    const { bytes, contentType, headers } = await renderReceipt(receipt({ qrPayload: QR }), 'html', 'a5');
    const page = bytes.toString();
    const style = createHash('sha256')
      .update(/<style>([\s\S]*?)<\/style>/.exec(page)![1]!)
      .digest('base64');
    expect(contentType).toBe('text/html; charset=utf-8');
    expect(headers['Content-Security-Policy']).toContain(`default-src 'none';style-src 'sha256-${style}'`);
    expect(page).not.toMatch(/<script|style=|onload=|https?:|<img/);
  });

  test('whose amounts do not add up is not made', async () => {
    for (const more of [{ paid: '1186000.01' }, { rounding: '0.00' }, { amount: '-1.00' }])
      await expect(renderReceipt(receipt(more), 'html', 'a5')).rejects.toThrow(RangeError);
  });

  test('in English has the same rows, but for the words', () => {
    const [vi, en] = (['vi', 'en'] as const).map((language) => receiptText(receipt(), language));
    expect(en!.title).toBe('RECEIPT');
    expect(en!.rows).toHaveLength(vi!.rows.length - 1);
  });
});

describe('the code to pay by', () => {
  test('is the same on the page and in the PDF, and holds the payload', () => {
    const text = receiptText(receipt({ qrPayload: QR }), 'vi');
    expect(receiptPdf(text, 'a5').content).toContainEqual(expect.objectContaining({ qr: QR, eccLevel: 'M' }));
    const { size, squares } = qrSquares(QR);
    expect((size - 21) % 4).toBe(0);
    const dark = new Set(squares.map(({ x, y }) => `${x},${y}`));
    // Three finder patterns, none in the fourth corner.
    const finder = (left: number, top: number) =>
      Array.from({ length: 49 }, (_, at) => {
        const [x, y] = [at % 7, Math.floor(at / 7)];
        const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
        return dark.has(`${left + x},${top + y}`) === (ring !== 2);
      }).every(Boolean);
    expect([finder(0, 0), finder(size - 7, 0), finder(0, size - 7), finder(size - 7, size - 7)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(qrSquares(`${QR}1`).squares).not.toEqual(squares);
  });
});
