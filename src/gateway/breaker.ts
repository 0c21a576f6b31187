import type { Decision, DecisionRule } from './classify.ts';
import type { QuestionKind } from './questions.ts';
import type { SubmissionKind } from './submissions.ts';

/**
 * When to leave the gateway alone. A channel is one way to it: of one facility, or of all of them together, for one
 * family of calls. Everything here is pure; times are milliseconds since 1970.
 */

/** Calls that fail together. `session`: the facility's account, whatever it is used for. */
export type Family = 'claims' | 'check-in' | 'papers' | 'lookups' | 'results' | 'session';

export const familyOf = (call: SubmissionKind | QuestionKind): Family => FAMILIES[call] ?? 'papers';
const FAMILIES: Partial<Record<SubmissionKind | QuestionKind, Family>> = {
  claim: 'claims',
  checkIn: 'check-in',
  card: 'lookups',
  history: 'lookups',
  copay: 'lookups',
  days: 'results',
  transactions: 'results',
  errors: 'results',
};

/**
 * - `closed`: calls go through
 * - `open`: too many failed in a row; none goes before `openUntil`
 * - `stopped`: what failed does not pass by itself; a person, or a long pause
 * - `trial`: one call is on its way to see; whoever made it is gone for certain at `openUntil`
 */
export type ChannelState = 'closed' | 'open' | 'stopped' | 'trial';

export interface Channel {
  readonly state: ChannelState;
  /** In a row. */
  readonly failures: number;
  /** Openings without a success in between. */
  readonly openings: number;
  readonly openUntil: number | null;
  /** Of the first failure in the row: an outage began then, not when we noticed. */
  readonly since: number | null;
  readonly reason: DecisionRule | null;
  readonly changedAt: number;
}

export const CLOSED: Channel = {
  state: 'closed',
  failures: 0,
  openings: 0,
  openUntil: null,
  since: null,
  reason: null,
  changedAt: 0,
};

/** What a call says about the way to the gateway, not about the record it carried. */
export type Sign = 'answered' | 'failed' | 'stopped';

const STOPPING: Partial<Record<DecisionRule, true>> = {
  'account-refused': true,
  'facility-refused': true,
  'session-refused-twice': true,
  'signature-refused': true,
};
/** `unknown-answer`: a gateway that suddenly speaks otherwise is not asked 8,000 times. */
const FAILING: Partial<Record<DecisionRule, true>> = {
  'not-reached': true,
  busy: true,
  unclear: true,
  'unclear-paper': true,
  'token-not-obtained': true,
  'session-refused': true,
  'unknown-answer': true,
};

export const signOf = ({ rule }: Pick<Decision, 'rule'>): Sign =>
  STOPPING[rule] ? 'stopped' : FAILING[rule] ? 'failed' : 'answered';

/**
 * Whose trouble a stop is: the account's, for all families, or the certificate's, for files alone. An account may be good
 * for claims and have no right to hand in papers or to ask for results: there only the token call's word is the account's.
 */
export const isOfAccount = ({ rule }: Pick<Decision, 'rule'>, family: Family): boolean =>
  family !== 'claims' && family !== 'check-in'
    ? rule === 'account-refused'
    : signOf({ rule }) === 'stopped' && rule !== 'signature-refused';

/** So many failures in a row open a channel. One facility alone cannot open that of all: its own opens first. */
export const FACILITY_FAILURES = 5;
export const GATEWAY_FAILURES = 2 * FACILITY_FAILURES;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
export const PERSON_PAUSE_MS = 60 * 60_000;
/** Failures further apart than this are no row. */
const ROW_MS = 10 * 60_000;

export interface Seen {
  readonly sign: Sign;
  readonly rule: DecisionRule;
  readonly at: number;
  /** What the gateway asks for; a floor, nothing comes back earlier. */
  readonly retryAfterMs: number;
  /** Being asked to wait is enough. Not for all facilities together: it may have been said to one of them. */
  readonly opensWhenAsked: boolean;
  readonly mostFailures: number;
  /** 0 up to 1. */
  readonly random: number;
}

/** @returns the channel after that call; the same object when nothing changed */
export function afterCall(channel: Channel, seen: Seen): Channel {
  if (seen.sign === 'answered') return afterAnswer(channel, seen.at);
  const isRow = channel.state !== 'closed' || seen.at - channel.changedAt <= ROW_MS;
  const next: Channel = {
    ...channel,
    failures: isRow ? channel.failures + 1 : 1,
    since: (isRow ? channel.since : null) ?? seen.at,
    reason: seen.rule,
    changedAt: seen.at,
  };
  if (seen.sign === 'stopped')
    return { ...next, state: 'stopped', openUntil: seen.at + spread(PERSON_PAUSE_MS, seen.random) };
  // A call that had begun before the channel was closed for others tells nothing new, but may ask for a longer rest.
  if (channel.state === 'open' || channel.state === 'stopped')
    return {
      ...next,
      reason: channel.reason,
      openUntil: Math.max(channel.openUntil ?? 0, seen.at + seen.retryAfterMs),
    };
  const isAsked = seen.opensWhenAsked && seen.retryAfterMs > 0;
  const opens = channel.state === 'trial' || next.failures >= seen.mostFailures || isAsked;
  return opens ? opened(next, seen) : next;
}

function afterAnswer(channel: Channel, at: number): Channel {
  if (channel.state === 'closed' && channel.failures === 0) return channel;
  // Of a call that had begun before a person was needed: that is still so.
  if (channel.state === 'stopped') return channel;
  return { ...CLOSED, changedAt: at };
}

function opened(channel: Channel, { at, retryAfterMs, random }: Seen): Channel {
  const openings = channel.openings + 1;
  const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(openings - 1, 10));
  const pause = Math.max(backoff * (0.75 + random / 2), spread(retryAfterMs, random));
  return { ...channel, state: 'open', openings, openUntil: at + pause };
}

/** Up to a quarter longer: who was told the same moment does not come back in the same moment. */
const spread = (ms: number, random: number): number => ms * (1 + random / 4);

/** May a call go now? `until`: nobody before then. */
export function admission(
  channel: Channel,
  at: number,
): { readonly may: 'go' | 'try' } | { readonly may: 'rest'; readonly until: number } {
  if (channel.state === 'closed') return { may: 'go' };
  const until = channel.openUntil ?? 0;
  return until > at ? { may: 'rest', until } : { may: 'try' };
}

/** @param lastsMs after so long, whoever tries is certainly gone */
export const tried = (channel: Channel, at: number, lastsMs: number): Channel => ({
  ...channel,
  state: 'trial',
  openUntil: at + lastsMs,
  changedAt: at,
});

const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 15 * 60_000;

/**
 * How long one record rests before it may go again.
 * @param attempts that were made of it
 * @param random 0 up to 1
 * @returns milliseconds: an hour where a person is needed, else exponential with jitter, never less than the gateway asks for
 */
export function pauseAfter(
  { outcome, retryAfterSeconds }: Pick<Decision, 'outcome' | 'retryAfterSeconds'>,
  attempts: number,
  random: number,
): number {
  if (outcome === 'stopFacility') return PERSON_PAUSE_MS;
  const exponent = Math.max(0, Math.min(attempts - 1, 10));
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** exponent);
  return Math.max(backoff * (0.75 + random / 2), spread((retryAfterSeconds ?? 0) * 1000, random));
}
