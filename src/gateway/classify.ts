import type { SubmissionKind } from './submissions.ts';

/**
 * What one call to the gateway told us, and what to do next. One pure table for every call; nothing else in the system
 * looks at an HTTP status or at `maKetQua`.
 */

export type GatewayCall = 'token' | SubmissionKind;

/** How a call broke when no whole answer came back. `connect` covers name, TCP and TLS failures. */
export type Failure = 'connect' | 'timeout' | 'reset' | 'truncated' | 'garbled';

/** Everything the decision may depend on. */
export interface Observation {
  readonly call: GatewayCall;
  /** Every byte of the body was handed to the network: from here on the far side may have acted. */
  readonly bodySent: boolean;
  readonly failure: Failure | null;
  readonly httpStatus: number | null;
  /** `maKetQua` as text; null when the answer was empty, HTML or otherwise unreadable. */
  readonly code: string | null;
  /** `maGiaoDich`; for the token call: whether a usable token came, as its id. */
  readonly reference: string | null;
  readonly retryAfterSeconds: number | null;
  /** This was the one repeat after a new token. */
  readonly sessionRenewed: boolean;
}

/**
 * - `received`: the gateway has the record (not: finds it correct)
 * - `refused`: it has not, and these bytes will never be taken
 * - `notSent`: it has not, the same bytes may go again
 * - `unknown`: nobody can tell from here
 * - `stopFacility`: it has not, and nothing of this facility will be taken until a person acts
 */
export type Outcome = 'received' | 'refused' | 'notSent' | 'unknown' | 'stopFacility';

export type NextStep =
  | 'done'
  | 'done-and-alert'
  /** exponential back-off with jitter, not before `retryAfterSeconds` */
  | 'retry-later'
  /** ask the gateway or the portal first; otherwise the identical bytes again after a delay */
  | 'find-out-then-resend'
  /** what was taken stays taken and nothing replaces it: a person looks before anything goes again */
  | 'ask-person'
  | 'renew-token'
  /** a person corrects the data; never repeated by itself */
  | 'correct'
  /** the facility's certificate or signing key needs a person */
  | 'stop-signing'
  | 'stop-facility'
  /** keep the raw answer, a person decides */
  | 'park';

/** The row of the table that spoke; its words are `gateway.rule.<id>` in the message catalogue. */
export type DecisionRule =
  | 'token-taken'
  | 'token-not-obtained'
  | 'account-refused'
  | 'not-reached'
  | 'busy'
  | 'unclear'
  | 'unclear-paper'
  | 'received'
  | 'received-without-reference'
  | 'session-refused'
  | 'session-refused-twice'
  | 'content-refused'
  | 'signature-refused'
  | 'facility-refused'
  | 'unknown-answer';

export interface Decision {
  readonly rule: DecisionRule;
  readonly outcome: Outcome;
  readonly next: NextStep;
  readonly retryAfterSeconds: number | null;
}

const ROWS: Readonly<Record<DecisionRule, readonly [Outcome, NextStep]>> = {
  'token-taken': ['received', 'done'],
  'token-not-obtained': ['notSent', 'retry-later'],
  'account-refused': ['stopFacility', 'stop-facility'],
  'not-reached': ['notSent', 'retry-later'],
  busy: ['notSent', 'retry-later'],
  unclear: ['unknown', 'find-out-then-resend'],
  'unclear-paper': ['unknown', 'ask-person'],
  received: ['received', 'done'],
  'received-without-reference': ['received', 'done-and-alert'],
  'session-refused': ['notSent', 'renew-token'],
  'session-refused-twice': ['stopFacility', 'stop-facility'],
  'content-refused': ['refused', 'correct'],
  'signature-refused': ['stopFacility', 'stop-signing'],
  'facility-refused': ['stopFacility', 'stop-facility'],
  'unknown-answer': ['unknown', 'park'],
};

/** The gateway knows no key of these papers: sent twice is there twice. */
const NEVER_TWICE: ReadonlySet<GatewayCall> = new Set(['certificates', 'deathNotice', 'birthCertificate']);

/** Codes that judge the data: only 123, 124, 201, 202, 204, 205 and 1001 are in the sender's table, 10 and 400 in the code list. */
const CONTENT_CODES = new Set(['10', '123', '124', '201', '202', '204', '205', '400', '1001']);
const FACILITY_CODES = new Set(['402', '403']);
const UNCLEAR_CODES = new Set(['408', '500']);
const UNCLEAR_STATUS = new Set([408, 500, 502, 504]);

/**
 * The sender's decision table.
 * @returns received or not, and the next step; never throws, an answer nobody has seen before is parked
 * @source VSS guide for QĐ 3176 (codes 200, 401, 403), CV 3220 PL02 and TT12/2026 (the other codes, by analogy)
 */
export function classify(seen: Observation): Decision {
  const found = seen.call === 'token' ? tokenRule(seen) : submissionRule(seen);
  const rule = found === 'unclear' && NEVER_TWICE.has(seen.call) ? 'unclear-paper' : found;
  const [outcome, next] = ROWS[rule];
  return { rule, outcome, next, retryAfterSeconds: next === 'retry-later' ? seen.retryAfterSeconds : null };
}

/** Without a token no claim was sent, so nothing here is ever `unknown`. */
function tokenRule(seen: Observation): DecisionRule {
  if (seen.failure !== null) return 'token-not-obtained';
  if (seen.code === '200') return seen.reference === null ? 'token-not-obtained' : 'token-taken';
  if (seen.code !== null) return UNCLEAR_CODES.has(seen.code) ? 'token-not-obtained' : 'account-refused';
  return seen.httpStatus === 401 || seen.httpStatus === 403 ? 'account-refused' : 'token-not-obtained';
}

function submissionRule(seen: Observation): DecisionRule {
  // A body that did not leave completely cannot be taken: its length was announced.
  if (seen.failure !== null) return seen.failure !== 'connect' && seen.bodySent ? 'unclear' : 'not-reached';
  if (seen.code !== null) return ruleOfCode(seen.code, seen);
  return ruleOfStatus(seen);
}

/** `maKetQua` decides, whatever the HTTP status says. */
function ruleOfCode(code: string, seen: Observation): DecisionRule {
  if (code === '200') return seen.reference === null ? 'received-without-reference' : 'received';
  if (code === '401') return sessionRule(seen);
  if (code === '125') return 'signature-refused';
  if (CONTENT_CODES.has(code)) return 'content-refused';
  if (FACILITY_CODES.has(code)) return 'facility-refused';
  return UNCLEAR_CODES.has(code) ? 'unclear' : 'unknown-answer';
}

function ruleOfStatus(seen: Observation): DecisionRule {
  const status = seen.httpStatus ?? 0;
  if (status === 401) return sessionRule(seen);
  if (status === 403) return 'facility-refused';
  if (status === 413) return 'content-refused';
  if (status === 429 || status === 503) return 'busy';
  // 2xx without a readable body: a proxy may have cut the answer of a record that was taken.
  if (UNCLEAR_STATUS.has(status) || (status >= 200 && status < 300)) return 'unclear';
  return status > 500 ? 'unclear' : 'unknown-answer';
}

function sessionRule(seen: Observation): DecisionRule {
  return seen.sessionRenewed ? 'session-refused-twice' : 'session-refused';
}
