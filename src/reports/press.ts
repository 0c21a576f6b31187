import { Worker } from 'node:worker_threads';
import type { ReceiptText } from './receipt.ts';
import type { ReceiptSize } from './receipt-pdf.ts';
import type { Statement } from './statement.ts';

/** What is to be laid out: plain data, so that it can be handed to another thread. */
export type Paper =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'receipt'; readonly receipt: ReceiptText; readonly size: ReceiptSize };
export interface Order {
  readonly id: number;
  readonly paper: Paper;
}
export type Answer = { readonly id: number } & (
  | { readonly bytes: Uint8Array }
  | { readonly failure: string }
);

interface Waiting {
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** More than this and the paper is no paper: the thread ends, and with it that print only. */
const MOST_MEGABYTES = 512;

let press: Worker | undefined;
let orders = 0;
const waiting = new Map<number, Waiting>();

/**
 * A paper as PDF. Laying out takes up to a second for a long stay, so a thread does it, started with the first paper;
 * it keeps no process alive that has nothing to print.
 */
export function printPdf(paper: Paper): Promise<Buffer> {
  press ??= startPress();
  const thread = press;
  orders += 1;
  const order: Order = { id: orders, paper };
  return new Promise((resolve, reject) => {
    waiting.set(order.id, { resolve, reject });
    thread.ref();
    thread.postMessage(order);
  });
}

function startPress(): Worker {
  const thread = new Worker(new URL('./press.thread.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  thread.on('message', (answer: Answer) => {
    const order = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) thread.unref();
    if ('bytes' in answer) order?.resolve(Buffer.from(answer.bytes));
    else order?.reject(new Error(`not printed: ${answer.failure}`));
  });
  thread.on('error', (error) => stopped(thread, error));
  thread.on('exit', () => stopped(thread, new Error('the printing thread ended')));
  return thread;
}

/** What was in the press is lost with it; the next paper starts another. */
function stopped(thread: Worker, cause: unknown): void {
  if (press !== thread) return;
  press = undefined;
  for (const { reject } of waiting.values()) reject(new Error('not printed', { cause }));
  waiting.clear();
}

/** Ends the thread, when the API stops. */
export async function stopPress(): Promise<void> {
  await press?.terminate();
}
