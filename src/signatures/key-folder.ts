import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  asPkcs12,
  type Holder,
  type KeyAndCertificate,
  makeAuthority,
  makeCertificate,
  makeKey,
  type Validity,
} from './authority.ts';
import { readCertificate } from './certificate.ts';

export interface KeyFolderOptions {
  readonly validity: Validity;
  readonly authorityName: string;
  /** Closes the key files; absent = they are open to whoever may read the folder. */
  readonly passphrase?: string;
  readonly form: 'pem' | 'pkcs12';
  /** One key for all: making keys takes time, and a rehearsal of a whole province needs no secrets. */
  readonly oneKey?: boolean;
}

const AUTHORITY = { certificate: 'authority.crt.pem', key: 'authority.key.pem' };

/**
 * A folder of test keys: an authority (made once), and for each facility its key with its certificate and, beside it,
 * the certificate alone. What is there and still in force is left as it is. @returns codes of what was made
 */
export async function makeKeyFolder(
  folder: string,
  holders: readonly Omit<Holder, 'serial'>[],
  options: KeyFolderOptions,
): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await authorityIn(folder, options);
  const shared = options.oneKey ? await makeKey() : null;
  const made: string[] = [];
  for (const holder of holders) {
    if (await isInForce(folder, holder.unit, options)) continue;
    const serial = `01${randomBytes(15).toString('hex')}`;
    const own = makeCertificate(
      authority,
      { ...holder, serial },
      options.validity,
      shared ?? (await makeKey()),
    );
    await writeKey(folder, holder.unit, own, options);
    made.push(holder.unit);
  }
  return made;
}

async function authorityIn(folder: string, options: KeyFolderOptions): Promise<KeyAndCertificate> {
  const paths = { certificate: join(folder, AUTHORITY.certificate), key: join(folder, AUTHORITY.key) };
  if (existsSync(paths.key))
    return { certificate: await readFile(paths.certificate, 'utf8'), key: await readFile(paths.key, 'utf8') };
  const authority = makeAuthority(options.authorityName, options.validity, await makeKey());
  await writeFile(paths.certificate, authority.certificate);
  await writeFile(paths.key, authority.key, { mode: 0o600 });
  return authority;
}

async function isInForce(
  folder: string,
  code: string,
  { validity, form }: KeyFolderOptions,
): Promise<boolean> {
  if (!existsSync(join(folder, form === 'pem' ? `${code}.pem` : `${code}.p12`))) return false;
  const certificate = await readFile(join(folder, `${code}.crt.pem`), 'utf8').catch(() => null);
  return certificate !== null && readCertificate(certificate).validTo > validity.from;
}

async function writeKey(
  folder: string,
  code: string,
  own: KeyAndCertificate,
  { form, passphrase }: KeyFolderOptions,
): Promise<void> {
  await writeFile(join(folder, `${code}.crt.pem`), own.certificate);
  const secret = { mode: 0o600 };
  if (form === 'pkcs12')
    return writeFile(join(folder, `${code}.p12`), asPkcs12(own, passphrase ?? ''), secret);
  const key = passphrase === undefined ? own.key : closed(own.key, passphrase);
  await writeFile(join(folder, `${code}.pem`), key + own.certificate, secret);
}

function closed(key: string, passphrase: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  return createPrivateKey(key).export(options) as string;
}

/** Certificates alone that lie in a folder, by facility code. */
export async function certificatesIn(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder)).toSorted()) {
    const code = /^(\d{5})\.crt\.pem$/.exec(name)?.[1];
    if (code !== undefined) found.set(code, await readFile(join(folder, name), 'utf8'));
  }
  return found;
}
