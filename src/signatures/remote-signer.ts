import { createHash } from 'node:crypto';
import { type Signer, SigningError } from './signer.ts';

export interface RemoteSignerOptions {
  /** Base address of the service; its contract stands in docs/remote-signing.md. */
  readonly url: string;
  readonly token: string;
  /** For one call, whatever it holds up. */
  readonly timeoutMs: number;
}

/** Digests in one call. */
const MOST_DIGESTS = 100;
const RSA_BYTES = { least: 256, most: 1024 };

/** A signing service that keeps the keys: only digests leave the house, never a file. */
export function createRemoteSigner(options: RemoteSignerOptions): Signer {
  return {
    async sign({ facilityCode, certificate }, texts) {
      const signatures: Buffer[] = [];
      for (let at = 0; at < texts.length; at += MOST_DIGESTS) {
        const digests = texts
          .slice(at, at + MOST_DIGESTS)
          .map((text) => createHash('sha256').update(text).digest('base64'));
        const body = {
          facility: facilityCode,
          certificateSerial: certificate.serial,
          algorithm: 'RS256',
          digests,
        };
        signatures.push(...readSignatures(await call(options, body), digests.length));
      }
      return signatures;
    },
  };
}

async function call({ url, token, timeoutMs }: RemoteSignerOptions, body: object): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url.replace(/\/$/, '')}/v1/signatures`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      redirect: 'error', // the token is for this service alone
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (cause) {
    throw new SigningError('signer-unreachable', { cause });
  }
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new SigningError('signer-unreachable');
  if (status === 404) throw new SigningError('no-key');
  if (status !== 200) throw new SigningError('signer-refused');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SigningError('signer-wrong-answer', { cause });
  }
}

function readSignatures(answer: unknown, wanted: number): Buffer[] {
  const { signatures } = (answer ?? {}) as { signatures?: unknown };
  if (!Array.isArray(signatures) || signatures.length !== wanted)
    throw new SigningError('signer-wrong-answer');
  return signatures.map((one: unknown) => {
    if (typeof one !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(one))
      throw new SigningError('signer-wrong-answer');
    const bytes = Buffer.from(one, 'base64');
    if (bytes.length < RSA_BYTES.least || bytes.length > RSA_BYTES.most)
      throw new SigningError('signer-wrong-answer');
    return bytes;
  });
}
