import type { ReceiptPrint, StatementQuery } from '../../schemas/api/reports.ts';
import { openReceipt, openTransfer } from '../billing/index.ts';
import { readVisit } from '../encounters/index.ts';
import type { Reply } from '../platform/http/index.ts';
import {
  loadStatementForm,
  printPdf,
  type ReceiptDocument,
  type ReceiptFormat,
  readStatement,
  receiptDocument,
  renderReceipt,
  requestDocument,
  statementHtml,
} from '../reports/index.ts';
import { facilityOf, idParam, type RequestContext, recordingOf } from './context.ts';
import { type ApiRoute, type Input, reads } from './routes.ts';

const STATEMENT = '/api/v1/encounters/:encounterId/statement';
const form = loadStatementForm();

function statement(ctx: RequestContext, { params, query }: Input) {
  const { version } = query as StatementQuery;
  const id = idParam(params.encounterId, 'encounter');
  return readStatement(ctx.tx, recordingOf(ctx), ctx.law, form, id, version ?? null);
}

/** The stored receipt. */
const receipt = async (ctx: RequestContext, { params }: Input): Promise<ReceiptDocument> =>
  receiptDocument(await openReceipt(ctx.tx, facilityOf(ctx).id, idParam(params.receiptId, 'receipt')));

/** The code to pay by, on paper. */
async function request(ctx: RequestContext, { params }: Input): Promise<ReceiptDocument> {
  const id = idParam(params.transferId, 'transfer-request');
  const transfer = await openTransfer(ctx.tx, recordingOf(ctx), id);
  const visit = await readVisit(ctx.tx, facilityOf(ctx).id, transfer.encounterId);
  return requestDocument(transfer, visit, ctx.caller.name);
}

const PAPERS = [
  ['/api/v1/receipts/:receiptId/print', 'Receipt', receipt],
  ['/api/v1/transfer-requests/:transferId/print', 'TransferRequest', request],
] as const;

/** Page and PDF of each paper, on a sheet of A5 or on the roll of a receipt printer. */
const paperRoutes: readonly ApiRoute[] = PAPERS.flatMap(([path, name, document]) =>
  (
    [
      ['html', 'print', 'text/html'],
      ['pdf', 'download', 'application/pdf'],
    ] as const
  ).map(([format, verb, contentType]) =>
    reads(
      `${path}.${format}`,
      `${verb}${name}`,
      'payment.read',
      'ReceiptPrint',
      { contentType },
      async (ctx, input) => printed(await document(ctx, input), format, input),
    ),
  ),
);

async function printed(document: ReceiptDocument, format: ReceiptFormat, { query }: Input): Promise<Reply> {
  const { size = 'a5' } = query as ReceiptPrint;
  return { status: 200, ...(await renderReceipt(document, format, size)) };
}

export const reportRoutes: readonly ApiRoute[] = [
  reads(STATEMENT, 'readStatement', 'encounter.read', 'StatementQuery', 'Statement', async (ctx, input) => ({
    status: 200,
    body: await statement(ctx, input),
  })),
  reads(
    `${STATEMENT}.html`,
    'printStatement',
    'encounter.read',
    'StatementQuery',
    { contentType: 'text/html' },
    async (ctx, input) => {
      const page = statementHtml(await statement(ctx, input), form);
      return {
        status: 200,
        bytes: Buffer.from(page.html),
        contentType: 'text/html; charset=utf-8',
        headers: { 'Content-Security-Policy': page.contentSecurityPolicy },
      };
    },
  ),
  reads(
    `${STATEMENT}.pdf`,
    'downloadStatement',
    'encounter.read',
    'StatementQuery',
    { contentType: 'application/pdf' },
    async (ctx, input) => ({
      status: 200,
      bytes: await printPdf({ kind: 'statement', statement: await statement(ctx, input) }),
      contentType: 'application/pdf',
    }),
  ),
  ...paperRoutes,
];
