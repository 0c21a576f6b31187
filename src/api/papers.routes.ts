import type { MonthWish, PaperQuery, PaperResolution, PaperWish } from '../../schemas/api/insurer.ts';
import type { Facility } from '../facilities/index.ts';
import {
  issueCertificates,
  issueNotice,
  listPapers,
  type NoticeWish,
  type PaperDecision,
  type PaperState,
  readPaper,
  resolvePaper,
  submitMonth,
} from '../insurer/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { facilityOf, idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, decides, reads } from './routes.ts';

export const paperRoutes: readonly ApiRoute[] = [
  creates('/api/v1/papers', 'issuePaper', 'insurer.send', 'PaperWish', 'PaperDetail', async (ctx, input) => {
    const facility = facilityOf(ctx);
    const id = await issue(ctx, facility, input.body as PaperWish);
    const body = await readPaper(ctx.tx, facility.id, id);
    return { status: 201, body, location: `/api/v1/papers/${id}` };
  }),
  reads('/api/v1/papers', 'listPapers', 'insurer.read', 'PaperQuery', 'PaperList', async (ctx, input) => {
    const { facilityCode, state } = input.query as PaperQuery;
    const papers = await listPapers(ctx.tx, scopeOf(ctx, facilityCode), (state as PaperState) ?? null);
    return { status: 200, body: { papers } };
  }),
  reads('/api/v1/papers/:paperId', 'readPaper', 'insurer.read', null, 'PaperDetail', async (ctx, input) => {
    const id = idParam(input.params.paperId, 'paper');
    return { status: 200, body: await readPaper(ctx.tx, ctx.caller.facilityId, id) };
  }),
  decides(
    '/api/v1/papers/:paperId/resolve',
    'resolvePaper',
    'insurer.resolve',
    'PaperResolution',
    'Paper',
    async (ctx, input) => {
      const id = idParam(input.params.paperId, 'paper');
      const decision = decisionIn(input.body as PaperResolution);
      const body = await resolvePaper(ctx.tx, facilityOf(ctx).id, id, decision, ctx.clock.now());
      return { status: 200, body };
    },
  ),
  creates(
    '/api/v1/monthly-summaries',
    'sendMonthlySummary',
    'insurer.send',
    'MonthWish',
    'PaperDetail',
    async (ctx, input) => {
      const facility = facilityOf(ctx);
      const { period } = input.body as MonthWish;
      const id = await submitMonth(ctx.tx, facility, period, ctx.clock.now());
      const body = await readPaper(ctx.tx, facility.id, id);
      return { status: 201, body, location: `/api/v1/papers/${id}` };
    },
  ),
];

function issue(ctx: RequestContext, facility: Facility, wish: PaperWish): Promise<Id> {
  const { encounterId, papers, notice } = wish;
  if (notice === undefined) return issueCertificates(ctx.tx, facility, wish, ctx.clock.now());
  if (papers !== undefined)
    throw new Problem('invalid-body', {}, [{ pointer: '/notice', message: 'insurer.oneAtATime' }]);
  const { kind, fields } = notice;
  return issueNotice(
    ctx.tx,
    facility.id,
    { encounterId, kind: kind as NoticeWish['kind'], fields },
    ctx.clock.now(),
  );
}

function decisionIn({ decision, transactionId, reason }: PaperResolution): PaperDecision {
  if (decision === 'resend') return { decision, reason };
  if (transactionId === undefined)
    throw new Problem('invalid-body', {}, [
      { pointer: '/transactionId', message: 'insurer.portalNumberMissing' },
    ]);
  return { decision: 'received', reason, transactionId };
}
