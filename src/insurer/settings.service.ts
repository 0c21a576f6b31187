import { recordAudit } from '../audit/index.ts';
import { readAsksResults, setAsksResults } from '../exports/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type LookupSetting, readSetting, writeSetting, writeStaff } from './settings.repo.ts';

/** How a facility asks the insurer. */
export interface InsurerSetting extends LookupSetting {
  /** Whether it is asked about claims that went out with an unclear end, before they are sent again. */
  readonly asksResults: boolean;
}

export async function readInsurerSetting(tx: Transaction, facilityId: Id): Promise<InsurerSetting> {
  const { staff, copay } = await readSetting(tx, facilityId);
  return { staff, copay, asksResults: await readAsksResults(tx, facilityId) };
}

/** Sets how a facility asks the insurer. */
export async function setInsurerSetting(
  tx: Transaction,
  facilityId: Id,
  setting: InsurerSetting,
  now: Date,
): Promise<InsurerSetting> {
  await writeSetting(tx, facilityId, setting, now.toISOString());
  await setAsksResults(tx, facilityId, setting.asksResults);
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
