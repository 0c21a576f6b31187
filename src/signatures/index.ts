export { type Certificate, CertificateError, readCertificate } from './certificate.ts';
export { checkSignature, type SignatureVerdict, verifyClaimSignature } from './verify.ts';
