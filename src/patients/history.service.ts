import type { EmergencyAccess, History, HistoryVisit } from '../../schemas/api/history.ts';
import { recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, newId } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { facilitiesOf } from './patient.repo.ts';

const MOST_VISITS = 50;
const EMERGENCY_HOURS = 4;
/** Purposes for which a person's visits elsewhere may be read. */
const PURPOSES: ReadonlySet<string> = new Set(['treatment', 'referral']);

/**
 * A person's visits at other facilities, newest first, for a clinician who treats or refers them. The look stands in
 * the trail of every facility that knows the person. The database itself answers nothing without a relation.
 * @throws purpose-required, not-found
 */
export async function readHistory(tx: Transaction, patientId: Id): Promise<History> {
  const { purpose } = tx.context;
  if (!PURPOSES.has(purpose)) throw new Problem('purpose-required', { purposes: [...PURPOSES].join(', ') });
  const [person] = await tx.query('select 1 from patient where id = $1', [patientId]);
  if (!person) throw new Problem('not-found', { what: 'patient' });
  const rows = await tx.query<{
    facilityCode: string;
    facilityName: string;
    encounterId: Id;
    summary: Omit<HistoryVisit, 'facilityCode' | 'facilityName' | 'encounterId'>;
  }>(
    `select facility_code as "facilityCode", facility_name as "facilityName", encounter_id as "encounterId", summary
     from patient_history($1, $2)`,
    [patientId, MOST_VISITS],
  );
  recordAudit(tx, {
    action: 'patient.historyRead',
    subjectType: 'patient',
    subjectId: patientId,
    detail: { visits: rows.length },
    facilityIds: await facilitiesOf(tx, patientId),
  });
  return { items: rows.map(({ summary, ...where }) => ({ ...where, ...summary })) };
}

/**
 * A clinician declares an emergency: for four hours they see a person who never came here, and the person's visits
 * elsewhere. It needs a reason, is flagged for the auditors and shown to the person's own facilities.
 * @throws not-found when there is no such person
 */
export async function declareEmergency(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  input: { readonly reason: string },
  now: Date,
): Promise<EmergencyAccess> {
  const { reason } = normalised(input);
  const id = newId(now.getTime());
  const expiresAt = new Date(now.getTime() + EMERGENCY_HOURS * 3_600_000).toISOString();
  const facilityIds = await facilitiesOf(tx, patientId);
  // Every registered person belongs to the facility that registered them: none knows them = there is nobody.
  if (facilityIds.length === 0) throw new Problem('not-found', { what: 'patient' });
  await tx.query(
    `insert into emergency_access (facility_id, id, patient_id, account_id, reason, granted_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [facilityId, id, patientId, tx.context.userId, reason, now.toISOString(), expiresAt],
  );
  recordAudit(tx, {
    action: 'patient.emergencyAccess',
    subjectType: 'patient',
    subjectId: patientId,
    reason,
    flag: 'emergency-access',
    detail: { expiresAt },
    facilityIds,
  });
  return { id, patientId, expiresAt };
}
