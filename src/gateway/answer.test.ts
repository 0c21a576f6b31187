import { describe, expect, test } from '@jest/globals';
import { readAnswer } from './answer.ts';

const NOTHING = { code: null, transactionId: null, receivedAt: null, message: null, token: null };

describe('readAnswer', () => {
  test('the documented answer', () => {
    const body =
      '{"maKetQua":"200","maGiaoDich":"990012026112300012","thoiGianTiepNhan":"20261123091512","thongDiep":"Thành công"}';
    expect(readAnswer(body)).toEqual({
      code: '200',
      transactionId: '990012026112300012',
      receivedAt: '2026-11-23T02:15:12.000Z',
      message: 'Thành công',
      token: null,
    });
  });

  test.each([
    ['a number as code', '{"maKetQua":200,"maGiaoDich":17}', { code: '200', transactionId: '17' }],
    ['other letter case', '{"MaKetQua":"401","MAGIAODICH":"x"}', { code: '401', transactionId: 'x' }],
    [
      'the certificates’ name of the id',
      '{"MaKetQua":"200","MaGD":"G1"}',
      { code: '200', transactionId: 'G1' },
    ],
    ['JSON wrapped in a JSON string', JSON.stringify('{"maKetQua":"205"}'), { code: '205' }],
    [
      'nulls and blanks',
      '{"maKetQua":"123","maGiaoDich":null,"thongDiep":"  "}',
      { code: '123', transactionId: null, message: null },
    ],
    [
      'a time that is none',
      '{"maKetQua":"200","thoiGianTiepNhan":"20261399"}',
      { code: '200', receivedAt: null },
    ],
    ['a time with an impossible month', '{"thoiGianTiepNhan":"20261301000000"}', { receivedAt: null }],
  ])('%s', (_name, body, expected) => {
    expect(readAnswer(body)).toMatchObject(expected);
  });

  test.each([
    ['empty', ''],
    ['HTML', '<html><body>502</body></html>'],
    ['cut', '{"maKetQua":"20'],
    ['a list', '[{"maKetQua":"200"}]'],
    ['null', 'null'],
    ['a number', '200'],
    ['a string that is no JSON', '"OK"'],
  ])('nothing is read from a body that is %s', (_name, body) => {
    expect(readAnswer(body)).toEqual(NOTHING);
  });

  const tokenBody = (expires: unknown) =>
    JSON.stringify({
      maKetQua: 200,
      APIKey: { access_token: 'a', id_token: 'i', token_type: 'Bearer', expires_in: expires },
    });

  test.each([
    ['seven fraction digits and Z', '2026-11-23T02:10:00.1234567Z', '2026-11-23T02:10:00.123Z'],
    ['no zone is UTC', '2026-11-23T02:10:00', '2026-11-23T02:10:00.000Z'],
    ['an offset', '2026-11-23T09:10:00+07:00', '2026-11-23T02:10:00.000Z'],
  ])('the end of a token: %s', (_name, text, instant) => {
    expect(readAnswer(tokenBody(text)).token?.expiresAtMs).toBe(Date.parse(instant));
  });

  test.each([
    ['a number of seconds', 600],
    ['text', 'soon'],
    ['nothing', null],
  ])('no end is read from %s', (_name, value) => {
    expect(readAnswer(tokenBody(value)).token).toEqual({ accessToken: 'a', idToken: 'i', expiresAtMs: null });
  });

  test('a failed token answer has no token', () => {
    expect(readAnswer('{"maKetQua":"401","APIKey":null}')).toMatchObject({ code: '401', token: null });
    expect(readAnswer('{"maKetQua":"200","APIKey":{"access_token":"a"}}').token).toBeNull();
  });
});

test('what nobody can store is made storable: letters in pieces, a zero, half a pair', () => {
  const said = readAnswer(
    JSON.stringify({
      maKetQua: '123',
      maGiaoDich: 'A\0B',
      thongDiep: `${'Sai mã thẻ'.normalize('NFD')}\ud800`,
    }),
  );
  expect([said.code, said.transactionId, said.message]).toEqual(['123', 'A\ufffdB', 'Sai mã thẻ\ufffd']);
});
