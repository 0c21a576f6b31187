import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCertificates } from '../../src/commands/registering.ts';
import { createApiClient } from '../../src/demo/client.ts';
import { exportDay } from '../../src/demo/export.ts';
import { recordDay } from '../../src/demo/record.ts';
import { planDay } from '../../src/demo/visits/index.ts';
import type { RoleUrls } from '../../src/platform/database/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { startProcess } from '../../src/runtime/processes.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import { testKeys } from '../harness/signing.ts';
import { freshDatabase, rounded, startHis } from './places.ts';

export interface ExportBench {
  readonly claims: number;
  readonly seconds: number;
  readonly claimsPerSecond: number;
}

/** The nightly export of settled visits: read, build, re-read, store, write the file, sign, send, keep the answer. */
export async function benchExport(visits = 1_030): Promise<ExportBench> {
  const database = await freshDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'his-bench-'));
  const province = demoProvince();
  const facilities = province.facilities.map((line) => line.code);
  const keys = await signingKeys(database.urls, facilities);
  const simulator = await startProcess(
    ['simulate-gateway', '--certificates', keys],
    { SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
    { quiet: true },
  );
  const more = {
    GATEWAY_URL: simulator.details.url ?? '',
    EXPORT_DIR: dir,
    SIGNING: 'required',
    SIGNING_KEYS_DIR: keys,
  };
  const server = await startHis('serve', database.urls, more);
  const work = await startHis('work', database.urls, more);
  const api = createApiClient(server.details.url ?? '', 12);
  try {
    const date = addDays(localDate(new Date()), -1);
    const days = planDay({ seed: 7, date, province, facilities, count: visits });
    await recordDay(days, { api, tokenOf: tokenFor, atWork: 10 });
    const startedAt = performance.now();
    const { claims, states } = await exportDay(api, tokenFor(null), date, 1, () => undefined);
    const seconds = (performance.now() - startedAt) / 1_000;
    if (states.received !== claims)
      throw new Error(`not all claims were received: ${JSON.stringify(states)}`);
    return { claims, seconds: rounded(seconds), claimsPerSecond: rounded(claims / seconds) };
  } finally {
    api.close();
    for (const one of [work, server, simulator]) await one.stop();
    await database.drop();
    for (const folder of [dir, keys]) rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder of keys, registered. */
export async function signingKeys(urls: RoleUrls, facilities: readonly string[]): Promise<string> {
  const { folder, certificates } = await testKeys(facilities);
  await registerCertificates(urls, certificates);
  return folder;
}
