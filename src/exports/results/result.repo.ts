import type { ClaimEventType } from '../../claims/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import { money } from '../../platform/money.ts';
import type { KnownVersion, Verdict } from './match.ts';
import type { PortalRow } from './read.ts';

export interface ResultImport {
  readonly id: Id;
  readonly facilityId: Id;
  readonly facilityCode: string;
  readonly source: 'file' | 'query';
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly state: 'waiting' | 'reading' | 'read' | 'refused';
  readonly reason: string | null;
  readonly matched: number;
  /** Of those matched: rows that added something to the ledger. */
  readonly changed: number;
  readonly unmatched: number;
  readonly contradicting: number;
  readonly givenAt: string;
  readonly finishedAt: string | null;
}
export type ImportCounts = Pick<ResultImport, 'matched' | 'changed' | 'unmatched' | 'contradicting'>;

const IMPORT = `i.id, i.facility_id as "facilityId", f.code as "facilityCode", i.source, i.name, i.sha256,
  i.size::float8 as size, i.state, i.reason, i.matched, i.changed, i.unmatched, i.contradicting,
  to_json(i.given_at)#>>'{}' as "givenAt", to_json(i.finished_at)#>>'{}' as "finishedAt"
  from result_import i join facility f on f.id = i.facility_id`;

/** Keeps what came, unless the same bytes are there. @returns it as it stands, and whether it is new */
export async function addImport(
  tx: Transaction,
  one: Pick<ResultImport, 'id' | 'facilityId' | 'source' | 'name' | 'sha256' | 'givenAt'>,
  bytes: Buffer,
): Promise<{ readonly found: ResultImport; readonly isNew: boolean }> {
  const added = await tx.query<{ id: Id }>(
    `insert into result_import (facility_id, id, source, name, sha256, size, content, state, given_at, given_by, touched_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $8)
     on conflict (facility_id, sha256) do nothing returning id`,
    [
      one.facilityId,
      one.id,
      one.source,
      one.name,
      one.sha256,
      bytes.length,
      bytes,
      one.givenAt,
      tx.context.userId,
    ],
  );
  const rows = await tx.query<ResultImport>(`select ${IMPORT} where i.facility_id = $1 and i.sha256 = $2`, [
    one.facilityId,
    one.sha256,
  ]);
  return { found: rows[0]!, isNew: added.length > 0 };
}

export async function findImport(tx: Transaction, id: Id): Promise<ResultImport | undefined> {
  const rows = await tx.query<ResultImport>(`select ${IMPORT} where i.id = $1`, [id]);
  return rows[0];
}

/** Locks the import for this transaction. @returns undefined when it is finished */
export async function openImport(
  tx: Transaction,
  id: Id,
): Promise<{ readonly found: ResultImport; readonly bytes: Buffer; readonly rowsDone: number } | undefined> {
  const rows = await tx.query<ResultImport & { content: Buffer; rowsDone: number }>(
    `select (select count(*)::int from result_row r where r.import_id = $1) as "rowsDone", i.content, ${IMPORT}
     where i.id = $1 and i.finished_at is null for update of i`,
    [id],
  );
  const [one] = rows;
  if (!one) return undefined;
  const { content, rowsDone, ...found } = one;
  return { found, bytes: content, rowsDone };
}

/** Counts rows in; the last time, the content goes. */
export async function noteImport(
  tx: Transaction,
  id: Id,
  more: ImportCounts,
  at: string,
  end: { readonly state: 'read' | 'refused'; readonly reason: string | null } | null,
): Promise<void> {
  await tx.query(
    `update result_import set matched = matched + $2, changed = changed + $3, unmatched = unmatched + $4,
       contradicting = contradicting + $5, touched_at = $6, state = coalesce($7, 'reading'), reason = $8,
       finished_at = case when $7::text is not null then $6::timestamptz end,
       content = case when $7::text is null then content end
     where id = $1`,
    [
      id,
      more.matched,
      more.changed,
      more.unmatched,
      more.contradicting,
      at,
      end?.state ?? null,
      end?.reason ?? null,
    ],
  );
}

/** Imports on which nobody has worked for a while. */
export async function untouchedImports(
  tx: Transaction,
  before: string,
): Promise<{ readonly importId: Id; readonly facilityId: Id }[]> {
  return tx.query<{ importId: Id; facilityId: Id }>(
    `select id as "importId", facility_id as "facilityId" from result_import
     where finished_at is null and touched_at < $1 order by touched_at limit 100`,
    [before],
  );
}

/** A claim version with the length of its history, so that one more event has its place. */
export interface ListedVersion extends KnownVersion {
  readonly sequence: number;
  readonly attempt: number;
}

/**
 * The versions of all visits that rows may be about, the oldest of a visit first, each with its work locked: nobody
 * sends or withdraws it meanwhile. A claim key ends in the id of its visit.
 */
