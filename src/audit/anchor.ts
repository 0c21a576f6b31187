import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { roundHash } from './canonical.ts';
import { type RoundRow, rounds } from './verify.repo.ts';

/** One line of an anchor file: a round of the province's chain with the seals it holds. */
export interface AnchorRound {
  readonly round: number;
  readonly sealedAt: string;
  readonly events: number;
  readonly emptied: boolean;
  readonly previous: string;
  readonly hash: string;
  /** `facility` is its code, `-` for acts without a facility. */
  readonly seals: readonly {
    readonly facility: string;
    readonly facilityId: Id;
    readonly day: LocalDate;
    readonly sequence: number;
    readonly hash: string;
  }[];
}

/** A file that is no anchor, or not one any more. */
export class AnchorDamaged extends Error {
  readonly line: number;

  constructor(line: number, options?: ErrorOptions) {
    super(`anchor damaged at line ${line}`, options);
    this.name = 'AnchorDamaged';
    this.line = line;
  }
}

/**
 * Writes the province's chain, or the end of it from a day on, as JSON Lines: to be kept where nobody who can change
 * the database can reach. An existing file is never overwritten: it may be the only witness.
 */
export async function writeAnchor(tx: Transaction, file: string, from: LocalDate | null): Promise<number> {
  const out = await open(file, 'wx');
  let count = 0;
  try {
    for await (const round of rounds(tx, { from, to: null })) {
      await out.write(`${JSON.stringify(anchorRound(round))}\n`);
      count += 1;
    }
    await out.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await out.close();
  }
  return count;
}

function anchorRound(round: RoundRow): AnchorRound {
  return {
    round: round.sequence,
    sealedAt: round.sealedAt,
    events: round.events,
    emptied: round.emptied,
    previous: round.previous.toString('hex'),
    hash: round.hash.toString('hex'),
    seals: round.found,
  };
}

/** Reads a file back line by line, and that it is whole: each line gives its hash, each link holds. @throws AnchorDamaged */
export async function* readAnchor(file: string): AsyncGenerator<AnchorRound> {
  const lines = createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  let last: AnchorRound | undefined;
  for await (const line of lines) {
    number += 1;
    if (line === '') continue;
    const round = parsed(line, number);
    if (last && (round.round !== last.round + 1 || round.previous !== last.hash))
      throw new AnchorDamaged(number);
    last = round;
    yield round;
  }
}

function parsed(line: string, number: number): AnchorRound {
  try {
    const round = JSON.parse(line) as AnchorRound;
    const { sealedAt, events, emptied } = round;
    const seals = round.seals.map(({ facilityId, hash }) => ({ facilityId, hash: Buffer.from(hash, 'hex') }));
    const previous = Buffer.from(round.previous, 'hex');
    const link = { sequence: round.round, sealedAt, events, emptied, previous, seals: seals.length };
    if (roundHash(link, seals).toString('hex') === round.hash) return round;
  } catch (error) {
    throw new AnchorDamaged(number, { cause: error });
  }
  throw new AnchorDamaged(number);
}
