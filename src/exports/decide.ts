import { type ClaimEventType, isLegal, type VersionHistory } from '../claims/index.ts';
import type { DecisionRule, GatewayResult } from '../gateway/index.ts';
import { isAssessed } from './corrections/correction.ts';

/**
 * What may be done with the versions of one visit's claim. Pure: the services read, ask here, and write;
 * test/model explores these same functions in every order of events.
 */

export const stateOf = ({ types }: Pick<VersionHistory, 'types'>): ClaimEventType => types.at(-1)!;

/** Whoever went through one of these may have left a record at the insurer. */
const MAY_HAVE_ARRIVED: ReadonlySet<ClaimEventType> = new Set([
  'received',
  'unknown',
  'parked',
  'confirmed',
  'faulty',
  'rejected',
  'paymentRequested',
  'settled',
]);

/**
 * May the insurer have a record of this version, or get one from a call under way? A call with an unclear end is not
 * forgotten when a later one is refused, or when a person holds the claim.
 */
export function mayStand(types: readonly ClaimEventType[]): boolean {
  return types.at(-1) === 'sending' || types.some((type) => MAY_HAVE_ARRIVED.has(type));
}

export type Beginning =
  | { readonly may: 'skip' }
  /** A call of an earlier version may still be under way: this one must not arrive before it. */
  | { readonly may: 'wait'; readonly until: Date }
  /** The insurer has assessed that earlier version: only form 09/BH changes its record, unless a person says otherwise. */
  | { readonly may: 'hold'; readonly assessed: number }
  /** @property gone versions whose last call nobody will report on any more: they become `unknown` first */
  | { readonly may: 'send'; readonly gone: readonly number[] };

/**
 * May this version be sent now? Asked with the visit's work locked.
 * @param onList the version that the work list holds; undefined = nothing is to be sent of this visit
 * @param versions all of the visit, or at least this one and those before it
 * @param leaseMs after so long a call is certainly over, and whoever made it will not report
 * @param quietMs so long after an unclear call of an earlier version the gateway may still be storing what it got (G19)
 */
export function mayBegin(
  number: number,
  onList: number | undefined,
  versions: readonly VersionHistory[],
  now: Date,
  leaseMs: number,
  quietMs = 0,
): Beginning {
  const own = versions.find((one) => one.number === number);
  // Not on the list with this version any more: it rests, was withdrawn, or a newer one is to come.
  if (onList !== number || !own) return { may: 'skip' };
  if (versions.some((one) => one.number > number && one.types.includes('sending'))) return { may: 'skip' };
  const overAt = ({ at }: VersionHistory) => Date.parse(at) + leaseMs;
  const calling = versions.filter((one) => one.number <= number && stateOf(one) === 'sending');
  const until = Math.max(
    ...versions
      .filter((one) => one.number < number)
      .map((one) => {
        if (stateOf(one) === 'sending') return overAt(one) + quietMs;
        return one.types.includes('unknown') ? Date.parse(one.at) + quietMs : 0;
      }),
    0,
  );
  if (until > now.getTime()) return { may: 'wait', until: new Date(until) };
  const isReady =
    stateOf(own) === 'sending' ? overAt(own) <= now.getTime() : isLegal(stateOf(own), 'sending');
  if (!isReady) return { may: 'skip' };
  const assessed = versions.findLast((one) => one.number < number && isAssessed(one.types));
  if (assessed && !own.types.some((type) => type === 'sending' || type === 'released'))
    return { may: 'hold', assessed: assessed.number };
  return { may: 'send', gone: calling.map((one) => one.number) };
}

/**
 * A worker that slept between writing `sending` and calling must not call: its lease may pass while the call is under
 * way, and a later version go out. All in milliseconds of a clock that is never set.
 */
export const isInTime = (begunMs: number, nowMs: number, leaseMarginMs: number): boolean =>
  nowMs - begunMs <= leaseMarginMs;

export type OutcomeType = 'received' | 'refused' | 'unknown' | 'notSent' | 'parked';

/** The state in which the answer of a call leaves the version. */
export function outcomeType({ next, outcome }: Pick<GatewayResult, 'next' | 'outcome'>): OutcomeType {
  if (next === 'park') return 'parked';
  return outcome === 'stopFacility' ? 'notSent' : outcome;
}

export interface Recording {
  /** What is written of the call itself; null = the history has gone on, and says as much or more. */
  readonly own: OutcomeType | null;
  /** Versions of which the insurer's record is no longer the one that counts. */
  readonly replaced: readonly number[];
}

/**
 * What an outcome adds to the ledger.
 * @param call the version, and the place of the call's `sending` among its events, from 1
 */
export function recordingOf(
  versions: readonly VersionHistory[],
  call: { readonly number: number; readonly sequence: number },
  type: OutcomeType,
): Recording {
  const own = versions.find((one) => one.number === call.number)!;
  const since = own.types.slice(call.sequence);
  // Somebody gave the call up, and then it ended after all: what it came to is worth more than `unknown`.
  const isLate = since.length === 1 && since[0] === 'unknown' && type !== 'unknown';
  if (since.length > 0 && !isLate) return { own: null, replaced: [] };
  return { own: type, replaced: type === 'received' ? replacedBy(versions, call.number) : [] };
}

/** Earlier versions that may stand at the insurer when this one is received: its record is this one now. */
export function replacedBy(versions: readonly VersionHistory[], number: number): number[] {
  return versions
    .filter((one) => one.number < number && mayStand(one.types) && isLegal(stateOf(one), 'replaced'))
    .map((one) => one.number);
}

export type NotSent = 'again' | 'leave' | 'rebuild';
/**
 * A call certainly did not arrive.
 * - `again`: the same bytes, later
 * - `leave`: the visit was reopened meanwhile, and what nobody has need never go
 * - `rebuild`: a new version, with the certificate in use; the old signature will never be taken
 * @param types of the version, before that call
 * @property isWithdrawn nothing of this version can be at the insurer, nor ever will be
 */
export function nextOfNotSent(
  types: readonly ClaimEventType[],
  rule: DecisionRule,
  { isSettled, isOfOldCertificate }: { readonly isSettled: boolean; readonly isOfOldCertificate: boolean },
): { readonly may: NotSent; readonly isWithdrawn: boolean } {
  const isWithdrawn = !types.slice(0, -1).some((type) => MAY_HAVE_ARRIVED.has(type));
  if (!isSettled) return isWithdrawn ? { may: 'leave', isWithdrawn } : { may: 'again', isWithdrawn };
  if (rule === 'signature-refused' && isOfOldCertificate) return { may: 'rebuild', isWithdrawn };
  return { may: 'again', isWithdrawn };
}

/**
 * A visit is reopened.
 * - `cancel`: nothing was built, nothing will be
 * - `withdraw`: a version was built and nothing of it can be at the insurer
 * - `leave`: it may be there, or is on its way; it stays on the work list until that is known
 */
export function reopening(
  onList: number | undefined,
  newest: readonly ClaimEventType[] | null,
): 'cancel' | 'withdraw' | 'leave' {
  if (onList === 0) return 'cancel';
  if (newest === null || mayStand(newest)) return 'leave';
  return isLegal(newest.at(-1)!, 'withdrawn') ? 'withdraw' : 'leave';
}
