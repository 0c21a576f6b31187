import forge from 'node-forge';
import type { KeyAndCertificate } from './authority.ts';

/**
 * Key and certificate of a PKCS#12 file, of whichever age.
 * @throws when it is damaged, the passphrase is another, or one of the two is missing
 */
export function openPkcs12(bytes: Buffer, passphrase: string): KeyAndCertificate {
  const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString('latin1')), passphrase);
  const { pkcs8ShroudedKeyBag = '', keyBag = '', certBag = '' } = forge.pki.oids as Record<string, string>;
  const bags = (type: string) => file.getBags({ bagType: type })[type] ?? [];
  const key = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)].find((bag) => bag.key)?.key;
  if (!key) throw new Error('no key in the file');
  const { n, e } = key as forge.pki.rsa.PrivateKey;
  // The chain may be inside too: the holder's certificate is the one with the key's other half.
  const certificate = bags(certBag).find(({ cert }) => {
    const half = cert?.publicKey as forge.pki.rsa.PublicKey | undefined;
    return half?.n.equals(n) && half.e.equals(e);
  })?.cert;
  if (!certificate) throw new Error('no certificate in the file');
  return { key: forge.pki.privateKeyToPem(key), certificate: forge.pki.certificateToPem(certificate) };
}
