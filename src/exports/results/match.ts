import type { ClaimEventType } from '../../claims/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { Money } from '../../platform/money.ts';
import type { PortalRow } from './read.ts';

/** A claim version as the ledger has it. */
export interface KnownVersion {
  readonly encounterId: Id;
  readonly number: number;
  readonly claimKey: string;
  readonly state: ClaimEventType;
  /** What the insurer is asked for. */
  readonly insurerPays: Money;
  /** Receipts of this version, in the order in which they came. */
  readonly transactionIds: readonly string[];
  /** A call of it ended without an answer: it may have got through. */
  readonly wasUnclear: boolean;
}

export const CONTRADICTIONS = [
  /** The record is another facility's. */
  'other-facility',
  /** Its transaction is that of another visit here. */
  'key-differs',
  /** The insurer would pay another amount than the version says. */
  'amount-differs',
  /** The visit was received under another transaction, and no call of it ended unclear. */
  'other-transaction',
  /** Calls of several versions ended without an answer: whose record this is, nobody can tell. */
  'several-unclear',
  /** The insurer has a record of a visit that was never sent. */
  'not-sent-here',
  'withdrawn-here',
  'refused-here',
  /** A later version replaced it here; there it still counts. */
  'replaced-here',
  /** It is replaced there, but not by anything sent from here. */
  'replaced-by-unknown',
  /** It is being sent at this moment: a later look will tell. */
  'in-flight',
  /** An error or refusal was known, and now the row knows of none. */
  'was-faulty',
  'was-rejected',
  /** An error after payment was asked for. */
  'paid-here',
] as const;
export type Contradiction = (typeof CONTRADICTIONS)[number];
export const UNMATCHED = ['no-id', 'no-such-claim', 'not-understood'] as const;
export type Unmatched = (typeof UNMATCHED)[number];

/** What a row means for the ledger. `append` is what the version's history does not say yet, in order. */
export type Verdict =
  | { readonly kind: 'matched'; readonly version: KnownVersion; readonly append: readonly ClaimEventType[] }
  | { readonly kind: 'unmatched'; readonly reason: Unmatched; readonly version: null }
  | {
      readonly kind: 'contradicting';
      readonly reason: Contradiction;
      readonly version: KnownVersion | null;
    };

const NOT_SENT: ReadonlySet<ClaimEventType> = new Set([
  'built',
  'checked',
  'signed',
  'notSigned',
  'queued',
  'notSent',
  'held',
  'released',
]);
const matched = (version: KnownVersion, append: readonly ClaimEventType[] = []): Verdict => ({
  kind: 'matched',
  version,
  append,
});
const unmatched = (reason: Unmatched): Verdict => ({ kind: 'unmatched', reason, version: null });
const against = (reason: Contradiction, version: KnownVersion | null): Verdict => ({
  kind: 'contradicting',
  reason,
  version,
});

/**
 * What a row of the portal says about which version: by its transaction first, by the claim key where that is unknown.
 * @param known versions of every visit that the transaction or the key may be about, oldest version first
 */
export function judge(row: PortalRow, facilityCode: string, known: readonly KnownVersion[]): Verdict {
  if (row.facilityCode !== null && row.facilityCode !== facilityCode) return against('other-facility', null);
  const { transactionId, claimKey } = row;
  if (transactionId === null && claimKey === null) return unmatched('no-id');
  if (row.status === null) return unmatched('not-understood');
  const received = known.find((one) => transactionId !== null && one.transactionIds.includes(transactionId));
  if (received && claimKey !== null && received.claimKey !== claimKey)
    return against('key-differs', received);
  const key = received?.claimKey ?? claimKey;
  const ofVisit = known.filter((one) => one.claimKey === key);
  if (received) return judgeReceived(row, received, ofVisit);
  const newest = ofVisit.at(-1);
  if (!newest) return unmatched('no-such-claim');
  const there = ofVisit.findLast((one) => one.transactionIds.length > 0);
  if (transactionId === null && there) return judgeReceived(row, replacedIn(row, ofVisit) ?? there, ofVisit);
  return judgeUnheard(row, newest, ofVisit);
}

/**
 * Lists by key alone hold every version of a visit: a replaced one is the one that was replaced here, whichever else
 * stands beside it.
 */
const replacedIn = ({ status }: PortalRow, ofVisit: readonly KnownVersion[]): KnownVersion | undefined =>
  status === 'replaced' ? ofVisit.findLast((one) => one.state === 'replaced') : undefined;

