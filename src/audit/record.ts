import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { Changes } from './diff.ts';

/** Acts of the province's own office belong to no facility. */
export const NO_FACILITY: Id = '00000000-0000-0000-0000-000000000000';

export interface AuditEntry {
  /** `encounter.discharged`, `claim.held` … : what happened, in the field's words. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: Id | null;
  /** Ids, versions, counts; never a name, a card number or a diagnosis. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Why, in the words of the person who did it. */
  readonly reason?: string | null;
  /** Before and after, see `minimalDiff`. */
  readonly changes?: Changes;
  /** The person whose record was touched; a subject of type `patient` is one by itself. */
  readonly patientId?: Id | null;
  /** What an auditor should look at, e.g. `emergency-access`. */
  readonly flag?: string | null;
  /** Other facilities that shall see this in their own trail: the patient's, when somebody elsewhere reads the record. */
  readonly facilityIds?: readonly Id[];
}

const RECORD = `select record_audit($1::uuid, $2::uuid[], $3::uuid, $4, $5, $6::uuid, $7::uuid, $8, $9, $10, $11, $12,
  $13::jsonb, $14::jsonb)`;

/** Records who did what, in the same transaction as the change itself, in the round trip of its COMMIT. */
export function recordAudit(tx: Transaction, entry: AuditEntry): void {
  const { context } = tx;
  const own = context.facilityId ?? NO_FACILITY;
  const others = [...new Set(entry.facilityIds)].filter((id) => id !== own);
  const { changes } = entry;
  tx.atCommit(RECORD, [
    own,
    `{${others.join(',')}}`,
    context.userId,
    entry.action,
    entry.subjectType,
    entry.subjectId,
    entry.patientId ?? (entry.subjectType === 'patient' ? entry.subjectId : null),
    context.purpose,
    entry.reason ?? null,
    entry.flag ?? null,
    context.requestId,
    context.origin ?? null,
    entry.detail ?? {},
    changes && Object.keys(changes).length > 0 ? changes : null,
  ]);
}
