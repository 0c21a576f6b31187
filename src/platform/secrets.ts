import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Seals small secrets (gateway passwords, second factors) for the database: AES-256-GCM,
 * `mark | key id | nonce | tag | text`. The key id says which key opens it, so keys can be changed while the old one
 * is still at hand. Values sealed before keys had ids are `nonce | tag | text`; they are tried with every key.
 */
export interface SecretBox {
  /** With the current key. */
  seal(text: string): Buffer;
  /** @throws UnknownKey when no key at hand opens it; Error when its bytes were changed */
  open(sealed: Uint8Array): string;
  /** What every value begins with that the current key sealed. */
  readonly mark: Buffer;
}

/** Sealed with a key that is not at hand, or not sealed by us at all. */
export class UnknownKey extends Error {
  constructor(options?: ErrorOptions) {
    super('sealed with a key that is not at hand', options);
    this.name = 'UnknownKey';
  }
}

const MARK = Buffer.from('lts1');
const KEY_ID = 4;
const NONCE = 12;
const TAG = 16;

interface Key {
  readonly bytes: Uint8Array;
  readonly mark: Buffer;
}

/**
 * @param current 32 bytes, from the setting SECRETS_KEY; seals and opens
 * @param previous keys that only open, from SECRETS_KEY_PREVIOUS
 */
export function createSecretBox(current: Uint8Array, ...previous: readonly Uint8Array[]): SecretBox {
  const keys = [current, ...previous].map(keyOf);
  const [own] = keys as [Key, ...Key[]];
  return {
    mark: own.mark,
    seal: (text) => Buffer.concat([own.mark, sealWith(own, text)]),
    open(sealed) {
      const bytes = Buffer.from(sealed);
      const named = keys.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark));
      if (named) return openWith(named, bytes.subarray(named.mark.length));
      let cause: unknown;
      for (const key of keys) {
        try {
          return openWith(key, bytes);
        } catch (error) {
          cause = error;
        }
      }
      throw new UnknownKey({ cause });
    },
  };
}

/** The id tells nothing of the key: it is a part of a hash of it. */
function keyOf(bytes: Uint8Array): Key {
  if (bytes.length !== 32) throw new RangeError('a secrets key has 32 bytes');
  const id = createHash('sha256')
    .update('lienthong secrets key id')
    .update(bytes)
    .digest()
    .subarray(0, KEY_ID);
  return { bytes, mark: Buffer.concat([MARK, id]) };
}

function sealWith({ bytes }: Key, text: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function openWith({ bytes }: Key, sealed: Buffer): string {
  const options = { authTagLength: TAG };
  const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.subarray(0, NONCE), options);
  decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
}
