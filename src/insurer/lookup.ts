import type { CardFound, CopayFound, PastVisit, Reply } from '../gateway/index.ts';
import { instantAt, localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { moneyText } from '../platform/money.ts';

export const LOOKUP_KINDS = ['card', 'history', 'copay'] as const;
export type LookupKind = (typeof LOOKUP_KINDS)[number];

/**
 * - `waiting`: not answered yet
 * - `answered`: the insurer said something of the card
 * - `notChecked`: it did not; `nextCheckAt` says when it is asked again, null = not by itself
 */
export type LookupState = 'waiting' | 'answered' | 'notChecked';

/** What an answer is kept as, beside the raw text. */
export interface LookupOutcome {
  readonly type: 'answered' | 'notChecked';
  readonly verdict: string | null;
  readonly trouble: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly raw: string | null;
}

type AnyReply = Reply<CardFound | readonly PastVisit[] | CopayFound | null>;

/** A reply of the gateway as it is kept. `verdict` of a co-payment: `known`, or `unknown` for "no data", which is not zero. */
export function outcomeOf(kind: LookupKind, reply: AnyReply): LookupOutcome {
  const { trouble, code, message, raw } = reply;
  const kept = { trouble, code, message, raw };
  if (trouble !== null) return { ...kept, type: 'notChecked', verdict: null, details: null };
  return { ...kept, type: 'answered', ...saidBy(kind, reply.found) };
}

function saidBy(kind: LookupKind, found: AnyReply['found']): Pick<LookupOutcome, 'verdict' | 'details'> {
  if (kind === 'card') {
    const { verdict, ...details } = found as CardFound;
    return { verdict, details };
  }
  if (kind === 'history') return { verdict: 'known', details: { visits: found as readonly PastVisit[] } };
  const copay = found as CopayFound | null;
  if (copay === null) return { verdict: 'unknown', details: null };
  return { verdict: 'known', details: { ...copay, total: moneyText(copay.total) } };
}

export const notAsked = (trouble: string): LookupOutcome => ({
  type: 'notChecked',
  verdict: null,
  trouble,
  code: null,
  message: null,
  details: null,
  raw: null,
});

const MINUTE_MS = 60_000;
const FIRST_PAUSE_MS = 2 * MINUTE_MS;
const LONGEST_PAUSE_MS = 30 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * When a card that could not be checked is asked about again: after 2, 4, 8 … 30 minutes, until the visit ends or a day
 * has gone. Null = never by itself: a question that is wrong stays wrong, and other kinds are asked once.
 * @param attempts how often it was asked, 1 or more
 */
export function nextCheckAt(
  lookup: { readonly kind: LookupKind; readonly askedAt: string; readonly visitIsOpen: boolean },
  { type, trouble }: Pick<LookupOutcome, 'type' | 'trouble'>,
  attempts: number,
  now: Date,
): Date | null {
  if (lookup.kind !== 'card' || type !== 'notChecked' || trouble === 'question') return null;
  if (!lookup.visitIsOpen) return null;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  const next = new Date(now.getTime() + pause);
  return next.getTime() - Date.parse(lookup.askedAt) > DAY_MS ? null : next;
}

/** What was asked about co-payments at one facility today, before a new question. */
export interface CopayPast {
  /** The newest look-up of the same card. */
  readonly same: { readonly id: Id; readonly askedAt: string } | null;
  readonly askedToday: number;
  readonly isRestrictedToday: boolean;
}

export type CopayDecision =
  | { readonly ask: true }
  | { readonly ask: false; readonly why: 'recent'; readonly lookupId: Id }
  | { readonly ask: false; readonly why: 'restricted' | 'dailyLimit' };

/**
 * Whether a co-payment may be asked about: accounts that ask too often are shut out by the insurer. The same card again
 * within the set minutes gets the earlier answer, whatever became of it.
 */
export function mayAskCopay(
  past: CopayPast,
  limits: { readonly repeatMinutes: number; readonly dailyLimit: number },
  now: Date,
): CopayDecision {
  const { same } = past;
  if (same && now.getTime() - Date.parse(same.askedAt) < limits.repeatMinutes * MINUTE_MS)
    return { ask: false, why: 'recent', lookupId: same.id };
  if (past.isRestrictedToday) return { ask: false, why: 'restricted' };
  if (past.askedToday >= limits.dailyLimit) return { ask: false, why: 'dailyLimit' };
  return { ask: true };
}

/** The moment at which the day of `now` began in Viet Nam. */
export const dayStart = (now: Date): string => instantAt(localDate(now));
