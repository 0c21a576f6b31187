import type { ClaimQuery, ClaimResolution, ObstacleQuery, RunStart } from '../../schemas/api/claims.ts';
import { recordAudit } from '../audit/index.ts';
import {
  type ClaimHead,
  countClaims,
  documentBytes,
  explainObstacle,
  findDocument,
  listClaims,
  listEvents,
  previewClaim,
} from '../claims/index.ts';
import {
  type ClaimDecision,
  claimOf,
  holdClaim,
  listObstacles,
  listRuns,
  type ObstacleView,
  type RunReport,
  readReport,
  readRun,
  releaseClaim,
  resolveClaim,
  retryClaim,
  startRun,
} from '../exports/index.ts';
import type { Language } from '../messages/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { runReportHtml, runReportXlsx } from '../reports/index.ts';
import { facilityOf, idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, decides, type Input, reads } from './routes.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const XML = { contentType: 'application/xml' };
const STARTED = { schemaId: 'RunStarted', status: 202 };
const CLAIM = '/api/v1/claims/:encounterId';

export const claimRoutes: readonly ApiRoute[] = [
  reads('/api/v1/claims', 'listClaims', 'claim.list', 'ClaimQuery', 'ClaimList', async (ctx, input) => {
    const query = input.query as ClaimQuery;
    const facilityId = scopeOf(ctx, query.facilityCode);
    const limit = query.limit ?? 50;
    const day = query.day ? { from: instantAt(query.day), to: instantAt(addDays(query.day, 1)) } : {};
    const wanted = {
      facilityId,
      state: query.state,
      ...day,
      after: readCursor(query.cursor),
      limit: limit + 1,
    };
    const rows = await listClaims(ctx.tx, wanted);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next = last ? cursorOf({ at: last.createdAt, id: last.encounterId }) : null;
    return { status: 200, body: { items, counts: await countClaims(ctx.tx, wanted), next } };
  }),
  reads(CLAIM, 'readClaim', 'claim.read', null, 'Claim', async (ctx, input) => {
    const head = await claim(ctx, input);
    const { facilityCode, claimKey, number } = head;
    const events = await listEvents(ctx.tx, head);
    auditClaim(ctx, head, 'claim.read');
    return {
      status: 200,
      body: { encounterId: head.encounterId, facilityCode, claimKey, number, state: head.last.type, events },
    };
  }),
  reads(`${CLAIM}/xml`, 'downloadClaim', 'claim.read', null, XML, async (ctx, input) => {
    const head = await claim(ctx, input);
    const document = await findDocument(ctx.tx, head);
    if (!document) throw new Problem('not-found', { what: 'claim' });
    auditClaim(ctx, head, 'claim.downloaded');
    return {
      status: 200,
      bytes: documentBytes(document.compressed),
      contentType: 'application/xml',
      headers: {
        'Content-Disposition': `attachment; filename="${head.claimKey}.v${head.number}.xml"`,
        Digest: `sha-256=${document.sha256}`,
      },
    };
  }),
  reads(`${CLAIM}/preview`, 'previewClaim', 'claim.read', null, 'ClaimPreview', async (ctx, input) => {
    const found = await previewClaim(ctx.tx, facilityOf(ctx).id, claimId(input), ctx.claimChoices);
    if (!found) throw new Problem('not-found', { what: 'encounter' });
    const { encounterId, isDraft } = found;
    recordAudit(ctx.tx, {
      action: 'claim.previewed',
      subjectType: 'encounter',
      subjectId: encounterId,
      detail: { isDraft },
    });
    return { status: 200, body: found };
  }),
  decides(`${CLAIM}/hold`, 'holdClaim', 'claim.hold', 'Reason', 'ClaimState', by(holdClaim)),
  decides(`${CLAIM}/release`, 'releaseClaim', 'claim.hold', 'Reason', 'ClaimState', by(releaseClaim)),
  decides(
    `${CLAIM}/resolve`,
    'resolveClaim',
    'claim.hold',
    'ClaimResolution',
    'ClaimState',
    async (ctx, input) => {
      const decision = decisionIn(normalised(input.body as ClaimResolution));
      const { id } = facilityOf(ctx);
      return { status: 200, body: await resolveClaim(ctx.tx, id, claimId(input), decision, ctx.clock.now()) };
    },
  ),
  decides(`${CLAIM}/retry`, 'retryClaim', 'claim.hold', 'Reason', 'ClaimState', by(retryClaim)),
  reads(
    '/api/v1/export-obstacles',
    'listObstacles',
    'export.read',
    'ObstacleQuery',
    'ObstacleList',
    async (ctx, input) => {
      const { facilityCode, cursor, limit = 50 } = input.query as ObstacleQuery;
      const wanted = { facilityId: scopeOf(ctx, facilityCode), after: readCursor(cursor), limit: limit + 1 };
      const rows = await listObstacles(ctx.tx, wanted);
      const items = rows.slice(0, limit).map((row) => obstacleShown(ctx.language, row));
      const last = rows.length > limit ? items.at(-1) : undefined;
      return {
        status: 200,
        body: { items, next: last ? cursorOf({ at: last.at, id: last.encounterId }) : null },
      };
    },
  ),
  creates('/api/v1/export-runs', 'startRun', 'export.run', 'RunStart', STARTED, async (ctx, input) => {
    const body = input.body as RunStart;
    const facilityId = scopeOf(ctx, body.facilityCode);
    const now = ctx.clock.now();
    const day = body.day ?? localDate(now);
    if (day > localDate(now))
      throw new Problem('time-implausible', {}, [{ pointer: '/day', message: 'problem.place.inFuture' }]);
    const run = await startRun(ctx.tx, {
      day,
      facilityIds: facilityId ? [facilityId] : null,
      cause: 'request',
      now,
    });
    return { status: 202, body: run, location: `/api/v1/export-runs/${run.id}` };
  }),
  reads('/api/v1/export-runs', 'listRuns', 'export.read', 'RunQuery', 'RunList', async (ctx, { query }) => ({
    status: 200,
    body: { items: await listRuns(ctx.tx, ctx.caller.facilityId, (query as { limit?: number }).limit ?? 20) },
  })),
  reads('/api/v1/export-runs/:runId', 'readRun', 'export.read', null, 'Run', async (ctx, { params }) => {
    const run = await readRun(ctx.tx, ctx.caller.facilityId, idParam(params.runId, 'export-run'));
    const obstacles = run.obstacles.map((row) => obstacleShown(ctx.language, row));
    return { status: 200, body: { ...run, obstacles } };
  }),
  reads(
    '/api/v1/export-runs/:runId/report.html',
    'printRunReport',
    'export.read',
    null,
    { contentType: 'text/html' },
    async (ctx, input) => {
      const page = runReportHtml(await report(ctx, input), ctx.language);
      return {
        status: 200,
        bytes: Buffer.from(page.html),
        contentType: 'text/html; charset=utf-8',
        headers: { 'Content-Security-Policy': page.contentSecurityPolicy },
      };
    },
  ),
  reads(
    '/api/v1/export-runs/:runId/report.xlsx',
    'downloadRunReport',
    'export.read',
    null,
    { contentType: XLSX },
    async (ctx, input) => {
      const found = await report(ctx, input);
      return {
        status: 200,
        bytes: Buffer.from(await runReportXlsx(found, ctx.language)),
        contentType: XLSX,
        headers: { 'Content-Disposition': `attachment; filename="export-run-${found.run.day}.xlsx"` },
      };
    },
  ),
  reads(
    '/api/v1/export-runs/:runId/files',
    'listRunFiles',
    'claim.read',
    'ClaimFilesQuery',
    'FileList',
    async (ctx, { params, query }) => {
      const runId = idParam(params.runId, 'export-run');
      await readRun(ctx.tx, ctx.caller.facilityId, runId);
      return { status: 200, body: await filesOfRun(ctx, runId, (query as { cursor?: string }).cursor) };
    },
  ),
];

