import type { Clock, Instant } from '../platform/dates.ts';
import type { GatewayAccount } from './account.ts';
import type { Answer, Token } from './answer.ts';
import { readAnswer } from './answer.ts';
import type { Decision, Failure, GatewayCall, NextStep, Outcome } from './classify.ts';
import { classify } from './classify.ts';
import type { Exchange } from './exchange.ts';
import { createLine } from './exchange.ts';
import { type QuestionKind, type QuestionOf, questionRequest, TIME_LIMITS } from './questions.ts';
import { NO_REPLY, type ReplyTo, readReply, troubleOf } from './replies.ts';
import { FORM, formPairs, type Submission, type SubmissionKind, submissionRequest } from './submissions.ts';
import type { TokenAttempt, TokenShelf } from './tokens.ts';
import { createTokenCache } from './tokens.ts';

export interface GatewayTimeouts {
  readonly connectMs: number;
  readonly tokenMs: number;
  /** For one submission with all that belongs to it: the wait for a token, the call, its repeat with a new token. */
  readonly submitMs: number;
  /** For one question; absent: 15 seconds for a card, while somebody stands at the desk, and 60 for the others. */
  readonly askMs?: number;
}

export interface GatewayClientOptions {
  /** Scheme, host and port; a path is put before the gateway's own. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly timeouts?: Partial<GatewayTimeouts>;
  /** Address to leave from. Tokens are bound to it, so one client per address. */
  readonly localAddress?: string;
  /** Where tokens are shared with other processes that leave from the same address. */
  readonly shelf?: TokenShelf;
}

/** What became of one wish, with everything the ledger keeps. Never a token, never a password. */
export interface GatewayResult extends Decision {
  readonly outcome: Outcome;
  readonly next: NextStep;
  /** The call that decided: `token` when no session could be had and nothing else was sent. */
  readonly decidedBy: GatewayCall;
  readonly failure: Failure | null;
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly transactionId: string | null;
  readonly receivedAt: Instant | null;
  readonly message: string | null;
  /** The body as it came, cut after 64 KiB; null when none came. */
  readonly rawAnswer: string | null;
  /** How often the record itself was sent: 0, 1, or 2 after a renewed token. */
  readonly attempts: number;
  readonly tokenRenewed: boolean;
  /** Address of this machine from which the deciding call left: tokens are bound to what the gateway sees of it. */
  readonly leftFrom: string | null;
}

/** Results are data: none of these throws for anything the network or the gateway does. */
export interface GatewayClient {
  /** Makes sure there is a session (E1): shows whether the account works. */
  takeToken(account: GatewayAccount): Promise<GatewayResult>;
  /** Hands in one file, as the bytes that were stored (E2, E4, E21, E22, E24–E26). */
  submit(kind: SubmissionKind, account: GatewayAccount, submission: Submission): Promise<GatewayResult>;
  /** One claim file, `GIAMDINHHS` (E4). */
  sendClaim(account: GatewayAccount, facilityCode: string, bytes: Uint8Array): Promise<GatewayResult>;
  /** One check-in file, XML0 (E2). */
  sendCheckIn(account: GatewayAccount, facilityCode: string, bytes: Uint8Array): Promise<GatewayResult>;
  /** Asks for something that it knows (E10–E13, E17, E20): nothing is changed there. */
  ask<Kind extends QuestionKind>(question: QuestionOf<Kind>, account: GatewayAccount): Promise<ReplyTo<Kind>>;
  /** Closes idle connections. */
  close(): void;
}

const TOKEN_PATH = '/api/token/take';

const TIMEOUTS: GatewayTimeouts = { connectMs: 5_000, tokenMs: 15_000, submitMs: 60_000 };
const NOT_CALLED: Exchange = {
  bodySent: false,
  failure: 'connect',
  httpStatus: null,
  retryAfterSeconds: null,
  answer: '',
  leftFrom: null,
};
/** Share of the time limit. */
const LEAST_FOR_REPEAT = 0.25;
const RAW_ANSWER_BYTES = 64 * 1024;

