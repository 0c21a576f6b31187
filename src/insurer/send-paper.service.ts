import {
  certificateInUse,
  isInTime,
  noteOutcome,
  readAccount,
  signingFacility,
  wirePassword,
  workerContext,
} from '../exports/index.ts';
import type { GatewayAccount } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { SigningError, signFiles } from '../signatures/index.ts';
import { type InsurerDependencies, later } from './context.ts';
import {
  appendPaperEvent,
  eventsSince,
  findPaperDocument,
  insertDocument,
  lockPaper,
  type PaperAtWork,
  type PaperEvent,
} from './paper.repo.ts';
import { isNews, LATE_ANSWER, type PaperState, pauseAfter, stateAfter } from './paper.ts';
import { followReceived } from './received.service.ts';
import { beginWork, endWork, listWork, lockDueWork, postponeWork } from './work.repo.ts';

const SIGN_PASSING_MS = 2 * 60_000;
const SIGN_PERSON_MS = 60 * 60_000;
const NO_ACCOUNT_MS = 60 * 60_000;
const HELD_UP_MS = 1_000;

interface Attempt {
  readonly paper: PaperAtWork;
  readonly account: GatewayAccount;
  readonly facilityCode: string;
  readonly document: { readonly sha256: string; readonly bytes: Buffer };
  readonly attempts: number;
  /** Of its event `sending`. */
  readonly sequence: number;
  /** `performance.now()` before the moment that its event `sending` names. */
  readonly begunMs: number;
  /** That moment. */
  readonly begunAt: Date;
}

/**
 * Signs a paper once and sends it: writes down that it is about to, calls, writes down what came of it. Whoever finds
 * that it was about to and nothing more calls it unclear, and leaves it to a person.
 */
export async function sendPaper(deps: InsurerDependencies, facilityId: Id, paperId: Id): Promise<void> {
  const context = workerContext(facilityId, `paper-${paperId}`);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  if (deps.signer && !(await signOnce(deps, inTransaction, facilityId, paperId))) return;
  const attempt = await inTransaction((tx) => begin(tx, deps, facilityId, paperId));
  if (!attempt) return;
  const { paper, account, facilityCode, document } = attempt;
  if (!isInTime(attempt.begunMs, performance.now(), deps.leaseMarginMs)) {
    // Its lease may end while it calls, and somebody else send. It has not called, and says so.
    const heldUp = { type: 'notSent', cause: 'held-up' } as const;
    await inTransaction((tx) => record(tx, deps, facilityId, attempt, heldUp, HELD_UP_MS));
    return;
  }
  const result = await deps.gateway.submit(paper.kind, account, {
    facilityCode,
    bytes: document.bytes,
    ...(paper.period === null ? {} : { period: paper.period }),
  });
  const { httpStatus, code: resultCode, transactionId, receivedAt, rawAnswer, rule: cause } = result;
  const outcome = {
    type: stateAfter(result),
    cause,
    httpStatus,
    resultCode,
    transactionId,
    receivedAt,
    rawAnswer,
  };
  await inTransaction(async (tx) => {
    const pauseMs = pauseAfter(result, attempt.attempts);
    if (await record(tx, deps, facilityId, attempt, outcome, pauseMs))
      await noteOutcome(tx, deps, facilityId, 'papers', result);
  });
  if (outcome.type === 'unclear')
    deps.log.error({ facilityId, paperId, kind: paper.kind, alert: 'paper-unclear' }, 'a person must look');
}

type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** @returns whether to go on: there is a signed document, or a call of an unsigned one to account for */
async function signOnce(
  deps: InsurerDependencies,
  inTransaction: InTransaction,
  facilityId: Id,
  paperId: Id,
): Promise<boolean> {
  const waiting = await inTransaction(async (tx) => {
    const paper = await lockPaper(tx, facilityId, paperId);
    const due = await lockDueWork(tx, 'paper', facilityId, paperId, await deps.ledgerTime(tx));
    if (due === undefined) return 'done';
    if (await findPaperDocument(tx, facilityId, paperId, 'signed')) return 'signed';
    // It went out unsigned, before signatures were switched on: what came of that call comes first.
    if (paper?.state === 'sending') return 'signed';
    const unsigned = await findPaperDocument(tx, facilityId, paperId, 'unsigned');
    return unsigned ? { bytes: unsigned.bytes, found: await certificateInUse(tx, facilityId) } : 'done';
  });
  if (typeof waiting === 'string') return waiting === 'signed';
  const now = deps.clock.now();
  try {
    const { facilityCode, certificate } = signingFacility(waiting.found);
    const [file] = await signFiles(deps.signer!, facilityCode, certificate, [waiting.bytes], now);
    if (!file) throw new SigningError('not-plain');
    const bytes = Buffer.concat([file.head, file.ending]);
    return await inTransaction((tx) => storeSigned(tx, facilityId, paperId, bytes, certificate.serial, now));
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    await inTransaction((tx) => noteNotSigned(tx, deps, facilityId, paperId, error));
    deps.log.error({ facilityId, paperId, obstacle: error.obstacle }, 'paper is not signed');
    return false;
  }
}

/** @returns false when somebody else signed it meanwhile: theirs is the one */
async function storeSigned(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  bytes: Buffer,
  certificateSerial: string,
  now: Date,
): Promise<boolean> {
  const paper = await lockPaper(tx, facilityId, paperId);
  if (!isToSign(paper?.state)) return false;
  const hash = sha256(bytes);
  await insertDocument(tx, facilityId, paperId, { kind: 'signed', sha256: hash, bytes, certificateSerial });
  await appendPaperEvent(tx, facilityId, paperId, {
    type: 'signed',
    at: now.toISOString(),
    cause: certificateSerial,
    documentSha256: hash,
  });
  return true;
}