export async function versionsFor(
  tx: Transaction,
  facilityId: Id,
  rows: readonly Pick<PortalRow, 'transactionId' | 'claimKey'>[],
): Promise<ListedVersion[]> {
  const transactionIds = rows.flatMap((row) => row.transactionId ?? []);
  const fromKeys = rows.flatMap(({ claimKey }) => visitIn(claimKey) ?? []);
  const visits = await tx.query<{ id: Id }>(
    `select distinct encounter_id as id from claim_event where facility_id = $1 and transaction_id = any($2::text[])
     union select unnest($3::uuid[])`,
    [facilityId, transactionIds, fromKeys],
  );
  const ids = visits.map(({ id }) => id).toSorted();
  await tx.query(
    `select from export_work where facility_id = $1 and encounter_id = any($2::uuid[])
     order by encounter_id for update`,
    [facilityId, ids],
  );
  const found = await tx.query<Omit<ListedVersion, 'insurerPays'> & { insurerPays: string }>(
    `select c.encounter_id as "encounterId", c.number, c.claim_key as "claimKey", s.insurer_pays::text as "insurerPays",
       h.types[array_upper(h.types, 1)] as state, h."transactionIds", 'unknown' = any(h.types) as "wasUnclear",
       h.sequence, h.attempt
     from claim_version c
     join settlement s on s.facility_id = c.facility_id and s.encounter_id = c.encounter_id
       and s.version = c.settlement_version
     cross join lateral (select array_agg(v.type order by v.sequence) as types, max(v.sequence)::int as sequence,
         max(v.attempt)::int as attempt, coalesce(array_agg(v.transaction_id order by v.sequence)
           filter (where v.type = 'received' and v.transaction_id is not null), '{}') as "transactionIds"
       from claim_event v where v.facility_id = c.facility_id and v.encounter_id = c.encounter_id
         and v.number = c.number) h
     where c.facility_id = $1 and c.encounter_id = any($2::uuid[])
     order by c.encounter_id, c.number`,
    [facilityId, ids],
  );
  return found.map((one) => ({ ...one, insurerPays: money(one.insurerPays) }));
}

function visitIn(claimKey: string | null): Id | null {
  const [, a, b, c, d, e] =
    /([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(claimKey ?? '') ?? [];
  return e === undefined ? null : [a, b, c, d, e].join('-');
}

export interface JudgedRow {
  readonly row: PortalRow;
  readonly verdict: Verdict;
}

/** Keeps rows with their verdicts, from that position on. */
export async function insertRows(
  tx: Transaction,
  facilityId: Id,
  importId: Id,
  first: number,
  judged: readonly JudgedRow[],
): Promise<void> {
  const rows = judged.map(({ row, verdict }, index) => ({
    ...row,
    sheetRow: row.number,
    amount: row.amount?.toFixed(2) ?? null,
    position: first + index,
    verdict: verdict.kind,
    reason: verdict.kind === 'matched' ? null : verdict.reason,
    encounterId: verdict.version?.encounterId ?? null,
    version: verdict.version?.number ?? null,
    appended: verdict.kind === 'matched' ? verdict.append : [],
  }));
  await tx.query(
    `insert into result_row (facility_id, import_id, position, sheet_row, transaction_id, claim_key, status, payment,
       amount, code, said, unreadable, verdict, reason, encounter_id, number, appended)
     select $1, $2, position, "sheetRow", "transactionId", "claimKey", status, payment, amount, code, text, unreadable,
       verdict, reason, "encounterId", version, appended
     from jsonb_to_recordset($3::jsonb) as r(position int, "sheetRow" int, "transactionId" text, "claimKey" text,
       status text, payment text, amount numeric, code text, text text, unreadable text[], verdict text, reason text,
       "encounterId" uuid, version int, appended text[])`,
    [facilityId, importId, JSON.stringify(rows)],
  );
}

export interface ResultRow {
  readonly position: number;
  readonly sheetRow: number | null;
  readonly transactionId: string | null;
  readonly claimKey: string | null;
  readonly status: string | null;
  readonly payment: string | null;
  readonly amount: string | null;
  readonly code: string | null;
  readonly text: string | null;
  readonly unreadable: readonly string[];
  readonly verdict: Verdict['kind'];
  readonly reason: string | null;
  readonly encounterId: Id | null;
  readonly number: number | null;
  readonly appended: readonly ClaimEventType[];
}

/** In the order of the file. @param after position of the last one that was seen */
export async function listResultRows(
  tx: Transaction,
  importId: Id,
  verdict: Verdict['kind'] | null,
  after: number,
  limit: number,
): Promise<ResultRow[]> {
  return tx.query<ResultRow>(
    `select position, sheet_row as "sheetRow", transaction_id as "transactionId", claim_key as "claimKey", status, payment,
       amount::text as amount, code, said as text, unreadable, verdict, reason, encounter_id as "encounterId", number,
       appended
     from result_row where import_id = $1 and ($2::text is null or verdict = $2) and position > $3
     order by position limit $4`,
    [importId, verdict, after, limit],
  );
}

export async function listImports(
  tx: Transaction,
  wanted: {
    readonly facilityId: Id | null;
    readonly after: { readonly at: string; readonly id: Id } | null;
    readonly limit: number;
  },
): Promise<ResultImport[]> {
  return tx.query<ResultImport>(
    `select ${IMPORT} where ($1::uuid is null or i.facility_id = $1)
       and ($2::timestamptz is null or (i.given_at, i.id) < ($2, $3::uuid))
     order by i.given_at desc, i.id desc limit $4`,
    [wanted.facilityId, wanted.after?.at ?? null, wanted.after?.id ?? null, wanted.limit],
  );
}
