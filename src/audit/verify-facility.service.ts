import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { digest } from './canonical.ts';
import { type Head, linkFault, placeOf, sealFaults } from './chain.ts';
import type { FindingList } from './findings.ts';
import {
  chainHead,
  type DayRange,
  eventTexts,
  hasSealWithHash,
  type SealRow,
  sealAfter,
  sealBefore,
  sealsOf,
  strayEvents,
  type TrailPlace,
} from './verify.repo.ts';

/** An event as its seal has it. */
interface SealedEvent {
  readonly id: Id;
  readonly digest: Buffer | undefined;
  readonly seal: SealRow;
}

const EVENTS_AT_ONCE = 2_000;
/** No transaction of ours lasts so long: what shows up later than this was not written when it says. */
const LATEST_MS = 3_600_000;

/**
 * Walks one facility's chain: every seal by itself, every link, every sealed event, what is in no seal, and the end.
 * @returns how many events were compared
 */
export async function verifyFacility(
  tx: Transaction,
  place: TrailPlace,
  range: DayRange,
  findings: FindingList,
  onSeal: () => void,
): Promise<number> {
  let last = range.from ? await sealBefore(tx, place.id, range.from) : null;
  let events = 0;
  let waiting: SealedEvent[] = [];
  for await (const seal of sealsOf(tx, place.id, range)) {
    await checkSeal(tx, place, last, seal, findings);
    last = seal;
    waiting.push(...seal.events.map((id, index) => ({ id, digest: seal.digests[index], seal })));
    events += seal.events.length;
    onSeal();
    if (waiting.length < EVENTS_AT_ONCE) continue;
    await checkEvents(tx, place, waiting, findings);
    waiting = [];
  }
  await checkEvents(tx, place, waiting, findings);
  await checkEnd(tx, place, range, last, findings);
  for (const stray of await strayEvents(tx, place.id, range))
    findings.add(stray.kind, { facility: place.code, event: stray.id });
  return events;
}

async function checkSeal(
  tx: Transaction,
  place: TrailPlace,
  last: Head | null,
  seal: SealRow,
  findings: FindingList,
): Promise<void> {
  const at = { facility: place.code, day: seal.day, sequence: seal.sequence };
  for (const fault of sealFaults(seal)) findings.add(fault, at);
  const fault = linkFault(last, seal);
  if (fault === null) return;
  const elsewhere = fault !== 'seal-missing' && (await hasSealWithHash(tx, place.id, seal.previous));
  findings.add(elsewhere ? 'seal-reordered' : fault, { ...at, after: placeOf(last) });
}

async function checkEvents(
  tx: Transaction,
  place: TrailPlace,
  sealed: readonly SealedEvent[],
  findings: FindingList,
): Promise<void> {
  for (let from = 0; from < sealed.length; from += EVENTS_AT_ONCE) {
    const some = sealed.slice(from, from + EVENTS_AT_ONCE);
    const rows = await eventTexts(
      tx,
      place.id,
      some.map((one) => one.id),
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const { id, digest: expected, seal } of some) {
      const at = { facility: place.code, event: id, day: seal.day, sequence: seal.sequence };
      const row = found.get(id);
      if (!row?.at || row.text === null) findings.add('event-removed', at);
      else if (!expected || !digest(row.text).equals(expected)) findings.add('event-changed', at);
      else if (seal.emptiedAt && row.at.getTime() < seal.emptiedAt.getTime() - LATEST_MS)
        findings.add('event-backdated', { ...at, at: row.at.toISOString() });
    }
  }
}

/** The chain must end where its head says, or go on with the first seal after the range. */
async function checkEnd(
  tx: Transaction,
  place: TrailPlace,
  range: DayRange,
  last: Head | null,
  findings: FindingList,
): Promise<void> {
  const next = range.to ? await sealAfter(tx, place.id, range.to) : null;
  if (next) {
    const fault = linkFault(last, next);
    const at = { facility: place.code, day: next.day, sequence: next.sequence, after: placeOf(last) };
    if (fault) findings.add(fault, at);
    return;
  }
  const head = await chainHead(tx, place.id);
  const same = head === null ? last === null : last !== null && placeOf(head) === placeOf(last);
  if (same && (head === null || head.hash.equals(last?.hash ?? head.hash))) return;
  findings.add('tail-cut', { facility: place.code, expected: placeOf(head), found: placeOf(last) });
}
