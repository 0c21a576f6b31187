import type { GatewayAccountLine } from '../../schemas/catalogue-files/records.ts';
import type { Config } from '../config.ts';
import { SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { openDatabase } from '../runtime/databases.ts';
import { secretBox } from '../runtime/environment.ts';
import {
  type DemoAccount,
  loadProvince,
  type Province,
  type SeedCounts,
  seedDemoAccounts,
  simulatedAccounts,
  storeGatewayAccounts,
} from '../seed/index.ts';
import { words } from './console.ts';
import { CommandFailure } from './failure.ts';

/** What goes into the database, all of it or nothing; files are read and checked before. */
export interface Seeds {
  readonly province?: Province;
  /** Sample people for every facility; refused wherever demo accounts are not switched on. */
  readonly demoAccounts?: boolean;
  readonly gatewayAccounts?: readonly GatewayAccountLine[];
  /** Accounts that the simulated gateway takes, for facilities that have none. */
  readonly simulatedAccounts?: boolean;
}

export interface Seeded {
  readonly counts: SeedCounts | null;
  readonly accounts: readonly DemoAccount[];
}

export async function seedDatabase(config: Config, ownerUrl: string, seeds: Seeds): Promise<Seeded> {
  const database = openDatabase(ownerUrl, 2, () => undefined);
  try {
    return await database.transaction(SYSTEM_CONTEXT, async (tx) => {
      const counts = seeds.province ? await loadProvince(tx, seeds.province) : null;
      const accounts = seeds.demoAccounts ? await seedDemoAccounts(tx) : [];
      const gatewayAccounts = [
        ...(seeds.simulatedAccounts ? await simulatedAccounts(tx) : []),
        ...(seeds.gatewayAccounts ?? []),
      ];
      if (gatewayAccounts.length > 0) {
        const unknown = await storeGatewayAccounts(tx, gatewayAccounts, secretBox(config));
        if (unknown.length > 0)
          throw new CommandFailure(unknown.map((code) => words('unknownFacility', { code })).join('\n'));
      }
      return { counts, accounts };
    });
  } finally {
    await database.close();
  }
}
