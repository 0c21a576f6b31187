import type { ExportDependencies } from '../src/exports/index.ts';
import type { Directory } from '../src/facilities/index.ts';
import type { QueueJob, Retry } from '../src/platform/queue/index.ts';
import type { ReferenceCache } from '../src/platform/reference-cache.ts';

export interface WorkerDependencies extends ExportDependencies {
  readonly directory: ReferenceCache<Directory>;
  /** Province's time of the nightly run, `HH:mm`. */
  readonly exportTime: string;
  /** Claims on their way at the same time, per worker process. */
  readonly gatewayConcurrency: number;
}

/** One queue and what is done with its jobs. A job carries ids; the work re-reads everything and may be run twice. */
export interface WorkerDefinition {
  readonly queue: string;
  readonly concurrency: number | ((deps: WorkerDependencies) => number);
  /** How often a job is tried; the queue's own habit if nothing is said. */
  readonly retry?: Retry;
  handle(job: QueueJob, deps: WorkerDependencies): Promise<void>;
}
