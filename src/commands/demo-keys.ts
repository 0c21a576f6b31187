import type { RoleUrls } from '../platform/database/index.ts';
import { certificatesIn, makeKeyFolder } from '../signatures/index.ts';
import { testAuthority } from './keys.ts';
import { listAll, registerCertificates } from './registering.ts';

const TEN_YEARS = 3_650;

/**
 * Keys of an invented province: a test authority, a certificate for each facility over one key that they share, and all
 * of them registered. Repeatable: what is there stays.
 */
export async function demoKeys(
  urls: RoleUrls,
  folder: string,
  facilities: readonly { readonly code: string; readonly name: string }[],
): Promise<void> {
  await makeKeyFolder(
    folder,
    facilities.map(({ code, name }) => ({ unit: code, name })),
    { ...testAuthority(TEN_YEARS), form: 'pem', oneKey: true },
  );
  const { certificates } = await listAll(urls);
  const known = new Set(certificates.filter((one) => one.state !== 'ended').map((one) => one.facilityCode));
  const wanted = new Set(facilities.map(({ code }) => code).filter((code) => !known.has(code)));
  const made = await certificatesIn(folder);
  await registerCertificates(urls, new Map([...made].filter(([code]) => wanted.has(code))));
}
