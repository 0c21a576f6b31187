import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCertificate } from '../../src/exports/index.ts';
import { type Database, SYSTEM_USER } from '../../src/platform/database/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { certificatesIn, makeKeyFolder, type Validity } from '../../src/signatures/index.ts';

import type { Plant } from './plant.ts';

const DAY_MS = 86_400_000;

/** From yesterday for a year. */
export function aYear(): Validity {
  return { from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + 365 * DAY_MS) };
}

/** Test keys of these facilities in a new folder, one key for all. */
export async function testKeys(codes: readonly string[], validity = aYear()) {
  const folder = mkdtempSync(join(tmpdir(), 'his-keys-'));
  await makeKeyFolder(
    folder,
    codes.map((unit) => ({ unit, name: `Cơ sở ${unit}` })),
    { validity, authorityName: 'Nơi cấp thử', form: 'pem', oneKey: true },
  );
  return { folder, certificates: await certificatesIn(folder) };
}

export type TestKeys = Awaited<ReturnType<typeof testKeys>>;

/** In the system, and at the simulated gateway's portal. */
export async function registerEverywhere(
  plant: Plant,
  certificates: TestKeys['certificates'],
): Promise<void> {
  for (const [maCSKCB, pem] of certificates) {
    await register(plant.server.app, maCSKCB, pem);
    await plant.control('POST', 'certificates', { maCSKCB, pem });
  }
}

/** What a facility's officer does in the screen of certificates. */
export function register(database: Database, code: string, pem: string, now = new Date()) {
  const id = facilityIdOf(code);
  const context = {
    userId: SYSTEM_USER,
    facilityId: id,
    reach: 'facility',
    purpose: 'test',
    requestId: 'test',
  } as const;
  return database.transaction(context, (tx) => registerCertificate(tx, { id, code }, pem, now));
}
