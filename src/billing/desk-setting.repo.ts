import { minimalDiff, recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { USUAL_CASH_STEP } from './payment.repo.ts';

/** How a facility's desk takes money. */
export interface DeskSetting {
  readonly cashRounding: '1000' | '500' | 'none';
  readonly bank: { readonly bin: string; readonly account: string; readonly accountName: string } | null;
}

/** Without notes to round to, only fractions of a đồng are rounded: there is no cash for them. */
const STEPS = { none: 1, '500': 500, '1000': 1000 } as const;
const NAMES: Readonly<Record<number, DeskSetting['cashRounding']>> = { 1: 'none', 500: '500', 1000: '1000' };

export async function readDeskSetting(tx: Transaction, facilityId: Id): Promise<DeskSetting> {
  const rows = await tx.query<{ step: number; bank: DeskSetting['bank'] }>(
    `select cash_step as step, case when bank_bin is not null then json_build_object('bin', bank_bin,
       'account', bank_account, 'accountName', bank_account_name) end as bank
     from desk_setting where facility_id = $1`,
    [facilityId],
  );
  const { step = USUAL_CASH_STEP, bank = null } = rows[0] ?? {};
  return { cashRounding: NAMES[step]!, bank };
}

/** The whole setting anew. */
export async function writeDeskSetting(
  tx: Transaction,
  facilityId: Id,
  setting: DeskSetting,
): Promise<DeskSetting> {
  const before = await readDeskSetting(tx, facilityId);
  const { bin = null, account = null, accountName = null } = setting.bank ?? {};
  await tx.query(
    `insert into desk_setting (facility_id, cash_step, bank_bin, bank_account, bank_account_name)
     values ($1, $2, $3, $4, $5)
     on conflict (facility_id) do update set cash_step = excluded.cash_step, bank_bin = excluded.bank_bin,
       bank_account = excluded.bank_account, bank_account_name = excluded.bank_account_name`,
    [facilityId, STEPS[setting.cashRounding], bin, account, accountName],
  );
  recordAudit(tx, {
    action: 'setting.desk',
    subjectType: 'facility',
    subjectId: facilityId,
    changes: minimalDiff(before, setting),
  });
  return setting;
}
