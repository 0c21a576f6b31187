import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Assessing, type Here, readDecisions, readSurroundings } from '../assessment/server.ts';
import { recordAudit } from '../audit/index.ts';
import { type BuiltClaim, buildClaim, insertClaims, readSnapshots } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import { type Id, newId } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { type JudgedClaims, judgedClaims, keepAssessed, withCounts } from './assess-batch.ts';
import { type ExportDependencies, QUEUES, workerContext } from './context.ts';
import { type BatchHead, countBatch, nextClaimNumbers, startBatch } from './export.repo.ts';
import { setAside } from './obstacle.repo.ts';
import { stopwatch } from './stopwatch.ts';
import { takeForBuild, visitsToBuild } from './work.repo.ts';

/** Logged of each batch, with the time of its stages. */
export const BATCH_BUILT = 'batch built';
type BuildStage = 'read' | 'build' | 'check' | 'store';

/** How many visits are read, built and stored together: bounds memory and the length of a transaction. */
const CHUNK = 100;
/** Place of the event `queued` of a version that is sent as it was built, after `built` and `checked`. */
const QUEUED_AT = 3;

/**
 * Builds every waiting visit of one facility into a claim version. May be run twice, killed half way and run again:
 * each chunk is stored in one transaction that takes its visits off the list.
 */
export async function buildBatch(deps: ExportDependencies, runId: Id, facilityId: Id): Promise<void> {
  const context = workerContext(facilityId, `run-${runId}`);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  const batch = await inTransaction((tx) =>
    startBatch(tx, runId, facilityId, deps.clock.now().toISOString()),
  );
  if (!batch) return;
  const here: Here = { id: facilityId, code: batch.facilityCode };
  const watch = stopwatch<BuildStage>();
  let claims = 0;
  for (;;) {
    const assessing = await deps.assessing();
    const read = await watch.time('read', () =>
      inTransaction((tx) => readChunk(tx, assessing, here, batch.day)),
    );
    if (!read || read.snapshots.length === 0) break;
    const results = await watch.time('build', () =>
      read.snapshots.map((snapshot) => {
        const number = read.numbers.get(snapshot.visit.encounter.id) ?? 1;
        const reason = number === 1 ? 'first' : 'corrected';
        return buildClaim(snapshot, batch.day, number, reason, deps.claimChoices);
      }),
    );
    const judged = await watch.time('check', () => judgedClaims(assessing, here, read, results));
    await watch.time('store', async () => {
      await Promise.all(judged.claims.map((claim) => writeClaimFile(deps.exportDir, batch, claim)));
      await inTransaction((tx) => storeChunk(tx, deps, batch, judged, assessing.now));
    });
    claims += judged.claims.length;
  }
  await inTransaction((tx) => countBatch(tx, runId, facilityId, 0, 0, deps.clock.now().toISOString()));
  if (claims > 0) deps.log.info({ runId, facilityId, claims, ms: watch.ms }, BATCH_BUILT);
}

/** The next visits that wait, and what stands around them; null = all are built. */
async function readChunk(tx: Transaction, assessing: Assessing, here: Here, day: LocalDate) {
  const ids = await visitsToBuild(tx, here.id, day, CHUNK);
  if (ids.length === 0) return null;
  const snapshots = await readSnapshots(tx, here.id, ids);
  const visits = snapshots.map(({ visit }) => visit);
  return {
    snapshots,
    numbers: await nextClaimNumbers(tx, here.id, ids),
    surroundings: await readSurroundings(tx, assessing, here, visits),
    decisions: await readDecisions(tx, here.id, ids),
  };
}

async function storeChunk(
  tx: Transaction,
  deps: ExportDependencies,
  batch: BatchHead,
  { claims: built, obstacles, assessed }: JudgedClaims,
  assessedAt: Date,
): Promise<void> {
  const { runId, facilityId, facilityCode } = batch;
  const now = deps.clock.now();
  const chance = new Date(now.getTime() + deps.queueChanceMs).toISOString();
  const taken = await takeForBuild(tx, facilityId, built, chance);
  const claims = built.filter((claim) => taken.has(claim.encounterId));
  if (claims.length > 0) {
    const checked = withCounts(claims, assessed);
    await insertClaims(tx, facilityId, runId, now.toISOString(), checked, deps.signer === null);
    const next = deps.signer
      ? [signEntry(facilityId, claims[0]!.encounterId)]
      : sendEntries(
          facilityId,
          claims.map((claim) => ({ ...claim, sequence: QUEUED_AT })),
        );
    await enqueueMany(tx, next);
  }
  const aside = await setAside(tx, facilityId, runId, now.toISOString(), obstacles);
  await keepAssessed(tx, { id: facilityId, code: facilityCode }, assessed, assessedAt);
  await countBatch(tx, runId, facilityId, claims.length, aside, null);
  recordAudit(tx, {
    action: 'claim.built',
    subjectType: 'export-run',
    subjectId: runId,
    detail: { built: claims.length, setAside: aside },
  });
}

/** The wish to send a claim version that stands at that event. */
export function sendEntry(facilityId: Id, encounterId: Id, number: number, sequence: number) {
  return {
    queue: QUEUES.send,
    name: 'send',
    jobId: `send.${encounterId}.${number}.${sequence}`,
    data: { facilityId, encounterId, number },
  };
}

/** Sent by one job: a job of the queue costs as much as a third of a call. */
const HANDFUL = 10;

/** The wishes to send claim versions of one facility, each of which stands at that event. */
export function sendEntries(
  facilityId: Id,
  claims: readonly { readonly encounterId: Id; readonly number: number; readonly sequence: number }[],
) {
  return Array.from({ length: Math.ceil(claims.length / HANDFUL) }, (_, at) => {
    const [first, ...others] = claims.slice(at * HANDFUL, (at + 1) * HANDFUL);
    const entry = sendEntry(facilityId, first!.encounterId, first!.number, first!.sequence);
    const more = others.map(({ encounterId, number }) => ({ id: encounterId, number }));
    return { ...entry, data: { ...entry.data, more } };
  });
}

/** The wish to sign what a facility has waiting. @param occasion what called for it: another one is another job */
export function signEntry(facilityId: Id, occasion: string) {
  return { queue: QUEUES.sign, name: 'sign', jobId: `sign.${facilityId}.${occasion}`, data: { facilityId } };
}

/** The wish to read an uploaded claim file of other software. @param facilityId null = the province's office gave it */
export function importEntry(fileId: Id, facilityId: Id | null) {
  return {
    queue: QUEUES.claimImport,
    name: 'read',
    jobId: `import.${fileId}`,
    data: { fileId, facilityId },
  };
}

/** The wish to check an uploaded claim file. @param facilityId null = the province's office gave it */
export function checkEntry(checkId: Id, facilityId: Id | null) {
  return {
    queue: QUEUES.claimCheck,
    name: 'check',
    jobId: `check.${checkId}`,
    data: { checkId, facilityId },
  };
}

/** `<day>/<facility>/<claim key>.v<number>.<hash>.xml`: named by content, written aside and moved into place whole. */
async function writeClaimFile(dir: string | null, batch: BatchHead, claim: BuiltClaim): Promise<void> {
  if (dir === null) return;
  const path = join(
    dir,
    batch.day,
    batch.facilityCode,
    `${claim.claimKey}.v${claim.number}.${claim.sha256.slice(0, 12)}.xml`,
  );
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${newId()}.part`;
  await writeFile(aside, claim.bytes);
  await rename(aside, path);
}
