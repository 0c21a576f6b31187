import { type AuditEntry, recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

/** What somebody did with a visit: it stands in the trail of the visit and of its person. */
export function recordAct(
  tx: Transaction,
  visit: { readonly id: Id; readonly patientId: Id },
  action: string,
  more: Pick<AuditEntry, 'detail' | 'reason' | 'changes'> = {},
): void {
  const { id, patientId } = visit;
  recordAudit(tx, {
    action: `encounter.${action}`,
    subjectType: 'encounter',
    subjectId: id,
    patientId,
    ...more,
  });
}
