import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { streamClaimFile } from '../../src/claims/files.ts';
import type { ClaimTables } from '../../src/claims/tables.ts';
import { FACILITIES, outpatientClaim, stayClaim } from '../harness/month.ts';

/** A process of its own: writes the claims of every `of`-th facility into a folder, one packed file each. */
const [folder = '', total = '0', part = '0', of = '1'] = process.argv.slice(2);
const STAYS_EVERY = 50;
/** So many claims have the insurer's total wrong. */
export const WRONG_EVERY = 1_000;

function claim(at: number): ClaimTables {
  const made = at % STAYS_EVERY === 0 ? stayClaim(at) : outpatientClaim(at);
  if (at % WRONG_EVERY !== 1) return made;
  return { ...made, XML1: [{ ...made.XML1![0]!, T_BHTT: '1.00', T_BHTT_GDV: '1.00' }] };
}

function* claimsOf(facility: number): Generator<ClaimTables> {
  for (let at = facility; at < Number(total); at += FACILITIES.length) yield claim(at);
}

if (folder !== '') {
  mkdirSync(folder, { recursive: true });
  for (const [facility, { code }] of FACILITIES.entries()) {
    if (facility % Number(of) !== Number(part)) continue;
    const recordCount = Math.ceil((Number(total) - facility) / FACILITIES.length);
    const head = { facilityCode: code, madeOn: '2026-09-01', recordCount };
    await pipeline(
      streamClaimFile(claimsOf(facility), head),
      createGzip({ level: 1 }),
      createWriteStream(join(folder, `${code}.xml.gz`)),
    );
  }
}
