import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

/** How a facility asks the insurer about cards. */
export interface LookupSetting {
  /** Who asks when the caller is no person that is registered at the portal. */
  readonly staff: Staff | null;
  /** The same card is not asked about again within so many minutes; so many questions on one day. */
  readonly copay: { readonly repeatMinutes: number; readonly dailyLimit: number };
}

/** Whoever stands in the list that the facility registered at the portal. */
export interface Staff {
  readonly name: string;
  readonly nationalId: string;
}

const USUAL: LookupSetting = {
  staff: null,
  copay: { repeatMinutes: 15, dailyLimit: 200 },
};

export async function readSetting(tx: Transaction, facilityId: Id): Promise<LookupSetting> {
  const rows = await tx.query<LookupSetting & Record<string, unknown>>(
    `select case when staff_name is not null
         then json_build_object('name', staff_name, 'nationalId', staff_national_id) end as staff,
       json_build_object('repeatMinutes', copay_repeat_minutes, 'dailyLimit', copay_daily_limit) as copay from insurer_setting where facility_id = $1`,
    [facilityId],
    'insurer-setting',
  );
  return rows[0] ?? USUAL;
}

export async function writeSetting(
  tx: Transaction,
  facilityId: Id,
  { staff, copay }: LookupSetting,
  at: string,
): Promise<void> {
  await tx.query(
    `insert into insurer_setting (facility_id, staff_name, staff_national_id, copay_repeat_minutes, copay_daily_limit,
       changed_at, changed_by) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (facility_id) do update set staff_name = excluded.staff_name,
       staff_national_id = excluded.staff_national_id, copay_repeat_minutes = excluded.copay_repeat_minutes,
       copay_daily_limit = excluded.copay_daily_limit,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [
      facilityId,
      staff?.name ?? null,
      staff?.nationalId ?? null,
      copay.repeatMinutes,
      copay.dailyLimit,
      at,
      tx.context.userId,
    ],
  );
}

/** @returns false when nobody of that account works here */
export async function writeStaff(
  tx: Transaction,
  facilityId: Id,
  accountId: Id,
  nationalId: string,
  at: string,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into insurer_staff (facility_id, account_id, national_id, changed_at, changed_by)
     select $1, a.id, $3, $4, $5 from account a where a.id = $2
     on conflict (facility_id, account_id) do update set national_id = excluded.national_id,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by returning 1`,
    [facilityId, accountId, nationalId, at, tx.context.userId],
  );
  return rows.length > 0;
}

/** The account's practitioner (or the account) with the national id registered for it; undefined when there is none. */
export async function findStaff(tx: Transaction, facilityId: Id, accountId: Id): Promise<Staff | undefined> {
  const rows = await tx.query<{ name: string; nationalId: string }>(
    `select coalesce((select p.name from practitioner p where p.facility_id = $1 and p.account_id = s.account_id
         order by upper(p.valid) desc nulls first limit 1), a.name) as name, s.national_id as "nationalId"
     from insurer_staff s join account a on a.id = s.account_id where s.facility_id = $1 and s.account_id = $2`,
    [facilityId, accountId],
    'insurer-staff',
  );
  return rows[0];
}
