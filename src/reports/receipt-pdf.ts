import { breakable, type Content, MM, type PdfDocument } from './pdf.ts';
import { QR_LEVEL } from './qr.ts';
import type { ReceiptRow, ReceiptText } from './receipt.ts';

/** A sheet of A5, or the roll of a till printer. */
export type ReceiptSize = 'a5' | '80mm';

const PAPER = {
  a5: { pageMargins: 8 * MM, fontSize: 9.5, label: 34 * MM },
  '80mm': { pageMargins: 3 * MM, fontSize: 8, label: 22 * MM },
} as const;

/** Made anew each time: pdfmake writes the height it found into the object that it was given. */
const pageSizeOf = (size: ReceiptSize) => (size === 'a5' ? 'A5' : { width: 80 * MM, height: 'auto' });

export function receiptPdf(receipt: ReceiptText, size: ReceiptSize): PdfDocument {
  const { pageMargins, fontSize, label } = PAPER[size];
  const centred = { alignment: 'center' };
  const [name = '', ...address] = receipt.facility;
  return {
    pageSize: pageSizeOf(size),
    pageMargins,
    info: { title: receipt.title },
    defaultStyle: { font: 'Roboto', fontSize },
    content: [
      breakable(name, { bold: true, ...centred }),
      breakable(address.join(' · '), centred),
      { text: receipt.title, bold: true, fontSize: fontSize * 1.5, ...centred, margin: [0, 5, 0, 0] },
      { text: receipt.numbering ?? '', ...centred },
      ...(receipt.mark === null
        ? []
        : [{ text: receipt.mark, bold: true, fontSize: 20, ...centred, margin: [0, 4, 0, 4] }]),
      ...pdfRows(receipt.voided, label),
      ...pdfRows(receipt.rows, label),
      ...(receipt.qr
        ? [
            { qr: receipt.qr.payload, eccLevel: QR_LEVEL, fit: 40 * MM, ...centred, margin: [0, 6, 0, 2] },
            { text: receipt.qr.note, ...centred },
          ]
        : []),
      {
        unbreakable: true,
        margin: [0, 8, 0, 0],
        columns: receipt.signatures.map((title) => ({
          stack: [{ text: title, bold: true }, receipt.signatureNote],
          ...centred,
        })),
      },
      // Room to sign in; a margin would not lengthen the roll.
      { text: ' ', margin: [0, 18 * MM, 0, 0] },
    ],
  };
}

function pdfRows(list: readonly ReceiptRow[], label: number): Content[] {
  return list.map((row) => ({
    margin: [0, 1.5, 0, 0],
    columnGap: 4,
    columns: [
      { text: row.label, width: label },
      breakable(row.text, row.isStrong ? { bold: true, fontSize: 11 } : {}),
    ],
  }));
}
