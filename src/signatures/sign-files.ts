import type { Certificate } from './certificate.ts';
import { NotPlainError } from './document.ts';
import { fits, type PreparedSignature, prepareSignature } from './sign.ts';
import { type Signer, SigningError } from './signer.ts';

/** A signed file in two pieces: what it has in common with the unsigned one, and the rest. */
export interface SignedFile {
  readonly head: Buffer;
  readonly ending: Buffer;
}

/**
 * Signs files of one facility in the order given; null = a file that is not written as ours are, left alone. Each signature is tried against the certificate before it is used:
 * a key or a service that answers wrongly is found here, not by the insurer.
 * @throws SigningError
 */
export async function signFiles(
  signer: Signer,
  facilityCode: string,
  certificate: Certificate,
  files: readonly Buffer[],
  at: Date,
): Promise<(SignedFile | null)[]> {
  if (at < certificate.validFrom) throw new SigningError('certificate-not-yet-valid');
  if (at >= certificate.validTo) throw new SigningError('certificate-expired');
  const prepared = files.map((file) => prepare(file, certificate, at));
  const texts = prepared.flatMap((one) => (one ? [one.signedInfo] : []));
  const signatures = texts.length === 0 ? [] : await signer.sign({ facilityCode, certificate }, texts);
  let next = 0;
  return prepared.map((one) => {
    if (!one) return null;
    const signature = signatures[next];
    next += 1;
    if (!signature || !fits(certificate, one.signedInfo, signature))
      throw new SigningError('signer-wrong-answer');
    return one.finish(signature);
  });
}

function prepare(file: Buffer, certificate: Certificate, at: Date): PreparedSignature | null {
  try {
    return prepareSignature(file, certificate, { at });
  } catch (error) {
    if (error instanceof NotPlainError) return null;
    throw error;
  }
}
