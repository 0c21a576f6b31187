import type { LateFact, TaskClose, TaskQuery } from '../../schemas/api/billing.ts';
import { recordAudit } from '../audit/index.ts';
import { becauseOf, type Explained, explain } from '../benefits/index.ts';
import {
  askToDropClaim,
  closeBillingTask,
  compareSettlements,
  type ExplainedLine,
  explainVisit,
  listSettlements,
  listTasks,
  noteLateFact,
  preview,
  readSettlement,
  reopen,
  type SettlementRecord,
  settle,
} from '../billing/index.ts';
import { readVisit } from '../encounters/index.ts';
import { mayStandAtInsurer, withdrawUnsent } from '../exports/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { facilityOf, idParam, type RequestContext, recordingOf } from './context.ts';
import { findingsOfSettlement } from './findings.ts';
import { type ApiRoute, acts, creates, decides, type Input, reads } from './routes.ts';

const ONE = '/api/v1/encounters/:encounterId';
const SETTLED = { schemaId: 'SettledAgain', status: 201 };
const encounterId = ({ params }: Input) => idParam(params.encounterId, 'encounter');

export const settlementRoutes: readonly ApiRoute[] = [
  acts(`${ONE}/settlement`, 'settle', 'encounter.settle', 'Settle', SETTLED, async (ctx, input) => {
    const { settledAt } = input.body as { settledAt?: string };
    const id = encounterId(input);
    const answer = await settle(ctx.tx, recordingOf(ctx), ctx.law, id, input.ifMatch, settledAt);
    const { version, totals } = answer.settlement;
    if (version > 1 && totals.insurerPays === '0.00') await askForWithdrawal(ctx, id);
    const { visit, settlement } = answer;
    const findings = await findingsOfSettlement(ctx, { visit, settlement });
    return { status: 201, body: { ...answer.settlement, findings }, etag: answer.encounterVersion };
  }),
  reads(
    `${ONE}/settlement/preview`,
    'previewSettlement',
    'encounter.read',
    null,
    'Settlement',
    async (ctx, input) => ({
      status: 200,
      body: await preview(ctx.tx, recordingOf(ctx), ctx.law, encounterId(input)),
    }),
  ),
  reads(
    `${ONE}/settlement`,
    'readSettlement',
    'encounter.read',
    'SettlementQuery',
    'StoredSettlement',
    async (ctx, input) => {
      const { version = null } = input.query as { version?: number };
      return { status: 200, body: await settlementOf(ctx, encounterId(input), version) };
    },
  ),
  reads(
    `${ONE}/settlement/changes`,
    'compareSettlements',
    'encounter.read',
    'ChangesQuery',
    'SettlementChanges',
    async (ctx, input) => {
      const { from, to } = input.query as { from?: number; to?: number };
      const id = encounterId(input);
      const after = await settlementOf(ctx, id, to ?? null);
      const before = await settlementOf(ctx, id, from ?? after.version - 1);
      return { status: 200, body: compareSettlements(before, after) };
    },
  ),
  reads(
    `${ONE}/settlement/explanation`,
    'explainSettlement',
    'encounter.read',
    null,
    'SettlementExplanation',
    async (ctx, input) => {
      const explanation = await explainVisit(ctx.tx, ctx.law, facilityOf(ctx).id, encounterId(input));
      if (!explanation) throw new Problem('not-found', { what: 'encounter' });
      return { status: 200, body: { ...explanation, lines: explanation.lines.map(inWords) } };
    },
  ),
  reads(
    `${ONE}/settlements`,
    'listSettlements',
    'encounter.read',
    null,
    'SettlementList',
    async (ctx, input) => {
      const id = encounterId(input);
      const items = await listSettlements(ctx.tx, facilityOf(ctx).id, id);
      if (items.length === 0) await readVisit(ctx.tx, facilityOf(ctx).id, id);
      recordAudit(ctx.tx, { action: 'settlement.listed', subjectType: 'encounter', subjectId: id });
      return { status: 200, body: { items } };
    },
  ),
  acts(`${ONE}/reopen`, 'reopen', 'encounter.reopen', 'Reason', 'Reopened', async (ctx, input) => {
    const { reason } = normalised(input.body as { reason: string });
    const { id: facilityId } = facilityOf(ctx);
    const id = encounterId(input);
    const reopened = await reopen(ctx.tx, recordingOf(ctx), id, input.ifMatch, reason);
    const claim = await withdrawUnsent(ctx.tx, facilityId, id, reason, ctx.clock.now());
    const wanted = { isOpen: true, encounterId: id, after: null, limit: 200 };
    const tasks = await listTasks(ctx.tx, facilityId, wanted);
    return { status: 200, body: { ...reopened, claim, tasks }, etag: reopened.version };
  }),
  creates(
    `${ONE}/late-facts`,
    'noteLateFact',
    'billing.lateFact',
    'LateFact',
    'TaskOpened',
    async (ctx, input) => {
      const { kind, note, ...facts } = normalised(input.body as LateFact);
      const task = { encounterId: encounterId(input), kind, note, facts };
      return { status: 201, body: await noteLateFact(ctx.tx, recordingOf(ctx), task) };
    },
  ),
  reads(
    '/api/v1/billing-tasks',
    'listBillingTasks',
    'billing.task',
    'TaskQuery',
    'TaskList',
    async (ctx, input) => {
      const { state, encounterId: id = null, cursor, limit = 50 } = input.query as TaskQuery;
      const rows = await listTasks(ctx.tx, facilityOf(ctx).id, {
        isOpen: state === undefined ? null : state === 'open',
        encounterId: id,
        after: readCursor(cursor),
        limit: limit + 1,
      });
      recordAudit(ctx.tx, {
        action: 'billing.tasksListed',
        subjectType: 'billing-task',
        subjectId: null,
        detail: { state: state ?? null },
      });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      // What came late is told in words, of a person's visit.
      recordAudit(ctx.tx, {
        action: 'billing-task.listed',
        subjectType: 'billing-task',
        subjectId: null,
        detail: { encounterId: id, found: items.length },
      });
      return {
        status: 200,
        body: { items, next: last ? cursorOf({ at: last.createdAt, id: last.id }) : null },
      };
    },
  ),
  decides(
    '/api/v1/billing-tasks/:taskId/close',
    'closeBillingTask',
    'billing.task',
    'TaskClose',
    'TaskClosed',
    async (ctx, input) => {
      const { outcome, note } = normalised(input.body as TaskClose);
      const id = idParam(input.params.taskId, 'task');
      await closeBillingTask(ctx.tx, recordingOf(ctx), id, outcome, note);
      return { status: 200, body: { id } };
    },
  ),
];

