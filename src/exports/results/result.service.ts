import { recordAudit } from '../../audit/index.ts';
import { appendEvent, type ClaimEventType, listVersions } from '../../claims/index.ts';
import type { Facility } from '../../facilities/index.ts';
import type { Database, Transaction } from '../../platform/database/index.ts';
import type { Clock } from '../../platform/dates.ts';
import { type Id, newId, sha256 } from '../../platform/ids.ts';
import { enqueue } from '../../platform/outbox.ts';
import { fileNameOf } from '../../platform/text.ts';
import type { WorkingDays } from '../../platform/working-days.ts';
import { QUEUES, workerContext } from '../context.ts';
import { followEvent } from '../corrections/correction.service.ts';
import { replacedBy } from '../decide.ts';
import { appendReplaced } from '../replaced.ts';
import { finishWork } from '../work.repo.ts';
import { loadLayout } from './layout.ts';
import { judge } from './match.ts';
import { type PortalRow, readPortalExport } from './read.ts';
import {
  addImport,
  findImport,
  type ImportCounts,
  insertRows,
  type JudgedRow,
  type ListedVersion,
  noteImport,
  openImport,
  type ResultImport,
  versionsFor,
} from './result.repo.ts';
import { ResultFileError } from './table.ts';

export interface ResultDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly calendar: WorkingDays;
}

/** Rows that are judged and written in one transaction. */
const BATCH = 200;

export const resultEntry = (importId: Id, facilityId: Id) => ({
  queue: QUEUES.resultImport,
  name: 'read',
  jobId: `results.${importId}`,
  data: { importId, facilityId },
});

/**
 * Keeps an export of the portal to be read by a worker. The same bytes again are the import that is there.
 * @returns the import as it stands, and whether it is new
 */
export async function giveResults(
  tx: Transaction,
  facility: Pick<Facility, 'id'>,
  name: string,
  bytes: Buffer,
  now: Date,
): Promise<{ readonly found: ResultImport; readonly isNew: boolean }> {
  const given = {
    id: newId(now.getTime()),
    facilityId: facility.id,
    source: 'file' as const,
    name: fileNameOf(name),
    sha256: sha256(bytes),
    givenAt: now.toISOString(),
  };
  const added = await addImport(tx, given, bytes);
  if (added.isNew) enqueue(tx, resultEntry(added.found.id, facility.id));
  return added;
}

/** Reads an export that was kept; done already, it does nothing. Stopped half way, it goes on where it was. */
export async function readResults(
  deps: ResultDependencies,
  facilityId: Id,
  importId: Id,
): Promise<ResultImport | undefined> {
  const context = workerContext(facilityId, `results-${importId}`);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  const open = await inTransaction((tx) => openImport(tx, importId));
  if (open) {
    try {
      await readRows(deps, inTransaction, open.found, rowsIn(open.found, open.bytes));
    } catch (error) {
      if (!(error instanceof ResultFileError)) throw error;
      await inTransaction((tx) => endImport(tx, importId, deps.clock.now(), error.finding));
    }
  }
  return inTransaction((tx) => findImport(tx, importId));
}

/** A file is read as the portal writes it; of an answer the rows themselves were kept. */
async function* rowsIn({ source }: ResultImport, bytes: Buffer): AsyncGenerator<PortalRow> {
  if (source === 'file') yield* readPortalExport(bytes, loadLayout());
  else yield* JSON.parse(bytes.toString()) as PortalRow[];
}

async function readRows(
  deps: ResultDependencies,
  inTransaction: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>,
  found: ResultImport,
  rows: AsyncIterable<PortalRow>,
): Promise<void> {
  let position = 1;
  let part: PortalRow[] = [];
  const judgePart = async () => {
    const [first, given] = [position, part];
    position += part.length;
    part = [];
    if (given.length > 0) await inTransaction((tx) => takeIn(tx, found, first, given, deps));
  };
  for await (const row of rows) {
    part.push(row);
    if (part.length === BATCH) await judgePart();
  }
  await judgePart();
  await inTransaction((tx) => endImport(tx, found.id, deps.clock.now(), null));
}

/**
 * Judges rows and appends what they say to the ledger, all in the caller's transaction.
 * @param first position of the first of them; those that were taken in before are left alone
 */
