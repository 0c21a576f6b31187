/** How texts are compared: composed letters, lower case, single spaces. */
export const comparable = (text: string): string =>
  text.normalize('NFC').toLowerCase().trim().replace(/\s+/g, ' ');
