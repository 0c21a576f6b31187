import { hashPassword, type Role } from '../identity/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { derivedId } from '../platform/ids.ts';

/** An account of the demo province: refused wherever demo accounts are not switched on. */
export interface DemoAccount {
  readonly username: string;
  /** null = the province's office. */
  readonly facilityCode: string | null;
  readonly facilityName: string | null;
  readonly roles: readonly Role[];
}

/** Known to everybody who reads this: that is why these accounts sign in only with DEMO_ACCOUNTS=on. */
export const DEMO_PASSWORD = 'mot ngay o tinh Nghe An';
const STAMP = Date.parse('2025-01-01T00:00:00+07:00');

/** At a station one person does everything; a hospital has a desk, doctors and a cashier. */
const STATION: Readonly<Record<string, readonly Role[]>> = {
  tram: ['receptionist', 'clinician', 'nurse', 'pharmacist', 'cashier'],
};
const HOSPITAL: Readonly<Record<string, readonly Role[]>> = {
  tiepdon: ['receptionist', 'nurse'],
  bacsi: ['clinician', 'nurse'],
  duocsi: ['pharmacist'],
  thungan: ['cashier'],
};
const EVERYWHERE: Readonly<Record<string, readonly Role[]>> = {
  giamdinh: ['insurance-officer'],
  quantri: ['facility-admin'],
};
const OFFICE: Readonly<Record<string, readonly Role[]>> = {
  'quantri.tinh': ['province-admin'],
  'kiemtra.tinh': ['auditor'],
};

/** Ready accounts for every facility and the province's office, all with the same password. Repeatable; runs as the owner. */
export async function seedDemoAccounts(tx: Transaction): Promise<readonly DemoAccount[]> {
  const facilities = await tx.query<{ code: string; name: string; isStation: boolean }>(
    `select f.code, f.name, exists (select from facility_fact x where x.facility_id = f.id and x.kind = 'kind'
       and x.value = 'healthStation') as "isStation" from facility f order by f.code`,
  );
  const accounts = [...facilities.flatMap(accountsOf), ...Object.entries(OFFICE).map(officeAccount)];
  await insertAccounts(tx, accounts, await hashPassword(DEMO_PASSWORD));
  return accounts;
}

function accountsOf(facility: { code: string; name: string; isStation: boolean }): DemoAccount[] {
  const staff = { ...(facility.isStation ? STATION : HOSPITAL), ...EVERYWHERE };
  return Object.entries(staff).map(([name, roles]) => ({
    username: `${name}.${facility.code}`,
    facilityCode: facility.code,
    facilityName: facility.name,
    roles,
  }));
}

function officeAccount([username, roles]: [string, readonly Role[]]): DemoAccount {
  return { username, facilityCode: null, facilityName: null, roles };
}

async function insertAccounts(
  tx: Transaction,
  accounts: readonly DemoAccount[],
  hash: string,
): Promise<void> {
  const rows = accounts.map((account) => ({
    id: derivedId(STAMP, 'account', account.username),
    username: account.username,
    facility: account.facilityCode,
    duties: account.roles.map((role) => ({ id: derivedId(STAMP, 'duty', account.username, role), role })),
  }));
  await tx.query(
    `with given as (select * from jsonb_to_recordset($1::jsonb) as r(id uuid, username text, facility text, duties jsonb)),
     accounts as (insert into account (id, kind, username, name, is_demo, created_by)
       select id, 'person', username, username, true, $3 from given on conflict do nothing),
     passwords as (insert into credential (account_id, password_hash, password_set_at)
       select id, $2, now() from given on conflict do nothing)
     insert into account_duty (id, account_id, facility_id, role, valid, granted_by)
     select d.id, g.id, f.id, d.role, daterange('2025-01-01', null), $3
     from given g cross join lateral jsonb_to_recordset(g.duties) as d(id uuid, role text)
     left join facility f on f.code = g.facility on conflict do nothing`,
    [JSON.stringify(rows), hash, tx.context.userId],
  );
}
