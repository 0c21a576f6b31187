import { describe, expect, test } from '@jest/globals';
import { moneyText } from '../platform/money.ts';
import { cardMeaning } from './card-verdict.ts';
import type { QuestionKind } from './questions.ts';
import { readReply } from './replies.ts';

const answered = (answer: unknown, httpStatus = 200) => ({
  bodySent: true,
  failure: null,
  httpStatus,
  retryAfterSeconds: null,
  leftFrom: null,
  answer: typeof answer === 'string' ? answer : JSON.stringify(answer),
});
const read = <Kind extends QuestionKind>(kind: Kind, answer: unknown, httpStatus = 200) =>
  readReply(kind, answered(answer, httpStatus));

describe('the card', () => {
  const card = {
    maKetQua: '000',
    ghiChu: 'Thông tin thẻ BHYT chính xác',
    maThe: 'DN4990000000001',
    hoTen: 'Trần Thị Mẫu',
    ngaySinh: '01/02/1990',
    maDKBD: '99001',
    gtTheTu: '01/01/2026',
    gtTheDen: '31/12/2026',
    maKV: '',
    ngayDu5Nam: '01/01/2024',
    maTheMoi: null,
    dsLichSuKCB2018: null,
    dsLichSuKT2018: [{ userKT: '99002_BV', thoiGianKT: '202611200815', thongBao: '…', maLoi: '000' }],
  };

  test('is read as it is documented', () => {
    expect(read('card', card)).toMatchObject({
      trouble: null,
      code: '000',
      message: 'Thông tin thẻ BHYT chính xác',
      found: {
        verdict: 'good',
        card: 'DN4990000000001',
        birth: '1990-02-01',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
        registeredFacilityCode: '99001',
        areaCode: null,
        fiveYearsFrom: '2024-01-01',
        newCard: null,
        lookedUpBy: [{ account: '99002_BV', at: '202611200815' }],
      },
    });
  });

  test('that was replaced names the new one', () => {
    const replaced = { ...card, maKetQua: '003', maTheMoi: 'DN4990000000002', gtTheTuMoi: '01/06/2026' };
    expect(read('card', replaced).found).toMatchObject({
      verdict: 'new-card',
      newCard: { card: 'DN4990000000002', validFrom: '2026-06-01', validTo: null },
    });
  });

  test('with nothing but a code has a verdict all the same', () => {
    expect(read('card', { MaKetQua: 110 })).toMatchObject({
      found: { verdict: 'bad', card: null, lookedUpBy: [] },
    });
  });

  test.each([
    ['001', { verdict: 'by-hand' }],
    ['010', { verdict: 'bad' }],
    ['054', { trouble: 'configuration' }],
    ['061', { verdict: 'warn' }],
    ['100', { trouble: 'unavailable' }],
    ['123', { verdict: 'new-card' }],
    ['130', { verdict: 'no-card' }],
    ['401', { trouble: 'session' }],
    ['999', { trouble: 'unavailable' }],
  ])('code %s', (code, meaning) => {
    expect(cardMeaning(code)).toEqual(meaning);
  });
});

test.each([
  ['an empty list', { maKetQua: '000', dsLichSuKCB2025: [] }, []],
  ['no list', { maKetQua: '000', dsLichSuKCB2025: null }, []],
  [
    'a visit, and one without its day',
    {
      maKetQua: '000',
      dsLichSuKCB2025: [
        { maHoSo: 'H1', maCSKCB: '99001', ngayVao: '202610101030', ngayRa: null, tenBenh: 'Viêm dạ dày' },
        { maHoSo: 'H2', maCSKCB: '99001' },
      ],
    },
    [{ id: 'H1', facilityCode: '99001', arrivedAt: '202610101030', endedAt: null, disease: 'Viêm dạ dày' }],
  ],
])('the history: %s', (_name, answer, found) => {
  expect(read('history', answer)).toMatchObject({ trouble: null, found });
});

