import type { Transaction } from '../platform/database/transaction.ts';
import { type Id, newId } from '../platform/ids.ts';

/** Acts of the province's own office belong to no facility. */
export const NO_FACILITY: Id = '00000000-0000-0000-0000-000000000000';

export interface AuditEntry {
  /** `encounter.discharged`, `claim.held` … : what happened, in the field's words. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: Id | null;
  /** Ids, versions, counts and reasons; never a name, a card number or a diagnosis. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Records who did what, in the same transaction as the change itself, in the round trip of its COMMIT. */
export function recordAudit(tx: Transaction, entry: AuditEntry): void {
  const { context } = tx;
  tx.atCommit(
    `insert into audit_event (facility_id, id, actor, action, subject_type, subject_id, purpose, request_id, detail)
     values ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6::uuid, $7, $8, $9::jsonb)`,
    [
      context.facilityId ?? NO_FACILITY,
      newId(),
      context.userId,
      entry.action,
      entry.subjectType,
      entry.subjectId,
      context.purpose,
      context.requestId,
      entry.detail ?? {},
    ],
  );
}