async function report(ctx: RequestContext, { params }: Input): Promise<RunReport> {
  const runId = idParam(params.runId, 'export-run');
  const found = await readReport(ctx.tx, ctx.caller.facilityId, runId, ctx.clock.now());
  recordAudit(ctx.tx, { action: 'export.reported', subjectType: 'export-run', subjectId: runId });
  return found;
}

const FILES = 500;

async function filesOfRun(ctx: RequestContext, runId: Id, cursor: string | undefined) {
  const rows = await ctx.tx.query<{
    claimKey: string;
    number: number;
    sha256: string;
    size: number;
    href: string;
    id: Id;
  }>(
    `select c.claim_key as "claimKey", c.number, d.sha256, d.size, c.encounter_id as id,
       '/api/v1/claims/' || c.encounter_id || '/xml' as href
     from claim_version c
     cross join lateral (select sha256, size from claim_document x where x.facility_id = c.facility_id
       and x.encounter_id = c.encounter_id and x.number = c.number order by kind limit 1) d
     where c.run_id = $1 and ($2::uuid is null or c.facility_id = $2) and ($3::uuid is null or c.encounter_id > $3)
     order by c.encounter_id limit $4`,
    [runId, ctx.caller.facilityId, cursor ?? null, FILES + 1],
  );
  const next = rows.length > FILES ? (rows[FILES - 1]?.id ?? null) : null;
  return {
    items: rows
      .slice(0, FILES)
      .map(({ claimKey, number, sha256, size, href }) => ({ claimKey, number, sha256, size, href })),
    next,
  };
}

function claimId(input: Input): Id {
  return idParam(input.params.encounterId, 'claim');
}

function auditClaim(ctx: RequestContext, { encounterId, number }: ClaimHead, action: string): void {
  recordAudit(ctx.tx, { action, subjectType: 'encounter', subjectId: encounterId, detail: { number } });
}

function claim(ctx: RequestContext, input: Input): Promise<ClaimHead> {
  return claimOf(ctx.tx, facilityOf(ctx).id, claimId(input));
}

/** A decision of a person about one visit's claim, with its reason. */
function by(decide: typeof holdClaim) {
  return async (ctx: RequestContext, input: Input) => {
    const { reason } = normalised(input.body as { reason: string });
    return {
      status: 200,
      body: await decide(ctx.tx, facilityOf(ctx), claimId(input), reason, ctx.clock.now()),
    };
  };
}

function decisionIn(body: ClaimResolution): ClaimDecision {
  const { number, reason, transactionId, receivedAt } = body;
  if (body.decision === 'send-again') return { number, reason, decision: 'send-again' };
  if (transactionId !== undefined && receivedAt !== undefined)
    return { number, reason, decision: 'received', transactionId, receivedAt };
  const pointer = transactionId === undefined ? '/transactionId' : '/receivedAt';
  throw new Problem('invalid-body', {}, [{ pointer, message: 'corrections.receiptMissing' }]);
}

function obstacleShown(language: Language, { details, ...shown }: ObstacleView) {
  return { ...shown, message: explainObstacle(language, shown.reason, details) };
}
