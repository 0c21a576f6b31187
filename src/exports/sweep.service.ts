import {
  recheckEntry,
  restingRechecks,
  restingTrials,
  trialEntry,
  untouchedChecks,
} from '../assessment/server.ts';
import { untouchedUploads } from '../claims/index.ts';
import type { Directory } from '../facilities/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { checkEntry, importEntry, sendEntry, signEntry } from './batch.service.ts';
import { checkInEntry } from './check-in.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import { deadlines } from './deadline.ts';
import { untouchedImports } from './results/result.repo.ts';
import { resultEntry } from './results/result.service.ts';
import { batchEntry, startRun } from './run.service.ts';
import { sendingOrder } from './sending-order.ts';
import { facilitiesWaiting, openBatches, unansweredCheckIns } from './sweep.repo.ts';
import { type DueClaim, dueClaims } from './work.repo.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What an older batch left is taken up by the runs after it. */
const OLDEST_BATCH_MS = 3 * DAY_MS;
/** The insurer wants to know that a patient has come; a day later that is no news. */
const OLDEST_CHECK_IN_MS = DAY_MS;
const CHECK_IN_CHANCE_MS = 5 * MINUTE_MS;
/** More than the queue's own attempts take. */
const CHECK_IN_REST_MS = HOUR_MS;
const MOST_CLAIMS = 1_000;
/** They write down how far they are with every hundred visits. */
const REST_MS = 5 * MINUTE_MS;

/**
 * Finds what was never tapped or whose pause is over, and taps again: claims to send, batches to build, facilities that
 * export at once. PostgreSQL is the truth: losing every job of the queue costs time and nothing else. A job that still
 * waits or runs is not made twice, for its id is the same.
 */
export async function sweep(deps: ExportDependencies, directory: Directory): Promise<void> {
  const atOnce = directory.facilities.filter((one) => one.exportMode === 'immediate').map((one) => one.id);
  await sweeping(deps, async (tx) => {
    const now = await deps.ledgerTime(tx);
    const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
    const claims = await dueClaims(tx, now.toISOString(), MOST_CLAIMS);
    const batches = await openBatches(tx, before(OLDEST_BATCH_MS), before(deps.queueChanceMs));
    await enqueueMany(tx, [
      ...claimEntries(byDeadline(claims, deps, now), deps.signer !== null),
      ...batches.map(({ runId, facilityId }) => batchEntry(runId, facilityId)),
    ]);
    const day = localDate(now);
    const facilityIds = await facilitiesWaiting(
      tx,
      atOnce,
      day,
      before(deps.queueChanceMs),
      before(OLDEST_BATCH_MS),
    );
    if (facilityIds.length > 0) await startRun(tx, { day, facilityIds, cause: 'settlement', now });
  });
}

/** Outages count for nothing here: nothing goes later for the time they gave. */
function byDeadline(
  claims: readonly DueClaim[],
  { deadlines: rules }: ExportDependencies,
  now: Date,
): DueClaim[] {
  const deadline = deadlines(rules, now.toISOString())([]);
  const near = instantAt(addDays(rules.calendar.plus(localDate(now), 2), 1));
  return sendingOrder(claims, ({ endedAt }) => deadline(endedAt).at, near);
}

/**
 * Claims that wait for their signature are signed together, one job per facility. One that went out unsigned, before
 * signatures were switched on, is for the sender: it knows what became of such a call, and asks for the signature.
 */
function claimEntries(claims: readonly DueClaim[], isSigning: boolean) {
  const unsigned = isSigning ? claims.filter((claim) => !claim.isSigned && !claim.isCalling) : [];
  const facilities = new Set(unsigned.map((claim) => claim.facilityId));
  return [
    ...[...facilities].map((facilityId) => signEntry(facilityId, 'sweep')),
    ...claims
      .filter((claim) => !unsigned.includes(claim))
      .map((claim) => sendEntry(claim.facilityId, claim.encounterId, claim.number, claim.sequence)),
  ];
}

/** The same for check-ins that have no answer, while they are news. */
export async function sweepCheckIns(deps: ExportDependencies): Promise<void> {
  const now = deps.clock.now().getTime();
  const before = (ms: number) => new Date(now - ms).toISOString();
  await sweeping(deps, async (tx) => {
    const found = await unansweredCheckIns(
      tx,
      before(OLDEST_CHECK_IN_MS),
      before(CHECK_IN_CHANCE_MS),
      before(CHECK_IN_REST_MS),
    );
    await enqueueMany(tx, found.map(checkInEntry));
  });
}

/** Uploaded files whose reading or checking was never begun, or stopped half way. */
export async function sweepUploads(deps: ExportDependencies): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - deps.queueChanceMs).toISOString();
  await sweeping(deps, async (tx) => {
    const found = await untouchedUploads(tx, before);
    const unchecked = await untouchedChecks(tx, before);
    const unread = await untouchedImports(tx, before);
    await enqueueMany(tx, [
      ...found.map(({ fileId, facilityId }) => importEntry(fileId, facilityId)),
      ...unchecked.map(({ checkId, facilityId }) => checkEntry(checkId, facilityId)),
      ...unread.map(({ importId, facilityId }) => resultEntry(importId, facilityId)),
    ]);
  });
}

/** Rechecks and trials that nobody works on any more. */
export async function sweepAssessment(deps: ExportDependencies): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - REST_MS).toISOString();
  await sweeping(deps, async (tx) => {
    const rechecks = await restingRechecks(tx, before);
    const trials = await restingTrials(tx, before);
    await enqueueMany(tx, [
      ...rechecks.map(({ facilityId, id }) => recheckEntry(facilityId, id)),
      ...trials.map(({ facilityId, id }) => trialEntry(facilityId, id)),
    ]);
  });
}

function sweeping(deps: ExportDependencies, work: (tx: Transaction) => Promise<void>): Promise<void> {
  return deps.database.transaction({ ...workerContext(null, 'sweep'), reach: 'province' }, work);
}
