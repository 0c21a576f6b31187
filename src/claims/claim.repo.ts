import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { ClaimEventType } from './transitions.ts';

export type DocumentKind = 'unsigned' | 'signed';

export interface ClaimEvent {
  readonly sequence: number;
  readonly type: ClaimEventType;
  readonly at: string;
  readonly cause: string;
  readonly attempt: number;
  readonly documentKind?: DocumentKind;
  readonly documentSha256?: string | null;
  readonly httpStatus?: number | null;
  readonly resultCode?: string | null;
  readonly transactionId?: string | null;
  readonly receivedAt?: string | null;
  readonly rawAnswer?: string | null;
}

export interface ClaimKey {
  readonly facilityId: Id;
  readonly encounterId: Id;
  readonly number: number;
}

/** A claim version ready to be stored: everything about it is decided. */
export interface NewClaim {
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly number: number;
  readonly reason: string;
  readonly settlementVersion: number;
  readonly edition: string;
  readonly sha256: string;
  readonly size: number;
  readonly compressed: Buffer;
}

/** A claim version and what the rules found in it, as the cause of `checked`. */
export interface CheckedClaim extends NewClaim {
  readonly checked: string;
}

/**
 * Stores versions, their unsigned documents and the events `built` and `checked`, in two statements however many there
 * are.
 * @param queued they are to be sent as they are: `queued` is said too
 */
export async function insertClaims(
  tx: Transaction,
  facilityId: Id,
  runId: Id | null,
  at: string,
  claims: readonly CheckedClaim[],
  queued: boolean,
): Promise<void> {
  const rows = claims.map(
    ({ encounterId, claimKey, number, reason, settlementVersion, edition, sha256, size, checked }) => ({
      encounterId,
      claimKey,
      number,
      reason,
      settlementVersion,
      edition,
      sha256,
      size,
      checked,
    }),
  );
  const columns =
    'r("encounterId" uuid, "claimKey" text, number int, reason text, "settlementVersion" int, edition text, sha256 text, size int, checked text)';
  await tx.query(
    `with given as (select * from jsonb_to_recordset($4::jsonb) as ${columns}),
     versions as (insert into claim_version
       (facility_id, encounter_id, claim_key, number, reason, settlement_version, edition, run_id, created_at)
       select $1, "encounterId", "claimKey", number, reason, "settlementVersion", edition, $2, $3 from given)
     insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, run_id, document_kind, document_sha256)
     select $1, g."encounterId", g.number, e.sequence, e.type, $3, e.cause, $2, 'unsigned', g.sha256
     from given g cross join lateral (values (1, 'built', g.reason), (2, 'checked', g.checked), (3, 'queued', 'built'))
       as e(sequence, type, cause)
     where e.sequence < 3 or $5::boolean order by g."encounterId", e.sequence`,
    [facilityId, runId, at, JSON.stringify(rows), queued],
    'insert-claims',
  );
  await tx.query(
    `insert into claim_document (facility_id, encounter_id, number, kind, sha256, size, compressed, created_at)
     select $1, encounter_id, number, 'unsigned', sha256, size, compressed, $2
     from unnest($3::uuid[], $4::int[], $5::text[], $6::int[], $7::bytea[])
       as r(encounter_id, number, sha256, size, compressed)`,
    [
      facilityId,
      at,
      claims.map((claim) => claim.encounterId),
      claims.map((claim) => claim.number),
      claims.map((claim) => claim.sha256),
      claims.map((claim) => claim.size),
      claims.map((claim) => claim.compressed),
    ],
    'insert-claim-documents',
  );
}

/** A signed document ready to be stored, and the event that must still be the last of its version. */
export interface SignedClaim {
  readonly encounterId: Id;
  readonly number: number;
  readonly sequence: number;
  readonly attempt: number;
  readonly sha256: string;
  readonly size: number;
  readonly compressed: Buffer;
}

/**
 * Stores signed documents with the events `signed` and `queued`, of those versions to which nothing has happened meanwhile. The
 * caller has locked their work. @returns the encounters of what was stored
 */
