export {
  asPkcs12,
  type KeyAndCertificate,
  makeAuthority,
  makeCertificate,
  makeKey,
  type Validity,
} from './authority.ts';
export {
  type Certificate,
  CertificateError,
  type CertificateFinding,
  readCertificate,
} from './certificate.ts';
export { readKey } from './local-signer.ts';
export { openPkcs12 } from './pkcs12.ts';
export { type SignedFile, signFiles } from './sign-files.ts';
export { SIGNING_OBSTACLES, type Signer, SigningError, type SigningObstacle } from './signer.ts';
export { createSigner, type SigningPlaces } from './signing.ts';
export { checkSignature, type SignatureVerdict, verifyClaimSignature } from './verify.ts';
