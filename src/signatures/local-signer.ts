import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificate } from './certificate.ts';
import { openPkcs12 } from './pkcs12.ts';
import { type Signer, SigningError, type SigningKey } from './signer.ts';

const signWith = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('sha256', data, key, done),
);

/** `<facility code>.p12`, `.pfx` or `.pem`: the first that is there. */
const ENDINGS = ['.p12', '.pfx', '.pem'];

interface KeptKey {
  readonly path: string;
  readonly changedMs: number;
  readonly key: KeyObject;
  /** Certificates that this key belongs to. */
  readonly fits: WeakSet<Certificate>;
  /** `performance.now()` when the file was last looked at. */
  lookedAt: number;
}

/** A changed key file is seen within this time. */
const LOOK_EVERY_MS = 5_000;

/**
 * Keys in a folder of this machine, one file per facility, read when they are first needed and again when they change.
 * @param passphraseOf of a facility's file; undefined = it has none
 */
export function createLocalSigner(
  folder: string,
  passphraseOf: (facilityCode: string) => string | undefined,
  lookEveryMs = LOOK_EVERY_MS,
): Signer {
  const kept = new Map<string, KeptKey>();
  return {
    async sign({ facilityCode, certificate }, texts) {
      const known = kept.get(facilityCode);
      const isFresh = known !== undefined && performance.now() - known.lookedAt < lookEveryMs;
      // A certificate that the known key does not fit may have come with a new file.
      const found =
        isFresh && belongsTo(known, certificate)
          ? known
          : await keyOf(folder, facilityCode, passphraseOf, kept);
      if (!belongsTo(found, certificate)) throw new SigningError('key-does-not-fit');
      // RSA runs on the thread pool: all cores, and the event loop stays free.
      return Promise.all(texts.map((text) => signWith(text, found.key)));
    },
  };
}

function belongsTo({ key, fits }: KeptKey, certificate: Certificate): boolean {
  if (fits.has(certificate)) return true;
  const [own, wanted] = [key.export({ format: 'jwk' }), certificate.publicKey.export({ format: 'jwk' })];
  const belongs = own.n === wanted.n && own.e === wanted.e;
  if (belongs) fits.add(certificate);
  return belongs;
}

/** Does the folder hold a key of this facility? */
export async function hasLocalKey(
  folder: string,
  { facilityCode }: Pick<SigningKey, 'facilityCode'>,
): Promise<boolean> {
  return (await findKey(folder, facilityCode)) !== null;
}

async function findKey(folder: string, code: string): Promise<{ path: string; changedMs: number } | null> {
  for (const ending of ENDINGS) {
    const path = join(folder, `${code}${ending}`);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) return { path, changedMs: found.mtimeMs };
  }
  return null;
}

async function keyOf(
  folder: string,
  code: string,
  passphraseOf: (facilityCode: string) => string | undefined,
  kept: Map<string, KeptKey>,
): Promise<KeptKey> {
  const found = await findKey(folder, code);
  if (!found) throw new SigningError('no-key');
  const known = kept.get(code);
  const lookedAt = performance.now();
  if (known?.path === found.path && known.changedMs === found.changedMs) {
    known.lookedAt = lookedAt;
    return known;
  }
  const key = readKey(await readFile(found.path), found.path, passphraseOf(code));
  const read = { ...found, key, fits: new WeakSet<Certificate>(), lookedAt };
  kept.set(code, read);
  return read;
}

/** @throws SigningError `key-unreadable`: damaged, or another passphrase; what it said never goes further */
export function readKey(bytes: Buffer, path: string, passphrase: string | undefined): KeyObject {
  try {
    if (!path.endsWith('.pem')) return createPrivateKey(openPkcs12(bytes, passphrase ?? '').key);
    return createPrivateKey({ key: bytes, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw new SigningError('key-unreadable');
  }
}
