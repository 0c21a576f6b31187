import type { Family } from '../gateway/index.ts';
import { type Transaction, withCommit } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { releaseLane } from './channel.repo.ts';
import { type Admission, admit } from './channel.service.ts';
import { type ExportDependencies, workerContext } from './context.ts';
import type { LaneItem } from './lanes.ts';

/** After so long a lane goes to the end of the queue: others have their turn. */
const LANE_MS = 5_000;

export type PaceDependencies = Pick<
  ExportDependencies,
  'database' | 'lanes' | 'clock' | 'ledgerTime' | 'log'
>;

/** What one family of calls does where the families differ. */
export interface Traffic {
  readonly family: Family;
  /** Longest time of one call, with what is written down of it. */
  readonly callMs: number;
  /** When the call that tries a closed way has told for certain how it is; absent: after the lane's time and its call. */
  readonly trialMs?: number;
  /** What failed in somebody else's job gets a job of its own, with its attempts. */
  readonly comesBack: boolean;
  send(facilityId: Id, item: LaneItem): Promise<unknown>;
  /** The channels, or the facility's pace, let nothing through before then. @param items of this process that waited */
  rest(tx: Transaction, facilityId: Id, until: string, items: readonly LaneItem[]): Promise<void>;
  /** Nobody of this process will send these. */
  putBack(tx: Transaction, facilityId: Id, items: readonly LaneItem[], now: Date): Promise<void>;
  /** More that is due, taken so that nobody else takes it. @param isLast one that is only to be tapped again */
  more(tx: Transaction, facilityId: Id, isLast: boolean): Promise<readonly LaneItem[]>;
}

/**
 * One facility never holds more than its lanes, however slow it is: what finds none left waits in this process for one of
 * them, or on the work list, and its job ends. A lane goes on with what waits, and after some seconds lets others pass.
 */
export async function pace(
  deps: PaceDependencies,
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
    const admitted = await inTransaction(async (tx) => {
      const said = await admit(tx, deps, facilityId, family, LANE_MS + traffic.callMs, traffic.trialMs);
      if (said.may === 'rest') {
        const all = [item, ...lanes.takeWaiting(facilityId, family)];
        await traffic.rest(tx, facilityId, said.until, all);
      }
      return said;
    });
    if (admitted.may === 'go') await drive(deps, traffic, facilityId, item, admitted, inTransaction);
    else if (admitted.may === 'full') lanes.wait(facilityId, family, [item]);
  } finally {
    const left = lanes.leave(facilityId, family);
    if (left.length > 0)
      await inTransaction(async (tx) => traffic.putBack(tx, facilityId, left, await deps.ledgerTime(tx)));
  }
}

type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** Drives one lane until nothing waits, the channels close, or its time is over. */
async function drive(
  deps: PaceDependencies,
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
      await traffic.send(facilityId, item);
    } catch (error) {
      if (item === first) failed = error;
      else if (traffic.comesBack) again.push(item);
      else deps.log.warn({ facilityId, err: error }, 'a call in a lane failed; the sweep finds its work');
    }
    if (lanes.isEnding || !lanes.isFree(facilityId, family) || performance.now() >= endsAt) break;
    item = lanes.next(facilityId, family);
    if (!item && !failed) {
      lanes.wait(facilityId, family, await inTransaction((tx) => traffic.more(tx, facilityId, false)));
      item = lanes.next(facilityId, family);
    }
  }
  const left = [...lanes.takeWaiting(facilityId, family), ...again];
  await inTransaction(async (tx) => {
    const now = await deps.ledgerTime(tx);
    await releaseLane(withCommit(tx), facilityId, family, lane, until, now.toISOString());
    if (left.length > 0) await traffic.putBack(tx, facilityId, left, now);
    if (pauseMs > 0) await traffic.rest(tx, facilityId, new Date(now.getTime() + pauseMs).toISOString(), []);
    else if (lanes.isFree(facilityId, family) && performance.now() >= endsAt)
      await traffic.more(tx, facilityId, true);
  });
  if (failed) throw failed;
}
