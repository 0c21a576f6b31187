import type { Family } from '../gateway/index.ts';
import { type Transaction, withCommit } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { sendEntry } from './batch.service.ts';
import { markDue, releaseLane, restUntil, takeDue } from './channel.repo.ts';
import { type Admission, admit } from './channel.service.ts';
import { checkInEntry, sendCheckIn } from './check-in.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import type { LaneItem } from './lanes.ts';
import { sendClaim } from './send.service.ts';

/** After so long a lane goes to the end of the queue: others have their turn. */
const LANE_MS = 5_000;
/** Taken from the work list at a time. */
const HANDFUL = 10;
/** The sweep looks at what a lane took only after it had its chance. */
const CHANCE_MS = 60_000;
/** A check-in that finds all lanes of its facility taken elsewhere comes back after so long. */
const CHECK_IN_PAUSE_MS = 3_000;

/** What differs between claims and check-ins. */
interface Traffic {
  readonly family: Family;
  /** What failed in somebody else's job gets a job of its own, with its attempts. */
  readonly comesBack: boolean;
  send(deps: ExportDependencies, facilityId: Id, item: LaneItem): Promise<unknown>;
  /** The channels let nothing through before then. */
  rest(tx: Transaction, facilityId: Id, until: string): Promise<void>;
  /** Nobody of this process will send these. */
  putBack(tx: Transaction, facilityId: Id, items: readonly LaneItem[], now: Date): Promise<void>;
  /** More that is due, taken so that nobody else takes it. @param isLast one that is only to be tapped again */
  more(
    tx: Transaction,
    deps: ExportDependencies,
    facilityId: Id,
    isLast: boolean,
  ): Promise<readonly LaneItem[]>;
}

const CLAIMS: Traffic = {
  family: 'claims',
  comesBack: false,
  send: (deps, facilityId, { encounterId, number }) => sendClaim(deps, facilityId, encounterId, number),
  rest: restUntil,
  putBack: (tx, facilityId, items, now) =>
    markDue(
      tx,
      facilityId,
      items.map(({ encounterId }) => encounterId),
      now.toISOString(),
    ),
  async more(tx, deps, facilityId, isLast) {
    const now = deps.clock.now();
    const chance = new Date(now.getTime() + CHANCE_MS).toISOString();
    const limit = isLast ? 1 : HANDFUL;
    const due = await takeDue(tx, facilityId, deps.signer !== null, now.toISOString(), chance, limit);
    if (!isLast) return due;
    await enqueueMany(
      tx,
      due.map(({ encounterId, number, sequence }) => sendEntry(facilityId, encounterId, number, sequence)),
    );
    return [];
  },
};

const CHECK_INS: Traffic = {
  family: 'check-in',
  comesBack: true,
  send: (deps, facilityId, { encounterId, number }) => sendCheckIn(deps, facilityId, encounterId, number),
  // The sweep comes back to what was not tried while it is news.
  rest: async () => undefined,
  putBack: (tx, facilityId, items, now) => {
    const notBefore = new Date(now.getTime() + CHECK_IN_PAUSE_MS);
    return enqueueMany(
      tx,
      items.map(({ encounterId, number }) => {
        const entry = checkInEntry({ facilityId, encounterId, sequence: number });
        // The job in hand has its name until it ends.
        return { ...entry, jobId: `${entry.jobId}.${now.getTime()}`, notBefore };
      }),
    );
  },
  more: async () => [],
};

/**
 * Sends claim versions, if their facility has a lane for them and its channels let them through; else they wait their turn.
 * @param claims of one facility, at least one: the job stands for the first, the others go with it
 */
export const paceClaims = (deps: ExportDependencies, facilityId: Id, claims: readonly LaneItem[]) =>
  pace(deps, CLAIMS, facilityId, claims[0]!, claims.slice(1));

/** The same for a check-in. */
export const paceCheckIn = (deps: ExportDependencies, facilityId: Id, encounterId: Id, sequence: number) =>
  pace(deps, CHECK_INS, facilityId, { encounterId, number: sequence });

/**
 * One facility never holds more than its lanes, however slow it is: what finds none left waits in this process for one of
 * them, or on the work list, and its job ends. A lane goes on with what waits, and after some seconds lets others pass.
 */
async function pace(
  deps: ExportDependencies,
  traffic: Traffic,
  facilityId: Id,
  item: LaneItem,
  others: readonly LaneItem[] = [],
): Promise<void> {
  const { lanes } = deps;
  const { family } = traffic;
  lanes.wait(facilityId, family, others);
  if (!lanes.enter(facilityId, family, item)) return;
  const context = workerContext(facilityId, `lane-${family}`);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  try {
    // Its last call may begin when the lane's time is nearly over.
    const lastsMs = LANE_MS + deps.submitTimeoutMs + deps.leaseMarginMs;
    const admitted = await inTransaction(async (tx) => {
      const said = await admit(tx, deps, facilityId, family, lastsMs);
      if (said.may === 'rest') await traffic.rest(tx, facilityId, said.until);
      return said;
    });
    if (admitted.may === 'go') await drive(deps, traffic, facilityId, item, admitted, inTransaction);
    else if (admitted.may === 'full') lanes.wait(facilityId, family, [item]);
    else lanes.takeWaiting(facilityId, family); // all of it rests on the work list
  } finally {
    const left = lanes.leave(facilityId, family);
    if (left.length > 0) await inTransaction((tx) => traffic.putBack(tx, facilityId, left, deps.clock.now()));
  }
}

type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** Drives one lane until nothing waits, the channels close, or its time is over. */
async function drive(
  deps: ExportDependencies,
  traffic: Traffic,
  facilityId: Id,
  first: LaneItem,
  { lane, until }: Extract<Admission, { may: 'go' }>,
  inTransaction: InTransaction,
): Promise<void> {
  const { lanes, clock } = deps;
  const { family } = traffic;
  const endsAt = performance.now() + LANE_MS;
  const again: LaneItem[] = [];
  let failed: unknown;
  let pauseMs = 0;
  for (let item: LaneItem | undefined = first; item; ) {
    pauseMs = lanes.pace(facilityId, family, clock.now().getTime());
    if (pauseMs > 0) {
      lanes.wait(facilityId, family, [item]);
      break;
    }
    try {
      await traffic.send(deps, facilityId, item);
    } catch (error) {
      if (item === first) failed = error;
      else if (traffic.comesBack) again.push(item);
      else deps.log.warn({ facilityId, err: error }, 'a call in a lane failed; the sweep finds its work');
    }
    if (!lanes.isFree(facilityId, family) || performance.now() >= endsAt) break;
    item = lanes.next(facilityId, family);
    if (!item && !failed) {
      lanes.wait(facilityId, family, await inTransaction((tx) => traffic.more(tx, deps, facilityId, false)));
      item = lanes.next(facilityId, family);
    }
  }
  const left = [...lanes.takeWaiting(facilityId, family), ...again];
  await inTransaction(async (tx) => {
    const now = clock.now();
    await releaseLane(withCommit(tx), facilityId, family, lane, until, now.toISOString());
    if (left.length > 0) await traffic.putBack(tx, facilityId, left, now);
    if (pauseMs > 0) await traffic.rest(tx, facilityId, new Date(now.getTime() + pauseMs).toISOString());
    else if (lanes.isFree(facilityId, family) && performance.now() >= endsAt)
      await traffic.more(tx, deps, facilityId, true);
  });
  if (failed) throw failed;
}
