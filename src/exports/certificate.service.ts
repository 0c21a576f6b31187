import { recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { CertificateError, type CertificateFinding, readCertificate } from '../signatures/index.ts';
import { signEntry } from './batch.service.ts';
import {
  type CertificateRow,
  certificatesEnding,
  countNotSigned,
  listCertificates,
  putInUse,
  wakeUnsigned,
} from './certificate.repo.ts';

/** A certificate that ends within so many days is warned of. */
const WARNING_DAYS = 30;

export type CertificateState = 'inUse' | 'ending' | 'ended' | 'notYet' | 'retired';

export interface CertificateView extends CertificateRow {
  readonly state: CertificateState;
}

/**
 * Registers the certificate with which a facility signs from now on, and lets what waited for one be signed.
 * @throws Problem invalid-body when it is none, too weak, or its time is over
 */
export async function registerCertificate(
  tx: Transaction,
  facility: { readonly id: Id; readonly code: string },
  pem: string,
  now: Date,
): Promise<CertificateView> {
  const certificate = readable(pem);
  if (certificate.validTo <= now) throw refused('ended');
  const fingerprint = sha256(Buffer.from(certificate.base64, 'base64'));
  const at = now.toISOString();
  const { serial, subject, issuer, validFrom, validTo } = certificate;
  const dates = { validFrom: validFrom.toISOString(), validTo: validTo.toISOString() };
  await putInUse(
    tx,
    facility.id,
    { fingerprint, serial, subject, issuer, ...dates, pem: certificate.pem },
    at,
  );
  recordAudit(tx, {
    action: 'certificate.registered',
    subjectType: 'facility',
    subjectId: facility.id,
    detail: { serial, fingerprint, validTo: dates.validTo },
  });
  if ((await wakeUnsigned(tx, facility.id, at)) > 0)
    await enqueueMany(tx, [signEntry(facility.id, fingerprint.slice(0, 16))]);
  const rows = await readCertificates(tx, facility.id, now);
  return rows.certificates.find((row) => row.fingerprint === fingerprint)!;
}

function readable(pem: string) {
  try {
    return readCertificate(pem);
  } catch (error) {
    if (error instanceof CertificateError) throw refused(error.finding);
    throw error;
  }
}

function refused(finding: CertificateFinding | 'ended'): Problem {
  return new Problem('invalid-body', {}, [{ pointer: '/pem', message: `signing.refused.${finding}` }]);
}

/** Certificates with how they stand, and what waits for a signature. @param facilityId null = the whole province */
export async function readCertificates(tx: Transaction, facilityId: Id | null, now: Date) {
  const rows = await listCertificates(tx, facilityId);
  return {
    certificates: rows.map((row) => ({ ...row, state: stateOf(row, now) })),
    notSigned: await countNotSigned(tx, facilityId),
  };
}

export function stateOf(row: CertificateRow, now: Date): CertificateState {
  if (row.retiredAt !== null) return 'retired';
  if (Date.parse(row.validFrom) > now.getTime()) return 'notYet';
  if (Date.parse(row.validTo) <= now.getTime()) return 'ended';
  return Date.parse(row.validTo) <= Date.parse(warningEnd(now)) ? 'ending' : 'inUse';
}

/** Certificates in use that end soon or have ended, for whoever must be told. */
export async function endingCertificates(tx: Transaction, now: Date): Promise<CertificateView[]> {
  const rows = await certificatesEnding(tx, warningEnd(now));
  return rows.map((row) => ({ ...row, state: stateOf(row, now) }));
}

function warningEnd(now: Date): string {
  return instantAt(addDays(localDate(now), WARNING_DAYS + 1));
}
