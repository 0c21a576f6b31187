import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { sha256 } from '../platform/ids.ts';

const STEP_SECONDS = 30;
/** Phones' clocks differ: the code before and the code after are taken too. */
const WINDOW = 1;
const CODES = 10;

export interface Enrolment {
  /** Base32, for typing. */
  readonly secret: string;
  /** For a QR code. */
  readonly uri: string;
}

export function newEnrolment(username: string): Enrolment {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, uri: totp(secret.base32, username).toString() };
}

/**
 * The time step of a right code, which must be stored: a code opens once.
 * @param lastStep the step of the last code that was taken; null = none was
 * @returns null for a wrong or used code
 */
export function stepOf(secret: string, code: string, lastStep: number | null, now: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const delta = totp(secret, '').validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now.getTime() / 1000 / STEP_SECONDS) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'LienThong HIS',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}

/** For the day the phone is lost: each opens once. Shown once; only hashes are stored. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const text = new Secret({ buffer: Uint8Array.from(randomBytes(10)).buffer }).base32
      .slice(0, 16)
      .toLowerCase();
    return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8, 12)}-${text.slice(12)}`;
  });
}

export function recoveryHash(code: string): string {
  return sha256(code.toLowerCase().replace(/[^a-z2-7]/g, ''));
}
