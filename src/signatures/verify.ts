import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { SignedXml } from 'xml-crypto';
import { type Certificate, CertificateError, readCertificate } from './certificate.ts';
import {
  C14N,
  ENVELOPED,
  type Profile,
  profileOf,
  RSA_SHA256,
  SHA256,
  SLOT,
  UNSIGNED_HEAD,
  XMLDSIG,
} from './profiles.ts';

export const SIGNATURE_FINDINGS = [
  'not-well-formed',
  'document-type',
  'no-slot',
  'several-signatures',
  'signature-elsewhere',
  'slot-not-clean',
  'wrong-algorithm',
  'wrong-profile',
  'not-covered',
  'ambiguous-id',
  'no-certificate-inside',
  'certificate-unusable',
  'signature-wrong',
  'content-changed',
  'read-differently',
  'signed-outside-validity',
  'other-certificate',
  'no-certificate-given',
] as const;
export type SignatureFinding = (typeof SIGNATURE_FINDINGS)[number];

export interface SignatureVerdict {
  /** `untrusted`: the signature is sound, but nothing shows that it is the facility's. */
  readonly state: 'valid' | 'invalid' | 'absent' | 'untrusted';
  readonly profile: Profile | null;
  /** Of the certificate inside the file. */
  readonly serial: string | null;
  readonly subject: string | null;
  /** Only profile B says when. */
  readonly signedAt: string | null;
  readonly reason: SignatureFinding | null;
}

/** A verdict, and what it speaks of: the canonical text that was signed. Whoever acts on the content reads this. */
export interface CheckedSignature extends SignatureVerdict {
  readonly signed: string | null;
}

/** What is known of a signature so far, kept while the checks go on. */
interface Known {
  profile: Profile | null;
  serial: string | null;
  subject: string | null;
  signedAt: string | null;
}

class Finding extends Error {
  readonly reason: SignatureFinding;
  constructor(reason: SignatureFinding) {
    super(reason);
    this.reason = reason;
  }
}

const NAMES = { ds: XMLDSIG };

/**
 * Is this file signed as the gateway wants it, by the holder of that certificate, and does the signature cover exactly
 * what is read from the file? The certificate inside the file is never a reason to trust it.
 * @param options.certificate PEM of the facility's registered certificate; without it nothing is `valid`
 */
export function verifyClaimSignature(
  bytes: Uint8Array,
  options: { readonly certificate?: string } = {},
): SignatureVerdict {
  const { signed: _, ...verdict } = checkSignature(bytes, options);
  return verdict;
}

export function checkSignature(
  bytes: Uint8Array,
  options: { readonly certificate?: string } = {},
): CheckedSignature {
  const known: Known = { profile: null, serial: null, subject: null, signedAt: null };
  const verdict = (
    state: SignatureVerdict['state'],
    reason: SignatureFinding | null,
    signed: string | null = null,
  ): CheckedSignature => ({ state, ...known, reason, signed });
  const pinned = options.certificate === undefined ? null : readCertificate(options.certificate);
  try {
    const found = findSignature(bytes, known);
    if (!found) return verdict('absent', null);
    const inside = certificateInside(found.certificate, known);
    checkMath(found, inside);
    if (!pinned) return verdict('untrusted', 'no-certificate-given');
    if (pinned.base64 !== inside.base64) return verdict('untrusted', 'other-certificate');
    if (known.signedAt !== null && !isWithin(pinned, new Date(known.signedAt)))
      return verdict('untrusted', 'signed-outside-validity');
    return verdict('valid', null, found.covered.at(-1)!);
  } catch (error) {
    if (error instanceof Finding) return verdict('invalid', error.reason);
    throw error;
  }
}

export function isWithin({ validFrom, validTo }: Certificate, at: Date): boolean {
  return validFrom <= at && at < validTo;
}

interface FoundSignature {
  readonly xml: string;
  readonly signature: string;
  readonly certificate: string;
  /** What the references must cover, in their order, as canonical text. */
  readonly covered: readonly string[];
}

/** The one signature of a document, its place and its references checked. Nothing of it is believed yet. */
function findSignature(bytes: Uint8Array, known: Known): FoundSignature | null {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(bytes);
  } catch {
    throw new Finding('not-well-formed');
  }
  try {
    return inspect(
      document,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
      known,
    );
  } finally {
    document.dispose();
  }
}

function inspect(document: XmlDocument, xml: string, known: Known): FoundSignature | null {
  if (document.dtd !== null) throw new Finding('document-type');
  const { root } = document;
  const signatures = elements(document, '//ds:Signature');
  if (signatures.length === 0) return null;
  if (signatures.length > 1) throw new Finding('several-signatures');
  const signature = signatures[0]!;
  const children = elements(root, '*');
  const slot = children.at(-1);
  if (slot?.name !== SLOT || slot.namespaceUri !== '') throw new Finding('no-slot');
  if (elements(root, `*[local-name()='${SLOT}']`).length !== 1) throw new Finding('no-slot');
  if (elements(slot, '*').length !== 1 || elements(slot, 'ds:Signature').length !== 1)
    throw new Finding('signature-elsewhere');
  if (text(slot, 'text()').trim() !== '') throw new Finding('slot-not-clean');
  const profile = checkAlgorithms(signature);
  known.profile = profile;
  if (profile !== profileOf(root.name)) throw new Finding('wrong-profile');
  const signatureText = signature.toString({ format: false });
  const certificate = text(signature, 'ds:KeyInfo/ds:X509Data/ds:X509Certificate').replace(/\s+/g, '');
  const targets = profile === 'B' ? targetsById(document, root, signature, children) : null;
  if (targets) known.signedAt = text(signature, 'ds:Object//*[local-name()="SigningTime"]') || null;
  const covered = targets
    ? targets.map((target) => target.canonicalizeToString())
    : [canonicalWithout(document, signature)];
  return { xml, signature: signatureText, certificate, covered };
}

