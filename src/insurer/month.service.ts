import { type ClaimRow, documentBytes, readClaimFile } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { instantAt, localDate } from '../platform/dates.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { receivedClaims } from './month.repo.ts';
import { isOfMonth, type MonthSums, monthForm, sumMonth } from './month.ts';
import { submitPaper } from './paper.service.ts';

const CHUNK = 200;

interface Facility {
  readonly id: Id;
  readonly code: string;
}

/**
 * What the insurer has of a month: the XML1 rows of its newest received versions, added up.
 * @param period `yyyyMM` @returns sums, and a hash that changes with every record that does
 */
export async function readMonth(
  tx: Transaction,
  facilityId: Id,
  period: string,
): Promise<MonthSums & { readonly recordsSha256: string }> {
  const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(4))];
  const first = (y: number, m: number) => instantAt(`${y}-${String(m).padStart(2, '0')}-01`);
  const from = first(year, month);
  const to = month === 12 ? first(year + 1, 1) : first(year, month + 1);
  const rows: ClaimRow[] = [];
  const records: string[] = [];
  for (let after: Id | null = null; ; ) {
    const claims = await receivedClaims(tx, facilityId, from, to, after, CHUNK);
    for (const claim of claims) {
      const xml1 = summaryOf(claim.compressed);
      if (!isOfMonth(xml1, period)) continue;
      rows.push(xml1);
      records.push(`${claim.encounterId}.${claim.number}`);
    }
    if (claims.length < CHUNK) break;
    after = claims.at(-1)!.encounterId;
  }
  return { ...sumMonth(rows), recordsSha256: sha256(records.join()) };
}

function summaryOf(compressed: Buffer): ClaimRow {
  const [record] = readClaimFile(documentBytes(compressed)).records;
  const [row] = record?.XML1 ?? [];
  if (!row) throw new RangeError('a stored claim has no XML1');
  return row;
}

/**
 * Hands in the summary 01/BH of a month. Sent again only when a record of the month has changed since.
 * @throws Problem paper-empty; already-exists
 */
export async function submitMonth(
  tx: Transaction,
  facility: Facility,
  period: string,
  now: Date,
): Promise<Id> {
  const month = await readMonth(tx, facility.id, period);
  const { records, sums } = month;
  if (records === 0) throw new Problem('paper-empty', { kind: 'monthlySummary' });
  const madeOn = localDate(now);
  return submitPaper(
    tx,
    facility.id,
    {
      kind: 'monthlySummary',
      period,
      content: { period, ...month },
      figures: { records, ...sums },
      build: (id) => monthForm(facility.code, period, { records, sums }, madeOn, id),
    },
    now,
  );
}
