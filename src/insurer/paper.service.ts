import { recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, newId, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import {
  appendPaperEvent,
  findPaper,
  insertPaper,
  listPaperEvents,
  listPaperRows,
  lockPaper,
  type PaperEventView,
  type PaperView,
} from './paper.repo.ts';
import type { PaperKind, PaperState } from './paper.ts';
import { followReceived } from './received.service.ts';
import { planWork } from './work.repo.ts';

export interface PaperWish {
  readonly kind: PaperKind;
  /** `yyyyMM`, for forms about a month. */
  readonly period?: string;
  readonly encounterId?: Id;
  readonly claimNumber?: number;
  /** What it says, without id and day: the same content is handed in once. */
  readonly content: unknown;
  /** Sums and counts, for lists. */
  readonly figures?: Readonly<Record<string, unknown>>;
  /** The unsigned file. @param id names the signed element */
  readonly build: (id: Id) => Buffer;
}

/**
 * Stores a paper to be signed and sent, once per content.
 * @throws Problem already-exists while the same content is on its way, there, or unclear
 */
export async function submitPaper(tx: Transaction, facilityId: Id, wish: PaperWish, now: Date): Promise<Id> {
  const id = newId(now.getTime());
  const bytes = wish.build(id);
  const isNew = await insertPaper(
    tx,
    facilityId,
    {
      id,
      kind: wish.kind,
      period: wish.period ?? null,
      encounterId: wish.encounterId ?? null,
      claimNumber: wish.claimNumber ?? null,
      contentSha256: sha256(JSON.stringify(wish.content)),
      figures: wish.figures ?? null,
      madeAt: now.toISOString(),
    },
    { sha256: sha256(bytes), bytes },
  );
  if (!isNew) throw new Problem('already-exists', { what: 'paper' });
  await planWork(tx, 'paper', facilityId, id, now);
  recordAudit(tx, {
    action: 'insurer.paperMade',
    subjectType: 'insurer-paper',
    subjectId: id,
    detail: { kind: wish.kind, period: wish.period ?? null, encounterId: wish.encounterId ?? null },
  });
  return id;
}

/** Of one facility, or of all. */
export const listPapers = (
  tx: Transaction,
  facilityId: Id | null,
  state: PaperState | null,
): Promise<PaperView[]> => listPaperRows(tx, facilityId, state);

/** With every event. @throws not-found */
export async function readPaper(
  tx: Transaction,
  facilityId: Id | null,
  id: Id,
): Promise<PaperView & { readonly events: readonly PaperEventView[] }> {
  const found = await findPaper(tx, facilityId, id);
  if (!found) throw new Problem('not-found', { what: 'paper' });
  return { ...found, events: await listPaperEvents(tx, id) };
}

export type PaperDecision =
  | { readonly decision: 'resend'; readonly reason: string }
  /** The number that the portal shows for it. */
  | { readonly decision: 'received'; readonly reason: string; readonly transactionId: string };

/**
 * A person has looked at the portal: the paper is there, or is not and goes out again as the same bytes.
 * @throws Problem not-found; paper-not-unclear
 */
export async function resolvePaper(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  decision: PaperDecision,
  now: Date,
): Promise<PaperView> {
  const paper = await lockPaper(tx, facilityId, id);
  if (!paper) throw new Problem('not-found', { what: 'paper' });
  if (paper.state !== 'unclear') throw new Problem('paper-not-unclear', { state: paper.state });
  const transactionId = decision.decision === 'received' ? decision.transactionId : null;
  await appendPaperEvent(
    tx,
    facilityId,
    id,
    {
      type: decision.decision,
      at: now.toISOString(),
      cause: 'decided-by-person',
      reason: decision.reason,
      transactionId,
    },
    tx.context.userId,
  );
  if (decision.decision === 'resend') await planWork(tx, 'paper', facilityId, id, now);
  else await followReceived(tx, facilityId, paper, now);
  recordAudit(tx, {
    action: 'insurer.paperResolved',
    subjectType: 'insurer-paper',
    subjectId: id,
    reason: decision.reason,
    detail: { decision: decision.decision, transactionId },
  });
  return (await findPaper(tx, facilityId, id))!;
}
