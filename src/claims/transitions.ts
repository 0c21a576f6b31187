/** What may happen to a claim version; its state is the type of its last event. */
export type ClaimEventType =
  | 'built'
  /** The rules judged it and keep nothing back; the cause counts what they found. */
  | 'checked'
  /** Its signed document is stored. */
  | 'signed'
  /** It could not be signed; the cause says why. */
  | 'notSigned'
  /** The wish to send it stands in the outbox, or in the queue. */
  | 'queued'
  | 'sending'
  | 'received'
  | 'refused'
  | 'unknown'
  | 'notSent'
  | 'held'
  | 'released'
  | 'parked'
  /** Its visit was reopened before it was sent: it never will be. */
  | 'withdrawn'
  /** A later version of the same visit was received: the insurer's record is that one. */
  | 'replaced'
  /** The insurer has read it and found no error. */
  | 'confirmed'
  /** The insurer found errors in it after it was received. */
  | 'faulty'
  /** The assessor refuses money. */
  | 'rejected'
  | 'paymentRequested'
  | 'settled';

/** Before the first event of a version. */
export type Beginning = 'none';

/** What may follow what once the insurer has a version; only results and later versions say these. */
const RESULTS = ['confirmed', 'faulty', 'rejected', 'paymentRequested', 'settled', 'replaced'] as const;
/** What a call can come to, found out at once, late, or by asking. */
const OUTCOMES = ['received', 'refused', 'unknown', 'notSent', 'parked'] as const;

/**
 * The legal transitions. The database refuses all others (table `claim_transition`, equal to this by test), so that no
 * mistake of a program can write a history that did not happen. `built`, `checked`
 * and `signed` lead to `sending` directly: versions of before there was `queued`, or whose signing was switched off.
 */
export const TRANSITIONS: Readonly<Record<ClaimEventType | Beginning, readonly ClaimEventType[]>> = {
  none: ['built'],
  built: ['checked', 'queued', 'signed', 'notSigned', 'sending', 'held', 'withdrawn'],
  checked: ['queued', 'signed', 'notSigned', 'sending', 'held', 'withdrawn'],
  signed: ['queued', 'sending', 'held', 'withdrawn', 'replaced'],
  notSigned: ['signed', 'notSigned', 'sending', 'held', 'withdrawn', 'replaced'],
  queued: ['signed', 'notSigned', 'sending', 'held', 'withdrawn', 'replaced'],
  sending: OUTCOMES,
  notSent: ['signed', 'notSigned', 'sending', 'held', 'withdrawn', 'replaced'],
  unknown: ['received', 'refused', 'notSent', 'parked', 'signed', 'notSigned', 'sending', 'held', 'replaced'],
  held: ['released', 'withdrawn', 'replaced'],
  released: ['queued', 'signed', 'notSigned', 'sending', 'held', 'withdrawn', 'replaced'],
  parked: ['received', 'released', 'replaced'],
  // The insurer may show a record that it said it refused: of an earlier call of the same version.
  refused: ['received', 'replaced'],
  received: RESULTS,
  confirmed: ['faulty', 'rejected', 'paymentRequested', 'settled', 'replaced'],
  faulty: ['confirmed', 'rejected', 'replaced'],
  rejected: ['confirmed', 'paymentRequested', 'settled', 'replaced'],
  paymentRequested: ['rejected', 'settled', 'replaced'],
  settled: ['rejected', 'replaced'],
  withdrawn: [],
  replaced: [],
};

export const CLAIM_EVENT_TYPES = Object.keys(TRANSITIONS).filter(
  (type): type is ClaimEventType => type !== 'none',
);

export function isLegal(from: ClaimEventType | Beginning, to: ClaimEventType): boolean {
  return TRANSITIONS[from].includes(to);
}
