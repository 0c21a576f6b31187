import { createHash } from 'node:crypto';
import { PERMISSION_NAMES, type Role, storeToken } from '../../src/identity/index.ts';
import { SYSTEM_CONTEXT, type Transaction } from '../../src/platform/database/index.ts';
import { derivedId } from '../../src/platform/ids.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import {
  facilityIdOf,
  loadProvince,
  type Province,
  readProvince,
  simulatedAccounts,
  storeGatewayAccounts,
} from '../../src/seed/index.ts';

/** The key that seals gateway passwords in test databases. */
export const TEST_KEY = createHash('sha256').update('test key').digest();

/** Tokens of tests are derived from the code, so that a test can name any facility; null = the province's office. */
export const tokenFor = (facilityCode: string | null) => `lt_test_token_of_${facilityCode ?? 'province'}`;

export function demoProvince(): Province {
  return readProvince(new URL('../../fixtures/province/', import.meta.url)).province;
}

/** The demo province without its sample patients, a token per facility, and accounts of the simulated gateway. */
export async function seedTestProvince(ownerUrl: string): Promise<void> {
  const province = { ...demoProvince(), patients: [] };
  const owner = openDatabase(ownerUrl, 1, () => undefined);
  await owner.transaction(SYSTEM_CONTEXT, async (tx) => {
    await loadProvince(tx, province);
    for (const code of [...province.facilities.map((line) => line.code), null]) await giveToken(tx, code);
    await storeGatewayAccounts(tx, await simulatedAccounts(tx), createSecretBox(TEST_KEY));
  });
  await owner.close();
}

/** A machine that may do everything a machine may at its facility; for the province's office, what its administrator may. */
async function giveToken(tx: Transaction, code: string | null): Promise<void> {
  const accountId = derivedId(0, 'test-account', String(code));
  const facilityId = code === null ? null : facilityIdOf(code);
  const role: Role = code === null ? 'province-admin' : 'machine';
  await tx.query(
    `insert into account (id, kind, username, name, created_by) values ($1, 'machine', $2::text, $2::text, $1)`,
    [accountId, `test.${code ?? 'tinh'}`],
  );
  await tx.query(
    `insert into account_duty (id, account_id, facility_id, role, valid, granted_by)
     values ($1, $2, $3, $4, daterange('2025-01-01', null), $2)`,
    [derivedId(0, 'test-duty', String(code)), accountId, facilityId, role],
  );
  const expiresAt = new Date(Date.now() + 86_400_000);
  await storeToken(tx, tokenFor(code), { accountId, facilityId, scopes: PERMISSION_NAMES }, expiresAt);
}
