import type { GatewayAccountLine } from '../../schemas/catalogue-files/records.ts';
import { recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { SecretBox } from '../platform/secrets.ts';

/** Stores gateway accounts sealed; an account given again replaces the one before. @returns codes of no facility */
export async function storeGatewayAccounts(
  tx: Transaction,
  accounts: readonly GatewayAccountLine[],
  secrets: SecretBox,
): Promise<string[]> {
  const unknown: string[] = [];
  for (const account of accounts) {
    const stored = await tx.query(
      `insert into gateway_account (facility_id, username, password_sealed)
       select id, $2, $3 from facility where code = $1
       on conflict (facility_id) do update set username = excluded.username, password_sealed = excluded.password_sealed
       returning 1`,
      [account.facilityCode, account.username, secrets.seal(account.password)],
      'store-gateway-account',
    );
    if (stored.length === 0) unknown.push(account.facilityCode);
  }
  if (accounts.length > 0)
    recordAudit(tx, {
      action: 'gateway-account.stored',
      subjectType: 'reference',
      subjectId: null,
      detail: { accounts: accounts.length - unknown.length },
    });
  return unknown;
}

/** Accounts that the simulator accepts, for facilities that have none of their own yet. */
export async function simulatedAccounts(tx: Transaction): Promise<GatewayAccountLine[]> {
  const rows = await tx.query<{ code: string }>(
    'select code from facility f where not exists (select from gateway_account a where a.facility_id = f.id) order by code',
  );
  return rows.map(({ code }) => ({ facilityCode: code, username: `${code}_BV`, password: `SIM-${code}` }));
}
