import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Certificate,
  type KeyAndCertificate,
  makeAuthority,
  makeCertificate,
  makeKey,
  readCertificate,
  type Signer,
} from '../../src/signatures/index.ts';
import { prepareSignature, type SigningMark } from '../../src/signatures/sign.ts';

/** A key that everybody knows, for golden files: RSA with PKCS#1 v1.5 gives the same signature each time. */
export const GOLDEN = new URL('../golden/signed/', import.meta.url);
const golden = (name: string) => readFileSync(new URL(name, GOLDEN), 'utf8');
export const goldenAuthority = (): string => golden('authority.crt.pem');
export const goldenKey = (): KeyAndCertificate => ({
  key: golden('99001.key.pem'),
  certificate: golden('99001.crt.pem'),
});
export const SIGNED_AT = new Date('2026-11-26T03:00:00.000Z');
export const GOLDEN_MARK: SigningMark = { at: SIGNED_AT, id: 'S-0001' };

/** Somebody else's certificate over the same name, from an authority of their own. */
export async function attacker(): Promise<KeyAndCertificate> {
  const validity = { from: new Date('2026-01-01'), to: new Date('2036-01-01') };
  const key = await makeKey();
  const authority = makeAuthority('Trung tâm chứng thực giả', validity, key);
  return makeCertificate(
    authority,
    { serial: '0A01', name: 'Bệnh viện Thử & Nghiệm, số 1', unit: '99001' },
    validity,
    await makeKey(),
  );
}

/** Signed by the writer, with a key at hand. */
export function signedBy(
  file: string | Buffer,
  { key, certificate }: KeyAndCertificate,
  mark: SigningMark = GOLDEN_MARK,
): Buffer {
  const prepared = prepareSignature(Buffer.from(file), readCertificate(certificate), mark);
  const { head, ending } = prepared.finish(sign('sha256', prepared.signedInfo, createPrivateKey(key)));
  return Buffer.concat([head, ending]);
}

/** A signer with one key in memory. */
export function signerOf({ key }: KeyAndCertificate): Signer {
  const held = createPrivateKey(key);
  return { sign: async (_key, texts) => texts.map((text) => sign('sha256', text, held)) };
}

export const certificateOf = (key: KeyAndCertificate): Certificate => readCertificate(key.certificate);

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';
/** Small files of each profile, as the writer makes them. */
export const CLAIM = `${DECLARATION}<GIAMDINHHS><THONGTINDONVI><MACSKCB>99001</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261126</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>PFRPTkdfSE9QLz4=</NOIDUNGFILE></FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>`;
export const CHECK_IN = `${DECLARATION}<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB><HO_TEN>Nguyễn "Ba" &amp; 'Tư' &lt;5&gt; &#13;
	👶</HO_TEN><DU_PHONG></DU_PHONG></TRANG_THAI_KCB></DSACH_TRANG_THAI_KCB><CHUKYDONVI></CHUKYDONVI></CHI_TIEU_TRANG_THAI_KCB>`;
export const PAPER = `${DECLARATION}<HSCHUNGTU><THONGTINDONVI><MACSKCB>99001</MACSKCB></THONGTINDONVI><THONGTINHOSO Id="HS-99001-1"><NGAYLAP>20261126</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO><FILEHOSO><LOAIHOSO>CT07</LOAIHOSO><NOIDUNGFILE>PENUMDc+4buFPC9DVDA3Pg==</NOIDUNGFILE></FILEHOSO></HOSO></DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></HSCHUNGTU>`;
