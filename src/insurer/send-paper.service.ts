import {
  certificateInUse,
  noteOutcome,
  readAccount,
  signingFacility,
  wirePassword,
  workerContext,
} from '../exports/index.ts';
import type { GatewayAccount, GatewayResult } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { SigningError, signFiles } from '../signatures/index.ts';
import { type InsurerDependencies, later } from './context.ts';
import {
  appendPaperEvent,
  findPaperDocument,
  insertDocument,
  lockPaper,
  type PaperAtWork,
} from './paper.repo.ts';
import { pauseAfter, stateAfter } from './paper.ts';
import { followReceived } from './received.service.ts';
import { beginWork, endWork, lockDueWork, postponeWork } from './work.repo.ts';

const SIGN_PASSING_MS = 2 * 60_000;
const SIGN_PERSON_MS = 60 * 60_000;
const NO_ACCOUNT_MS = 60 * 60_000;

interface Attempt {
  readonly paper: PaperAtWork;
  readonly account: GatewayAccount;
  readonly facilityCode: string;
  readonly document: { readonly sha256: string; readonly bytes: Buffer };
  readonly attempts: number;
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
  const result = await deps.gateway.submit(paper.kind, account, {
    facilityCode,
    bytes: document.bytes,
    ...(paper.period === null ? {} : { period: paper.period }),
  });
  await inTransaction((tx) => end(tx, deps, facilityId, attempt, result));
  if (stateAfter(result) === 'unclear')
    deps.log.error({ facilityId, paperId, kind: paper.kind, alert: 'paper-unclear' }, 'a person must look');
}

type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** @returns whether there is a signed document now */
async function signOnce(
  deps: InsurerDependencies,
  inTransaction: InTransaction,
  facilityId: Id,
  paperId: Id,
): Promise<boolean> {
  const waiting = await inTransaction(async (tx) => {
    if ((await lockDueWork(tx, 'paper', facilityId, paperId, deps.clock.now())) === undefined) return 'done';
    if (await findPaperDocument(tx, facilityId, paperId, 'signed')) return 'signed';
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
    await inTransaction((tx) => noteNotSigned(tx, facilityId, paperId, error, now));
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
  if (paper?.state !== 'built' && paper?.state !== 'notSigned') return false;
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

async function noteNotSigned(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  error: SigningError,
  now: Date,
): Promise<void> {
  const paper = await lockPaper(tx, facilityId, paperId);
  if (paper?.state === 'built')
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
  const now = deps.clock.now();
  const attempts = await lockDueWork(tx, 'paper', facilityId, paperId, now);
  const paper = attempts === undefined ? undefined : await lockPaper(tx, facilityId, paperId);
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
  await appendPaperEvent(tx, facilityId, paperId, {
    type: 'sending',
    at: now.toISOString(),
    cause: paper.state === 'resend' ? 'resend-same-bytes' : paper.state === 'notSent' ? 'retry' : 'first',
    documentSha256: document.sha256,
  });
  const { username, sealed, facilityCode } = account;
  const passwordMd5 = wirePassword(deps.secrets.open(sealed));
  return { paper, account: { username, passwordMd5 }, facilityCode, document, attempts };
}

const SENDABLE: ReadonlySet<string> = new Set(['signed', 'notSent', 'resend']);
/** Where nothing is signed at all. */
const SENDABLE_UNSIGNED: ReadonlySet<string> = new Set([...SENDABLE, 'built']);

async function end(
  tx: Transaction,
  deps: InsurerDependencies,
  facilityId: Id,
  { paper, document, attempts }: Attempt,
  result: GatewayResult,
): Promise<void> {
  const now = deps.clock.now();
  // Too late: after the lease somebody else called it unclear, and a person decides.
  if ((await lockPaper(tx, facilityId, paper.id))?.state !== 'sending') return;
  const state = stateAfter(result);
  await appendPaperEvent(tx, facilityId, paper.id, {
    type: state,
    at: now.toISOString(),
    cause: result.rule,
    documentSha256: document.sha256,
    httpStatus: result.httpStatus,
    resultCode: result.code,
    transactionId: result.transactionId,
    receivedAt: result.receivedAt,
    rawAnswer: result.rawAnswer,
  });
  if (state === 'notSent')
    await postponeWork(tx, 'paper', facilityId, paper.id, later(now, pauseAfter(result, attempts)));
  else await endWork(tx, 'paper', facilityId, paper.id);
  if (state === 'received') await followReceived(tx, facilityId, paper, now);
  await noteOutcome(tx, deps, facilityId, 'papers', result);
}