/** Each rule once, in both languages; the amounts point to those that shaped them. */
function inWords({ name, because, amounts }: ExplainedLine) {
  return {
    name,
    rules: because.map((one) => ({
      rule: one.rule,
      article: one.article,
      vi: explain('vi', one),
      en: explain('en', one),
      parameters: one.parameters,
    })),
    amounts: Object.entries(amounts).map(([amount, value]) => ({
      name: amount,
      value,
      because: becauseOf({ because }, amount as Explained).map((one) => because.indexOf(one)),
    })),
  };
}

/** @throws not-found */
async function settlementOf(
  ctx: RequestContext,
  id: string,
  version: number | null,
): Promise<SettlementRecord> {
  const settlement = await readSettlement(ctx.tx, facilityOf(ctx).id, id, version);
  if (!settlement) throw new Problem('not-found', { what: 'settlement' });
  recordAudit(ctx.tx, {
    action: 'settlement.read',
    subjectType: 'encounter',
    subjectId: id,
    detail: { version: settlement.version },
  });
  return settlement;
}

/** The fund pays nothing any more, and no call takes a record back: a person asks the insurer. */
async function askForWithdrawal(ctx: RequestContext, id: string): Promise<void> {
  const rec = recordingOf(ctx);
  if (await mayStandAtInsurer(ctx.tx, rec.facility.id, id)) await askToDropClaim(ctx.tx, rec, id);
}