/** Client of the assessment gateway, for any number of facilities. */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const timeouts: GatewayTimeouts = { ...TIMEOUTS, ...options.timeouts };
  const nowMs = () => options.clock.now().getTime();
  const line = createLine({
    baseUrl: options.baseUrl,
    connectTimeoutMs: timeouts.connectMs,
    nowMs,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  });
  const tokens = createTokenCache(take, nowMs, options.shelf);

  async function take(account: GatewayAccount): Promise<TokenAttempt> {
    const body = Buffer.from(
      formPairs({ username: account.username, password: account.passwordMd5 }),
      'latin1',
    );
    const exchange = await line.post(TOKEN_PATH, { 'Content-Type': FORM }, body, timeouts.tokenMs);
    const answer = readAnswer(exchange.answer);
    const decision = classify(observe('token', exchange, answer, answer.token?.idToken ?? null, false));
    const { httpStatus, failure, leftFrom } = exchange;
    const raw = {
      httpStatus,
      code: answer.code,
      message: answer.message,
      rawAnswer: withoutSecrets(exchange.answer),
    };
    return { token: decision.outcome === 'received' ? answer.token : null, decision, failure, leftFrom, raw };
  }

  /** Calls with a token; where that one is refused, once more with a new one. */
  async function inSession<T>(
    account: GatewayAccount,
    call: (token: Token, isRenewed: boolean) => Promise<T>,
    isRefused: (result: T) => boolean,
    without: (attempt: TokenAttempt, attempts: number, isRenewed: boolean) => T,
  ): Promise<T> {
    const first = await tokens.get(account);
    if (first.token === null) return without(first, 0, false);
    const answered = await call(first.token, false);
    if (!isRefused(answered)) return answered;
    const second = await tokens.replace(account, first.token);
    if (second.token === null) return without(second, 1, true);
    return call(second.token, true);
  }

  const submit: GatewayClient['submit'] = (kind, account, submission) => {
    const endsAt = performance.now() + timeouts.submitMs;
    const leftMs = () => endsAt - performance.now();
    return inSession(
      account,
      async (token, isRenewed) => {
        // This process was held up: whoever believes us gone may send meanwhile.
        if (leftMs() <= 0) return submissionResult(kind, NOT_CALLED, isRenewed);
        const { path, headers, body } = submissionRequest(kind, account, token, submission);
        return submissionResult(kind, await line.post(path, headers, body, leftMs()), isRenewed);
      },
      // Whoever believes us gone after the time limit sends again: with too little left for a repeat there is none.
      ({ next }) => next === 'renew-token' && leftMs() > timeouts.submitMs * LEAST_FOR_REPEAT,
      tokenResult,
    );
  };

  const ask: GatewayClient['ask'] = (question, account) =>
    inSession(
      account,
      async (token) => {
        const { path, headers, body } = questionRequest(question, account, token);
        return readReply<typeof question.kind>(
          question.kind,
          await line.post(path, headers, body, timeouts.askMs ?? TIME_LIMITS[question.kind]),
        );
      },
      ({ trouble }) => trouble === 'session',
      ({ decision, raw }) => ({
        ...NO_REPLY,
        trouble: troubleOf(decision),
        raw: raw.rawAnswer,
        way: decision,
      }),
    );

  return {
    takeToken: async (account) => tokenResult(await tokens.get(account), 0, false),
    submit,
    sendClaim: (account, facilityCode, bytes) => submit('claim', account, { facilityCode, bytes }),
    sendCheckIn: (account, facilityCode, bytes) => submit('checkIn', account, { facilityCode, bytes }),
    ask,
    close: () => line.close(),
  };
}

function observe(
  call: GatewayCall,
  exchange: Exchange,
  answer: Answer,
  reference: string | null,
  sessionRenewed: boolean,
) {
  const { bodySent, failure, httpStatus, retryAfterSeconds } = exchange;
  return {
    call,
    bodySent,
    failure,
    httpStatus,
    code: answer.code,
    reference,
    retryAfterSeconds,
    sessionRenewed,
  };
}

function submissionResult(call: SubmissionKind, exchange: Exchange, renewed: boolean): GatewayResult {
  const answer = readAnswer(exchange.answer);
  return {
    ...classify(observe(call, exchange, answer, answer.transactionId, renewed)),
    decidedBy: call,
    failure: exchange.failure,
    httpStatus: exchange.httpStatus,
    code: answer.code,
    transactionId: answer.transactionId,
    receivedAt: answer.receivedAt,
    message: answer.message,
    rawAnswer: cut(exchange.answer),
    attempts: renewed ? 2 : 1,
    tokenRenewed: renewed,
    leftFrom: exchange.leftFrom,
  };
}

/** The result of a token call: the whole answer to `takeToken`, or why a record could not be sent (again). */
function tokenResult(attempt: TokenAttempt, attempts: number, tokenRenewed: boolean): GatewayResult {
  return {
    ...attempt.decision,
    ...attempt.raw,
    decidedBy: 'token',
    failure: attempt.failure,
    leftFrom: attempt.leftFrom,
    transactionId: null,
    receivedAt: null,
    attempts,
    tokenRenewed,
  };
}

function cut(answer: string): string | null {
  if (answer === '') return null;
  const bytes = Buffer.from(answer);
  return bytes.length <= RAW_ANSWER_BYTES ? answer : bytes.subarray(0, RAW_ANSWER_BYTES).toString('utf8');
}

function withoutSecrets(answer: string): string | null {
  return cut(answer.replace(/("(?:access_token|id_token)"\s*:\s*")[^"]*/gi, '$1…'));
}
