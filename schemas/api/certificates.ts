import { Body, FacilityCode, Instant, List, Some, type Static, Type } from './types.ts';

export const CertificateQuery = Body({ facilityCode: Some(FacilityCode) });
export const Certificate = Body(
  {
    facilityCode: FacilityCode,
    fingerprint: Type.String({ description: 'SHA-256 of the certificate, hexadecimal' }),
    serial: Type.String({ description: 'hexadecimal, as the assessment portal shows it' }),
    subject: Type.String(),
    issuer: Type.String(),
    validFrom: Instant,
    validTo: { ...Instant, description: 'from this moment on nothing is signed with it' },
    registeredAt: Instant,
    retiredAt: Type.Union([Instant, Type.Null()]),
    state: Type.Enum(['inUse', 'ending', 'ended', 'notYet', 'retired'], {
      description: 'ending: in use, and over within 30 days',
    }),
  },
  'A certificate with which a facility signs, or signed',
);
export const CertificateList = Body({
  certificates: List(Certificate, 1000),
  notSigned: List(
    Body({
      facilityCode: FacilityCode,
      cause: Type.String(),
      message: Type.String({ description: "the cause in words, in the reader's language" }),
      claims: Type.Integer(),
      since: Instant,
    }),
    1000,
  ),
});
export const CertificateGiven = Body({
  pem: Type.String({
    maxLength: 20_000,
    pattern: '-----BEGIN CERTIFICATE-----',
    description: 'the certificate alone, never its key',
  }),
});

export type CertificateQuery = Static<typeof CertificateQuery>;
export type CertificateGiven = Static<typeof CertificateGiven>;
