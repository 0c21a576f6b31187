import { parentPort } from 'node:worker_threads';
import { loadStatementForm } from './form.ts';
import { pdfBytes } from './pdf.ts';
import type { Answer, Order } from './press.ts';
import { receiptPdf } from './receipt-pdf.ts';
import { statementPdf } from './statement-pdf.ts';

/** Lays papers out, one after the other, beside the process that answers calls. */
const form = loadStatementForm();
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (order: Order) => {
  last = last.then(async () => parentPort?.postMessage(await answer(order)));
});

async function answer({ id, paper }: Order): Promise<Answer> {
  try {
    const document =
      paper.kind === 'statement'
        ? statementPdf(paper.statement, form)
        : receiptPdf(paper.receipt, paper.size);
    return { id, bytes: await pdfBytes(document) };
  } catch (error) {
    return { id, failure: (error as Error).stack ?? String(error) };
  }
}