test('a history of a card that is not good is none', () => {
  expect(read('history', { maKetQua: '050' })).toMatchObject({ trouble: 'question', found: undefined });
});

describe('the co-payment', () => {
  test('is the highest running total, never a sum', () => {
    const rows = [{ tBNCCTLuyKe: 1_250_000 }, { tBNCCTLuyKe: 900_000 }, { tBNCCTLuyKe: 'x' }];
    const { found } = read('copay', { MaKetQua: '200', GhiChu: 'tính đến: 20/11/2026 17:30', DataCCT: rows });
    expect(found && { ...found, total: moneyText(found.total) }).toEqual({
      total: '1250000.00',
      rows: 3,
      asOf: 'tính đến: 20/11/2026 17:30',
    });
  });

  test('that cannot be read is not zero', () => {
    expect(read('copay', { MaKetQua: '200', DataCCT: [{ tBNCCTLuyKe: 'x' }] })).toMatchObject({
      trouble: null,
      found: null,
    });
  });

  test.each([
    ['nothing known is not zero', { MaKetQua: '204', DataCCT: null }, 200, { trouble: null, found: null }],
    [
      'a shut-out account',
      { MaKetQua: '500', GhiChu: 'Tài khoản bị hạn chế tra cứu' },
      500,
      { trouble: 'restricted' },
    ],
    ['a gateway that is ill', { MaKetQua: '500', GhiChu: 'Lỗi hệ thống' }, 500, { trouble: 'unavailable' }],
    ['a session that is over', '', 401, { trouble: 'session' }],
    ['a card of a wrong length', { MaKetQua: '400' }, 400, { trouble: 'question' }],
  ])('%s', (_name, answer, status, reply) => {
    expect(read('copay', answer, status)).toMatchObject(reply);
  });
});

test('a number as code keeps the meaning of its three digits', () => {
  expect(read('card', { maKetQua: 0 })).toMatchObject({ code: '000', found: { verdict: 'good' } });
  expect(read('card', { maKetQua: 70 })).toMatchObject({ code: '070', found: { verdict: 'bad' } });
});

test('a total that cannot be read is not known', () => {
  const days = { maKetQua: '200', dsKQGuiHosoNgay: [{ ngayGui: '23/11/2026', tongSo: '?', tongTien: null }] };
  expect(read('days', days).found).toEqual([
    { day: '2026-11-23', records: null, good: null, bad: null, amount: null },
  ]);
});

test('totals, transactions and errors are read in either spelling', () => {
  const days = {
    maKetQua: '200',
    dsKQGuiHoSoNgay: [
      { ngayGui: '23/11/2026', tongSo: 120, soHSThanhCong: 118, soHSLoi: 2, tongTien: 45678900 },
    ],
  };
  expect(read('days', days).found).toMatchObject([{ day: '2026-11-23', records: 120, good: 118, bad: 2 }]);
  const one = { ngayGui: '23/11/2026 09:15', maGiaoDich: 'T1', soLuongHoSo: 1, slHoSoDung: 0, slHoSoLoi: 1 };
  expect(read('transactions', { maKetQua: '200', dsHoSo: [one] }).found).toEqual([
    { transactionId: 'T1', sentAt: '23/11/2026 09:15', records: 1, good: 0, bad: 1, amount: null },
  ]);
  expect(
    read('errors', { MaKetQua: '200', DsLoi: [{ maLoi: '202', moTaLoi: 'XML2 dòng 3' }] }).found,
  ).toEqual([{ code: '202', text: 'XML2 dòng 3' }]);
});

test.each([
  ['a page', '<html>502</html>', 502],
  ['nothing', '', 200],
  ['another document', '[1]', 200],
])('%s is no answer, whatever was asked', (_name, body, status) => {
  for (const kind of ['card', 'history', 'copay', 'days', 'transactions', 'errors'] as const)
    expect(read(kind, body, status)).toMatchObject({ trouble: 'unavailable', found: undefined });
});
