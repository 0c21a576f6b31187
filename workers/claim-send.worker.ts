import { paceClaims, QUEUES } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Sends claim versions of one facility, and what else waits for a lane of it. */
export const claimSend: WorkerDefinition = {
  queue: QUEUES.send,
  concurrency: (deps) => deps.gatewayConcurrency,
  async handle({ data }, deps) {
    const first = { id: String(data.encounterId), number: Number(data.number) };
    const more = (data.more ?? []) as readonly (typeof first)[];
    await paceClaims(deps, String(data.facilityId), [first, ...more]);
  },
};
