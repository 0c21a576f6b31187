import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig, signingPassphrase } from '../config.ts';
import type { CertificateView } from '../exports/index.ts';
import type { RoleUrls } from '../platform/database/index.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import { makeKeyFolder } from '../signatures/index.ts';
import { say, sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';

export interface MakeOptions {
  readonly to: string;
  readonly facility: readonly string[];
  readonly days: number;
  readonly pkcs12: boolean;
}

/** A test authority and test keys in a folder: works on files only. */
export async function keysMake({ to, facility, days, pkcs12 }: MakeOptions): Promise<void> {
  const passphrase = signingPassphrase('');
  if (pkcs12 && passphrase === undefined) throw new CommandFailure(words('keys.passphraseMissing'), 2);
  const made = await makeKeyFolder(
    resolve(to),
    facility.map((code) => ({ unit: code, name: words('keys.holder', { code }) })),
    {
      ...testAuthority(days),
      form: pkcs12 ? 'pkcs12' : 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    },
  );
  say('keys.made', { count: made.length, kept: facility.length - made.length, folder: resolve(to) });
}

/** Name and validity of what we make ourselves: from yesterday, since clocks differ. */
export function testAuthority(days: number) {
  const today = localDate(new Date());
  const validity = {
    from: new Date(instantAt(addDays(today, -1))),
    to: new Date(instantAt(addDays(today, days))),
  };
  return { authorityName: words('keys.authority'), validity };
}

export interface RegisterOptions {
  readonly facility?: string;
  readonly certificate?: string;
  readonly from?: string;
}

/** Registers a facility's certificate, or those of a folder that `keys make` filled. */
export async function keysRegister(options: RegisterOptions): Promise<void> {
  const certificates = await certificatesOf(options);
  await withDatabase(async (urls) => {
    const { registerCertificates } = await import('./registering.ts');
    for (const { facilityCode, serial, validTo } of await registerCertificates(urls, certificates))
      say('keys.registered', { code: facilityCode, serial, day: localDate(new Date(validTo)) });
  });
}

async function certificatesOf({
  facility,
  certificate,
  from,
}: RegisterOptions): Promise<Map<string, string>> {
  const isOne = facility !== undefined && certificate !== undefined && from === undefined;
  const isFolder = facility === undefined && certificate === undefined && from !== undefined;
  if (!isOne && !isFolder) throw new CommandFailure(words('keys.registerWhat'), 2);
  try {
    if (isOne) return new Map([[facility, await readFile(certificate, 'utf8')]]);
    const { certificatesIn } = await import('../signatures/index.ts');
    return await certificatesIn(from ?? '');
  } catch (error) {
    throw new CommandFailure(
      words('keys.unreadable', { file: certificate ?? from ?? '', reason: String(error) }),
      2,
    );
  }
}

/** Every certificate in use and what waits for a signature; exit code 1 when something has ended or waits. */
export async function keysList(options: { readonly json: boolean }): Promise<void> {
  await withDatabase(async (urls) => {
    const { listAll } = await import('./registering.ts');
    const { certificates, notSigned } = await listAll(urls);
    const inUse = certificates.filter((one) => one.state !== 'retired');
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ certificates: inUse, notSigned })}\n`
        : [...inUse.map(row), ...notSigned.map((one) => waitingRow(one))].join(''),
    );
    if (inUse.some((one) => one.state === 'ended') || notSigned.length > 0) process.exitCode = 1;
  });
}

function row({ facilityCode, serial, subject, validTo, state }: CertificateView): string {
  const last = localDate(new Date(Date.parse(validTo) - 1));
  return `${facilityCode}  ${words(`keys.state.${state}`, { day: last })}  ${serial}  ${subject}\n`;
}

function waitingRow({
  facilityCode,
  cause,
  claims,
}: {
  facilityCode: string;
  cause: string;
  claims: number;
}): string {
  return `${facilityCode}  ${words('keys.waiting', { claims })}  ${cause}\n`;
}

function withDatabase(work: (urls: RoleUrls) => Promise<void>): Promise<void> {
  const config = readConfig();
  return untilDone(async (stops) => {
    const { openEnvironment } = await import('../runtime/environment.ts');
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    await work(environment.urls);
  });
}