export async function insertSigned(
  tx: Transaction,
  facilityId: Id,
  certificateSerial: string,
  at: string,
  claims: readonly SignedClaim[],
): Promise<Set<Id>> {
  const rows = claims.map(({ encounterId, number, sequence, attempt, sha256 }) => ({
    encounterId,
    number,
    sequence,
    attempt,
    sha256,
  }));
  const stored = await tx.query<{ id: Id }>(
    `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, attempt, document_kind, document_sha256)
     select $1, g."encounterId", g.number, g.sequence + e.step, e.type, $2, e.cause, g.attempt, 'signed', g.sha256
     from jsonb_to_recordset($4::jsonb) as g("encounterId" uuid, number int, sequence int, attempt int, sha256 text)
     cross join (values (1, 'signed', $3), (2, 'queued', 'signed')) as e(step, type, cause)
     where g.sequence = (select max(v.sequence) from claim_event v
       where v.facility_id = $1 and v.encounter_id = g."encounterId" and v.number = g.number)
     order by g."encounterId", e.step
     returning encounter_id as id`,
    [facilityId, at, certificateSerial, JSON.stringify(rows)],
    'insert-signed-events',
  );
  const ids = new Set(stored.map((row) => row.id));
  const kept = claims.filter((claim) => ids.has(claim.encounterId));
  await tx.query(
    `insert into claim_document (facility_id, encounter_id, number, kind, sha256, size, compressed, certificate_serial, created_at)
     select $1, encounter_id, number, 'signed', sha256, size, compressed, $3, $2
     from unnest($4::uuid[], $5::int[], $6::text[], $7::int[], $8::bytea[])
       as r(encounter_id, number, sha256, size, compressed)`,
    [
      facilityId,
      at,
      certificateSerial,
      kept.map((claim) => claim.encounterId),
      kept.map((claim) => claim.number),
      kept.map((claim) => claim.sha256),
      kept.map((claim) => claim.size),
      kept.map((claim) => claim.compressed),
    ],
    'insert-signed-documents',
  );
  return ids;
}

/**
 * Appends one event. The sequence is part of the key: of two writers that read the same last event, one fails, and
 * that is what keeps two workers from sending at once.
 */
