import type {
  FindingCauseQuery,
  FindingCauseVisitQuery,
  FindingDecision,
  RecheckWish,
} from '../../schemas/api/rules.ts';
import { CAUSE_KINDS, type CauseKind } from '../assessment/index.ts';
import {
  askRecheck,
  decideOnFinding,
  listCauses,
  listCauseVisits,
  readRecheck,
  recheckEntry,
} from '../assessment/server.ts';
import { wakeFreed } from '../exports/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { enqueue } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { hasForbiddenCharacter, normalised } from '../platform/text.ts';
import { causeNames } from './cause-names.ts';
import { facilityOf, idParam, type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, creates, decides, type Input, reads } from './routes.ts';

const CAUSES = '/api/v1/finding-causes';
const RECHECKS = '/api/v1/rechecks';
/** With its turn, where equal rows have the same finding. */
const FINDING_KEY = /^[0-9a-f]{32}(\.\d{1,5})?$/;

/** What people do about findings: let one stand, cure what is behind many, have the affected visits checked again. */
export const findingCauseRoutes: readonly ApiRoute[] = [
  decides(
    '/api/v1/encounters/:encounterId/findings/:findingKey/decision',
    'decideOnFinding',
    'finding.decide',
    'FindingDecision',
    'FindingDecided',
    async (ctx, { params, body }) => {
      const facility = facilityOf(ctx);
      const encounterId = idParam(params.encounterId, 'encounter');
      const now = ctx.clock.now();
      const wish = normalised(body as FindingDecision);
      const key = params.findingKey ?? '';
      if (!FINDING_KEY.test(key)) throw new Problem('not-found', { what: 'finding' });
      const decided = await decideOnFinding(ctx.tx, facility.id, encounterId, key, wish, now);
      const woken = decided.blocking === 0 ? await wakeFreed(ctx.tx, facility, [encounterId], now) : [];
      return { status: 200, body: { ...decided, isWoken: woken.length > 0 } };
    },
  ),
  reads(
    CAUSES,
    'listFindingCauses',
    'finding.causes',
    'FindingCauseQuery',
    'FindingCauseList',
    async (ctx, input) => {
      const { facilityCode, kind = null, limit = 50 } = input.query as FindingCauseQuery;
      const withPeople = ctx.caller.facilityId !== null;
      const facilityId = scopeOf(ctx, facilityCode);
      const causes = await listCauses(ctx.tx, { facilityId, kind, withPeople, limit });
      const nameOf = causeNames(ctx);
      return { status: 200, body: { items: causes.map((cause) => ({ ...cause, name: nameOf(cause) })) } };
    },
  ),
  reads(
    `${CAUSES}/:kind/:key`,
    'listFindingCauseVisits',
    'finding.causes',
    'FindingCauseVisitQuery',
    'FindingCauseVisits',
    async (ctx, input) => {
      const { facilityCode, cursor, limit = 50 } = input.query as FindingCauseVisitQuery;
      const facilityId = scopeOf(ctx, facilityCode);
      const cause = causeOf(ctx, input);
      const wanted = { facilityId, after: readCursor(cursor), limit: limit + 1 };
      const rows = await listCauseVisits(ctx.tx, cause, wanted);
      if (rows.length === 0 && !cursor) throw new Problem('not-found', { what: 'finding-cause' });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const next = last ? cursorOf({ at: last.foundAt, id: last.encounterId }) : null;
      return { status: 200, body: { ...cause, name: causeNames(ctx)(cause), items, next } };
    },
  ),
  creates(
    RECHECKS,
    'askRecheck',
    'finding.recheck',
    'RecheckWish',
    { schemaId: 'Recheck', status: 202 },
    async (ctx, input) => {
      const wish = input.body as RecheckWish;
      if (Object.keys(wish).length !== 1)
        throw new Problem('invalid-body', {}, [{ pointer: '', message: 'problem.place.exactlyOne' }]);
      const facility = facilityOf(ctx);
      const recheck = await askRecheck(ctx.tx, facility.id, normalised(wish), ctx.clock.now());
      if (recheck.total > 0) enqueue(ctx.tx, recheckEntry(facility.id, recheck.id));
      return { status: 202, body: recheck, location: `${RECHECKS}/${recheck.id}` };
    },
  ),
  reads(`${RECHECKS}/:recheckId`, 'readRecheck', 'finding.recheck', null, 'Recheck', async (ctx, input) => ({
    status: 200,
    body: await readRecheck(ctx.tx, facilityOf(ctx).id, idParam(input.params.recheckId, 'recheck')),
  })),
];

/** @throws not-found: of an impossible kind or code there is nothing; nor of a person, for the office */
function causeOf(ctx: RequestContext, { params }: Input): { kind: CauseKind; key: string } {
  const kind = CAUSE_KINDS.find((one) => one === params.kind);
  const isHidden = kind === 'person' && ctx.caller.facilityId === null;
  if (!kind || isHidden || !params.key || hasForbiddenCharacter(params.key))
    throw new Problem('not-found', { what: 'finding-cause' });
  return { kind, key: params.key };
}
