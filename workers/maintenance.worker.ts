import { stopRunaways } from '../src/assessment/server.ts';
import { maintain, planQuestions, QUEUES, warnOfCertificates, workerContext } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/**
 * Once a day: months ahead, answers of idempotency keys that nobody will ask for any more, old counts of refusals,
 * certificates that end. Every hour, where it is set: what became of records at the gateway. Every ten minutes: rules that suddenly speak of too many claims.
 */
export const maintenance: WorkerDefinition = {
  queue: QUEUES.maintenance,
  concurrency: 1,
  async handle(job, deps) {
    if (job.name === 'stop-rules') {
      const context = workerContext(null, 'stop-rules');
      const stop = { database: deps.database, limits: deps.ruleStop, context };
      for (const { rule, hits, claims } of await stopRunaways(stop, deps.clock.now()))
        deps.log.warn({ rule, hits, claims }, 'rule stopped: it speaks of too many claims');
      return;
    }
    if (job.name === 'ask-results') {
      // One round an hour, however many schedulers there are.
      await planQuestions(deps, deps.clock.now().toISOString().slice(0, 13));
      return;
    }
    await warnOfCertificates(deps);
    await maintain(deps);
  },
};
