import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** A key and its certificate as PEM: of a test authority, or of a facility. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const newKeys = promisify(generateKeyPair);
const BITS = 2048;

/** A new RSA key as PEM (PKCS#8, not encrypted). */
export async function makeKey(): Promise<string> {
  const { privateKey } = await newKeys('rsa', { modulusLength: BITS });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** An authority of one's own, for tests and training: nobody else trusts it. */
export function makeAuthority(name: string, validity: Validity, key: string): KeyAndCertificate {
  const certificate = unsigned({
    serial: '01',
    subject: [
      ['C', 'VN'],
      ['CN', name],
    ],
    validity,
    key,
  });
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  return { key, certificate: signed(certificate, createPrivateKey(key)) };
}

/** What an organisation's certificate says. */
export interface Holder {
  /** Hexadecimal; a certificate of one authority is told from another by it. */
  readonly serial: string;
  readonly name: string;
  /** The facility code, written as `OU`. */
  readonly unit: string;
}

export function makeCertificate(
  authority: KeyAndCertificate,
  { serial, name, unit }: Holder,
  validity: Validity,
  key: string,
): KeyAndCertificate {
  const subject: [string, string][] = [
    ['C', 'VN'],
    ['OU', unit],
    ['CN', name],
  ];
  const certificate = unsigned({ serial, subject, validity, key });
  certificate.setIssuer(subjectOf(authority.certificate));
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
  ]);
  return { key, certificate: signed(certificate, createPrivateKey(authority.key)) };
}

/** Key and certificate in one PKCS#12 file, as authorities hand them out. */
export function asPkcs12({ key, certificate }: KeyAndCertificate, passphrase: string): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(key),
    [forge.pki.certificateFromPem(certificate)],
    passphrase,
    { algorithm: 'aes256', friendlyName: 'signing' },
  );
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}

function unsigned(given: {
  readonly serial: string;
  readonly subject: readonly (readonly [string, string])[];
  readonly validity: Validity;
  readonly key: string;
}): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem(given.key));
  certificate.serialNumber = given.serial;
  certificate.validity.notBefore = given.validity.from;
  certificate.validity.notAfter = given.validity.to;
  certificate.setSubject(
    given.subject.map(([shortName, value]) => ({
      shortName,
      // Vietnamese names: UTF8String, or letters beyond ASCII are lost.
      value,
      valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class,
    })),
  );
  return certificate;
}

/** The parser leaves UTF-8 as bytes, the writer wants characters. */
function subjectOf(certificate: string): forge.pki.CertificateField[] {
  return forge.pki.certificateFromPem(certificate).subject.attributes.map((attribute) => ({
    ...attribute,
    value: forge.util.decodeUtf8(String(attribute.value)),
  }));
}

function publicPem(key: string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;
}

/** Signed by Node's own RSA, which is some fifty times as fast as one in JavaScript. */
function signed(certificate: forge.pki.Certificate, key: KeyObject): string {
  const native = {
    sign: () => {
      const der = forge.asn1.toDer(
        (certificate as unknown as { tbsCertificate: forge.asn1.Asn1 }).tbsCertificate,
      );
      return sign('sha256', Buffer.from(der.getBytes(), 'latin1'), key).toString('latin1');
    },
  };
  certificate.sign(native as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
