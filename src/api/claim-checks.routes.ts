import type { ClaimCheckFindingQuery, ClaimCheckGiven } from '../../schemas/api/claim-checks.ts';
import { csvOf, messageOf, UnknownRule, xlsxOf } from '../assessment/index.ts';
import {
  type ClaimCheck,
  findCheck,
  type KeptFinding,
  keepForCheck,
  listCheckFindings,
  MOST_KEPT,
} from '../assessment/server.ts';
import { recordAudit } from '../audit/index.ts';
import { checkEntry } from '../exports/index.ts';
import type { Language } from '../messages/index.ts';
import { cursorOfPosition, readPosition } from '../platform/cursor.ts';
import type { Reply } from '../platform/http/index.ts';
import { enqueue } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { idParam, type RequestContext } from './context.ts';
import { CLAIM_FILE_TYPES } from './foreign-claims.routes.ts';
import { type ApiRoute, type Input, reads, uploads } from './routes.ts';

const CHECKS = '/api/v1/claim-checks';
const FINDINGS = `${CHECKS}/:checkId/findings`;
const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Claim files of any software, checked against the rules as `his check` does it: nothing of them is taken in. */
export const claimCheckRoutes: readonly ApiRoute[] = [
  uploads(
    CHECKS,
    'giveClaimCheck',
    'claims.check',
    CLAIM_FILE_TYPES,
    'ClaimCheckGiven',
    { schemaId: 'ClaimCheck', status: 202 },
    async (ctx, { query, body }) => {
      const { name = 'claims.xml', asOf = null, rules } = query as ClaimCheckGiven;
      const check = await kept(ctx, { name, asOf, rules: rules?.split(',') ?? null }, body as Buffer);
      enqueue(ctx.tx, checkEntry(check.id, ctx.caller.facilityId));
      audit(ctx, check, 'claimCheck.given');
      return { status: 202, body: shown(check), location: `${CHECKS}/${check.id}` };
    },
  ),
  reads(
    `${CHECKS}/:checkId`,
    'readClaimCheck',
    'claims.check',
    null,
    'ClaimCheck',
    async (ctx, { params }) => ({
      status: 200,
      body: shown(await checkOf(ctx, params.checkId)),
    }),
  ),
  reads(
    FINDINGS,
    'listClaimCheckFindings',
    'claims.check',
    'ClaimCheckFindingQuery',
    'ClaimCheckFindingList',
    async (ctx, { params, query }) => {
      const { cursor, limit = 100 } = query as ClaimCheckFindingQuery;
      const check = await checkOf(ctx, params.checkId);
      const rows = await listCheckFindings(ctx.tx, check.id, readPosition(cursor), limit + 1);
      const items = rows.slice(0, limit);
      audit(ctx, check, 'claimCheck.read');
      const next = rows.length > limit ? cursorOfPosition(items.at(-1)!.position) : null;
      const told = items.map((one) => ({ ...one, message: messageOf(one, ctx.language) }));
      return { status: 200, body: { items: told, next } };
    },
  ),
  reads(
    `${FINDINGS}.csv`,
    'downloadClaimCheckCsv',
    'claims.check',
    null,
    { contentType: CSV },
    (ctx, input) => download(ctx, input, CSV, 'csv', csvOf),
  ),
  reads(
    `${FINDINGS}.xlsx`,
    'downloadClaimCheckXlsx',
    'claims.check',
    null,
    { contentType: XLSX },
    (ctx, input) => download(ctx, input, XLSX, 'xlsx', xlsxOf),
  ),
];

async function kept(
  ctx: RequestContext,
  wanted: Parameters<typeof keepForCheck>[1],
  bytes: Buffer,
): Promise<ClaimCheck> {
  try {
    return await keepForCheck(ctx.tx, wanted, bytes, ctx.clock.now());
  } catch (error) {
    if (error instanceof UnknownRule) throw new Problem('bad-parameter', { parameter: 'rules' });
    throw error;
  }
}

/** What was found comes from charts: it is for who sent the file, the rest of it too. */
async function checkOf(ctx: RequestContext, id: string | undefined): Promise<ClaimCheck> {
  const check = await findCheck(ctx.tx, idParam(id, 'claim-check'));
  if (!check || check.facilityId !== ctx.caller.facilityId)
    throw new Problem('not-found', { what: 'claim-check' });
  return check;
}

async function download(
  ctx: RequestContext,
  { params }: Input,
  contentType: string,
  extension: string,
  written: (found: readonly KeptFinding[], language: Language) => AsyncIterable<string | Uint8Array>,
): Promise<Reply> {
  const check = await checkOf(ctx, params.checkId);
  const findings = await listCheckFindings(ctx.tx, check.id, 0, MOST_KEPT);
  const parts: Uint8Array[] = [];
  for await (const part of written(findings, ctx.language)) parts.push(Buffer.from(part));
  audit(ctx, check, 'claimCheck.read');
  return {
    status: 200,
    bytes: Buffer.concat(parts),
    contentType,
    headers: { 'Content-Disposition': `attachment; filename="claim-check-${check.id}.${extension}"` },
  };
}

/** Whose it is, the caller knows. */
const shown = (check: ClaimCheck) => ({ ...check, facilityId: undefined });

function audit(ctx: RequestContext, { id, size }: ClaimCheck, action: string): void {
  recordAudit(ctx.tx, { action, subjectType: 'claim-check', subjectId: id, detail: { size } });
}
