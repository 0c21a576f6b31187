import { createHash } from 'node:crypto';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/**
 * What is hashed, said a second time: migration …12 seals with SQL, verification recomputes with this. The texts are
 * documented in docs/decisions/0013-audit-chain.md and never change; another text would get another first line.
 */

/** `previous` of the first link of a chain. */
export const GENESIS = Buffer.alloc(32);

/** One round's events of one facility. */
export interface Seal {
  readonly facilityId: Id;
  readonly id: Id;
  /** Day of sealing in Viet Nam. */
  readonly day: LocalDate;
  /** Within the facility and day, from 1. */
  readonly sequence: number;
  readonly round: number;
  readonly events: readonly Id[];
  readonly digests: readonly Buffer[];
  /** Hash of the facility's seal before this one. */
  readonly previous: Buffer;
  readonly hash: Buffer;
}

/** One link of the province's chain. */
export interface Round {
  readonly sequence: number;
  /** `YYYY-MM-DDTHH:mm:ss.ssssssZ` */
  readonly sealedAt: string;
  readonly seals: number;
  readonly events: number;
  /** Nothing that could be seen was left waiting. */
  readonly emptied: boolean;
  readonly previous: Buffer;
  readonly hash: Buffer;
}

export function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

export function sealHash(seal: Omit<Seal, 'hash'>): Buffer {
  const { previous, facilityId, day, sequence, round, id } = seal;
  const events = seal.events.map((event, place) => `${event} ${seal.digests[place]?.toString('hex')}`);
  return digest(
    ['audit-seal-1', previous.toString('hex'), facilityId, day, sequence, round, id, ...events].join('\n'),
  );
}

/** @param seals in the order of their facility ids */
export function roundHash(
  round: Omit<Round, 'hash'>,
  seals: readonly { readonly facilityId: Id; readonly hash: Buffer }[],
): Buffer {
  const { previous, sequence, sealedAt, events, emptied } = round;
  const lines = seals.map((seal) => `${seal.facilityId} ${seal.hash.toString('hex')}`);
  return digest(
    [
      'audit-round-1',
      previous.toString('hex'),
      sequence,
      sealedAt,
      round.seals,
      events,
      emptied,
      ...lines,
    ].join('\n'),
  );
}
