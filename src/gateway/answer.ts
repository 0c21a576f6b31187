import type { Instant } from '../platform/dates.ts';
import { storable } from '../platform/text.ts';

/** What could be read from a body; every part may be missing, nothing throws. */
export interface Answer {
  readonly code: string | null;
  readonly transactionId: string | null;
  /** `thoiGianTiepNhan`, the legal proof of the sending time: the gateway's wall clock in Viet Nam. */
  readonly receivedAt: Instant | null;
  readonly message: string | null;
  readonly token: Token | null;
}

export interface Token {
  readonly accessToken: string;
  readonly idToken: string;
  /** Milliseconds since 1970; null when the answer named no readable time. */
  readonly expiresAtMs: number | null;
}

const NOTHING: Answer = { code: null, transactionId: null, receivedAt: null, message: null, token: null };

/**
 * Reads an answer of any of the gateway's families: numeric or text codes, any letter case of names, `maGD` for
 * `maGiaoDich`, a document wrapped once more as a JSON string. HTML, an empty or a broken body gives an answer
 * without a code.
 */
export function readAnswer(body: string): Answer {
  const fields = objectIn(body);
  if (!fields) return NOTHING;
  return {
    code: textOf(fields.get('maketqua')),
    transactionId: textOf(fields.get('magiaodich')) ?? textOf(fields.get('magd')),
    receivedAt: receptionTime(textOf(fields.get('thoigiantiepnhan'))),
    message: textOf(fields.get('thongdiep')) ?? textOf(fields.get('ghichu')),
    token: tokenIn(fields.get('apikey')),
  };
}

export function objectIn(body: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return lowerCased(typeof value === 'string' ? JSON.parse(value) : value);
  } catch {
    return null; // not JSON: HTML of a proxy, an empty or a cut body
  }
}

export function lowerCased(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([name, content]) => [name.toLowerCase(), content]));
}

/** What the ledger keeps of an answer must be storable, whatever it says: an outcome is never lost for its words. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? storable(value.trim()) : null;
}

function receptionTime(text: string | null): Instant | null {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/.exec(text ?? '');
  if (!found) return null;
  const [, year, month, day, hour, minute, second = '00'] = found;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function tokenIn(value: unknown): Token | null {
  const fields = lowerCased(value);
  const accessToken = textOf(fields?.get('access_token'));
  const idToken = textOf(fields?.get('id_token'));
  if (accessToken === null || idToken === null) return null;
  return { accessToken, idToken, expiresAtMs: expiry(textOf(fields?.get('expires_in'))) };
}

/** Documented as UTC; a text without a zone is read as UTC too (reading it as local time would be 7 hours wrong). */
function expiry(text: string | null): number | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT/.test(text)) return null;
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : ms;
}
