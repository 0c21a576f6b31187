import type { Language } from '../messages/index.ts';
import { html, type Markup, printedPage } from './html.ts';
import { breakable, type Content, MM, type PdfDocument, pdfBytes } from './pdf.ts';
import { QR_LEVEL, qrSvg } from './qr.ts';
import { type ReceiptDocument, type ReceiptRow, type ReceiptText, receiptText } from './receipt.ts';

export type ReceiptFormat = 'html' | 'pdf';
/** A sheet of A5, or the roll of a till printer. */
export type ReceiptSize = 'a5' | '80mm';

export interface Rendered {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Of a page: the policy that lets a browser load nothing but its own style. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A stored receipt on paper. Pure but for the fonts. @throws RangeError when its amounts do not add up */
export async function renderReceipt(
  document: ReceiptDocument,
  format: ReceiptFormat,
  size: ReceiptSize,
  language: Language = 'vi',
): Promise<Rendered> {
  const receipt = receiptText(document, language);
  if (format === 'pdf')
    return {
      bytes: await pdfBytes(receiptPdf(receipt, size)),
      contentType: 'application/pdf',
      headers: {},
    };
  const page = printedPage(`${receipt.title} ${receipt.numbering ?? ''}`, STYLE[size], receiptBody(receipt));
  return {
    bytes: Buffer.from(page.html),
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': page.contentSecurityPolicy },
  };
}

function receiptBody(receipt: ReceiptText): Markup {
  const [name, ...address] = receipt.facility;
  return html`
<header><p><strong>${name}</strong></p><p>${address.join(' · ')}</p></header>
<h1>${receipt.title}</h1>
${receipt.numbering === null ? null : html`<p class="number">${receipt.numbering}</p>`}
${receipt.mark === null ? null : html`<p class="mark">${receipt.mark}</p>`}
${rows(receipt.voided)}
${rows(receipt.rows)}
${
  receipt.qr && html`<figure>${qrSvg(receipt.qr.payload)}<figcaption>${receipt.qr.note}</figcaption></figure>`
}
<footer>${receipt.signatures.map(
    (title) => html`<div><p><strong>${title}</strong></p><p>${receipt.signatureNote}</p></div>`,
  )}</footer>`;
}

function rows(list: readonly ReceiptRow[]): Markup | null {
  if (list.length === 0) return null;
  return html`<dl>${list.map(
    ({ label, text, isStrong }) =>
      html`<dt>${label}</dt><dd${isStrong ? html` class="strong"` : null}>${text}</dd>
`,
  )}</dl>`;
}

const COMMON = `*{box-sizing:border-box}body{margin:0 auto;color:#000;font-family:"Times New Roman","Noto Serif",serif}
p{margin:0}header{text-align:center}h1{text-align:center;margin:2mm 0 0}.number{text-align:center}
.mark{text-align:center;font-size:20pt;font-weight:700;border:2px solid;width:max-content;margin:2mm auto;padding:0 4mm}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.6mm 3mm;margin:2mm 0}dt,dd{margin:0;overflow-wrap:anywhere}
.strong{font-weight:700;font-size:1.15em}figure{margin:2mm 0;text-align:center;break-inside:avoid}.qr{width:40mm;height:40mm}
footer{display:flex;justify-content:space-around;text-align:center;break-inside:avoid;margin-top:3mm;min-height:24mm}
`;
const STYLE: Readonly<Record<ReceiptSize, string>> = {
  a5: `@page{size:A5 portrait;margin:8mm}${COMMON}body{font-size:10.5pt;line-height:1.35;max-width:132mm}h1{font-size:15pt}@media screen{body{padding:8mm}}`,
  '80mm': `@page{size:80mm 297mm;margin:3mm}${COMMON}body{font-size:9pt;line-height:1.25;max-width:74mm}h1{font-size:12pt}dl{grid-template-columns:22mm 1fr}@media screen{body{padding:3mm}}`,
};

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
