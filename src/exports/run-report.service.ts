import type { Transaction } from '../platform/database/index.ts';
import type { Instant } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type RunView, readRuns } from './export.repo.ts';
import { listObstacles, type ObstacleView } from './obstacle.repo.ts';
import { figuresOf, type RunFigures } from './run-figures.ts';
import { countVersions, type OpenClaim, openClaims, readBatches } from './run-report.repo.ts';

/** One facility's part of a run. */
export interface RunFacility extends RunFigures {
  readonly facilityCode: string;
  readonly facilityName: string;
  /** Nothing is left to be built. */
  readonly finished: boolean;
}

export interface RunProgress {
  readonly total: RunFigures;
  /** By code. */
  readonly facilities: readonly RunFacility[];
}

/** How far a run is now, from the ledger: in total and facility by facility. @param facilityId null = all of them */
export async function readProgress(tx: Transaction, facilityId: Id | null, runId: Id): Promise<RunProgress> {
  const batches = await readBatches(tx, runId, facilityId);
  const versions = await countVersions(tx, runId, facilityId);
  return {
    total: figuresOf(batches, versions),
    facilities: batches.map((batch) => ({
      facilityCode: batch.facilityCode,
      facilityName: batch.facilityName,
      finished: batch.finished,
      ...figuresOf(
        [batch],
        versions.filter((one) => one.facilityId === batch.facilityId),
      ),
    })),
  };
}

/** What one run did and what it left to people, as it stands at `at`. */
export interface RunReport extends RunProgress {
  readonly run: RunView;
  readonly at: Instant;
  /** What could not be built and nobody has cured since, newest first. */
  readonly obstacles: readonly ObstacleView[];
  /** What was built and is not received. */
  readonly open: readonly OpenClaim[];
  /** There is more in one of the two lists than a report holds. */
  readonly isCut: boolean;
}

/** More than a person reads; the lists of obstacles and claims have them all. */
const MOST_LISTED = 5_000;

/** @throws not-found for a run that does not exist or is none of that facility's */
export async function readReport(
  tx: Transaction,
  facilityId: Id | null,
  runId: Id,
  now: Date,
): Promise<RunReport> {
  const [run] = await readRuns(tx, facilityId, runId, 1);
  if (!run) throw new Problem('not-found', { what: 'export-run' });
  const obstacles = await listObstacles(tx, { facilityId, runId, limit: MOST_LISTED + 1 });
  const open = await openClaims(tx, runId, facilityId, MOST_LISTED + 1);
  return {
    run,
    at: now.toISOString(),
    ...(await readProgress(tx, facilityId, runId)),
    obstacles: obstacles.slice(0, MOST_LISTED),
    open: open.slice(0, MOST_LISTED),
    isCut: obstacles.length > MOST_LISTED || open.length > MOST_LISTED,
  };
}
