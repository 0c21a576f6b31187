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
  type VersionHistory,
} from '../claims/index.ts';
import type { GatewayAccount, GatewayResult } from '../gateway/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { signEntry } from './batch.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import { followEvent } from './corrections/correction.service.ts';
import { isInTime, mayBegin, outcomeType, recordingOf, stateOf } from './decide.ts';
import { finishWork, lockWork, postponeWork, readAccount } from './export.repo.ts';

const BACKOFF_FIRST_MS = 5_000;
const BACKOFF_MAX_MS = 15 * 60_000;
const FACILITY_PAUSE_MS = 60 * 60_000;
/** The signing job has its chance before the sweep looks again. */
const SIGN_CHANCE_MS = 60_000;

export type SendReport = 'received' | 'refused' | 'unknown' | 'notSent' | 'parked' | 'skipped';

interface Attempt {
  readonly key: ClaimKey;
  readonly facilityCode: string;
  /** `performance.now()` before the moment that its event `sending` names. */
  readonly begunMs: number;
  /** Of its event `sending`. */
  readonly sequence: number;
  readonly attempts: number;
  /** All versions of the visit as they stood when it began. */
  readonly versions: readonly VersionHistory[];
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
  let attempt: Attempt | null;
  try {
    attempt = await deps.database.transaction(context, (tx) =>
      beginAttempt(tx, deps, facilityId, encounterId, number),
    );
  } catch (error) {
    // Another worker appended the same event first: it is the one that sends.
    if (isDatabaseError(error, '23505')) return 'skipped';
    throw error;
  }
  if (!attempt) return 'skipped';
  const begun = attempt;
  if (!isInTime(begun.begunMs, performance.now(), deps.leaseMarginMs)) {
    deps.log.warn(
      { ...begun.key },
      'began to send and was held up: it is sent again when its lease has passed',
    );
    return 'skipped';
  }
  const result = await deps.gateway.sendClaim(begun.account, begun.facilityCode, begun.bytes);
  try {
    return await deps.database.transaction(context, (tx) =>
      recordOutcome(tx, deps, begun, begun.versions, result),
    );
  } catch (error) {
    if (!isDatabaseError(error, '23505')) throw error;
    // The history has gone on since it began: what the answer adds to it is decided anew, with the work locked.
    return deps.database.transaction(context, async (tx) => {
      await lockWork(tx, facilityId, encounterId);
      return recordOutcome(tx, deps, begun, await listVersions(tx, facilityId, encounterId), result);
    });
  }
}

async function beginAttempt(
  tx: Transaction,
  deps: ExportDependencies,
  facilityId: Id,
  encounterId: Id,
  number: number,
): Promise<Attempt | null> {
  const onList = (await lockWork(tx, facilityId, encounterId))?.number;
  const versions = onList === number ? await listVersions(tx, facilityId, encounterId) : [];
  const [begunMs, now] = [performance.now(), deps.clock.now()];
  const leaseMs = deps.submitTimeoutMs + deps.leaseMarginMs;
  const beginning = mayBegin(number, onList, versions, now, leaseMs);
  if (beginning.may === 'wait')
    await postponeWork(tx, facilityId, encounterId, beginning.until.toISOString());
  if (beginning.may !== 'send') return null;
  const key = { facilityId, encounterId, number };
  for (const gone of versions.filter((one) => beginning.gone.includes(one.number)))
    await appendEvent(tx, { ...key, number: gone.number }, givenUp(gone, now));
  const known = versions.map((one) =>
    beginning.gone.includes(one.number) ? afterwards(one, 'unknown') : one,
  );
  const own = known.find((one) => one.number === number)!;
  const type = stateOf(own);
  const document = await findDocument(tx, key);
  const account = await readAccount(tx, facilityId);
  if (!document || !account) {
    await postponeWork(tx, facilityId, encounterId, later(now, FACILITY_PAUSE_MS));
    deps.log.error(
      { facilityId, encounterId, missing: account ? 'document' : 'gateway account' },
      'claim cannot be sent',
    );
    return null;
  }
  if (deps.signer && document.kind !== 'signed') {
    // Nothing goes out unsigned: it is signed first, and taps us again.
    await enqueueMany(tx, [signEntry(facilityId, encounterId)]);
    if (type !== 'notSigned')
      await postponeWork(tx, facilityId, encounterId, later(now, SIGN_CHANCE_MS), number);
    return null;
  }
  const [sequence, attempts] = [own.types.length + 1, own.attempt + 1];
  const isUnclear = own.types.includes('unknown');
  const cause = isUnclear ? 'resend-same-bytes' : own.attempt > 0 ? 'retry' : 'first';
  await appendEvent(tx, key, {
    sequence,
    type: 'sending',
    at: now.toISOString(),
    cause,
    attempt: attempts,
    documentKind: document.kind,
    documentSha256: document.sha256,
  });
  await postponeWork(tx, facilityId, encounterId, later(now, deps.submitTimeoutMs + deps.leaseMarginMs));
  return {
    key,
    begunMs,
    facilityCode: account.facilityCode,
    sequence,
    attempts,
    versions: known.map((one) => (one === own ? afterwards(one, 'sending') : one)),
    account: { username: account.username, passwordMd5: wirePassword(deps.secrets.open(account.sealed)) },
    bytes: documentBytes(document.compressed),
    kind: document.kind,
    sha256: document.sha256,
  };
}

