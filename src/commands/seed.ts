import { chmodSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Config, currentLanguage, readConfig } from '../config.ts';
import { text } from '../messages/index.ts';
import { SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { createSecretBox } from '../platform/secrets.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment, secretsKey } from '../runtime/environment.ts';
import {
  type IssuedAccount,
  issueMissingTokens,
  loadProvince,
  readProvince,
  type SeedCounts,
  simulatedAccounts,
  storeGatewayAccounts,
} from '../seed/index.ts';
import { say, sayElsewhere, words } from './console.ts';
import { CommandFailure } from './failure.ts';

export const DEMO_PROVINCE = new URL('../../fixtures/province/', import.meta.url);

/** Loads a province from files, gives tokens to accounts that have none, writes them to a file if asked. */
export async function seed(options: { from?: string; tokens?: string }): Promise<void> {
  const config = readConfig();
  const folder = options.from ? pathToFileURL(`${resolve(options.from)}/`) : DEMO_PROVINCE;
  const environment = await openEnvironment(config, { onElsewhere: sayElsewhere });
  try {
    const { counts, issued } = await seedDatabase(config, environment.urls.his_owner, folder, {
      simulatedAccounts: options.from === undefined,
      tokens: options.tokens !== undefined,
    });
    say('seeded', { ...counts });
    if (options.tokens && issued.length > 0) keepTokens(options.tokens, issued);
  } finally {
    await environment.stop();
  }
}

export async function seedDatabase(
  config: Config,
  ownerUrl: string,
  folder: URL,
  give: { readonly simulatedAccounts: boolean; readonly tokens: boolean },
): Promise<{ counts: SeedCounts; issued: IssuedAccount[] }> {
  const { province, problems } = readProvince(folder);
  if (problems.length > 0) {
    const shown = problems
      .slice(0, 20)
      .map((problem) => text(currentLanguage(), problem.message, problem.values));
    if (problems.length > shown.length)
      shown.push(words('moreProblems', { count: problems.length - shown.length }));
    throw new CommandFailure(shown.join('\n'));
  }
  const database = openDatabase(ownerUrl, 2, () => undefined);
  try {
    return await database.transaction(SYSTEM_CONTEXT, async (tx) => {
      const counts = await loadProvince(tx, province);
      const issued = give.tokens ? await issueMissingTokens(tx, words('provinceOffice')) : [];
      if (give.simulatedAccounts)
        await storeGatewayAccounts(tx, await simulatedAccounts(tx), createSecretBox(secretsKey(config)));
      return { counts, issued };
    });
  } finally {
    await database.close();
  }
}

/** Tokens in clear exist once: here, in a file that only its owner may read. */
export function keepTokens(file: string, issued: readonly IssuedAccount[]): void {
  writeFileSync(file, `${JSON.stringify(issued, null, 1)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
