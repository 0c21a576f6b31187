import type {
  ForeignClaimQuery,
  ForeignFileGiven,
  ForeignFileQuery,
} from '../../schemas/api/foreign-claims.ts';
import { recordAudit } from '../audit/index.ts';
import {
  explainImport,
  type ForeignFile,
  findForeignFile,
  keepUpload,
  listForeignClaims,
  listForeignFiles,
  listSetAside,
  problemText,
  readForeignClaim,
  sumForeignClaims,
} from '../claims/index.ts';
import { importEntry } from '../exports/index.ts';
import type { Language } from '../messages/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { enqueue } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, reads, uploads } from './routes.ts';

const FILES = '/api/v1/foreign-claim-files';
const CLAIMS = '/api/v1/foreign-claims';
export const CLAIM_FILE_TYPES = [
  'application/xml',
  'text/xml',
  'application/gzip',
  'application/zip',
  'application/octet-stream',
];
const MOST_ASIDE = 200;

/** Claim files of other software: taken in for checking and statistics, never sent. */
export const foreignClaimRoutes: readonly ApiRoute[] = [
  uploads(
    FILES,
    'giveForeignFile',
    'foreignClaims.import',
    CLAIM_FILE_TYPES,
    'ForeignFileGiven',
    { schemaId: 'ForeignFile', status: 202 },
    async (ctx, { query, body }) => {
      const { name = 'claims.xml' } = query as ForeignFileGiven;
      const { file, isNew } = await keepUpload(ctx.tx, name, body as Buffer, ctx.clock.now());
      if (isNew) enqueue(ctx.tx, importEntry(file.id, ctx.caller.facilityId));
      auditFile(ctx, file, isNew ? 'foreignClaims.given' : 'foreignClaims.givenAgain');
      return { status: 202, body: fileShown(ctx.language, file), location: `${FILES}/${file.id}` };
    },
  ),
  reads(
    FILES,
    'listForeignFiles',
    'foreignClaims.read',
    'ForeignFileQuery',
    'ForeignFileList',
    async (ctx, input) => {
      const { cursor, limit = 50 } = input.query as ForeignFileQuery;
      const wanted = { facilityId: ctx.caller.facilityId, after: readCursor(cursor), limit: limit + 1 };
      const rows = await listForeignFiles(ctx.tx, wanted);
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const next = last ? cursorOf({ at: last.givenAt, id: last.id }) : null;
      return { status: 200, body: { items: items.map((file) => fileShown(ctx.language, file)), next } };
    },
  ),
  reads(
    `${FILES}/:fileId`,
    'readForeignFile',
    'foreignClaims.read',
    null,
    'ForeignFileRead',
    async (ctx, { params }) => {
      const file = await findForeignFile(ctx.tx, idParam(params.fileId, 'foreign-file'));
      if (!file) throw new Problem('not-found', { what: 'foreign-file' });
      const rows = await listSetAside(ctx.tx, file.id, MOST_ASIDE);
      const aside = rows.map(({ details, ...row }) => ({
        ...row,
        message: explainImport(ctx.language, row.reason, details),
      }));
      return { status: 200, body: { ...fileShown(ctx.language, file), aside } };
    },
  ),
  reads(
    CLAIMS,
    'listForeignClaims',
    'foreignClaims.read',
    'ForeignClaimQuery',
    'ForeignClaimList',
    async (ctx, input) => {
      const {
        facilityCode,
        fileId = null,
        claimKey = null,
        cursor,
        limit = 50,
      } = input.query as ForeignClaimQuery;
      const { facilityId } = ctx.caller;
      // The office also asks for facilities that we do not know.
      if (facilityId !== null) scopeOf(ctx, facilityCode);
      const wanted = { facilityId, facilityCode: facilityCode ?? null, fileId, claimKey };
      const rows = await listForeignClaims(ctx.tx, {
        ...wanted,
        after: readCursor(cursor),
        limit: limit + 1,
      });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const next = last ? cursorOf({ at: last.storedAt, id: last.id }) : null;
      return { status: 200, body: { items, totals: await sumForeignClaims(ctx.tx, wanted), next } };
    },
  ),
  reads(
    `${CLAIMS}/:claimId`,
    'readForeignClaim',
    'foreignClaims.read',
    null,
    'ForeignClaim',
    async (ctx, { params }) => {
      const found = await readForeignClaim(ctx.tx, idParam(params.claimId, 'foreign-claim'));
      if (!found) throw new Problem('not-found', { what: 'foreign-claim' });
      const { claim, record, problems } = found;
      recordAudit(ctx.tx, {
        action: 'foreignClaim.read',
        subjectType: 'foreign-claim',
        subjectId: claim.id,
        detail: { chart: record !== null },
      });
      const places = problems.map((problem) => {
        const { table, row, field } = problem;
        return { table, row, field, problem: problemText(ctx.language, problem) };
      });
      return { status: 200, body: { ...claim, tables: record?.tables ?? null, found: places } };
    },
  ),
];

function fileShown(language: Language, { reason, details, ...file }: ForeignFile) {
  return { ...file, message: reason === null ? null : explainImport(language, reason, details) };
}

function auditFile(ctx: RequestContext, { id, size, sha256 }: ForeignFile, action: string): void {
  recordAudit(ctx.tx, { action, subjectType: 'foreign-file', subjectId: id, detail: { size, sha256 } });
}
