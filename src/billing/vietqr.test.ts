import { describe, expect, test } from '@jest/globals';
import { money } from '../platform/money.ts';
import { crc16, vietQr } from './vietqr.ts';

/** Reads a text of tag, length and value, without the code that wrote it. */
function read(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at < text.length; ) {
    const length = Number(text.slice(at + 2, at + 4));
    fields[text.slice(at, at + 2)] = text.slice(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return fields;
}
/** CRC as long division of bits, another way than the code's. */
function remainder(text: string): string {
  const bits = [...Buffer.from(text)].flatMap((byte) =>
    Array.from({ length: 8 }, (_, n) => (byte >> (7 - n)) & 1),
  );
  const poly = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  // Starting from all ones is the same as inverting the first sixteen bits.
  const rest = [...bits, ...Array.from({ length: 16 }, () => 0)].map((bit, n) => (n < 16 ? bit ^ 1 : bit));
  for (let at = 0; at < bits.length; at += 1)
    if (rest[at]) for (const [n, bit] of poly.entries()) rest[at + n]! ^= bit;
  return Number.parseInt(rest.slice(-16).join(''), 2).toString(16).toUpperCase().padStart(4, '0');
}

describe('CRC-16/CCITT-FALSE', () => {
  test('has its check value, and starts from all ones', () => {
    expect(crc16('123456789')).toBe('29B1');
    expect(crc16('')).toBe('FFFF');
    expect(crc16('A')).toBe('B915');
  });

  test('agrees with a division of bits', () => {
    for (const text of ['00', 'VietQR', '00020101021138', 'x'.repeat(300)])
      expect([text, crc16(text)]).toEqual([text, remainder(text)]);
  });
});

describe('a VietQR code', () => {
  const code = vietQr({ bin: '970418', account: '31410001234567' }, money('351000.00'), 'LT0A1B2C3D4E5F');

  test('stands field by field as the bank reads it', () => {
    const { '63': crc, ...fields } = read(code);
    expect(fields).toEqual({
      '00': '01',
      '01': '12',
      '38': '0010A00000072701280006970418011431410001234567' + '0208QRIBFTTA',
      '53': '704',
      '54': '351000',
      '58': 'VN',
      '62': '0814LT0A1B2C3D4E5F',
    });
    expect(read(fields['38']!)).toEqual({
      '00': 'A000000727',
      '01': '0006970418011431410001234567',
      '02': 'QRIBFTTA',
    });
    expect(read(read(fields['38']!)['01']!)).toEqual({ '00': '970418', '01': '31410001234567' });
    expect(code.startsWith('000201010212')).toBe(true);
    expect(code.slice(-8, -4)).toBe('6304');
    expect(crc).toBe(remainder(code.slice(0, -4)));
  });

  test('says fractions of a đồng only where there are some', () => {
    const amountOf = (amount: string) =>
      read(vietQr({ bin: '970418', account: '1' }, money(amount), 'A'))['54'];
    expect(amountOf('44137.50')).toBe('44137.5');
    expect(amountOf('100.00')).toBe('100');
  });

  test('carries no reference that a bank would change', () => {
    for (const reference of ['', 'Viện phí', 'A-1', 'x'.repeat(26)])
      expect(() => vietQr({ bin: '970418', account: '1' }, money('1.00'), reference)).toThrow(RangeError);
  });
});
