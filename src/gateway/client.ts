import type { Clock, Instant } from '../platform/dates.ts';
import type { Answer, Token } from './answer.ts';
import { readAnswer } from './answer.ts';
import type { Decision, Failure, GatewayCall, NextStep, Outcome } from './classify.ts';
import { classify } from './classify.ts';
import type { Exchange } from './exchange.ts';
import { createLine } from './exchange.ts';
import type { GatewayAccount, TokenAttempt } from './tokens.ts';
import { createTokenCache } from './tokens.ts';

export interface GatewayTimeouts {
  readonly connectMs: number;
  readonly tokenMs: number;
  readonly submitMs: number;
}

export interface GatewayClientOptions {
  /** Scheme, host and port; a path is put before the gateway's own. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly timeouts?: Partial<GatewayTimeouts>;
  /** Address to leave from. Tokens are bound to it, so one client per address. */
  readonly localAddress?: string;
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
}

/** Results are data: none of these throws for anything the network or the gateway does. */
export interface GatewayClient {
  /** Makes sure there is a session (E1): shows whether the account works. */
  takeToken(account: GatewayAccount): Promise<GatewayResult>;
  /** One claim file, `GIAMDINHHS`, as the bytes that were stored (E4). */
  sendClaim(account: GatewayAccount, facilityCode: string, bytes: Uint8Array): Promise<GatewayResult>;
  /** One check-in file, XML0 (E2). */
  sendCheckIn(account: GatewayAccount, facilityCode: string, bytes: Uint8Array): Promise<GatewayResult>;
  /** Closes idle connections. */
  close(): void;
}

const TOKEN_PATH = '/api/token/take';
const SUBMISSIONS = {
  checkIn: { path: '/api/qd130/checkInKcbQd3176', recordType: '0' },
  claim: { path: '/api/qd130/guiHoSoXmlQD3176', recordType: '130' },
} as const;
type Submission = keyof typeof SUBMISSIONS;

const TIMEOUTS: GatewayTimeouts = { connectMs: 5_000, tokenMs: 15_000, submitMs: 60_000 };
const RAW_ANSWER_BYTES = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** Client of the assessment gateway's session, check-in and claim calls, for any number of facilities. */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const nowMs = () => options.clock.now().getTime();
  const line = createLine({
    baseUrl: options.baseUrl,
    connectTimeoutMs: timeouts.connectMs,
    nowMs,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  });
  const tokens = createTokenCache(take, nowMs);

  async function take(account: GatewayAccount): Promise<TokenAttempt> {
    const body = Buffer.from(
      formPairs({ username: account.username, password: account.passwordMd5 }),
      'latin1',
    );
    const exchange = await line.post(TOKEN_PATH, { 'Content-Type': FORM }, body, timeouts.tokenMs);
    const answer = readAnswer(exchange.answer);
    const decision = classify(observe('token', exchange, answer, answer.token?.idToken ?? null, false));
    const { httpStatus, failure } = exchange;
    const raw = {
      httpStatus,
      code: answer.code,
      message: answer.message,
      rawAnswer: withoutSecrets(exchange.answer),
    };
    return { token: decision.outcome === 'received' ? answer.token : null, decision, failure, raw };
  }

  async function submit(call: Submission, account: GatewayAccount, facility: string, bytes: Uint8Array) {
    const first = await tokens.get(account);
    if (first.token === null) return tokenResult(first, 0, false);
    const body = submissionBody(call, account, facility, bytes);
    const answered = await send(call, account, first.token, body, false);
    if (answered.next !== 'renew-token') return answered;
    const second = await tokens.replace(account, first.token);
    if (second.token === null) return tokenResult(second, 1, true);
    return send(call, account, second.token, body, true);
  }

  async function send(
    call: Submission,
    account: GatewayAccount,
    token: Token,
    body: Buffer,
    renewed: boolean,
  ) {
    const headers = {
      'Content-Type': FORM,
      accessToken: token.accessToken,
      tokenId: token.idToken,
      passwordHash: account.passwordMd5,
    };
    const exchange = await line.post(SUBMISSIONS[call].path, headers, body, timeouts.submitMs);
    return submissionResult(call, exchange, renewed);
  }

  return {
    takeToken: async (account) => tokenResult(await tokens.get(account), 0, false),
    sendClaim: (account, facilityCode, bytes) => submit('claim', account, facilityCode, bytes),
    sendCheckIn: (account, facilityCode, bytes) => submit('checkIn', account, facilityCode, bytes),
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

function submissionResult(call: Submission, exchange: Exchange, renewed: boolean): GatewayResult {
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
  };
}

/** The result of a token call: the whole answer to `takeToken`, or why a record could not be sent (again). */
function tokenResult(attempt: TokenAttempt, attempts: number, tokenRenewed: boolean): GatewayResult {
  return {
    ...attempt.decision,
    ...attempt.raw,
    decidedBy: 'token',
    failure: attempt.failure,
    transactionId: null,
    receivedAt: null,
    attempts,
    tokenRenewed,
  };
}

function submissionBody(
  call: Submission,
  account: GatewayAccount,
  facility: string,
  bytes: Uint8Array,
): Buffer {
  const fields = formPairs({
    username: account.username,
    loaiHoSo: SUBMISSIONS[call].recordType,
    maTinh: facility.slice(0, 2),
    maCSKCB: facility,
  });
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  // An unescaped `+` would arrive as a blank and corrupt the file silently. Base64 has only these three to escape,
  // and three replacements are ten times faster on a whole file than encodeURIComponent.
  const escaped = file.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');
  return Buffer.from(`${fields}&fileHSBase64=${escaped}`, 'latin1');
}

function formPairs(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

function cut(answer: string): string | null {
  if (answer === '') return null;
  const bytes = Buffer.from(answer);
  return bytes.length <= RAW_ANSWER_BYTES ? answer : bytes.subarray(0, RAW_ANSWER_BYTES).toString('utf8');
}

function withoutSecrets(answer: string): string | null {
  return cut(answer.replace(/("(?:access_token|id_token)"\s*:\s*")[^"]*/gi, '$1…'));
}
