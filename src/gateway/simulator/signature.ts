import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignedXml } from 'xml-crypto';

/**
 * The far side's own look at signatures: profile A, digest, signature, and a certificate that the facility registered.
 * Written apart from the sender's, as everything here. What is canonical already is hashed as it stands; anything else
 * goes to xml-crypto.
 */
export interface RegisteredCertificate {
  readonly maCSKCB: string;
  readonly serial: string;
  readonly base64: string;
  readonly pem: string;
  readonly key: KeyObject;
  readonly validFromMs: number;
  readonly validToMs: number;
}

export class Certificates {
  private readonly initial: readonly RegisteredCertificate[];
  private registered: RegisteredCertificate[];

  constructor(initial: readonly RegisteredCertificate[]) {
    this.initial = initial;
    this.registered = [...initial];
  }

  add(certificate: RegisteredCertificate): void {
    this.registered.push(certificate);
  }

  list(): readonly RegisteredCertificate[] {
    return this.registered;
  }

  reset(): void {
    this.registered = [...this.initial];
  }

  of(maCSKCB: string, base64: string): RegisteredCertificate | undefined {
    return this.registered.find((one) => one.maCSKCB === maCSKCB && one.base64 === base64);
  }
}

/** @throws Error when the text is no certificate */
export function registered(maCSKCB: string, pem: string): RegisteredCertificate {
  const x509 = new X509Certificate(pem);
  return {
    maCSKCB,
    serial: x509.serialNumber,
    base64: x509.raw.toString('base64'),
    pem: x509.toString(),
    key: x509.publicKey,
    validFromMs: x509.validFromDate.getTime(),
    validToMs: x509.validToDate.getTime(),
  };
}

/** `<facility code>.crt.pem` of a folder: the certificates that the facilities registered on the portal. */
export function certificatesIn(folder: string): RegisteredCertificate[] {
  return readdirSync(folder).flatMap((name) => {
    const code = /^(\d{5})(?:-\d+)?\.crt\.pem$/.exec(name)?.[1];
    return code === undefined ? [] : [registered(code, readFileSync(join(folder, name), 'utf8'))];
  });
}

/** @returns what is wrong with the signature; null = nothing */
export function signatureProblem(
  file: Buffer,
  sender: string,
  certificates: Certificates,
  nowMs: number,
): string | null {
  const xml = file.toString('utf8');
  const from = xml.indexOf('<CHUKYDONVI>') + '<CHUKYDONVI>'.length;
  const to = xml.lastIndexOf('</CHUKYDONVI>');
  const signature = xml.slice(from, to).trim();
  if (xml.lastIndexOf('<CHUKYDONVI>') + '<CHUKYDONVI>'.length !== from || to < from)
    return 'CHUKYDONVI twice';
  const certificate = certificateIn(signature, sender, certificates, nowMs);
  if (typeof certificate === 'string') return certificate;
  const plain = PLAIN.exec(signature);
  const body = xml.slice(0, from) + xml.slice(to);
  const canonical = plain ? canonicalAlready(body) : null;
  if (!plain || canonical === null) return problemByLibrary(xml, signature, certificate);
  const [, signedInfo = '', digest, value = ''] = plain;
  if (createHash('sha256').update(canonical).digest('base64') !== digest) return 'content was changed';
  const signed = Buffer.from(signedInfo.replace('<SignedInfo>', `<SignedInfo xmlns="${NAMESPACE}">`));
  return verify('sha256', signed, certificate.key, Buffer.from(value, 'base64'))
    ? null
    : 'signature is wrong';
}

const NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const element = (name: string, algorithm: string) => `<${name} Algorithm="${algorithm}"></${name}>`;
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const SIGNED_INFO = [
  element('CanonicalizationMethod', C14N),
  element('SignatureMethod', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'),
  '<Reference URI=""><Transforms>',
  element('Transform', `${NAMESPACE}enveloped-signature`),
  '</Transforms>',
  element('DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256'),
].join('');
/** Profile A in its canonical spelling: SignedInfo, digest, signature. */
const PLAIN = new RegExp(
  `^<Signature xmlns="${quoted(NAMESPACE)}"(?: Id="[^"<>]*")?>(<SignedInfo>${quoted(SIGNED_INFO)}` +
    '<DigestValue>([A-Za-z0-9+/=]*)</DigestValue></Reference></SignedInfo>)<SignatureValue>([A-Za-z0-9+/=]*)</SignatureValue>' +
    '<KeyInfo><X509Data>(?:<X509SubjectName>[^<]*</X509SubjectName>)?<X509Certificate>[^<]*</X509Certificate></X509Data></KeyInfo></Signature>$',
);

/** The document without its declaration, if canonical XML would write it just so. */
function canonicalAlready(xml: string): string | null {
  const body = xml.replace(/^<\?xml[^>]*\?>\s*/, '');
  const isPlain =
    !/<(?!\/?[A-Za-z_][\w.-]*>)/.test(body) &&
    !/&(?!amp;|lt;|gt;|#xD;)/.test(body) &&
    !body.includes('\r') &&
    body.endsWith('>') &&
    body.split('<').length === body.split('>').length;
  return isPlain ? body : null;
}

function problemByLibrary(xml: string, signature: string, { pem }: RegisteredCertificate): string | null {
  const judge = new SignedXml({ publicCert: pem, getCertFromKeyInfo: () => null });
  try {
    judge.loadSignature(signature);
    if (!judge.checkSignature(xml)) return 'content was changed';
  } catch {
    return 'signature is wrong';
  }
  const [reference, ...more] = judge.getReferences();
  const isWhole = reference?.uri === '' && more.length === 0;
  return isWhole ? null : 'not the profile of this file (one reference to the whole document)';
}

/**
 * Of papers that are signed by `Id`: two references, to the one element under the root that has an `Id` and to the time
 * of signing, both without transforms. @returns what is wrong; null = nothing
 */
export function idSignatureProblem(
  file: Buffer,
  sender: string,
  certificates: Certificates,
  nowMs: number,
): string | null {
  const xml = file.toString('utf8');
  const signature =
    /<CHUKYDONVI>\s*(<(?:[A-Za-z]+:)?Signature[\s\S]*)<\/CHUKYDONVI>/.exec(xml)?.[1]?.trim() ?? '';
  const certificate = certificateIn(signature, sender, certificates, nowMs);
  if (typeof certificate === 'string') return certificate;
  const otherProfile = 'not the profile of this file (two references, to its Id and to the time of signing)';
  if (/<(?:\w+:)?Transforms?\b/.test(signature)) return otherProfile;
  const judge = new SignedXml({
    publicCert: certificate.pem,
    getCertFromKeyInfo: () => null,
  });
  try {
    judge.loadSignature(signature);
    if (!judge.checkSignature(xml)) return 'content was changed';
  } catch {
    return 'signature is wrong';
  }
  const signed = [...xml.matchAll(/<(?!Object|Signature)[\w.-]+ Id="([^"]+)"/g)].map(([, id]) => id);
  const wanted = signed.length === 1 ? [`#${signed[0]}`, `#Object-CHUKYDONVI-${signed[0]}`] : [];
  const uris = judge.getReferences().map(({ uri }) => uri ?? '');
  const fits = wanted.length === 2 && uris.length === 2 && wanted.every((uri) => uris.includes(uri));
  return fits ? null : otherProfile;
}

/** The certificate of a signature, if the sender registered it and it is in force; else what is wrong with it. */
function certificateIn(
  signature: string,
  sender: string,
  certificates: Certificates,
  nowMs: number,
): RegisteredCertificate | string {
  const base64 = /X509Certificate>([^<]*)</.exec(signature)?.[1]?.replace(/\s+/g, '') ?? '';
  const certificate = certificates.of(sender, base64);
  if (!certificate) return `certificate ${serialOf(base64)} is not registered for ${sender}`;
  if (nowMs < certificate.validFromMs || nowMs > certificate.validToMs)
    return `certificate ${certificate.serial} is not in force`;
  return certificate;
}

function serialOf(base64: string): string {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).serialNumber;
  } catch {
    return 'that cannot be read';
  }
}
