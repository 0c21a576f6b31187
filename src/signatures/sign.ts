import { createHash, randomUUID, verify } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { elementWithId, takeApart, type UnsignedDocument } from './document.ts';
import { C14N, ENVELOPED, profileOf, RSA_SHA256, SHA256, XMLDSIG } from './profiles.ts';

/** A file ready for the key: what is to be signed, and the file once that is done. */
export interface PreparedSignature {
  /** `SignedInfo` as canonical XML: the bytes that the key signs. */
  readonly signedInfo: Buffer;
  /** What stands after the head of the unsigned file: the signature, the end of the slot and of the root. */
  finish(signature: Buffer): { readonly head: Buffer; readonly ending: Buffer };
}

export interface SigningMark {
  /** When it is signed; profile B writes it down. */
  readonly at: Date;
  /** Of the signature in profile A; a new one if absent. */
  readonly id?: string;
}

/**
 * Prepares the signature of an unsigned file of ours in the profile that its root asks for. The bytes of the file stay
 * as they are: the signature is put into its empty place.
 * @throws NotPlainError for a file that this program did not write
 */
export function prepareSignature(
  bytes: Buffer,
  certificate: Certificate,
  mark: SigningMark,
): PreparedSignature {
  const document = takeApart(bytes);
  const { id, references, object } =
    profileOf(document.root) === 'A' ? wholeDocument(document, mark) : byId(document, mark);
  const inside =
    `<CanonicalizationMethod Algorithm="${C14N}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${RSA_SHA256}"></SignatureMethod>${references}</SignedInfo>`;
  return {
    signedInfo: Buffer.from(`<SignedInfo xmlns="${XMLDSIG}">${inside}`),
    finish: (signature) => ({
      head: document.head,
      ending: Buffer.concat([
        Buffer.from(
          `<Signature xmlns="${XMLDSIG}" Id="${id}"><SignedInfo>${inside}` +
            `<SignatureValue>${signature.toString('base64')}</SignatureValue>${keyInfo(certificate)}${object}</Signature>`,
        ),
        document.tail,
      ]),
    }),
  };
}

function wholeDocument({ canonical }: UnsignedDocument, mark: SigningMark) {
  const transforms = `<Transforms><Transform Algorithm="${ENVELOPED}"></Transform></Transforms>`;
  return { id: mark.id ?? `S-${randomUUID()}`, references: reference('', transforms, canonical), object: '' };
}

/** The time is signed too: it stands in an object of its own, outside the namespace of signatures. */
function byId(document: UnsignedDocument, { at }: SigningMark) {
  const { id: target, canonical } = elementWithId(document);
  const id = `CHUKYDONVI-${target}`;
  const objectId = `Object-${id}`;
  const inside =
    `<SignatureProperties xmlns=""><SignatureProperty Target="#${id}">` +
    `<SigningTime>${at.toISOString().slice(0, 19)}Z</SigningTime></SignatureProperty></SignatureProperties></Object>`;
  const signedObject = `<Object xmlns="${XMLDSIG}" Id="${objectId}">${inside}`;
  return {
    id,
    references: reference(`#${objectId}`, '', signedObject) + reference(`#${target}`, '', canonical),
    object: `<Object Id="${objectId}">${inside}`,
  };
}

function reference(uri: string, transforms: string, canonical: string): string {
  const digest = createHash('sha256').update(canonical).digest('base64');
  return (
    `<Reference URI="${uri}">${transforms}<DigestMethod Algorithm="${SHA256}"></DigestMethod>` +
    `<DigestValue>${digest}</DigestValue></Reference>`
  );
}

const keyInfos = new WeakMap<Certificate, string>();

function keyInfo(certificate: Certificate): string {
  const known = keyInfos.get(certificate);
  if (known !== undefined) return known;
  const subject = certificate.subject.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;' })[c] ?? '&gt;');
  const made =
    `<KeyInfo><X509Data><X509SubjectName>${subject}</X509SubjectName>` +
    `<X509Certificate>${certificate.base64}</X509Certificate></X509Data></KeyInfo>`;
  keyInfos.set(certificate, made);
  return made;
}

/** Does this signature over these bytes belong to the key of the certificate? Asked of whoever signed for us. */
export function fits(certificate: Certificate, signedInfo: Buffer, signature: Buffer): boolean {
  return verify('sha256', signedInfo, certificate.publicKey, signature);
}
