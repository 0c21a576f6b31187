import { gunzipSync, gzipSync } from 'node:zlib';
import { recordAudit } from '../../audit/index.ts';
import type { Directory } from '../../facilities/index.ts';
import type { ActingContext, Database, Transaction } from '../../platform/database/index.ts';
import { type Clock, isLocalDate } from '../../platform/dates.ts';
import { type Id, newId, sha256 } from '../../platform/ids.ts';
import { fileNameOf } from '../../platform/text.ts';
import { ClaimReadError, type ImportFinding, placeText } from '../errors.ts';
import { recogniseEdition, tableEntries } from '../reading/edition.ts';
import { foreignRecords, type ScannedFile, scanFile } from '../reading/foreign.ts';
import type { ReadRecord } from '../reading/record.ts';
import { type ClaimSource, sourcesInBytes } from '../reading/source.ts';
import { structureProblems } from '../reading/structure.ts';
import type { ClaimRow, ClaimTables } from '../tables.ts';
import {
  addForeignFile,
  beginReading,
  countRecord,
  type ForeignFile,
  findForeignClaim,
  findForeignFile,
  finishReading,
  insertForeignClaim,
  keepContent,
  type NewForeignClaim,
  type Outcome,
  putAside,
  readContent,
  type SetAside,
} from './foreign.repo.ts';

/** What taking in needs: the export role's database, who is acting, and what facilities there are. */
export interface ImportDependencies {
  readonly database: Database;
  readonly directory: Directory;
  readonly clock: Clock;
}

/** Where somebody can see how far it is: dossiers looked at, of so many. */
export type OnProgress = (done: number, records: number) => void;

type Why = Pick<SetAside, 'reason' | 'details'>;

/**
 * Keeps an upload to be read by a worker. The same bytes again are the file that is there.
 * @returns the file, and whether it has to be read
 */
export async function keepUpload(
  tx: Transaction,
  name: string,
  bytes: Buffer,
  now: Date,
): Promise<{ readonly file: ForeignFile; readonly isNew: boolean }> {
  const added = await addForeignFile(tx, {
    id: newId(now.getTime()),
    name: fileNameOf(name),
    sha256: sha256(bytes),
    size: bytes.length,
    isUpload: true,
    givenAt: now.toISOString(),
  });
  if (added.isNew) await keepContent(tx, added.file.id, bytes);
  return added;
}

/** Reads an upload that was kept; done already, it does nothing. */
export async function importUpload(
  deps: ImportDependencies,
  context: ActingContext,
  fileId: Id,
): Promise<void> {
  const found = await deps.database.transaction(context, async (tx) => ({
    file: await findForeignFile(tx, fileId),
    bytes: await readContent(tx, fileId),
  }));
  if (!found.file || found.file.finishedAt !== null || !found.bytes) return;
  const { bytes, file } = found;
  await importSources(deps, context, file, () => sourcesInBytes(bytes, file.name));
}

/**
 * Takes in a file from disk, read as often as it is needed and never held as a whole.
 * @param digest SHA-256 of its bytes
 * @returns the file as it stands afterwards; one that was taken in before is left alone
 */
export async function importFile(
  deps: ImportDependencies,
  context: ActingContext,
  given: { readonly name: string; readonly size: number; readonly digest: string },
  open: () => Promise<readonly ClaimSource[]>,
  onProgress: OnProgress = () => undefined,
): Promise<{ readonly file: ForeignFile; readonly wasThere: boolean }> {
  const now = deps.clock.now();
  const { file } = await deps.database.transaction(context, (tx) =>
    addForeignFile(tx, {
      id: newId(now.getTime()),
      name: fileNameOf(given.name),
      sha256: given.digest,
      size: given.size,
      isUpload: false,
      givenAt: now.toISOString(),
    }),
  );
  if (file.finishedAt !== null) return { file, wasThere: true };
  await importSources(deps, context, file, open, onProgress);
  const after = await deps.database.transaction(context, (tx) => findForeignFile(tx, file.id));
  return { file: after!, wasThere: false };
}

