import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Secret } from 'otpauth';
import { newEnrolment, newRecoveryCodes, recoveryHash, stepOf } from './second-factor.ts';

const at = (seconds: number) => new Date(seconds * 1000);

/** RFC 6238, appendix B, SHA-1; the last six of its eight digits. */
const RFC_SECRET = new Secret({ buffer: Uint8Array.from(Buffer.from('12345678901234567890')).buffer }).base32;
describe('RFC 6238', () => {
  test.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
    [20_000_000_000, '353130', 666_666_666],
  ])('at %d s the code is %s', (seconds, code, step) => {
    expect(stepOf(RFC_SECRET, code, null, at(seconds))).toBe(step);
  });
});

/** A phone of our own, from the text of RFC 4226. */
function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', Buffer.from(Secret.fromBase32(secret).buffer))
    .update(counter)
    .digest();
  const from = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('one code, one door, one time', () => {
  const { secret } = newEnrolment('bacsi.mau');
  const now = at(1_800_000_010);
  const step = 60_000_000;

  test.each([
    [-2, null],
    [-1, step - 1],
    [0, step],
    [1, step + 1],
    [2, null],
  ])('the code of the step %d away', (away, expected) => {
    expect(stepOf(secret, codeOf(secret, step + away), null, now)).toBe(expected);
  });

  test.each([
    ['first second of the step', 1_800_000_000, step],
    ['last second of the step', 1_800_000_029, step],
    ['first second of the next, as the code before', 1_800_000_030, step],
    ['last second in which it is taken', 1_800_000_059, step],
    ['one second later', 1_800_000_060, null],
  ])('%s', (_name, seconds, expected) => {
    expect(stepOf(secret, codeOf(secret, step), null, at(seconds))).toBe(expected);
  });

  test('a code that was taken is not taken again, nor one from before it', () => {
    expect(stepOf(secret, codeOf(secret, step), step, now)).toBeNull();
    expect(stepOf(secret, codeOf(secret, step - 1), step, now)).toBeNull();
    expect(stepOf(secret, codeOf(secret, step + 1), step, now)).toBe(step + 1);
  });

  test.each(['', '12345', '1234567', 'abcdef', '12 456', '１２３４５６', '12345\n', '-12345'])(
    '%j is no code',
    (code) => {
      expect(stepOf(secret, code, null, now)).toBeNull();
    },
  );

  test('another secret has other codes', () => {
    expect(stepOf(newEnrolment('x').secret, codeOf(secret, step), null, now)).toBeNull();
  });

  test('the secret has 160 bits, and the address for the phone carries it and who it is for', () => {
    const enrolment = newEnrolment('bacsi.mau');
    expect(Secret.fromBase32(enrolment.secret).bytes).toHaveLength(20);
    const uri = new URL(enrolment.uri);
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(enrolment.secret);
    expect(decodeURIComponent(uri.pathname)).toContain('bacsi.mau');
  });
});

describe('recovery codes', () => {
  test('ten, all different, of 80 bits in four groups', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  });
  test('are read as people type them', () => {
    const [code = ''] = newRecoveryCodes();
    for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
      expect(recoveryHash(typed)).toBe(recoveryHash(code));
    expect(recoveryHash(`${code}a`)).not.toBe(recoveryHash(code));
  });
});
