import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SimulatorSettings } from './settings.ts';

export interface AccountState {
  readonly password: string;
  readonly locked: boolean;
}

interface Session {
  readonly account: string;
  readonly takenAtMs: number;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly idToken: string;
  readonly expiresAtMs: number;
}

export interface SessionRequest {
  readonly account: string;
  readonly accessToken: string;
  readonly idToken: string;
  readonly ip: string;
}

/** Account names are `<facility code>_BV`. */
export const facilityOf = (account: string): string | null => /^(\w{5})_BV$/.exec(account)?.[1] ?? null;

/** The password everybody has until the control API sets another. */
const initialPassword = (facility: string): string => `SIM-${facility}`;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex').toUpperCase();

/** 100-nanosecond ticks since 1601, as the real access token carries them. */
const fileTime = (ms: number): string => ((BigInt(ms) + 11_644_473_600_000n) * 10_000n).toString();

/** Accounts and the sessions taken with them. */
export class Sessions {
  private readonly secret: string;
  private readonly known: 'any' | ReadonlySet<string>;
  private readonly changed = new Map<string, AccountState>();
  private readonly hashes = new Map<string, string>();
  private readonly sessions = new Map<string, Session>();
  private issued = 0;

  /** @param accounts facility codes that have an account, or 'any' code of five characters */
  constructor(seed: string, accounts: 'any' | readonly string[]) {
    this.secret = `simulator ${seed}`;
    this.known = accounts === 'any' ? 'any' : new Set(accounts);
  }

  account(name: string): AccountState | null {
    const facility = facilityOf(name);
    if (facility === null || (this.known !== 'any' && !this.known.has(facility))) return null;
    return this.changed.get(name) ?? { password: initialPassword(facility), locked: false };
  }

  /** Lock, unlock or give another password; false for an account nobody knows. */
  change(name: string, changes: Partial<AccountState>): boolean {
    const account = this.account(name);
    if (!account) return false;
    this.changed.set(name, { ...account, ...changes });
    return true;
  }

  passwordFits(name: string, md5Hex: string, settings: SimulatorSettings): boolean {
    const account = this.account(name);
    if (!account) return false;
    let hash = this.hashes.get(account.password);
    if (hash === undefined) {
      hash = md5(account.password);
      this.hashes.set(account.password, hash);
    }
    return hash === (settings['auth.md5Case'] === 'any' ? md5Hex.toUpperCase() : md5Hex);
  }

  take(name: string, ip: string, nowMs: number, settings: SimulatorSettings): IssuedToken {
    if (settings['token.singleSession']) this.forget(name);
    this.issued += 1;
    const idToken = this.guid(this.issued);
    const takenAtMs = Math.floor(nowMs);
    this.sessions.set(idToken, { account: name, takenAtMs });
    const stamp = fileTime(takenAtMs);
    const mac = this.mac(name, ip, idToken, stamp, settings);
    return {
      accessToken: Buffer.from(`${mac}:${name}:${stamp}`).toString('base64'),
      idToken,
      expiresAtMs: takenAtMs + settings['token.ttlSeconds'] * 1000,
    };
  }

  /** Age of the session in seconds when it holds: known, same account and address, not over; null otherwise. */
  age(request: SessionRequest, nowMs: number, settings: SimulatorSettings): number | null {
    const session = this.sessions.get(request.idToken);
    if (!session || session.account !== request.account) return null;
    const age = (nowMs - session.takenAtMs) / 1000;
    if (age >= settings['token.ttlSeconds']) {
      this.sessions.delete(request.idToken);
      return null;
    }
    const stamp = fileTime(session.takenAtMs);
    const mac = this.mac(session.account, request.ip, request.idToken, stamp, settings);
    const expected = Buffer.from(Buffer.from(`${mac}:${session.account}:${stamp}`).toString('base64'));
    const given = Buffer.from(request.accessToken);
    return expected.length === given.length && timingSafeEqual(expected, given) ? age : null;
  }

  reset(): void {
    this.changed.clear();
    this.sessions.clear();
  }

  private forget(account: string): void {
    for (const [id, session] of this.sessions) if (session.account === account) this.sessions.delete(id);
  }

  private mac(account: string, ip: string, id: string, stamp: string, settings: SimulatorSettings): string {
    const address = settings['token.bindIp'] ? ip : '';
    return createHmac('sha256', this.secret).update(`${account}|${address}|${id}|${stamp}`).digest('base64');
  }

  private guid(number: number): string {
    const hex = createHash('sha256').update(`${this.secret} session ${number}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
