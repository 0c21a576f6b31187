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
 * Signs files of one facility in the order given. Each signature is tried against the certificate before it is used:
 * a key or a service that answers wrongly is found here, not by the insurer.
 * @throws SigningError
 */
export async function signFiles(
  signer: Signer,
  facilityCode: string,
  certificate: Certificate,
  files: readonly Buffer[],
  at: Date,
): Promise<SignedFile[]> {
  if (at < certificate.validFrom) throw new SigningError('certificate-not-yet-valid');
  if (at >= certificate.validTo) throw new SigningError('certificate-expired');
  const prepared = files.map((file) => prepare(file, certificate, at));
  const signatures = await signer.sign(
    { facilityCode, certificate },
    prepared.map((one) => one.signedInfo),
  );
  return prepared.map((one, index) => {
    const signature = signatures[index];
    if (!signature || !fits(certificate, one.signedInfo, signature))
      throw new SigningError('signer-wrong-answer');
    return one.finish(signature);
  });
}

function prepare(file: Buffer, certificate: Certificate, at: Date): PreparedSignature {
  try {
    return prepareSignature(file, certificate, { at });
  } catch (cause) {
    if (cause instanceof NotPlainError) throw new SigningError('not-plain', { cause });
    throw cause;
  }
}
