import { pace, type Traffic } from '../exports/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { type InsurerDependencies, later, workEntry } from './context.ts';
import { LOOKUP_LEASE_MS, leaveUnasked, runLookup } from './lookup.service.ts';
import { sendPaper } from './send-paper.service.ts';
import { postponeDueWork } from './work.repo.ts';

/** Papers are few: one that rests asks again each minute, so that nobody has to wake it. */
const PAPER_REST_MS = 60_000;
/** Somebody stands at a desk: a look-up that finds all lanes taken elsewhere comes back soon. */
const LOOKUP_PAUSE_MS = 1_000;

/** Signs and sends a paper, if its facility has a lane for it and its channels let it through; else it waits its turn. */
export const pacePaper = (deps: InsurerDependencies, facilityId: Id, paperId: Id) =>
  pace(deps, papers(deps), facilityId, { id: paperId, number: 0 });

/** Asks what a look-up wants to know, or says at once that nobody can be asked now. */
export const paceLookup = (deps: InsurerDependencies, facilityId: Id, lookupId: Id) =>
  pace(deps, lookups(deps), facilityId, { id: lookupId, number: 0 });

const papers = (deps: InsurerDependencies): Traffic => ({
  family: 'papers',
  callMs: deps.submitTimeoutMs + deps.leaseMarginMs,
  comesBack: false,
  send: (facilityId, { id }) => sendPaper(deps, facilityId, id),
  async rest(tx, facilityId, until, items) {
    const now = await deps.ledgerTime(tx);
    const soon = later(now, PAPER_REST_MS);
    for (const { id } of items)
      await postponeDueWork(tx, 'paper', facilityId, id, until < soon ? until : soon, now);
  },
  // All of it is due, and the sweep finds it.
  putBack: async () => undefined,
  more: async () => [],
});

const lookups = (deps: InsurerDependencies): Traffic => ({
  family: 'lookups',
  callMs: LOOKUP_LEASE_MS,
  comesBack: false,
  send: (facilityId, { id }) => runLookup(deps, facilityId, id),
  async rest(tx, facilityId, _until, items) {
    for (const { id } of items) await leaveUnasked(tx, deps, facilityId, id);
  },
  putBack: (tx, facilityId, items, now) => {
    const notBefore = new Date(now.getTime() + LOOKUP_PAUSE_MS);
    return enqueueMany(
      tx,
      items.map(({ id }) => ({ ...workEntry('lookup', facilityId, id, now.getTime()), notBefore })),
    );
  },
  more: async () => [],
});
