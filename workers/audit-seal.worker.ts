import { sealWaiting } from '../src/audit/index.ts';
import { QUEUES, workerContext } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Every half minute: chains the audit events that were written since, so that none waits longer than a minute. */
export const auditSeal: WorkerDefinition = {
  queue: QUEUES.auditSeal,
  concurrency: 1,
  async handle(_job, deps) {
    await sealWaiting(deps.database, workerContext(null, 'audit-seal'));
  },
};
