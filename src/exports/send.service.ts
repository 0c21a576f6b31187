import { createHash } from 'node:crypto';
import {
  appendEvent,
  type ClaimEventType,
  type ClaimHead,
  type DocumentKind,
  documentBytes,
  findClaim,
  findDocument,
} from '../claims/index.ts';
import { type GatewayAccount, type GatewayResult, pauseAfter } from '../gateway/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { signEntry } from './batch.service.ts';
import { noteOutcome } from './channel.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import { finishWork, lockWork, postponeWork, readAccount } from './export.repo.ts';

/** States from which a version may be sent. `sending` is one only when its sender is certainly gone. */
const SENDABLE: ReadonlySet<ClaimEventType> = new Set([
  'built',
  'signed',
  'notSigned',
  'released',
  'notSent',
  'unknown',
]);
const FACILITY_PAUSE_MS = 60 * 60_000;
/** The signing job has its chance before the sweep looks again. */
const SIGN_CHANCE_MS = 60_000;

export type SendReport = 'received' | 'refused' | 'unknown' | 'notSent' | 'parked' | 'skipped';

interface Attempt {
  readonly head: ClaimHead;
  readonly sequence: number;
  readonly number: number;
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
  const result = await deps.gateway.sendClaim(attempt.account, attempt.head.facilityCode, attempt.bytes);
  return deps.database.transaction(context, (tx) => recordOutcome(tx, deps, attempt, result));
}

async function beginAttempt(
  tx: Transaction,
  deps: ExportDependencies,
  facilityId: Id,
  encounterId: Id,
  number: number,
): Promise<Attempt | null> {
  // Not on the work list with this version any more: it rests, was withdrawn, or a newer one is to come.
  if ((await lockWork(tx, facilityId, encounterId))?.number !== number) return null;
  const head = await findClaim(tx, facilityId, encounterId);
  if (!head || head.number !== number) return null;
  const now = deps.clock.now();
  const earlier = number > 1 ? await endOfEarlierCall(tx, deps, head) : null;
  if (earlier !== null && earlier > now) {
    await postponeWork(tx, facilityId, encounterId, earlier.toISOString());
    return null;
  }
  let { sequence, type, attempt: attempts } = head.last;
  if (type === 'sending') {
    const goneAt = Date.parse(head.last.at) + deps.submitTimeoutMs + deps.leaseMarginMs;
    if (now.getTime() < goneAt) return null;
    sequence += 1;
    await appendEvent(tx, head, {
      sequence,
      type: 'unknown',
      at: now.toISOString(),
      cause: 'no-outcome-recorded',
      attempt: attempts,
    });
    type = 'unknown';
  }
  if (!SENDABLE.has(type)) return null;
  const document = await findDocument(tx, head);
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
  sequence += 1;
  attempts += 1;
  const cause = type === 'unknown' ? 'resend-same-bytes' : type === 'notSent' ? 'retry' : 'first';
  await appendEvent(tx, head, {
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
    head: { ...head, last: { ...head.last, sequence, type: 'sending', attempt: attempts } },
    sequence,
    number,
    account: { username: account.username, passwordMd5: wirePassword(deps.secrets.open(account.sealed)) },
    bytes: documentBytes(document.compressed),
    kind: document.kind,
    sha256: document.sha256,
  };
}

/** When the call of the version before, if one is under way, is certainly over: it must not arrive after this one. */
async function endOfEarlierCall(
  tx: Transaction,
  deps: ExportDependencies,
  head: ClaimHead,
): Promise<Date | null> {
  const earlier = await findClaim(tx, head.facilityId, head.encounterId, head.number - 1);
  if (earlier?.last.type !== 'sending') return null;
  return new Date(Date.parse(earlier.last.at) + deps.submitTimeoutMs + deps.leaseMarginMs);
}

/** MD5 in upper-case hex is the gateway's wire format, not our way of keeping passwords. */
export function wirePassword(password: string): string {
  return createHash('md5').update(password, 'utf8').digest('hex').toUpperCase();
}

async function recordOutcome(
  tx: Transaction,
  deps: ExportDependencies,
  attempt: Attempt,
  result: GatewayResult,
): Promise<SendReport> {
  const { head } = attempt;
  const now = deps.clock.now();
  const type = restingState(result);
  await appendEvent(tx, head, {
    sequence: attempt.sequence + 1,
    type,
    at: now.toISOString(),
    cause: result.rule,
    attempt: head.last.attempt,
    documentKind: attempt.kind,
    documentSha256: attempt.sha256,
    httpStatus: result.httpStatus,
    resultCode: result.code,
    transactionId: result.transactionId,
    receivedAt: result.receivedAt,
    rawAnswer: result.rawAnswer,
  });
  if (type === 'received' || type === 'refused' || type === 'parked') {
    await finishWork(tx, head.facilityId, head.encounterId, head.number);
  } else {
    await postponeWork(
      tx,
      head.facilityId,
      head.encounterId,
      later(now, pauseAfter(result, head.last.attempt, Math.random())),
      head.number,
    );
  }
  await noteOutcome(tx, deps, head.facilityId, 'claims', result);
  if (result.next === 'stop-facility' || result.next === 'stop-signing')
    deps.log.error(
      { facilityId: head.facilityId, rule: result.rule, code: result.code },
      'facility cannot send',
    );
  return type;
}

function restingState(result: GatewayResult): 'received' | 'refused' | 'unknown' | 'notSent' | 'parked' {
  if (result.next === 'park') return 'parked';
  return result.outcome === 'stopFacility' ? 'notSent' : result.outcome;
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
