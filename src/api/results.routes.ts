import type { ResultFileGiven, ResultImportQuery, ResultRowQuery } from '../../schemas/api/results.ts';
import { recordAudit } from '../audit/index.ts';
import {
  findImport,
  giveResults,
  listImports,
  listResultRows,
  type ResultImport,
  type ResultRow,
} from '../exports/index.ts';
import { type Language, text } from '../messages/index.ts';
import { cursorOf, cursorOfPosition, readCursor, readPosition } from '../platform/cursor.ts';
import { Problem } from '../platform/problem.ts';
import { facilityOf, idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, reads, uploads } from './routes.ts';

const IMPORTS = '/api/v1/result-imports';
const RESULT_FILE_TYPES = [
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/csv',
  'application/octet-stream',
];

/** What the insurer's portal says of our records, taken into the ledger. */
export const resultRoutes: readonly ApiRoute[] = [
  uploads(
    IMPORTS,
    'giveResults',
    'result.import',
    RESULT_FILE_TYPES,
    'ResultFileGiven',
    { schemaId: 'ResultImport', status: 202 },
    async (ctx, { query, body }) => {
      const { name = 'results.xlsx' } = query as ResultFileGiven;
      const { found, isNew } = await giveResults(
        ctx.tx,
        facilityOf(ctx),
        name,
        body as Buffer,
        ctx.clock.now(),
      );
      const { id, size, sha256 } = found;
      recordAudit(ctx.tx, {
        action: isNew ? 'results.given' : 'results.givenAgain',
        subjectType: 'result-import',
        subjectId: id,
        detail: { size, sha256 },
      });
      return { status: 202, body: shown(ctx.language, found), location: `${IMPORTS}/${id}` };
    },
  ),
  reads(
    IMPORTS,
    'listResultImports',
    'result.read',
    'ResultImportQuery',
    'ResultImportList',
    async (ctx, { query }) => {
      const { facilityCode, cursor, limit = 50 } = query as ResultImportQuery;
      const wanted = { facilityId: scopeOf(ctx, facilityCode), after: readCursor(cursor), limit: limit + 1 };
      const rows = await listImports(ctx.tx, wanted);
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const next = last ? cursorOf({ at: last.givenAt, id: last.id }) : null;
      return { status: 200, body: { items: items.map((one) => shown(ctx.language, one)), next } };
    },
  ),
  reads(
    `${IMPORTS}/:importId`,
    'readResultImport',
    'result.read',
    null,
    'ResultImport',
    async (ctx, { params }) => ({
      status: 200,
      body: shown(ctx.language, await importOf(ctx, params.importId)),
    }),
  ),
  reads(
    `${IMPORTS}/:importId/rows`,
    'listResultRows',
    'result.import',
    'ResultRowQuery',
    'ResultRowList',
    async (ctx, { params, query }) => {
      const { verdict = null, cursor, limit = 100 } = query as ResultRowQuery;
      const { id } = await importOf(ctx, params.importId);
      const rows = await listResultRows(ctx.tx, id, verdict, readPosition(cursor), limit + 1);
      const items = rows.slice(0, limit);
      recordAudit(ctx.tx, {
        action: 'results.seen',
        subjectType: 'result-import',
        subjectId: id,
        detail: { verdict },
      });
      const next = rows.length > limit ? cursorOfPosition(items.at(-1)!.position) : null;
      return { status: 200, body: { items: items.map((row) => explained(ctx.language, row)), next } };
    },
  ),
];

async function importOf(ctx: RequestContext, id: string | undefined): Promise<ResultImport> {
  const found = await findImport(ctx.tx, idParam(id, 'result-import'));
  if (!found) throw new Problem('not-found', { what: 'result-import' });
  return found;
}

const shown = (language: Language, one: ResultImport) => ({
  ...one,
  facilityId: undefined,
  message: one.reason === null ? null : text(language, `results.file.${one.reason}`),
});
const explained = (language: Language, row: ResultRow) => ({
  ...row,
  message: row.reason === null ? null : text(language, `results.${row.verdict}.${row.reason}`),
});
