import type {
  AdjustmentQuery,
  CorrectionAssignment,
  CorrectionQuery,
} from '../../schemas/api/corrections.ts';
import { recordAudit } from '../audit/index.ts';
import { compareStored } from '../claims/index.ts';
import {
  adjustmentOf,
  assignCorrection,
  type CorrectionTask,
  closeCorrection,
  findTask,
  listTasks,
  remedyOf,
  reopenCorrection,
} from '../exports/index.ts';
import { readPaper, submitAdjustment } from '../insurer/index.ts';
import { text } from '../messages/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { addDays, instantAt } from '../platform/dates.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { facilityOf, idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, decides, type Input, reads } from './routes.ts';

const TASKS = '/api/v1/corrections';
const ONE = `${TASKS}/:correctionId`;
const XML = { contentType: 'application/xml' };
const taskId = ({ params }: Input) => idParam(params.correctionId, 'correction');
const reasonIn = ({ body }: Input) => normalised(body as { reason: string }).reason;

/** What people must put right: claims that were refused, or later found wrong. */
export const correctionRoutes: readonly ApiRoute[] = [
  reads(
    TASKS,
    'listCorrections',
    'correction.read',
    'CorrectionQuery',
    'CorrectionList',
    async (ctx, input) => {
      const { facilityCode, state, dueBy, cursor, limit = 50, ...query } = input.query as CorrectionQuery;
      const rows = await listTasks(ctx.tx, {
        facilityId: scopeOf(ctx, facilityCode),
        isOpen: state === undefined ? null : state === 'open',
        before:
          dueBy === undefined ? null : new Date(Date.parse(instantAt(addDays(dueBy, 1))) + 1).toISOString(),
        assignedTo: query.assignedTo ?? null,
        encounterId: query.encounterId ?? null,
        after: readCursor(cursor),
        limit: limit + 1,
      });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const next = last ? cursorOf({ at: last.dueAt, id: last.id }) : null;
      // The insurer's words stand in the task itself: whoever opens it leaves an event.
      return {
        status: 200,
        body: { items: items.map((task) => ({ ...shown(ctx, task), said: null })), next },
      };
    },
  ),
  reads(ONE, 'readCorrection', 'correction.read', null, 'Correction', async (ctx, input) => {
    const task = await findTask(ctx.tx, taskId(input));
    if (!task) throw new Problem('not-found', { what: 'correction' });
    const { id, encounterId } = task;
    recordAudit(ctx.tx, {
      action: 'correction.read',
      subjectType: 'correction',
      subjectId: id,
      detail: { encounterId },
    });
    return { status: 200, body: shown(ctx, task) };
  }),
  decides(
    `${ONE}/assign`,
    'assignCorrection',
    'correction.decide',
    'CorrectionAssignment',
    'Correction',
    async (ctx, input) => {
      const { accountId } = input.body as CorrectionAssignment;
      const task = await assignCorrection(ctx.tx, taskId(input), accountId, ctx.clock.now());
      return { status: 200, body: shown(ctx, task) };
    },
  ),
  decides(
    `${ONE}/close`,
    'closeCorrection',
    'correction.decide',
    'Reason',
    'Correction',
    async (ctx, input) => {
      const task = await closeCorrection(ctx.tx, taskId(input), reasonIn(input), ctx.clock.now());
      return { status: 200, body: shown(ctx, task) };
    },
  ),
  decides(
    `${ONE}/reopen`,
    'reopenCorrection',
    'correction.decide',
    'Reason',
    'Correction',
    async (ctx, input) => {
      const task = await reopenCorrection(ctx.tx, taskId(input), reasonIn(input));
      return { status: 200, body: shown(ctx, task) };
    },
  ),
  reads(
    `${ONE}/form-09bh`,
    'downloadAdjustment',
    'claim.read',
    'AdjustmentQuery',
    XML,
    async (ctx, input) => {
      facilityOf(ctx);
      const { reason } = normalised(input.query as AdjustmentQuery);
      const form = await adjustmentOf(ctx.tx, taskId(input), reason, ctx.clock.now());
      return {
        status: 200,
        bytes: form.build(`${taskId(input)}.${form.to}`),
        contentType: 'application/xml',
        headers: { 'Content-Disposition': `attachment; filename="09BH.${form.claimKey}.xml"` },
      };
    },
  ),
  creates(
    `${ONE}/adjustment`,
    'sendAdjustment',
    'insurer.send',
    'Reason',
    'PaperDetail',
    async (ctx, input) => {
      const facility = facilityOf(ctx);
      const id = await submitAdjustment(ctx.tx, taskId(input), reasonIn(input), ctx.clock.now());
      const body = await readPaper(ctx.tx, facility.id, id);
      return { status: 201, body, location: `/api/v1/papers/${id}` };
    },
  ),
  reads(
    '/api/v1/claims/:encounterId/versions/:number/compare/:other',
    'compareClaimVersions',
    'claim.read',
    null,
    'ClaimComparison',
    async (ctx, { params }) => {
      const encounterId = idParam(params.encounterId, 'claim');
      const [from, to] = [versionIn(params.number), versionIn(params.other)];
      const compared = await compareStored(ctx.tx, { facilityId: facilityOf(ctx).id, encounterId }, from, to);
      if (!compared) throw new Problem('not-found', { what: 'claim' });
      recordAudit(ctx.tx, {
        action: 'claim.compared',
        subjectType: 'encounter',
        subjectId: encounterId,
        detail: { from, to },
      });
      return { status: 200, body: { from, to, ...compared } };
    },
  ),
];

function versionIn(text: string | undefined): number {
  if (!/^[1-9]\d{0,3}$/.test(text ?? '')) throw new Problem('not-found', { what: 'claim' });
  return Number(text);
}

function shown(ctx: RequestContext, task: CorrectionTask) {
  const remedy = remedyOf(task.cause, task.history, task.number === task.newest);
  return {
    ...task,
    facilityId: undefined,
    history: undefined,
    said: ctx.caller.facilityId === null ? null : task.said,
    remedy,
    isLate: task.closedAt === null && ctx.clock.now().getTime() >= Date.parse(task.dueAt),
    message: [`corrections.cause.${task.cause}`, `corrections.remedy.${remedy}`]
      .map((key) => text(ctx.language, key))
      .join(' '),
  };
}
