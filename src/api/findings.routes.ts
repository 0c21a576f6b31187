import type { FindingQuery, FindingSummary, VisitFinding } from '../../schemas/api/findings.ts';
import {
  assessVisit,
  type FindingFigures,
  findingsOfVisit,
  listFindings,
  type StoredFinding,
} from '../assessment/server.ts';
import { recordAudit } from '../audit/index.ts';
import { recordAct } from '../encounters/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { Problem } from '../platform/problem.ts';
import { assessingOf, facilityOf, idParam, type RequestContext, scopeOf } from './context.ts';
import { isShown, shownFinding, shownStored } from './findings.ts';
import { type ApiRoute, reads } from './routes.ts';

export const findingRoutes: readonly ApiRoute[] = [
  reads(
    '/api/v1/encounters/:encounterId/findings',
    'readFindings',
    'encounter.read',
    null,
    'VisitFindings',
    async (ctx, { params }) => {
      const id = idParam(params.encounterId, 'encounter');
      const { visit, findings } = await assessVisit(ctx.tx, assessingOf(ctx), facilityOf(ctx), id);
      if (!visit) throw new Problem('not-found', { what: 'encounter' });
      recordAct(ctx.tx, { id, patientId: visit.patient.id }, 'findingsRead');
      if (visit.encounter.state === 'open') {
        const items = findings.filter(isShown).map((one) => ({
          ...shownFinding(ctx, one),
          foundAt: null,
          decision: null,
          isHolding: false,
        }));
        return { status: 200, body: { stage: 'order', items } };
      }
      const stored = await findingsOfVisit(ctx.tx, facilityOf(ctx).id, id);
      const items = stored.filter(isShown).map((one) => stands(ctx, one));
      const stage = visit.encounter.state === 'settled' ? 'settlement' : 'discharge';
      return { status: 200, body: { stage: stored[0]?.stage ?? stage, items } };
    },
  ),
  reads(
    '/api/v1/findings',
    'listFindings',
    'finding.list',
    'FindingQuery',
    'FindingList',
    async (ctx, input) => {
      const {
        rule = null,
        effect = null,
        state = null,
        facilityCode,
        cursor,
        limit = 50,
      } = input.query as FindingQuery;
      const rows = await listFindings(ctx.tx, {
        facilityId: scopeOf(ctx, facilityCode),
        rule,
        effect,
        state,
        after: placeOf(cursor),
        limit: limit + 1,
      });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      recordAudit(ctx.tx, {
        action: 'findings.listed',
        subjectType: 'finding',
        subjectId: null,
        detail: { rule, effect, state, found: items.length },
      });
      return { status: 200, body: { items: items.map(summary), next: last ? wordOf(last) : null } };
    },
  ),
];

function stands(ctx: RequestContext, one: StoredFinding): VisitFinding {
  const { foundAt, decision } = one;
  return { ...shownStored(ctx, one), foundAt, decision, isHolding: one.isHolding === true };
}

function summary({ causeKind, causeKey, ...figures }: FindingFigures): FindingSummary {
  return { ...figures, cause: causeOf({ causeKind, causeKey }) };
}

const causeOf = ({ causeKind, causeKey }: Pick<FindingFigures, 'causeKind' | 'causeKey'>) =>
  causeKind === null || causeKey === null ? null : { kind: causeKind, key: causeKey };

/** A visit may have several findings of one moment: the place in the list has the finding's key behind the visit's. */
const wordOf = ({ foundAt, encounterId, key }: FindingFigures): string =>
  `${cursorOf({ at: foundAt, id: encounterId })}.${key}`;

/** @throws bad-parameter for a word that no page gave out */
function placeOf(cursor: string | undefined) {
  if (cursor === undefined) return null;
  const [place, key = '', ...turn] = cursor.split('.');
  const end = readCursor(place);
  if (!end || !/^[0-9a-f]{32}$/.test(key)) throw new Problem('bad-parameter', { parameter: 'cursor' });
  return { ...end, key: [key, ...turn].join('.') };
}
