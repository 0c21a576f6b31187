import { recordAudit } from '../audit/index.ts';
import type { Directory, Facility } from '../facilities/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { addDays, type LocalDate, localDate, localDateTime } from '../platform/dates.ts';
import { type Id, newId } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { QUEUES } from './context.ts';
import {
  facilitiesForScheduledRun,
  insertRun,
  type RunCause,
  type RunView,
  readRuns,
} from './export.repo.ts';
import { listObstacles, type ObstacleView } from './obstacle.repo.ts';
import { type RunProgress, readProgress } from './run-report.service.ts';

/**
 * Opens a run: one batch per facility that has settled visits waiting, each tapped through the outbox. Running again
 * finds nothing that was built before.
 * @param facilityIds null = the whole province
 */
export async function startRun(
  tx: Transaction,
  input: {
    readonly day: LocalDate;
    readonly facilityIds: readonly Id[] | null;
    readonly cause: RunCause;
    readonly now: Date;
  },
): Promise<{ id: Id; facilities: number }> {
  const id = newId(input.now.getTime());
  const only = input.facilityIds?.length === 1 ? input.facilityIds[0]! : null;
  const requestedBy = input.cause === 'request' ? tx.context.userId : null;
  const facilities = await insertRun(
    tx,
    {
      id,
      facilityId: only,
      day: input.day,
      cause: input.cause,
      requestedBy,
      startedAt: input.now.toISOString(),
    },
    input.facilityIds,
  );
  await enqueueMany(
    tx,
    facilities.map((facilityId) => batchEntry(id, facilityId)),
  );
  recordAudit(tx, {
    action: 'export.runStarted',
    subjectType: 'export-run',
    subjectId: id,
    detail: { day: input.day, cause: input.cause, facilities: facilities.length },
  });
  return { id, facilities: facilities.length };
}

/** The wish to build one facility's part of a run. */
export function batchEntry(runId: Id, facilityId: Id) {
  return {
    queue: QUEUES.batch,
    name: 'batch',
    jobId: `batch.${runId}.${facilityId}`,
    data: { runId, facilityId },
  };
}

/**
 * The minute's look at the clock: opens the nightly run of every facility whose time has come and that had none today.
 * A facility whose time is still to come gets the run of yesterday if it had none then (the workers were down, or its
 * time was the last minute) and visits wait since then.
 */
export async function startScheduledRuns(
  tx: Transaction,
  directory: Directory,
  defaultTime: string,
  now: Date,
): Promise<Id[]> {
  const today = localDate(now);
  const time = localDateTime(now).slice(11, 16);
  const isDue = (facility: Facility) => (facility.exportAt ?? defaultTime) <= time;
  const runs: Id[] = [];
  for (const [day, facilities] of [
    [today, directory.facilities.filter(isDue)],
    [addDays(today, -1), directory.facilities.filter((facility) => !isDue(facility))],
  ] as const) {
    if (facilities.length === 0) continue;
    const waiting = await facilitiesForScheduledRun(tx, day);
    const facilityIds = facilities.map((facility) => facility.id).filter((id) => waiting.has(id));
    if (facilityIds.length > 0)
      runs.push((await startRun(tx, { day, facilityIds, cause: 'schedule', now })).id);
  }
  return runs;
}

/** So many obstacles stand in a run's answer; the list of obstacles has them all. */
const OBSTACLES_OF_RUN = 100;

/** One run as it stands now. @throws not-found for one that does not exist or is none of that facility's */
export async function watchRun(tx: Transaction, facilityId: Id | null, runId: Id): Promise<RunView> {
  const [run] = await readRuns(tx, facilityId, runId, 1);
  if (!run) throw new Problem('not-found', { what: 'export-run' });
  return run;
}

/** One run with its figures by facility, and with what it could not build and nobody has cured since. */
export async function readRun(
  tx: Transaction,
  facilityId: Id | null,
  runId: Id,
): Promise<RunView & RunProgress & { readonly obstacles: readonly ObstacleView[] }> {
  const run = await watchRun(tx, facilityId, runId);
  const obstacles = await listObstacles(tx, { facilityId, runId, limit: OBSTACLES_OF_RUN });
  return { ...run, ...(await readProgress(tx, facilityId, runId)), obstacles };
}

export async function listRuns(tx: Transaction, facilityId: Id | null, limit: number): Promise<RunView[]> {
  return readRuns(tx, facilityId, null, limit);
}
