import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { LATE_ANSWER, type PaperKind, type PaperState } from './paper.ts';

export interface PaperHead {
  readonly id: Id;
  readonly kind: PaperKind;
  readonly period: string | null;
  readonly encounterId: Id | null;
  readonly claimNumber: number | null;
  readonly contentSha256: string;
  readonly figures: Readonly<Record<string, unknown>> | null;
  readonly madeAt: string;
}

/** @returns false when the same content is there already and was not refused */
export async function insertPaper(
  tx: Transaction,
  facilityId: Id,
  paper: PaperHead,
  document: { readonly sha256: string; readonly bytes: Buffer },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into insurer_paper (facility_id, id, kind, period, encounter_id, claim_number, content_sha256, figures,
       made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10) on conflict do nothing returning 1`,
    [
      facilityId,
      paper.id,
      paper.kind,
      paper.period,
      paper.encounterId,
      paper.claimNumber,
      paper.contentSha256,
      paper.figures === null ? null : JSON.stringify(paper.figures),
      paper.madeAt,
      tx.context.userId,
    ],
    'insert-paper',
  );
  if (rows.length === 0) return false;
  await insertDocument(tx, facilityId, paper.id, { kind: 'unsigned', ...document, certificateSerial: null });
  return true;
}

export async function insertDocument(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  document: {
    readonly kind: 'unsigned' | 'signed';
    readonly sha256: string;
    readonly bytes: Buffer;
    readonly certificateSerial: string | null;
  },
): Promise<void> {
  await tx.query(
    `insert into insurer_paper_document (facility_id, paper_id, kind, sha256, bytes, certificate_serial)
     values ($1, $2, $3, $4, $5, $6)`,
    [facilityId, paperId, document.kind, document.sha256, document.bytes, document.certificateSerial],
    'insert-paper-document',
  );
}

export interface PaperEvent {
  readonly type: PaperState | typeof LATE_ANSWER;
  readonly at: string;
  readonly cause: string;
  readonly reason?: string;
  readonly documentSha256?: string | null;
  readonly httpStatus?: number | null;
  readonly resultCode?: string | null;
  readonly transactionId?: string | null;
  readonly receivedAt?: string | null;
  readonly rawAnswer?: string | null;
}

/** Adds an event, and moves the paper to its state; a late answer moves nothing. @returns its place among the events */
export async function appendPaperEvent(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  event: PaperEvent,
  actor: Id | null = null,
): Promise<number> {
  const [row] = await tx.query<{ sequence: number }>(
    `with moved as (update insurer_paper set state = $3 where facility_id = $1 and id = $2 and $3 <> '${LATE_ANSWER}')
     insert into insurer_paper_event (facility_id, paper_id, sequence, type, at, cause, actor, reason, document_sha256,
       http_status, result_code, transaction_id, received_at, raw_answer)
     select $1, $2, coalesce(max(x.sequence), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
     from insurer_paper_event x where x.facility_id = $1 and x.paper_id = $2 returning sequence::int`,
    [
      facilityId,
      paperId,
      event.type,
      event.at,
      event.cause,
      actor,
      event.reason ?? null,
      event.documentSha256 ?? null,
      event.httpStatus ?? null,
      event.resultCode ?? null,
      event.transactionId ?? null,
      event.receivedAt ?? null,
      event.rawAnswer ?? null,
    ],
    'append-paper-event',
  );
  return row!.sequence;
}

/** What was written after that event, oldest first, without late answers. */
export async function eventsSince(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  sequence: number,
): Promise<string[]> {
  const rows = await tx.query<{ type: string }>(
    `select type from insurer_paper_event where facility_id = $1 and paper_id = $2 and sequence > $3 and type <> $4
     order by sequence`,
    [facilityId, paperId, sequence, LATE_ANSWER],
    'paper-events-since',
  );
  return rows.map(({ type }) => type);
}

export interface PaperAtWork {
  readonly id: Id;
  readonly kind: PaperKind;
  readonly period: string | null;
  readonly state: PaperState;
  readonly encounterId: Id | null;
  readonly claimNumber: number | null;
}

/** Takes a paper for this transaction. */
export async function lockPaper(tx: Transaction, facilityId: Id, id: Id): Promise<PaperAtWork | undefined> {
  const rows = await tx.query<PaperAtWork & Record<string, unknown>>(
    `select id, kind, period, state, encounter_id as "encounterId", claim_number as "claimNumber" from insurer_paper
     where facility_id = $1 and id = $2 for update`,
    [facilityId, id],
    'lock-paper',
  );
  return rows[0];
}

/** Whether an adjustment of the visit may still be taken. */
export async function hasOpenAdjustment(tx: Transaction, facilityId: Id, encounterId: Id): Promise<boolean> {
  const rows = await tx.query(
    `select from insurer_paper where facility_id = $1 and encounter_id = $2 and kind = 'adjustment'
       and state not in ('received', 'refused', 'withdrawn') limit 1`,
    [facilityId, encounterId],
  );
  return rows.length > 0;
}

export async function findPaperDocument(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  kind: 'unsigned' | 'signed',
): Promise<{ readonly sha256: string; readonly bytes: Buffer } | undefined> {
  const rows = await tx.query<{ sha256: string; bytes: Buffer }>(
    `select sha256, bytes from insurer_paper_document where facility_id = $1 and paper_id = $2 and kind = $3`,
    [facilityId, paperId, kind],
    'paper-document',
  );
  return rows[0];
}

export interface PaperView {
  readonly id: Id;
  readonly facilityCode: string;
  readonly kind: PaperKind;
  readonly period: string | null;
  readonly encounterId: Id | null;
  readonly state: PaperState;
  readonly figures: Readonly<Record<string, unknown>> | null;
  readonly madeAt: string;
  /** Of the newest event that moved it: when, why, and the insurer's number. */
  readonly at: string | null;
  readonly cause: string | null;
  readonly code: string | null;
  readonly transactionId: string | null;
}

const VIEW = `select p.id, f.code as "facilityCode", p.kind, p.period, p.encounter_id as "encounterId", p.state,
    p.figures, to_json(p.made_at)#>>'{}' as "madeAt", to_json(x.at)#>>'{}' as at, x.cause, x.result_code as code,
    x.transaction_id as "transactionId"
  from insurer_paper p join facility f on f.id = p.facility_id
  left join lateral (select * from insurer_paper_event e where e.facility_id = p.facility_id and e.paper_id = p.id
    and e.type <> '${LATE_ANSWER}' order by e.sequence desc limit 1) x on true`;

/** The newest first. @param facilityId null = the whole province */
export async function listPaperRows(
  tx: Transaction,
  facilityId: Id | null,
  state: PaperState | null,
): Promise<PaperView[]> {
  return tx.query<PaperView & Record<string, unknown>>(
    `${VIEW} where ($1::uuid is null or p.facility_id = $1) and ($2::text is null or p.state = $2)
     order by p.made_at desc, p.id desc limit 500`,
    [facilityId, state],
    'list-papers',
  );
}

export async function findPaper(
  tx: Transaction,
  facilityId: Id | null,
  id: Id,
): Promise<PaperView | undefined> {
  const rows = await tx.query<PaperView & Record<string, unknown>>(
    `${VIEW} where ($1::uuid is null or p.facility_id = $1) and p.id = $2`,
    [facilityId, id],
  );
  return rows[0];
}

export interface PaperEventView extends PaperEvent {
  readonly sequence: number;
}

export async function listPaperEvents(tx: Transaction, id: Id): Promise<PaperEventView[]> {
  return tx.query<PaperEventView & Record<string, unknown>>(
    `select sequence, type, to_json(at)#>>'{}' as at, cause, reason, document_sha256 as "documentSha256",
       http_status as "httpStatus", result_code as "resultCode", transaction_id as "transactionId",
       received_at as "receivedAt", raw_answer as "rawAnswer"
     from insurer_paper_event where paper_id = $1 order by sequence`,
    [id],
  );
}
