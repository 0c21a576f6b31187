import { readFileSync } from 'node:fs';
import { buildClaimFile } from '../../src/claims/files.ts';
import { sourcesInBytes } from '../../src/claims/foreign.ts';
import { importFile } from '../../src/claims/index.ts';
import { readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimTables } from '../../src/claims/tables.ts';
import { workerContext } from '../../src/exports/index.ts';
import { loadDirectory } from '../../src/facilities/index.ts';
import { systemClock } from '../../src/platform/dates.ts';
import { sha256 } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from './database.ts';

const SAMPLE = new URL('../golden/3176/commune-tests-and-notes/claim.xml', import.meta.url);

/** A dossier as some other software of that facility would have it. */
export function foreignRecord(facilityCode: string, key: string): ClaimTables {
  const [sample] = readClaimFile(readFileSync(SAMPLE)).records;
  const keyed = Object.entries(sample!).map(([code, rows]) => [
    code,
    (rows ?? []).map((row) => ({ ...row, MA_LK: key })),
  ]);
  const tables = Object.fromEntries(keyed) as ClaimTables;
  return { ...tables, XML1: [{ ...tables.XML1![0]!, MA_CSKCB: facilityCode }] };
}

/** A file of that facility with a dossier for each key. */
export function foreignFile(facilityCode: string, ...keys: readonly string[]): Buffer {
  const records = keys.map((key) => foreignRecord(facilityCode, key));
  return buildClaimFile(records, { facilityCode, madeOn: '2026-08-15' });
}

/** Takes a file in, as the worker does. @param facilityCode who gave it; null = the province's office */
export async function takeIn(at: TestDatabase, facilityCode: string | null, bytes: Buffer, name = 'a.xml') {
  const database = openDatabase(at.urls.his_export, 2, () => undefined);
  try {
    const context = workerContext(facilityCode === null ? null : facilityIdOf(facilityCode), 'test');
    const directory = await database.transaction(context, loadDirectory);
    const given = { name, size: bytes.length, digest: sha256(bytes) };
    const deps = { database, directory, clock: systemClock };
    const { file } = await importFile(deps, context, given, () => sourcesInBytes(bytes, name));
    const claims = await at.query<{ id: string }>(
      'select id from foreign_claim where file_id = $1 order by position',
      [file.id],
    );
    return { ...file, claimIds: claims.map(({ id }) => id) };
  } finally {
    await database.close();
  }
}
