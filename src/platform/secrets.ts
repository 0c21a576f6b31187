import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Seals small secrets (gateway passwords) for the database: AES-256-GCM, `nonce | tag | text`. */
export interface SecretBox {
  seal(text: string): Buffer;
  /** @throws Error when the key is another one or the bytes were changed */
  open(sealed: Uint8Array): string;
}

const NONCE = 12;
const TAG = 16;

/** @param key 32 bytes, from the setting SECRETS_KEY */
export function createSecretBox(key: Uint8Array): SecretBox {
  if (key.length !== 32) throw new RangeError('a secrets key has 32 bytes');
  return {
    seal(text) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    },
  };
}
