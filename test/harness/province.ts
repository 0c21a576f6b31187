import { createHash } from 'node:crypto';
import { issueToken } from '../../src/identity/index.ts';
import { SYSTEM_CONTEXT } from '../../src/platform/database/index.ts';
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
    for (const code of [...province.facilities.map((line) => line.code), null]) {
      const facilityId = code === null ? null : facilityIdOf(code);
      const account = {
        accountId: derivedId(0, 'test-account', String(code)),
        facilityId,
        name: String(code ?? 'Sở Y tế'),
      };
      await issueToken(tx, tokenFor(code), account);
    }
    await storeGatewayAccounts(tx, await simulatedAccounts(tx), createSecretBox(TEST_KEY));
  });
  await owner.close();
}