/** One file of an archive: looked through, or why it cannot be read. It counts as one dossier then. */
type Part = { readonly source: ClaimSource } & (
  | { readonly scanned: ScannedFile; readonly why: null }
  | { readonly scanned: null; readonly why: Why }
);

/**
 * Dossier by dossier, one transaction each. Where an earlier attempt has stopped this one goes on: the same file has
 * the same dossiers at the same positions.
 */
async function importSources(
  deps: ImportDependencies,
  context: ActingContext,
  file: ForeignFile,
  open: () => Promise<readonly ClaimSource[]>,
  onProgress: OnProgress = () => undefined,
): Promise<void> {
  try {
    await importParts(deps, context, file, open, onProgress);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
  }
}

async function importParts(
  deps: ImportDependencies,
  context: ActingContext,
  file: ForeignFile,
  open: () => Promise<readonly ClaimSource[]>,
  onProgress: OnProgress,
): Promise<void> {
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    deps.database.transaction(context, work);
  const now = () => deps.clock.now().toISOString();
  const found = await partsOf(open);
  if (!Array.isArray(found)) {
    await inTransaction((tx) => finishReading(tx, file.id, found, now()));
    return;
  }
  const records = found.reduce((sum, { scanned }) => sum + (scanned?.count ?? 1), 0);
  await inTransaction((tx) => beginReading(tx, file.id, records, now()));
  let done = file.stored + file.known + file.setAside;
  let position = 0;
  for (const part of found) {
    for await (const record of recordsOf(part)) {
      position += 1;
      if (position <= done) continue;
      const at = { position, part: found.length > 1 ? fileNameOf(part.source.name) : null };
      await inTransaction((tx) => takeIn(tx, deps, file.id, at, part.scanned, record));
      done = position;
      onProgress(done, records);
    }
  }
  await inTransaction(async (tx) => {
    await finishReading(tx, file.id, null, now());
    recordAudit(tx, {
      action: 'foreignClaims.read',
      subjectType: 'foreign-file',
      subjectId: file.id,
      detail: { records },
    });
  });
}

async function partsOf(open: () => Promise<readonly ClaimSource[]>): Promise<Part[] | Why> {
  let sources: readonly ClaimSource[];
  try {
    sources = await open();
    if (sources.length === 0) throw new ClaimReadError('not-one-file', {}, { count: 0 });
  } catch (error) {
    return whyOf(error);
  }
  const parts: Part[] = [];
  for (const source of sources) parts.push(await looked(source));
  const [only] = parts;
  return parts.length === 1 && only!.why ? only!.why : parts;
}

async function looked(source: ClaimSource): Promise<Part> {
  try {
    const scanned = await scanFile(source);
    return scanned.checkIn
      ? { source, scanned: null, why: because('check-in-file') }
      : { source, scanned, why: null };
  } catch (error) {
    return { source, scanned: null, why: whyOf(error) };
  }
}

async function* recordsOf({ source, scanned, why }: Part): AsyncGenerator<ReadRecord | Why> {
  if (why) {
    yield why;
    return;
  }
  for await (const { record, error } of foreignRecords(source, scanned)) yield record ?? whyOf(error);
}

/** @throws TakenOver when somebody else reads the same file and was here first: nothing of this is kept */
async function takeIn(
  tx: Transaction,
  deps: ImportDependencies,
  fileId: Id,
  at: Pick<SetAside, 'position' | 'part'>,
  scanned: ScannedFile | null,
  record: ReadRecord | Why,
): Promise<void> {
  const now = deps.clock.now();
  const claim = 'reason' in record ? record : claimOf(tx.context, deps.directory, scanned!, record, now);
  let outcome: Outcome = 'setAside';
  if ('reason' in claim) await putAside(tx, fileId, { ...at, ...claim });
  else
    outcome = (await insertForeignClaim(tx, { ...claim, fileId, position: at.position }))
      ? 'stored'
      : 'known';
  if (!(await countRecord(tx, fileId, at.position, outcome, now.toISOString()))) throw new TakenOver();
}

class TakenOver extends Error {}

// ---- one dossier ------------------------------------------------------------------------------------------------

