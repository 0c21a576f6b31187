import { recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type InsurerSetting, writeSetting, writeStaff } from './settings.repo.ts';

/** Sets how a facility asks the insurer. */
export async function setInsurerSetting(
  tx: Transaction,
  facilityId: Id,
  setting: InsurerSetting,
  now: Date,
): Promise<InsurerSetting> {
  await writeSetting(tx, facilityId, setting, now.toISOString());
  const { staff: _, ...detail } = setting;
  recordAudit(tx, { action: 'insurer.set', subjectType: 'facility', subjectId: facilityId, detail });
  return setting;
}

/** Notes the national id under which somebody stands in the list at the portal. @throws not-found */
export async function setInsurerStaff(
  tx: Transaction,
  facilityId: Id,
  staff: { readonly accountId: Id; readonly nationalId: string },
  now: Date,
): Promise<void> {
  if (!(await writeStaff(tx, facilityId, staff.accountId, staff.nationalId, now.toISOString())))
    throw new Problem('not-found', { what: 'account' });
  recordAudit(tx, { action: 'insurer.staffSet', subjectType: 'account', subjectId: staff.accountId });
}