export async function appendEvent(
  tx: Transaction,
  key: ClaimKey,
  event: ClaimEvent,
  actor: Id | null = null,
): Promise<void> {
  await tx.query(
    `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, attempt, actor, document_kind,
       document_sha256, http_status, result_code, transaction_id, received_at, raw_answer)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      key.facilityId,
      key.encounterId,
      key.number,
      event.sequence,
      event.type,
      event.at,
      event.cause,
      event.attempt,
      actor,
      event.documentKind ?? 'unsigned',
      event.documentSha256 ?? null,
      event.httpStatus ?? null,
      event.resultCode ?? null,
      event.transactionId ?? null,
      event.receivedAt ?? null,
      event.rawAnswer ?? null,
    ],
    'append-claim-event',
  );
}

export interface ClaimHead extends ClaimKey {
  readonly facilityCode: string;
  readonly claimKey: string;
  readonly last: ClaimEvent;
}

const EVENT = `json_build_object('sequence', v.sequence, 'type', v.type, 'at', v.at, 'cause', v.cause, 'attempt', v.attempt,
  'documentSha256', v.document_sha256, 'httpStatus', v.http_status, 'resultCode', v.result_code,
  'transactionId', v.transaction_id, 'receivedAt', v.received_at, 'rawAnswer', v.raw_answer)`;

/** The newest version of a visit's claim with its last event; undefined when none was built. */
export async function findClaim(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  number?: number,
): Promise<ClaimHead | undefined> {
  const rows = await tx.query<ClaimHead>(
    `select c.facility_id as "facilityId", c.encounter_id as "encounterId", c.number, f.code as "facilityCode",
       c.claim_key as "claimKey",
       (select ${EVENT} from claim_event v where v.facility_id = $1 and v.encounter_id = $2
         and v.number = c.number order by v.sequence desc limit 1) as last
     from claim_version c
     join facility f on f.id = c.facility_id
     where c.facility_id = $1 and c.encounter_id = $2 and ($3::int is null or c.number = $3)
     order by c.number desc limit 1`,
    [facilityId, encounterId, number ?? null],
    'find-claim',
  );
  return rows[0];
}

export async function listEvents(tx: Transaction, key: ClaimKey): Promise<ClaimEvent[]> {
  const rows = await tx.query<{ event: ClaimEvent }>(
    `select ${EVENT} as event from claim_event v
     where v.facility_id = $1 and v.encounter_id = $2 and v.number = $3 order by v.sequence`,
    [key.facilityId, key.encounterId, key.number],
    'claim-events',
  );
  return rows.map((row) => row.event);
}

export interface ClaimDocument {
  readonly kind: DocumentKind;
  readonly sha256: string;
  readonly compressed: Buffer;
}

/** The one document of a version that is sent: the signed one when there is one. */
export async function findDocument(tx: Transaction, key: ClaimKey): Promise<ClaimDocument | undefined> {
  const rows = await tx.query<ClaimDocument>(
    `select kind, sha256, compressed from claim_document
     where facility_id = $1 and encounter_id = $2 and number = $3 order by kind limit 1`,
    [key.facilityId, key.encounterId, key.number],
    'claim-document',
  );
  return rows[0];
}

export interface NewestDocument extends ClaimDocument {
  readonly number: number;
  readonly settlementVersion: number;
}

/** The document of each visit's newest claim version; visits without a claim are absent. */
export async function newestDocuments(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
): Promise<Map<Id, NewestDocument>> {
  const rows = await tx.query<NewestDocument & { encounterId: Id }>(
    `select distinct on (c.encounter_id) c.encounter_id as "encounterId", c.number,
       c.settlement_version as "settlementVersion", d.kind, d.sha256, d.compressed
     from claim_version c join claim_document d on d.facility_id = c.facility_id
       and d.encounter_id = c.encounter_id and d.number = c.number
     where c.facility_id = $1 and c.encounter_id = any($2::uuid[])
     order by c.encounter_id, c.number desc, d.kind`,
    [facilityId, encounterIds],
    'newest-claim-documents',
  );
  return new Map(rows.map((row) => [row.encounterId, row]));
}

export interface ClaimListQuery {
  readonly facilityId: Id | null;
  readonly state?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: PageEnd | null;
  readonly limit: number;
}

export interface ClaimSummary {
  readonly encounterId: Id;
  readonly facilityCode: string;
  readonly claimKey: string;
  readonly number: number;
  readonly state: ClaimEventType;
  readonly stateAt: string;
  readonly createdAt: string;
  readonly transactionId: string | null;
  readonly resultCode: string | null;
  readonly insurerPays: string;
}

const CLAIMS = `
from claim_version c
join facility f on f.id = c.facility_id
cross join lateral (select v.type, v.at, v.transaction_id, v.result_code from claim_event v
  where v.facility_id = c.facility_id and v.encounter_id = c.encounter_id and v.number = c.number
  order by v.sequence desc limit 1) last
where ($1::uuid is null or c.facility_id = $1)
  and ($2::timestamptz is null or c.created_at >= $2) and ($3::timestamptz is null or c.created_at < $3)`;

/** Newest first. State and counts are read from the last events, never from a stored column. */
export async function listClaims(tx: Transaction, query: ClaimListQuery): Promise<ClaimSummary[]> {
  return tx.query<ClaimSummary>(
    `select c.encounter_id as "encounterId", f.code as "facilityCode", c.claim_key as "claimKey", c.number,
       last.type as state, to_json(last.at)#>>'{}' as "stateAt", to_json(c.created_at)#>>'{}' as "createdAt",
       last.transaction_id as "transactionId", last.result_code as "resultCode", s.insurer_pays::text as "insurerPays"
     ${CLAIMS.replace(
       'cross join lateral',
       `join settlement s on s.facility_id = c.facility_id and s.encounter_id = c.encounter_id and s.version = c.settlement_version
       cross join lateral`,
     )}
       and ($4::text is null or last.type = $4)
       and ($5::timestamptz is null or (c.created_at, c.encounter_id) < ($5, $6::uuid))
     order by c.created_at desc, c.encounter_id desc limit $7`,
    [
      query.facilityId,
      query.from ?? null,
      query.to ?? null,
      query.state ?? null,
      query.after?.at ?? null,
      query.after?.id ?? null,
      query.limit,
    ],
  );
}

export async function countClaims(tx: Transaction, query: ClaimListQuery): Promise<Record<string, number>> {
  const rows = await tx.query<{ state: string; count: number }>(
    `select last.type as state, count(*)::int as count ${CLAIMS} group by 1 order by 1`,
    [query.facilityId, query.from ?? null, query.to ?? null],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}
