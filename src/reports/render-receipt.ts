import type { Language } from '../messages/index.ts';
import { html, type Markup, printedPage } from './html.ts';
import { printPdf } from './press.ts';
import { qrSvg } from './qr.ts';
import { type ReceiptDocument, type ReceiptRow, type ReceiptText, receiptText } from './receipt.ts';
import type { ReceiptSize } from './receipt-pdf.ts';

export type ReceiptFormat = 'html' | 'pdf';

export interface Rendered {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Of a page: the policy that lets a browser load nothing but its own style. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A stored receipt on paper; nothing but its content and the fonts goes into it. @throws RangeError when its amounts do not add up */
export async function renderReceipt(
  document: ReceiptDocument,
  format: ReceiptFormat,
  size: ReceiptSize,
  language: Language = 'vi',
): Promise<Rendered> {
  const receipt = receiptText(document, language);
  if (format === 'pdf')
    return {
      bytes: await printPdf({ kind: 'receipt', receipt, size }),
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
