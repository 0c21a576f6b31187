import type { Transaction } from '../platform/database/index.ts';
import type { AnchorRound } from './anchor.ts';
import { GENESIS, roundHash } from './canonical.ts';
import type { FindingList } from './findings.ts';
import { type DayRange, hashesOfRounds, lastSealedRound, roundAt, rounds } from './verify.repo.ts';

/** Walks the province's chain: every round against the seals that are there. @returns how many rounds there are */
export async function verifyRounds(tx: Transaction, range: DayRange, findings: FindingList): Promise<number> {
  let last: { sequence: number; hash: Buffer } | null = null;
  let count = 0;
  for await (const round of rounds(tx, range)) {
    const at = { round: round.sequence };
    if (count === 0 && round.sequence > 1 && range.from) last = await roundAt(tx, round.sequence - 1);
    const expected: number = last ? last.sequence + 1 : 1;
    if (round.sequence !== expected)
      findings.add('round-missing', { from: expected, to: round.sequence - 1 });
    else if (!round.previous.equals(last?.hash ?? GENESIS)) findings.add('round-broken', at);
    const seals = round.found.map((seal) => ({
      facilityId: seal.facilityId,
      hash: Buffer.from(seal.hash, 'hex'),
    }));
    if (seals.length !== round.seals)
      findings.add('round-incomplete', { ...at, expected: round.seals, found: seals.length });
    else if (!roundHash(round, seals).equals(round.hash)) findings.add('round-changed', at);
    last = round;
    count += 1;
  }
  if (!range.to) {
    const end = last?.sequence ?? (await roundAt(tx, 'last'))?.sequence ?? 0;
    const sealed = await lastSealedRound(tx);
    if (sealed > end) findings.add('rounds-cut', { from: end + 1, to: sealed });
  }
  return count;
}

const ROUNDS_AT_ONCE = 500;
const PLACES_SHOWN = 20;

/** Compares the province's chain with a copy of it that was kept elsewhere. */
export async function compareAnchor(
  tx: Transaction,
  anchor: AsyncIterable<AnchorRound>,
  findings: FindingList,
): Promise<void> {
  const missing: AnchorRound[] = [];
  const different: number[] = [];
  let some: AnchorRound[] = [];
  const compare = async () => {
    const hashes = await hashesOfRounds(
      tx,
      some.map((round) => round.round),
    );
    for (const round of some) {
      const hash = hashes.get(round.round);
      if (!hash) missing.push(round);
      else if (hash.toString('hex') !== round.hash) different.push(round.round);
    }
    some = [];
  };
  for await (const round of anchor) {
    some.push(round);
    if (some.length === ROUNDS_AT_ONCE) await compare();
  }
  await compare();
  if (missing.length > 0) findings.add('anchor-cut', missingRounds(missing));
  if (different.length > 0)
    findings.add('anchor-differs', { round: different[0] ?? 0, count: different.length });
}

/** Which rounds, and which facilities and days they sealed. */
function missingRounds(missing: readonly AnchorRound[]) {
  const places = new Set<string>();
  for (const round of missing) for (const seal of round.seals) places.add(`${seal.facility} ${seal.day}`);
  const shown = [...places].slice(0, PLACES_SHOWN).join(', ');
  return {
    from: missing[0]?.round ?? 0,
    to: missing.at(-1)?.round ?? 0,
    count: missing.length,
    places: places.size > PLACES_SHOWN ? `${shown}, …` : shown,
  };
}