/** The insurer has a record whose receipt we never got. */
function judgeUnheard(row: PortalRow, newest: KnownVersion, ofVisit: readonly KnownVersion[]): Verdict {
  if (ofVisit.some(({ state }) => state === 'sending')) return against('in-flight', newest);
  const unclear = ofVisit.filter(({ wasUnclear }) => wasUnclear);
  // A call without an answer that was repeated later: the repeat replaced it.
  if (row.status === 'replaced' && unclear.length > 0) return matched(unclear[0]!);
  const open = unclear.filter(
    ({ state }) => state === 'unknown' || state === 'refused' || state === 'parked',
  );
  const [only] = open;
  if (only && open.length === 1) {
    const next = judgeReceived(row, { ...only, state: 'received' }, ofVisit);
    if (next.kind === 'matched') return matched(only, ['received', ...next.append]);
    return next.kind === 'contradicting' ? against(next.reason, only) : next;
  }
  if (open.length > 1) return against('several-unclear', newest);
  if (newest.state === 'withdrawn') return against('withdrawn-here', newest);
  if (newest.state === 'refused' || newest.state === 'parked') return against('refused-here', newest);
  const isUnsent = ofVisit.every(({ state }) => NOT_SENT.has(state) || state === 'withdrawn');
  return against(isUnsent ? 'not-sent-here' : 'other-transaction', newest);
}

function judgeReceived(row: PortalRow, version: KnownVersion, ofVisit: readonly KnownVersion[]): Verdict {
  const isOldReceipt =
    row.transactionId !== null &&
    version.transactionIds.length > 0 &&
    version.transactionIds.includes(row.transactionId) &&
    version.transactionIds.at(-1) !== row.transactionId;
  if (row.status === 'replaced') {
    if (isOldReceipt || version.state === 'replaced') return matched(version);
    // Without a transaction it may be an earlier call of the same version that was sent again.
    const wasRepeated = version.transactionIds.length > 1 || version.wasUnclear;
    if (row.transactionId === null && wasRepeated) return matched(version);
    const later = ofVisit.some((one) => one.number > version.number && one.transactionIds.length > 0);
    return later ? matched(version, ['replaced']) : against('replaced-by-unknown', version);
  }
  if (!isKnownAmount(row, version, ofVisit)) return against('amount-differs', version);
  if (version.state === 'replaced')
    return row.status === 'good' ? against('replaced-here', version) : matched(version);
  if (row.status === 'faulty') return faulty(version);
  // A record that is turned down before anybody asked for payment was not assessed: it is corrected and sent again.
  if (row.status === 'rejected' && row.payment === 'none') return faulty(version);
  if (row.status === 'rejected') return matched(version, version.state === 'rejected' ? [] : ['rejected']);
  return good(row, version);
}

/**
 * Who refuses money pays less than was asked for; and what a later version asks for that was never sent, the insurer can
 * only know from form 09/BH.
 */
function isKnownAmount(
  { amount, status }: PortalRow,
  { number, insurerPays }: KnownVersion,
  ofVisit: readonly KnownVersion[],
): boolean {
  if (amount === null || amount.eq(insurerPays)) return true;
  if (status === 'rejected' && amount.lt(insurerPays)) return true;
  return ofVisit.some(
    (one) => one.number > number && one.state === 'withdrawn' && amount.eq(one.insurerPays),
  );
}

function faulty(version: KnownVersion): Verdict {
  if (version.state === 'paymentRequested' || version.state === 'settled')
    return against('paid-here', version);
  const isKnown = version.state === 'faulty' || version.state === 'rejected';
  return matched(version, isKnown ? [] : ['faulty']);
}

/** The way of a record that nothing is wrong with. */
const WAY: readonly ClaimEventType[] = ['received', 'confirmed', 'paymentRequested', 'settled'];
const REACHED = { none: 1, requested: 2, paid: 3 } as const;

/** The rest of the way; a row that is behind what we know is an older export, not a contradiction. */
function good({ payment }: PortalRow, version: KnownVersion): Verdict {
  const wanted = REACHED[payment ?? 'none'];
  const { state } = version;
  if (state === 'faulty' || state === 'rejected') {
    // Payment goes on only after the matter was cleared.
    if (wanted === REACHED.none) return against(`was-${state}`, version);
    return matched(version, WAY.slice(1, wanted + 1));
  }
  return matched(version, WAY.slice(WAY.indexOf(state) + 1, wanted + 1));
}
