import { type CertificateView, readCertificates, registerCertificate } from '../exports/index.ts';
import { loadDirectory } from '../facilities/index.ts';
import { type Database, type RoleUrls, SYSTEM_CONTEXT, SYSTEM_USER } from '../platform/database/index.ts';
import { Problem } from '../platform/problem.ts';
import { openDatabase } from '../runtime/databases.ts';
import { words } from './console.ts';
import { CommandFailure } from './failure.ts';

const CONNECTIONS = 8;
const PURPOSE = { userId: SYSTEM_USER, purpose: 'signing-keys', requestId: 'keys' } as const;

/** @param certificates PEM by facility code @throws CommandFailure for a facility or a certificate that cannot be */
export async function registerCertificates(
  urls: RoleUrls,
  certificates: ReadonlyMap<string, string>,
): Promise<CertificateView[]> {
  return withApp(urls, async (database) => {
    const directory = await database.transaction(SYSTEM_CONTEXT, loadDirectory);
    const unknown = [...certificates.keys()].filter((code) => !directory.byCode(code));
    if (unknown.length > 0)
      throw new CommandFailure(unknown.map((code) => words('unknownFacility', { code })).join('\n'));
    const stored: CertificateView[] = [];
    // Each in a transaction of its own, some at a time: their commits wait for the disk together.
    const waiting = [...certificates].map(([code, pem]) => ({ facility: directory.byCode(code)!, pem }));
    for (let first = 0; first < waiting.length; first += CONNECTIONS) {
      const now = waiting.slice(first, first + CONNECTIONS);
      stored.push(...(await Promise.all(now.map(({ facility, pem }) => register(database, facility, pem)))));
    }
    return stored;
  });
}

async function register(
  database: Database,
  facility: { readonly id: string; readonly code: string },
  pem: string,
): Promise<CertificateView> {
  try {
    return await database.transaction({ ...PURPOSE, facilityId: facility.id, reach: 'facility' }, (tx) =>
      registerCertificate(tx, facility, pem, new Date()),
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const finding = error.places[0]?.message ?? '';
    throw new CommandFailure(
      words('keys.refused', { code: facility.code, finding: finding.split('.').at(-1) ?? '' }),
    );
  }
}

/** Of the whole province. */
export function listAll(urls: RoleUrls) {
  return withApp(urls, (database) =>
    database.transaction({ ...PURPOSE, facilityId: null, reach: 'province' }, (tx) =>
      readCertificates(tx, null, new Date()),
    ),
  );
}

async function withApp<T>(urls: RoleUrls, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(urls.his_app, CONNECTIONS, () => undefined);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
