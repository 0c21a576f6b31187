import { type KeyObject, X509Certificate } from 'node:crypto';

/** Keys below this are refused: what is signed with them is no evidence any more. */
const LEAST_BITS = 2048;

/** A certificate as signing and checking need it, read once. */
export interface Certificate {
  readonly pem: string;
  /** Base64 of the DER bytes, without line breaks: as it stands in `X509Certificate`. */
  readonly base64: string;
  /** Hexadecimal, upper case. */
  readonly serial: string;
  /** Distinguished name in the order of RFC 4514 (`CN=…,O=…,C=VN`). */
  readonly subject: string;
  readonly issuer: string;
  /** Half-open: from this moment … */
  readonly validFrom: Date;
  /** … until just before this one. */
  readonly validTo: Date;
  readonly publicKey: KeyObject;
}

export const CERTIFICATE_FINDINGS = ['not-a-certificate', 'not-rsa', 'key-too-short'] as const;
export type CertificateFinding = (typeof CERTIFICATE_FINDINGS)[number];

export class CertificateError extends Error {
  readonly finding: CertificateFinding;
  constructor(finding: CertificateFinding) {
    super(`certificate refused: ${finding}`);
    this.name = 'CertificateError';
    this.finding = finding;
  }
}

/**
 * @param source PEM text (the first certificate in it) or DER bytes
 * @throws CertificateError when it is none, or its key is no RSA key of 2048 bits or more
 */
export function readCertificate(source: string | Uint8Array): Certificate {
  const known = typeof source === 'string' ? read.get(source) : undefined;
  if (known) return known;
  const certificate = parseCertificate(source);
  if (read.size >= MOST_KEPT) read.clear();
  if (typeof source === 'string') read.set(source, certificate);
  return certificate;
}

/** Of each facility, and some of other software: reading one takes as long as signing a file. */
const MOST_KEPT = 1_000;
const read = new Map<string, Certificate>();

function parseCertificate(source: string | Uint8Array): Certificate {
  const { x509, publicKey } = parse(source);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new CertificateError('not-rsa');
  if ((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS)
    throw new CertificateError('key-too-short');
  return {
    pem: x509.toString(),
    base64: x509.raw.toString('base64'),
    serial: x509.serialNumber.toUpperCase(),
    subject: distinguishedName(x509.subject),
    issuer: distinguishedName(x509.issuer),
    validFrom: x509.validFromDate,
    // The last second of a certificate is inside its validity.
    validTo: new Date(x509.validToDate.getTime() + 1000),
    publicKey,
  };
}

/** The key is read with the rest: a certificate may be whole and its key not. */
function parse(source: string | Uint8Array): { x509: X509Certificate; publicKey: KeyObject } {
  try {
    const x509 = new X509Certificate(source);
    return { x509, publicKey: x509.publicKey };
  } catch {
    throw new CertificateError('not-a-certificate');
  }
}

/** Node gives one attribute per line, the widest first; a name is written from the narrowest. */
function distinguishedName(lines: string): string {
  return (lines ?? '').split('\n').reverse().join(',');
}
