/** How texts are compared: composed, in small letters, with single blanks. */
export const plainText = (text: string): string =>
  text.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
