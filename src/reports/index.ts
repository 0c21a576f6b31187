export { loadStatementForm, type StatementForm } from './form.ts';
export { pdfBytes } from './pdf.ts';
export type { ReceiptDocument } from './receipt.ts';
export { type ReceiptFormat, type ReceiptSize, type Rendered, renderReceipt } from './render-receipt.ts';
export { readStatement } from './statement.service.ts';
export type { Statement } from './statement.ts';
export { statementHtml } from './statement-html.ts';
export { statementPdf } from './statement-pdf.ts';
export { amountInWords } from './words.ts';
