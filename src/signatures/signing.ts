import { createLocalSigner, hasLocalKey } from './local-signer.ts';
import { createRemoteSigner } from './remote-signer.ts';
import { type Signer, SigningError } from './signer.ts';

export interface SigningPlaces {
  /** Folder of key files; null = none. */
  readonly keysDir: string | null;
  readonly passphraseOf: (facilityCode: string) => string | undefined;
  /** null = no signing service. */
  readonly remote: { readonly url: string; readonly token: string; readonly timeoutMs: number } | null;
}

/** Signs with a facility's key file where there is one, else with the signing service. */
export function createSigner({ keysDir, passphraseOf, remote }: SigningPlaces): Signer {
  const local = keysDir === null ? null : createLocalSigner(keysDir, passphraseOf);
  const service = remote === null ? null : createRemoteSigner(remote);
  return {
    async sign(key, texts) {
      const isHere = keysDir !== null && (await hasLocalKey(keysDir, key));
      const signer = isHere ? local : service;
      if (!signer) throw new SigningError('no-key');
      return signer.sign(key, texts);
    },
  };
}
