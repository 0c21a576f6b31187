import { createHash } from 'node:crypto';
import {
  appendEvent,
  type ClaimEvent,
  type ClaimEventType,
  type ClaimKey,
  type DocumentKind,
  documentBytes,
  findDocument,
  listVersions,
  type VersionRow,
} from '../claims/index.ts';
import { type GatewayAccount, type GatewayResult, pauseAfter } from '../gateway/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import { type Transaction, withCommit } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { signEntry } from './batch.service.ts';
import { egressOf, isUnremarkable, noteOutcome } from './channel.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import { followEvent, openAdjustmentTask } from './corrections/correction.service.ts';
import { isInTime, mayBegin, type NotSent, outcomeType, recordingOf, stateOf } from './decide.ts';
import { readAccount } from './export.repo.ts';
import { findOut, type InTransaction, type Unclear } from './find-out.service.ts';
import { followNotSent } from './not-sent.service.ts';
import { appendReplaced } from './replaced.ts';
import { finishWork, lockWork, postponeWork } from './work.repo.ts';

const FACILITY_PAUSE_MS = 60 * 60_000;

export type SendReport = 'received' | 'refused' | 'unknown' | 'notSent' | 'parked' | 'skipped';

interface Attempt {
  readonly key: ClaimKey;
  readonly facilityCode: string;
  /** `performance.now()` before the moment that its event `sending` names. */
  readonly begunMs: number;
  /** That moment. */
  readonly begunAt: Date;
  /** Of its event `sending`. */
  readonly sequence: number;
  readonly attempts: number;
  /** All versions of the visit as they stood when it began. */
  readonly versions: readonly VersionRow[];
  readonly account: GatewayAccount;
  readonly bytes: Buffer;
  readonly kind: DocumentKind;
  readonly sha256: string;
}

/**
 * Sends one claim version: writes down that it is about to, calls, writes down what came of it. Whatever happens in
 * between, the version stays on the work list, and the sweep finds it.
 */
export async function sendClaim(
  deps: ExportDependencies,
  facilityId: Id,
  encounterId: Id,
  number: number,
): Promise<SendReport> {
  const context = workerContext(facilityId, `send-${encounterId}-${number}`);
  const inTransaction: InTransaction = (work) => deps.database.transaction(context, work);
  const key = { facilityId, encounterId, number };
  let begun = await begin(deps, inTransaction, key, true);
  if (begun && !('bytes' in begun)) {
    if (await findOut(deps, inTransaction, begun)) return 'received';
    begun = await begin(deps, inTransaction, key, false);
  }
  return begun && 'bytes' in begun ? callAndRecord(deps, inTransaction, begun) : 'skipped';
}

/** @param mayAsk a claim with an unclear end is to be asked about first, where that can be done */
async function begin(
  deps: ExportDependencies,
  inTransaction: InTransaction,
  key: ClaimKey,
  mayAsk: boolean,
): Promise<Attempt | Unclear | null> {
  try {
    return await inTransaction((tx) => beginAttempt(tx, deps, key, mayAsk));
  } catch (error) {
    // Another worker appended the same event first: it is the one that sends.
    if (isDatabaseError(error, '23505')) return null;
    throw error;
  }
}

async function callAndRecord(
  deps: ExportDependencies,
  inTransaction: InTransaction,
  begun: Attempt,
): Promise<SendReport> {
  const { facilityId, encounterId } = begun.key;
  if (!isInTime(begun.begunMs, performance.now(), deps.leaseMarginMs)) {
    deps.log.warn(
      { ...begun.key },
      'began to send and was held up: it is sent again when its lease has passed',
    );
    return 'skipped';
  }
  const result = await deps.gateway.sendClaim(begun.account, begun.facilityCode, begun.bytes);
  try {
    return await inTransaction((tx) => recordOutcome(tx, deps, begun, begun.versions, result));
  } catch (error) {
    if (!isDatabaseError(error, '23505')) throw error;
    // The history has gone on since it began: what the answer adds to it is decided anew, with the work locked.
    return inTransaction(async (tx) => {
      await lockWork(tx, facilityId, encounterId);
      return recordOutcome(tx, deps, begun, await listVersions(tx, facilityId, encounterId), result);
    });
  }
}