/** Exactly the algorithms and references of one profile; anything else could hide what is signed. */
function checkAlgorithms(signature: XmlElement): Profile {
  const all = (path: string) => elements(signature, path).map((one) => one.attr('Algorithm')?.value ?? '');
  const isOnly = (found: readonly string[], wanted: string) => found.length === 1 && found[0] === wanted;
  if (elements(signature, 'ds:SignedInfo').length !== 1) throw new Finding('wrong-profile');
  if (!isOnly(all('ds:SignedInfo/ds:CanonicalizationMethod'), C14N)) throw new Finding('wrong-algorithm');
  if (!isOnly(all('ds:SignedInfo/ds:SignatureMethod'), RSA_SHA256)) throw new Finding('wrong-algorithm');
  const references = elements(signature, 'ds:SignedInfo/ds:Reference');
  if (all('ds:SignedInfo/ds:Reference/ds:DigestMethod').some((one) => one !== SHA256))
    throw new Finding('wrong-algorithm');
  if (elements(signature, './/ds:Reference').length !== references.length) throw new Finding('wrong-profile');
  const transforms = all('ds:SignedInfo/ds:Reference//ds:Transform');
  if (references.length === 1 && references[0]!.attr('URI')?.value === '') {
    const isEnveloped =
      transforms[0] === ENVELOPED && (transforms.length === 1 || isOnly(transforms.slice(1), C14N));
    if (isEnveloped) return 'A';
  }
  if (references.length === 2 && transforms.length === 0) return 'B';
  throw new Finding('wrong-profile');
}

/** Profile B: the object with the time, and the one element under the root that carries content. */
function targetsById(
  document: XmlDocument,
  root: XmlElement,
  signature: XmlElement,
  children: readonly XmlElement[],
): readonly XmlElement[] {
  const content = children.slice(0, -1).filter((one) => one.name !== UNSIGNED_HEAD);
  const object = elements(signature, 'ds:Object');
  if (content.length !== 1 || object.length !== 1 || elements(root, UNSIGNED_HEAD).length > 1)
    throw new Finding('not-covered');
  const targets = [object[0]!, content[0]!];
  const uris = elements(signature, 'ds:SignedInfo/ds:Reference').map((one) => one.attr('URI')?.value ?? '');
  targets.forEach((target, index) => {
    const id = target.attr('Id')?.value ?? '';
    if (id === '' || uris[index] !== `#${id}`) throw new Finding('not-covered');
  });
  // xml:id, ID, id …: whichever a reader takes for an identifier, a value of ours stands once.
  const seen = new Set<string>();
  for (const found of document.find('//@*[translate(local-name(), "ID", "id") = "id"]')) {
    if (seen.has(found.content)) throw new Finding('ambiguous-id');
    seen.add(found.content);
  }
  return targets;
}

function certificateInside(base64: string, known: Known): Certificate {
  if (base64 === '') throw new Finding('no-certificate-inside');
  try {
    const certificate = readCertificate(Buffer.from(base64, 'base64'));
    known.serial = certificate.serial;
    known.subject = certificate.subject;
    return certificate;
  } catch (error) {
    if (error instanceof CertificateError) throw new Finding('certificate-unusable');
    throw error;
  }
}

/**
 * xml-crypto is the judge, with the one certificate it is given; then what it says was signed must be, character for
 * character, what a second parser sees at the place that had to be covered.
 */
function checkMath({ xml, signature, covered }: FoundSignature, certificate: Certificate): void {
  const judge = new SignedXml({ publicCert: certificate.pem, getCertFromKeyInfo: () => null });
  let isSound: boolean;
  try {
    judge.loadSignature(signature);
    isSound = judge.checkSignature(xml);
  } catch (error) {
    throw new Finding(/multiple|wrapping/i.test(String(error)) ? 'ambiguous-id' : 'signature-wrong');
  }
  if (!isSound) throw new Finding('content-changed');
  const signed = judge.getSignedReferences();
  if (signed.length !== covered.length || covered.some((one, index) => one !== signed[index]))
    throw new Finding('read-differently');
}

function canonicalWithout(document: XmlDocument, signature: XmlElement): string {
  signature.remove();
  return document.canonicalizeToString();
}

function elements(from: XmlDocument | XmlElement, path: string): XmlElement[] {
  return from.find(path, NAMES) as XmlElement[];
}

function text(from: XmlElement, path: string): string {
  return from
    .find(path, NAMES)
    .map((node) => node.content)
    .join('');
}
