import type { PageEnd } from '../../platform/cursor.ts';
import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';

export type ForeignFileState = 'waiting' | 'reading' | 'read' | 'refused';

/** A file that was taken in, and how far it is read. */
export interface ForeignFile {
  readonly id: Id;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly state: ForeignFileState;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** Null until the file was looked through. */
  readonly records: number | null;
  /** New; there already with the same content; not taken in. */
  readonly stored: number;
  readonly known: number;
  readonly setAside: number;
  readonly givenAt: string;
  readonly finishedAt: string | null;
}

export interface SetAside {
  readonly position: number;
  /** The file inside an archive. */
  readonly part: string | null;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Figures of a dossier: nothing about a person. */
export interface ForeignClaim {
  readonly id: Id;
  readonly fileId: Id;
  readonly position: number;
  readonly facilityCode: string;
  readonly claimKey: string;
  readonly edition: string;
  readonly classCode: string | null;
  readonly arrivedOn: string | null;
  readonly endedOn: string | null;
  readonly rows: number;
  readonly problems: number;
  readonly grossAmount: string | null;
  readonly insuredAmount: string | null;
  readonly insurerPays: string | null;
  readonly copay: string | null;
  readonly selfPay: string | null;
  readonly otherPayers: string | null;
  readonly storedAt: string;
}

export interface NewForeignClaim extends ForeignClaim {
  readonly facilityId: Id | null;
  readonly sha256: string;
  /** Gzipped JSON. */
  readonly tables: Buffer;
}

const FILE = `id, name, sha256, size::float8 as size, state, reason, details, records, stored, known,
  set_aside as "setAside", to_json(given_at)#>>'{}' as "givenAt", to_json(finished_at)#>>'{}' as "finishedAt"`;

// ---- files ------------------------------------------------------------------------------------------------------

/** Adds a file, unless the same bytes are there. @returns the file as it stands, and whether it is new */
export async function addForeignFile(
  tx: Transaction,
  file: Pick<ForeignFile, 'id' | 'name' | 'sha256' | 'size' | 'givenAt'> & { readonly isUpload: boolean },
): Promise<{ readonly file: ForeignFile; readonly isNew: boolean }> {
  const { facilityId, userId } = tx.context;
  const added = await tx.query<{ id: Id }>(
    `insert into foreign_file (facility_id, id, sha256, name, size, is_upload, state, given_at, given_by, touched_at)
     values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $7)
     on conflict (facility_id, sha256) do nothing returning id`,
    [facilityId, file.id, file.sha256, file.name, file.size, file.isUpload, file.givenAt, userId],
  );
  const rows = await tx.query<ForeignFile>(
    `select ${FILE} from foreign_file where facility_id is not distinct from $1 and sha256 = $2`,
    [facilityId, file.sha256],
  );
  return { file: rows[0]!, isNew: added.length > 0 };
}

export async function keepContent(tx: Transaction, fileId: Id, bytes: Buffer): Promise<void> {
  await tx.query('insert into foreign_file_content (facility_id, file_id, bytes) values ($1, $2, $3)', [
    tx.context.facilityId,
    fileId,
    bytes,
  ]);
}

export async function readContent(tx: Transaction, fileId: Id): Promise<Buffer | undefined> {
  const rows = await tx.query<{ bytes: Buffer }>(
    'select bytes from foreign_file_content where file_id = $1',
    [fileId],
  );
  return rows[0]?.bytes;
}

export async function findForeignFile(tx: Transaction, fileId: Id): Promise<ForeignFile | undefined> {
  const rows = await tx.query<ForeignFile>(`select ${FILE} from foreign_file where id = $1`, [fileId]);
  return rows[0];
}

export async function listForeignFiles(
  tx: Transaction,
  wanted: { readonly facilityId: Id | null; readonly after: PageEnd | null; readonly limit: number },
): Promise<ForeignFile[]> {
  return tx.query<ForeignFile>(
    `select ${FILE} from foreign_file
     where ($1::uuid is null or facility_id = $1)
       and ($2::timestamptz is null or (given_at, id) < ($2, $3::uuid))
     order by given_at desc, id desc limit $4`,
    [wanted.facilityId, wanted.after?.at ?? null, wanted.after?.id ?? null, wanted.limit],
  );
}

export async function listSetAside(tx: Transaction, fileId: Id, limit: number): Promise<SetAside[]> {
  return tx.query<SetAside>(
    `select position, part, reason, details from foreign_set_aside where file_id = $1 order by position limit $2`,
    [fileId, limit],
  );
}

/** Uploads on which nobody has worked for a while. */
export async function untouchedUploads(
  tx: Transaction,
  before: string,
): Promise<{ readonly fileId: Id; readonly facilityId: Id | null }[]> {
  return tx.query<{ fileId: Id; facilityId: Id | null }>(
    `select id as "fileId", facility_id as "facilityId" from foreign_file
     where finished_at is null and touched_at < $1 and is_upload
     order by touched_at limit 100`,
    [before],
  );
}

export async function beginReading(tx: Transaction, fileId: Id, records: number, at: string): Promise<void> {
  await tx.query(
    `update foreign_file set state = 'reading', records = $2, touched_at = $3
     where id = $1 and finished_at is null`,
    [fileId, records, at],
  );
}

/** @param refusal null = every dossier was looked at */
export async function finishReading(
  tx: Transaction,
  fileId: Id,
  refusal: Pick<SetAside, 'reason' | 'details'> | null,
  at: string,
): Promise<void> {
  await tx.query(
    `update foreign_file set state = case when $2::text is null then 'read' else 'refused' end, reason = $2,
       details = $3::jsonb, finished_at = $4, touched_at = $4
     where id = $1 and finished_at is null`,
    [fileId, refusal?.reason ?? null, refusal?.details ?? {}, at],
  );
  await tx.query('delete from foreign_file_content where file_id = $1', [fileId]);
}

export type Outcome = 'stored' | 'known' | 'setAside';

/**
 * Counts one dossier. Each is counted once, in order: whoever comes second to a position counts nothing.
 * @returns false when somebody else has counted it
 */
export async function countRecord(
  tx: Transaction,
  fileId: Id,
  position: number,
  outcome: Outcome,
  at: string,
): Promise<boolean> {
  const rows = await tx.query<{ id: Id }>(
    `update foreign_file set touched_at = $4,
       stored = stored + ($3 = 'stored')::int, known = known + ($3 = 'known')::int,
       set_aside = set_aside + ($3 = 'setAside')::int
     where id = $1 and stored + known + set_aside = $2 - 1 and finished_at is null returning id`,
    [fileId, position, outcome, at],
    'foreign-count',
  );
  return rows.length > 0;
}

export async function putAside(tx: Transaction, fileId: Id, record: SetAside): Promise<void> {
  await tx.query(
    `insert into foreign_set_aside (facility_id, file_id, position, part, reason, details)
     values ($1, $2, $3, $4, $5, $6::jsonb)`,
    [tx.context.facilityId, fileId, record.position, record.part, record.reason, record.details],
  );
}

// ---- claims -----------------------------------------------------------------------------------------------------

/** @returns false when a dossier of the same content is there */
export async function insertForeignClaim(tx: Transaction, claim: NewForeignClaim): Promise<boolean> {
  const { tables, ...figures } = claim;
  const rows = await tx.query<{ id: Id }>(
    `insert into foreign_claim (facility_id, id, file_id, position, facility_code, claim_key, sha256, edition, class_code,
       arrived_on, ended_on, rows, problems, gross_amount, insured_amount, insurer_pays, copay, self_pay, other_payers,
       stored_at)
     select "facilityId", id, "fileId", position, "facilityCode", "claimKey", sha256, edition, "classCode",
       "arrivedOn", "endedOn", rows, problems, "grossAmount", "insuredAmount", "insurerPays", copay, "selfPay",
       "otherPayers", "storedAt"
     from jsonb_to_record($1::jsonb) as r("facilityId" uuid, id uuid, "fileId" uuid, position int, "facilityCode" text,
       "claimKey" text, sha256 text, edition text, "classCode" text, "arrivedOn" date, "endedOn" date, rows int,
       problems int, "grossAmount" numeric, "insuredAmount" numeric, "insurerPays" numeric, copay numeric,
       "selfPay" numeric, "otherPayers" numeric, "storedAt" timestamptz)
     on conflict (facility_code, sha256) do nothing returning id`,
    [JSON.stringify(figures)],
    'foreign-claim-insert',
  );
  if (rows.length === 0) return false;
  await tx.query(
    'insert into foreign_claim_content (facility_id, claim_id, tables) values ($1, $2, $3)',
    [claim.facilityId, claim.id, tables],
    'foreign-content-insert',
  );
  return true;
}

const CLAIM = `id, file_id as "fileId", position, facility_code as "facilityCode", claim_key as "claimKey", edition,
  class_code as "classCode", arrived_on::text as "arrivedOn", ended_on::text as "endedOn", rows, problems,
  gross_amount::text as "grossAmount", insured_amount::text as "insuredAmount", insurer_pays::text as "insurerPays",
  copay::text as copay, self_pay::text as "selfPay", other_payers::text as "otherPayers",
  to_json(stored_at)#>>'{}' as "storedAt"`;

export interface ForeignClaimQuery {
  /** Null = every facility, and those that we do not know. */
  readonly facilityId: Id | null;
  readonly facilityCode: string | null;
  readonly fileId: Id | null;
  readonly claimKey: string | null;
}

const WANTED = `($1::uuid is null or facility_id = $1) and ($2::text is null or facility_code = $2)
  and ($3::uuid is null or file_id = $3) and ($4::text is null or claim_key = $4)`;
const wantedOf = (query: ForeignClaimQuery) => [
  query.facilityId,
  query.facilityCode,
  query.fileId,
  query.claimKey,
];

/** Newest first. */
export async function listForeignClaims(
  tx: Transaction,
  query: ForeignClaimQuery & { readonly after: PageEnd | null; readonly limit: number },
): Promise<ForeignClaim[]> {
  return tx.query<ForeignClaim>(
    `select ${CLAIM} from foreign_claim
     where ${WANTED} and ($5::timestamptz is null or (stored_at, id) < ($5, $6::uuid))
     order by stored_at desc, id desc limit $7`,
    [...wantedOf(query), query.after?.at ?? null, query.after?.id ?? null, query.limit],
  );
}

export interface ForeignFigures {
  readonly claims: number;
  readonly withProblems: number;
  readonly grossAmount: string;
  readonly insuredAmount: string;
  readonly insurerPays: string;
  readonly copay: string;
  readonly selfPay: string;
  readonly otherPayers: string;
}

export async function sumForeignClaims(tx: Transaction, query: ForeignClaimQuery): Promise<ForeignFigures> {
  const sum = (column: string) => `coalesce(sum(${column}), 0)::numeric(18,2)::text`;
  const rows = await tx.query<ForeignFigures>(
    `select count(*)::int as claims, count(*) filter (where problems > 0)::int as "withProblems",
       ${sum('gross_amount')} as "grossAmount", ${sum('insured_amount')} as "insuredAmount",
       ${sum('insurer_pays')} as "insurerPays", ${sum('copay')} as copay, ${sum('self_pay')} as "selfPay",
       ${sum('other_payers')} as "otherPayers"
     from foreign_claim where ${WANTED}`,
    wantedOf(query),
  );
  return rows[0]!;
}

/** One dossier; its tables only where the reader may see charts of its facility. */
export async function findForeignClaim(
  tx: Transaction,
  id: Id,
): Promise<{ readonly claim: ForeignClaim; readonly tables: Buffer | null } | undefined> {
  const rows = await tx.query<ForeignClaim & { tables: Buffer | null }>(
    `select ${CLAIM}, (select tables from foreign_claim_content c where c.claim_id = foreign_claim.id) as tables
     from foreign_claim where id = $1`,
    [id],
  );
  const [found] = rows;
  if (!found) return undefined;
  const { tables, ...claim } = found;
  return { claim, tables };
}