/** Nobody will say what came of its last call: what is known of it is nothing. */
function givenUp({ types, attempt }: VersionHistory, now: Date): ClaimEvent {
  const [sequence, at] = [types.length + 1, now.toISOString()];
  return { sequence, type: 'unknown', at, cause: 'no-outcome-recorded', attempt };
}

/** MD5 in upper-case hex is the gateway's wire format, not our way of keeping passwords. */
export function wirePassword(password: string): string {
  return createHash('md5').update(password, 'utf8').digest('hex').toUpperCase();
}

async function recordOutcome(
  tx: Transaction,
  deps: ExportDependencies,
  attempt: Attempt,
  versions: readonly VersionHistory[],
  result: GatewayResult,
): Promise<SendReport> {
  const { key } = attempt;
  const now = deps.clock.now();
  const type = outcomeType(result);
  const { own, replaced } = recordingOf(versions, { number: key.number, sequence: attempt.sequence }, type);
  if (own === null) {
    deps.log.warn({ ...key, rule: result.rule, transactionId: result.transactionId }, 'answer came too late');
    return 'skipped';
  }
  await appendEvent(tx, key, {
    sequence: lengthOf(versions, key.number) + 1,
    type: own,
    at: now.toISOString(),
    cause: result.rule,
    attempt: attempt.attempts,
    documentKind: attempt.kind,
    documentSha256: attempt.sha256,
    httpStatus: result.httpStatus,
    resultCode: result.code,
    transactionId: result.transactionId,
    receivedAt: result.receivedAt,
    rawAnswer: result.rawAnswer,
  });
  await appendReplaced(tx, key, versions, replaced, now);
  const said = { type: own, at: now.toISOString(), resultCode: result.code };
  await followEvent(tx, deps.calendar, key, said, result.message);
  if (type === 'received' || type === 'refused' || type === 'parked') {
    await finishWork(tx, key.facilityId, key.encounterId, key.number);
  } else {
    const notBefore = later(now, pauseMs(result, attempt.attempts));
    await postponeWork(tx, key.facilityId, key.encounterId, notBefore, key.number);
  }
  if (result.next === 'stop-facility' || result.next === 'stop-signing')
    deps.log.error(
      { facilityId: key.facilityId, rule: result.rule, code: result.code },
      'facility cannot send',
    );
  return type;
}

/** Earlier versions whose record at the insurer is now this one: said of each in the same transaction. */
export async function appendReplaced(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  versions: readonly VersionHistory[],
  replaced: readonly number[],
  now: Date,
): Promise<void> {
  for (const { number: earlier, types, attempt } of versions.filter((one) => replaced.includes(one.number)))
    await appendEvent(
      tx,
      { facilityId, encounterId, number: earlier },
      {
        sequence: types.length + 1,
        type: 'replaced',
        at: now.toISOString(),
        cause: `version-${number}-received`,
        attempt,
      },
    );
}

const afterwards = (one: VersionHistory, type: ClaimEventType): VersionHistory => ({
  ...one,
  types: [...one.types, type],
});
const lengthOf = (versions: readonly VersionHistory[], number: number): number =>
  versions.find((one) => one.number === number)!.types.length;

/** Exponential with jitter; what the gateway asks for wins; a stopped facility waits an hour for a person. */
function pauseMs(result: GatewayResult, attempts: number): number {
  if (result.outcome === 'stopFacility') return FACILITY_PAUSE_MS;
  const backoff = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempts - 1, 10));
  const jittered = backoff * (0.75 + Math.random() / 2);
  return Math.max(jittered, (result.retryAfterSeconds ?? 0) * 1000);
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
