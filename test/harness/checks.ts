import { checkUpload, keepForCheck } from '../../src/assessment/server.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { workerContext } from '../../src/exports/index.ts';
import { systemClock } from '../../src/platform/dates.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from './database.ts';

/** Has a file checked, as API and worker do. @param facilityCode who gave it; null = the province's office */
export async function checkedFile(
  at: TestDatabase,
  facilityCode: string | null,
  bytes: Buffer,
): Promise<string> {
  const context = workerContext(facilityCode === null ? null : facilityIdOf(facilityCode), 'test');
  const app = openDatabase(at.urls.his_app, 1, () => undefined);
  const database = openDatabase(at.urls.his_export, 1, () => undefined);
  try {
    const wanted = { name: 'a.xml', asOf: null, rules: null };
    const { id } = await app.transaction(context, (tx) => keepForCheck(tx, wanted, bytes, new Date()));
    await checkUpload({ database, clock: systemClock, law: loadPolicy() }, context, id);
    return id;
  } finally {
    await app.close();
    await database.close();
  }
}
