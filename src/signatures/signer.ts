import type { Certificate } from './certificate.ts';

/** Why nothing was signed; each has a sentence in the messages. */
export const SIGNING_OBSTACLES = [
  'no-certificate',
  'certificate-not-yet-valid',
  'certificate-expired',
  'no-key',
  'key-unreadable',
  'key-does-not-fit',
  'signer-refused',
  'signer-unreachable',
  'signer-wrong-answer',
  'not-plain',
] as const;
export type SigningObstacle = (typeof SIGNING_OBSTACLES)[number];

/** These pass by themselves; the others wait for a person. */
const PASSING: ReadonlySet<SigningObstacle> = new Set(['signer-unreachable']);

export class SigningError extends Error {
  readonly obstacle: SigningObstacle;
  constructor(obstacle: SigningObstacle, options?: ErrorOptions) {
    super(`not signed: ${obstacle}`, options);
    this.name = 'SigningError';
    this.obstacle = obstacle;
  }

  get mayPass(): boolean {
    return PASSING.has(this.obstacle);
  }
}

/** Who signs, and with which certificate. */
export interface SigningKey {
  readonly facilityCode: string;
  readonly certificate: Certificate;
}

/**
 * The door behind which private keys are: files of ours, a signing service, a hardware module. It gets bytes and gives
 * RSA signatures (PKCS#1 v1.5, SHA-256) in the same order; what they mean it need not know.
 */
export interface Signer {
  /** @throws SigningError */
  sign(key: SigningKey, texts: readonly Buffer[]): Promise<readonly Buffer[]>;
}