export async function takeIn(
  tx: Transaction,
  { id, facilityId, facilityCode, source }: ResultImport,
  first: number,
  rows: readonly PortalRow[],
  { clock, calendar }: Pick<ResultDependencies, 'clock' | 'calendar'>,
): Promise<void> {
  const now = clock.now();
  const open = await openImport(tx, id);
  if (!open) return;
  const fresh = rows.slice(Math.max(0, open.rowsDone + 1 - first));
  if (fresh.length === 0) return;
  const versions = await versionsFor(tx, facilityId, fresh);
  const judged: JudgedRow[] = [];
  for (const row of fresh) {
    const verdict = judge(row, facilityCode, versions);
    judged.push({ row, verdict });
    if (verdict.kind !== 'matched') continue;
    const index = versions.findIndex(
      (one) => one.encounterId === verdict.version.encounterId && one.number === verdict.version.number,
    );
    for (const type of verdict.append) {
      const next = await append(tx, calendar, facilityId, versions[index]!, type, row, source, now);
      versions[index] = next;
      if (type === 'received') await sayReplaced(tx, facilityId, next, versions, now);
    }
  }
  await insertRows(tx, facilityId, id, open.rowsDone + 1, judged);
  await noteImport(tx, id, countsOf(judged), now.toISOString(), null);
}

/** @returns the version as it stands afterwards */
async function append(
  tx: Transaction,
  calendar: WorkingDays,
  facilityId: Id,
  version: ListedVersion,
  type: ClaimEventType,
  row: PortalRow,
  source: ResultImport['source'],
  now: Date,
): Promise<ListedVersion> {
  const { encounterId, number, attempt } = version;
  const key = { facilityId, encounterId, number };
  const sequence = version.sequence + 1;
  const { number: sheetRow, amount, ...said } = row;
  const cause = source === 'file' ? 'portal-export' : 'portal-query';
  await appendEvent(tx, key, {
    sequence,
    type,
    at: now.toISOString(),
    cause,
    attempt,
    resultCode: row.code,
    transactionId: row.transactionId,
    receivedAt: type === 'received' ? row.sentAt : null,
    rawAnswer: JSON.stringify({ sheetRow, amount: amount?.toFixed(2) ?? null, ...said }),
  });
  await followEvent(
    tx,
    calendar,
    key,
    { type, at: now.toISOString(), cause, resultCode: row.code },
    row.text,
  );
  if (type === 'received') await finishWork(tx, facilityId, encounterId, number);
  const receipts =
    type === 'received' && row.transactionId !== null
      ? [...version.transactionIds, row.transactionId]
      : version.transactionIds;
  return { ...version, state: type, sequence, transactionIds: receipts };
}

/** Earlier versions of the visit whose record at the insurer is now this one. */
async function sayReplaced(
  tx: Transaction,
  facilityId: Id,
  { encounterId, number }: ListedVersion,
  versions: ListedVersion[],
  now: Date,
): Promise<void> {
  const histories = await listVersions(tx, facilityId, encounterId);
  const replaced = replacedBy(histories, number);
  await appendReplaced(tx, { facilityId, encounterId, number }, histories, replaced, now);
  for (const [index, one] of versions.entries())
    if (one.encounterId === encounterId && replaced.includes(one.number))
      versions[index] = { ...one, state: 'replaced', sequence: one.sequence + 1 };
}

function countsOf(judged: readonly JudgedRow[]): ImportCounts {
  const of = (kind: JudgedRow['verdict']['kind']) => judged.filter(({ verdict }) => verdict.kind === kind);
  return {
    matched: of('matched').length,
    changed: judged.filter(({ verdict }) => verdict.kind === 'matched' && verdict.append.length > 0).length,
    unmatched: of('unmatched').length,
    contradicting: of('contradicting').length,
  };
}

const NOTHING: ImportCounts = { matched: 0, changed: 0, unmatched: 0, contradicting: 0 };

/** @param reason why it is not read, or not further; null = it was read to its end */
async function endImport(tx: Transaction, id: Id, now: Date, reason: string | null): Promise<void> {
  if (!(await openImport(tx, id))) return;
  await noteImport(tx, id, NOTHING, now.toISOString(), {
    state: reason === null ? 'read' : 'refused',
    reason,
  });
  const after = await findImport(tx, id);
  const { matched, changed, unmatched, contradicting } = after!;
  recordAudit(tx, {
    action: 'results.read',
    subjectType: 'result-import',
    subjectId: id,
    detail: { matched, changed, unmatched, contradicting, reason },
  });
}