const FACILITY_CODE = /^[0-9A-Z]{5}$/;
const LONGEST_KEY = 250;

/** What is kept of a dossier, or why it is put aside. */
function claimOf(
  { facilityId: own }: ActingContext,
  directory: Directory,
  scanned: ScannedFile,
  record: ReadRecord,
  now: Date,
): Omit<NewForeignClaim, 'fileId' | 'position'> | Why {
  const { tables } = record;
  const [main, ...others] = tables.XML1 ?? [];
  if (!main || others.length > 0) return because('no-main-table');
  const inside = main.MA_CSKCB?.trim() ?? '';
  const facilityCode = scanned.facilityCode?.trim() || inside;
  if (!FACILITY_CODE.test(facilityCode)) return because('no-facility-code');
  if (inside !== '' && inside !== facilityCode)
    return because('facility-mismatch', { facility: facilityCode });
  const facility = directory.byCode(facilityCode);
  if (own !== null && facility?.id !== own) return because('other-facility', { facility: facilityCode });
  const claimKey = main.MA_LK?.trim().normalize('NFC') ?? '';
  if (claimKey === '' || claimKey.length > LONGEST_KEY) return because('no-claim-key');
  const edition = recogniseEdition(tables);
  const content = JSON.stringify(contentOf(record));
  return {
    facilityId: facility?.id ?? null,
    id: newId(now.getTime()),
    facilityCode,
    claimKey,
    sha256: sha256(content),
    edition,
    classCode: /^\d{1,2}$/.test(main.MA_LOAI_KCB ?? '') ? main.MA_LOAI_KCB! : null,
    arrivedOn: dayOf(main.NGAY_VAO),
    endedOn: dayOf(main.NGAY_RA),
    rows: tableEntries(tables).reduce((sum, [, rows]) => sum + rows.length, 0),
    problems: structureProblems(record, edition).length,
    grossAmount: amountOf(main, 'T_TONGCHI_BV'),
    insuredAmount: amountOf(main, 'T_TONGCHI_BH'),
    insurerPays: amountOf(main, 'T_BHTT'),
    copay: amountOf(main, 'T_BNCCT'),
    selfPay: amountOf(main, 'T_BNTT'),
    otherPayers: amountOf(main, 'T_NGUONKHAC'),
    storedAt: now.toISOString(),
    tables: gzipSync(content),
  };
}

/** A dossier as it is kept: tables in file order, and what nobody knows. */
interface Content {
  readonly tables: ClaimTables;
  readonly unknown: ReadRecord['unknown'];
}

function contentOf({ tables, unknown }: ReadRecord): Content {
  return { tables, unknown };
}

/** What does not look like an amount is none: the check of the dossier says so, statistics leave it out. */
function amountOf(row: ClaimRow, field: string): string | null {
  const text = row[field]?.trim() ?? '';
  return /^\d{1,13}(\.\d{1,2}0*)?$/.test(text) ? text : null;
}

function dayOf(time: string | undefined): string | null {
  const found = /^(\d{4})(\d{2})(\d{2})/.exec(time?.trim() ?? '');
  const day = found ? `${found[1]}-${found[2]}-${found[3]}` : '';
  return isLocalDate(day) ? day : null;
}

function because(reason: ImportFinding, details: Why['details'] = {}): Why {
  return { reason, details };
}

function whyOf(error: unknown): Why {
  if (!(error instanceof ClaimReadError)) throw error;
  return { reason: error.finding, details: { place: placeText(error.place), ...error.values } };
}

// ---- one dossier, shown -----------------------------------------------------------------------------------------

/** A dossier that was taken in, with its tables where the reader may see them. */
export async function readForeignClaim(tx: Transaction, id: Id) {
  const found = await findForeignClaim(tx, id);
  if (!found) return undefined;
  const { claim, tables } = found;
  if (!tables) return { claim, record: null, problems: [] };
  const record: ReadRecord = { ...(JSON.parse(gunzipSync(tables).toString()) as Content), broken: [] };
  return { claim, record, problems: structureProblems(record, recogniseEdition(record.tables)) };
}