/** Also one that a person has sent again after a restore that forgot the signed file. */
const isToSign = (state: PaperState | undefined): boolean =>
  state === 'built' || state === 'notSigned' || state === 'notSent' || state === 'resend';

async function noteNotSigned(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  paperId: Id,
  error: SigningError,
): Promise<void> {
  const paper = await lockPaper(tx, facilityId, paperId);
  // Somebody else signed it meanwhile, and may be sending it.
  if (!isToSign(paper?.state) || (await findPaperDocument(tx, facilityId, paperId, 'signed'))) return;
  const now = await deps.ledgerTime(tx);
  if (paper?.state !== 'notSigned')
    await appendPaperEvent(tx, facilityId, paperId, {
      type: 'notSigned',
      at: now.toISOString(),
      cause: error.obstacle,
    });
  const pause = error.mayPass ? SIGN_PASSING_MS : SIGN_PERSON_MS;
  await beginWork(tx, 'paper', facilityId, paperId, later(now, pause));
}

async function begin(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  paperId: Id,
): Promise<Attempt | null> {
  // Always the paper before its work: whoever takes them the other way round waits for us, and we for them.
  const paper = await lockPaper(tx, facilityId, paperId);
  const [begunMs, now] = [performance.now(), await deps.ledgerTime(tx)];
  const attempts = paper && (await lockDueWork(tx, 'paper', facilityId, paperId, now));
  if (attempts === undefined || !paper) return null;
  if (paper.state === 'sending') {
    // The lease is over and nobody wrote what came of the call: it may have arrived.
    const unclear = { type: 'unclear', at: now.toISOString(), cause: 'no-outcome-recorded' } as const;
    await appendPaperEvent(tx, facilityId, paperId, unclear);
    await endWork(tx, 'paper', facilityId, paperId);
    deps.log.error({ facilityId, paperId, kind: paper.kind, alert: 'paper-unclear' }, 'a person must look');
    return null;
  }
  if (!(deps.signer ? SENDABLE : SENDABLE_UNSIGNED).has(paper.state)) {
    await endWork(tx, 'paper', facilityId, paperId);
    return null;
  }
  const signed = await findPaperDocument(tx, facilityId, paperId, 'signed');
  const document = signed ?? (await findPaperDocument(tx, facilityId, paperId, 'unsigned'));
  const account = await readAccount(tx, facilityId);
  if (!document || !account) {
    await postponeWork(tx, 'paper', facilityId, paperId, later(now, NO_ACCOUNT_MS));
    deps.log.error({ facilityId, paperId }, 'paper cannot be sent: no gateway account');
    return null;
  }
  const lease = deps.submitTimeoutMs + deps.leaseMarginMs;
  await beginWork(tx, 'paper', facilityId, paperId, later(now, lease));
  const sequence = await appendPaperEvent(tx, facilityId, paperId, {
    type: 'sending',
    at: now.toISOString(),
    cause: paper.state === 'resend' ? 'resend-same-bytes' : paper.state === 'notSent' ? 'retry' : 'first',
    documentSha256: document.sha256,
  });
  const { username, sealed, facilityCode } = account;
  const passwordMd5 = wirePassword(deps.secrets.open(sealed));
  const sender = { account: { username, passwordMd5 }, facilityCode };
  return { ...sender, paper, document, attempts, sequence, begunMs, begunAt: now };
}

const SENDABLE: ReadonlySet<string> = new Set(['signed', 'notSent', 'resend']);
/** Where nothing is signed at all. */
const SENDABLE_UNSIGNED: ReadonlySet<string> = new Set([...SENDABLE, 'built']);

/**
 * Writes down what came of a call, once its paper and what was written since are known; nothing is thrown away.
 * @param pauseMs before a paper that was not sent is tried again
 * @returns whether it is what the paper is now
 */
async function record(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  { paper, document, sequence, begunMs, begunAt }: Attempt,
  outcome: Omit<PaperEvent, 'type' | 'at'> & { readonly type: PaperState },
  pauseMs: number,
): Promise<boolean> {
  await lockPaper(tx, facilityId, paper.id);
  const now = new Date(begunAt.getTime() + performance.now() - begunMs);
  const since = await eventsSince(tx, facilityId, paper.id, sequence);
  const event = { ...outcome, at: now.toISOString(), documentSha256: document.sha256 };
  const { type, cause, transactionId } = outcome;
  if (!isNews(since, type)) {
    await appendPaperEvent(tx, facilityId, paper.id, { ...event, type: LATE_ANSWER });
    const wasSentAgain = since.includes('sending');
    const what = { facilityId, paperId: paper.id, kind: paper.kind, outcome: type, cause, transactionId };
    deps.log[type === 'received' && wasSentAgain ? 'error' : 'warn'](
      { ...what, wasSentAgain },
      'late answer',
    );
    return false;
  }
  await appendPaperEvent(tx, facilityId, paper.id, event);
  if (type === 'notSent') await listWork(tx, 'paper', facilityId, paper.id, later(now, pauseMs));
  else await endWork(tx, 'paper', facilityId, paper.id);
  if (type === 'received') await followReceived(tx, facilityId, paper, now);
  return true;
}
