import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
}

/**
 * Keys in a folder of this machine, one file per facility, read when they are first needed and again when they change.
 * @param passphraseOf of a facility's file; undefined = it has none
 */
export function createLocalSigner(
  folder: string,
  passphraseOf: (facilityCode: string) => string | undefined,
): Signer {
  const kept = new Map<string, KeptKey>();
  return {
    async sign({ facilityCode, certificate }, texts) {
      const key = await keyOf(folder, facilityCode, passphraseOf, kept);
      const { n, e } = key.export({ format: 'jwk' });
      const wanted = certificate.publicKey.export({ format: 'jwk' });
      if (n !== wanted.n || e !== wanted.e) throw new SigningError('key-does-not-fit');
      // RSA runs on the thread pool: all cores, and the event loop stays free.
      return Promise.all(texts.map((text) => signWith(text, key)));
    },
  };
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
): Promise<KeyObject> {
  const found = await findKey(folder, code);
  if (!found) throw new SigningError('no-key');
  const known = kept.get(code);
  if (known?.path === found.path && known.changedMs === found.changedMs) return known.key;
  const key = readKey(await readFile(found.path), found.path, passphraseOf(code));
  kept.set(code, { ...found, key });
  return key;
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