async function beginAttempt(
  tx: Transaction,
  deps: ExportDependencies,
  key: ClaimKey,
  mayAsk: boolean,
): Promise<Attempt | Unclear | null> {
  const { facilityId, encounterId, number } = key;
  const onList = (await lockWork(tx, facilityId, encounterId))?.number;
  const versions = onList === number ? await listVersions(tx, facilityId, encounterId) : [];
  const [begunMs, now] = [performance.now(), await deps.ledgerTime(tx)];
  const leaseMs = deps.submitTimeoutMs + deps.leaseMarginMs;
  const beginning = mayBegin(number, onList, versions, now, leaseMs, deps.quietMs);
  if (beginning.may === 'wait')
    await postponeWork(tx, facilityId, encounterId, beginning.until.toISOString());
  if (beginning.may === 'hold') await keepBack(tx, deps, key, versions, beginning.assessed, now);
  if (beginning.may !== 'send') return null;
  for (const gone of versions.filter((one) => beginning.gone.includes(one.number)))
    await appendEvent(tx, { ...key, number: gone.number }, givenUp(gone, now));
  const known = versions.map((one) =>
    beginning.gone.includes(one.number) ? afterwards(one, 'unknown') : one,
  );
  const own = known.find((one) => one.number === number)!;
  const type = stateOf(own);
  const document = await findDocument(tx, key);
  const stored = await readAccount(tx, facilityId);
  if (!document || !stored) {
    await postponeWork(tx, facilityId, encounterId, later(now, FACILITY_PAUSE_MS));
    deps.log.error(
      { facilityId, encounterId, missing: stored ? 'document' : 'gateway account' },
      'claim cannot be sent',
    );
    return null;
  }
  if (deps.signer && document.kind !== 'signed') {
    // Nothing goes out unsigned: it is signed first, and taps us again.
    await enqueueMany(tx, [signEntry(facilityId, encounterId)]);
    if (type !== 'notSigned')
      await postponeWork(tx, facilityId, encounterId, later(now, deps.queueChanceMs), number);
    return null;
  }
  const { facilityCode, asksResults } = stored;
  const account = {
    username: stored.username,
    passwordMd5: wirePassword(deps.secrets.open(stored.sealed)),
  };
  if (mayAsk && asksResults && type === 'unknown') return { key, facilityCode, account };
  const [sequence, attempts] = [own.types.length + 1, own.attempt + 1];
  const isUnclear = own.types.includes('unknown') || own.types.includes('parked');
  const cause = isUnclear ? 'resend-same-bytes' : own.attempt > 0 ? 'retry' : 'first';
  const written = withCommit(tx);
  await appendEvent(written, key, {
    sequence,
    type: 'sending',
    at: now.toISOString(),
    cause,
    attempt: attempts,
    documentKind: document.kind,
    documentSha256: document.sha256,
  });
  await postponeWork(written, facilityId, encounterId, later(now, leaseMs));
  return {
    key,
    begunMs,
    begunAt: now,
    facilityCode,
    sequence,
    attempts,
    versions: known.map((one) => (one === own ? afterwards(one, 'sending') : one)),
    account,
    bytes: documentBytes(document.compressed),
    kind: document.kind,
    sha256: document.sha256,
  };
}

/** Held until a person hands in form 09/BH instead, or releases it. */
async function keepBack(
  tx: Transaction,
  { calendar }: ExportDependencies,
  key: ClaimKey,
  versions: readonly VersionRow[],
  assessed: number,
  now: Date,
): Promise<void> {
  const { types, attempt } = versions.find((one) => one.number === key.number)!;
  const event = {
    sequence: types.length + 1,
    type: 'held',
    at: now.toISOString(),
    cause: 'assessed',
  } as const;
  await appendEvent(tx, key, { ...event, attempt });
  await postponeWork(tx, key.facilityId, key.encounterId, 'infinity');
  await openAdjustmentTask(tx, calendar, { ...key, number: assessed }, now);
}

