import type { StatementQuery } from '../../schemas/api/reports.ts';
import { loadStatementForm, printPdf, readStatement, statementHtml } from '../reports/index.ts';
import { idParam, type RequestContext, recordingOf } from './context.ts';
import { type ApiRoute, type Input, reads } from './routes.ts';

const STATEMENT = '/api/v1/encounters/:encounterId/statement';
const form = loadStatementForm();

function statement(ctx: RequestContext, { params, query }: Input) {
  const { version } = query as StatementQuery;
  const id = idParam(params.encounterId, 'encounter');
  return readStatement(ctx.tx, recordingOf(ctx), ctx.law, form, id, version ?? null);
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
];
