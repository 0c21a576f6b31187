/** The words of XML signatures that the gateway takes, and the two ways it wants them put together. */
export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/** The element that holds the signature: last under the root, empty while a file is unsigned. */
export const SLOT = 'CHUKYDONVI';

/**
 * A: one reference to the whole document, the signature taken out. B: two references by `Id`, to the element and to
 * the time of signing, without transforms.
 */
export type Profile = 'A' | 'B';

const WHOLE_DOCUMENT = new Set(['GIAMDINHHS', 'CHI_TIEU_TRANG_THAI_KCB']);

/** The profile of a file by its root: claims and check-ins are signed whole, every other paper by `Id`. */
export function profileOf(root: string): Profile {
  return WHOLE_DOCUMENT.has(root) ? 'A' : 'B';
}

/** Beside the signed element and the slot, this alone may stand under the root of profile B; it is not signed. */
export const UNSIGNED_HEAD = 'THONGTINDONVI';