/** Nobody will say what came of its last call: what is known of it is nothing. */
function givenUp({ types, attempt, documentKind, documentSha256 }: VersionRow, now: Date): ClaimEvent {
  const [sequence, at] = [types.length + 1, now.toISOString()];
  const cause = 'no-outcome-recorded';
  return { sequence, type: 'unknown', at, cause, attempt, documentKind, documentSha256 };
}

/** MD5 in upper-case hex is the gateway's wire format, not our way of keeping passwords. */
export function wirePassword(password: string): string {
  return createHash('md5').update(password, 'utf8').digest('hex').toUpperCase();
}

async function recordOutcome(
  tx: Transaction,
  deps: ExportDependencies,
  attempt: Attempt,
  versions: readonly VersionRow[],
  result: GatewayResult,
): Promise<SendReport> {
  const { key } = attempt;
  const now = new Date(attempt.begunAt.getTime() + performance.now() - attempt.begunMs);
  const answer = outcomeType(result);
  // A colleague who reopens the visit now either sees what we write here, or is seen by us.
  if (answer === 'notSent') await lockWork(tx, key.facilityId, key.encounterId);
  const call = { number: key.number, sequence: attempt.sequence };
  const { own: type, replaced } = recordingOf(versions, call, answer);
  if (type === null) {
    deps.log.warn({ ...key, rule: result.rule, transactionId: result.transactionId }, 'answer came too late');
    return 'skipped';
  }
  // What is received and changes no channel needs no answer of the database before it commits.
  const isPlain = type === 'received' && isUnremarkable(deps, key.facilityId, 'claims', result);
  const written = isPlain ? withCommit(tx) : tx;
  await appendEvent(written, key, answerEvent(attempt, versions, type, result, now));
  await appendReplaced(written, key, versions, replaced, now);
  const said = { type, at: now.toISOString(), cause: result.rule, resultCode: result.code };
  const isOver = type === 'received' || type === 'refused' || type === 'parked';
  if (isOver) await finishWork(written, key.facilityId, key.encounterId, key.number);
  const next = isOver ? 'again' : await rest(tx, attempt, versions, type, result, now);
  // Nobody has anything to do about a version that is built anew, or that nobody needs any more.
  if (next === 'again') await followEvent(written, deps.calendar, key, said, result.message);
  // The signature of an old certificate says nothing of the one in use: these bytes were judged, and the way is good.
  const ofWay = next === 'rebuild' ? { ...result, rule: 'content-refused' as const } : result;
  await noteOutcome(tx, deps, key.facilityId, 'claims', ofWay);
  if (next !== 'rebuild' && (result.next === 'stop-facility' || result.next === 'stop-signing'))
    deps.log.error(
      {
        facilityId: key.facilityId,
        rule: result.rule,
        code: result.code,
        ...egressOf(result.rule, result.leftFrom),
      },
      'facility cannot send',
    );
  return type;
}

function answerEvent(
  { key, attempts, kind, sha256 }: Attempt,
  versions: readonly VersionRow[],
  type: ClaimEventType,
  { rule, httpStatus, code, transactionId, receivedAt, rawAnswer }: GatewayResult,
  now: Date,
): ClaimEvent {
  return {
    sequence: lengthOf(versions, key.number) + 1,
    type,
    at: now.toISOString(),
    cause: rule,
    attempt: attempts,
    documentKind: kind,
    documentSha256: sha256,
    httpStatus,
    resultCode: code,
    transactionId,
    receivedAt,
    rawAnswer,
  };
}

/** The version goes again after a pause, unless it certainly did not arrive and something else is to become of it. */
async function rest(
  tx: Transaction,
  { key, attempts }: Attempt,
  versions: readonly VersionRow[],
  type: ClaimEventType,
  result: GatewayResult,
  now: Date,
): Promise<NotSent> {
  const notBefore = later(now, pauseAfter(result, attempts, Math.random()));
  await postponeWork(tx, key.facilityId, key.encounterId, notBefore, key.number);
  return type === 'notSent' ? followNotSent(tx, key, versions, result.rule, attempts, now) : 'again';
}

const afterwards = (one: VersionRow, type: ClaimEventType): VersionRow => ({
  ...one,
  types: [...one.types, type],
});
const lengthOf = (versions: readonly VersionRow[], number: number): number =>
  versions.find((one) => one.number === number)!.types.length;

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
