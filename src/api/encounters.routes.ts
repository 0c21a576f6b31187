import type {
  CheckIn,
  Condition,
  Discharge,
  EncounterChange,
  EncounterQuery,
  LineResult,
  Note,
  OrderLine,
  WholeVisit,
} from '../../schemas/api/encounters.ts';
import type { Change } from '../assessment/server.ts';
import { recordWholeVisit } from '../billing/index.ts';
import {
  cancelLine,
  changeEncounter,
  checkIn,
  discharge,
  pageOfEncounters,
  type Recorded,
  readVisit,
  recordConditions,
  recordNotes,
  recordOrders,
  recordResults,
  routeProposal,
  undoDischarge,
} from '../encounters/index.ts';
import type { Reply } from '../platform/http/index.ts';
import type { Id } from '../platform/ids.ts';
import { facilityOf, idParam, type RequestContext, recordingOf } from './context.ts';
import { findingsOfChange, findingsOfDischarge, findingsOfWhole } from './findings.ts';
import { type ApiRoute, acts, creates, type Input, reads, updates } from './routes.ts';

const BASE = '/api/v1/encounters';
const ONE = `${BASE}/:encounterId`;
const encounterId = ({ params }: Input) => idParam(params.encounterId, 'encounter');
/** What was saved, and what the rules say of it. @param lines that the change is about, beside what it made */
async function recorded(
  ctx: RequestContext,
  id: Id,
  change: Change,
  answer: Recorded,
  lines?: readonly Id[],
): Promise<Reply> {
  const findings = await findingsOfChange(ctx, id, change, lines);
  return { status: 201, body: { ...answer, findings }, etag: answer.version };
}

export const encounterRoutes: readonly ApiRoute[] = [
  creates(BASE, 'checkIn', 'encounter.checkIn', 'CheckIn', 'CheckedIn', async (ctx, { body }) => {
    const answer = await checkIn(ctx.tx, recordingOf(ctx), body as CheckIn);
    const findings = await findingsOfChange(ctx, answer.id, 'arrival');
    return {
      status: 201,
      body: { ...answer, findings },
      etag: answer.version,
      location: `${BASE}/${answer.id}`,
    };
  }),
  creates(
    `${BASE}/whole`,
    'recordWholeVisit',
    'encounter.recordWhole',
    'WholeVisit',
    'WholeVisitRecorded',
    async (ctx, { body }) => {
      const answer = await recordWholeVisit(ctx.tx, recordingOf(ctx), ctx.law, body as WholeVisit);
      const findings = await findingsOfWhole(ctx, answer.id);
      return {
        status: 201,
        body: { ...answer, findings },
        etag: answer.version,
        location: `${BASE}/${answer.id}`,
      };
    },
  ),
  reads(
    BASE,
    'listEncounters',
    'encounter.read',
    'EncounterQuery',
    'EncounterList',
    async (ctx, { query }) => ({
      status: 200,
      body: await pageOfEncounters(ctx.tx, facilityOf(ctx).id, query as EncounterQuery),
    }),
  ),
  reads(ONE, 'readEncounter', 'encounter.read', null, 'Encounter', async (ctx, input) => {
    const visit = await readVisit(ctx.tx, facilityOf(ctx).id, encounterId(input));
    return { status: 200, body: visit, etag: visit.encounter.version };
  }),
  reads(
    `${ONE}/route-proposal`,
    'routeProposal',
    'encounter.read',
    null,
    'RouteProposal',
    async (ctx, input) => ({
      status: 200,
      body: await routeProposal(ctx.tx, recordingOf(ctx), encounterId(input)),
    }),
  ),
  updates(ONE, 'changeEncounter', 'encounter.checkIn', 'EncounterChange', 'Changed', async (ctx, input) => {
    const id = encounterId(input);
    const version = await changeEncounter(
      ctx.tx,
      recordingOf(ctx),
      id,
      input.ifMatch,
      input.body as EncounterChange,
    );
    const findings = await findingsOfChange(ctx, id, 'visit');
    return { status: 200, body: { version, findings }, etag: version };
  }),
  creates(
    `${ONE}/conditions`,
    'recordConditions',
    'encounter.diagnose',
    'ConditionsRecord',
    'Recorded',
    async (ctx, input) => {
      const { conditions } = input.body as { conditions: Condition[] };
      const id = encounterId(input);
      const answer = await recordConditions(ctx.tx, recordingOf(ctx), id, conditions);
      return recorded(ctx, id, 'conditions', answer);
    },
  ),
  creates(
    `${ONE}/orders`,
    'recordOrders',
    'encounter.order',
    'OrdersRecord',
    'Recorded',
    async (ctx, input) => {
      const { lines } = input.body as { lines: OrderLine[] };
      const id = encounterId(input);
      const answer = await recordOrders(ctx.tx, recordingOf(ctx), id, lines);
      return recorded(ctx, id, 'orders', answer, answer.ids);
    },
  ),
  creates(
    `${ONE}/results`,
    'recordResults',
    'encounter.result',
    'ResultsRecord',
    'Recorded',
    async (ctx, input) => {
      const { results } = input.body as { results: LineResult[] };
      const id = encounterId(input);
      const answer = await recordResults(ctx.tx, recordingOf(ctx), id, results);
      return recorded(ctx, id, 'results', answer, [...answer.ids, ...results.map(({ lineId }) => lineId)]);
    },
  ),
  creates(`${ONE}/notes`, 'recordNotes', 'encounter.note', 'NotesRecord', 'Recorded', async (ctx, input) => {
    const { notes } = input.body as { notes: Note[] };
    const id = encounterId(input);
    const answer = await recordNotes(ctx.tx, recordingOf(ctx), id, notes);
    return recorded(ctx, id, 'notes', answer, answer.ids);
  }),
  acts(
    `${ONE}/orders/:lineId/cancel`,
    'cancelLine',
    'encounter.order',
    'CancelLine',
    'Version',
    async (ctx, input) => {
      const { reason } = input.body as { reason: string };
      const lineId = idParam(input.params.lineId, 'line');
      const version = await cancelLine(
        ctx.tx,
        recordingOf(ctx),
        encounterId(input),
        lineId,
        input.ifMatch,
        reason,
      );
      return { status: 200, body: { version }, etag: version };
    },
  ),
  acts(
    `${ONE}/discharge`,
    'discharge',
    'encounter.discharge',
    'Discharge',
    'Discharged',
    async (ctx, input) => {
      const id = encounterId(input);
      const { visit, version, routeCode } = await discharge(
        ctx.tx,
        recordingOf(ctx),
        id,
        input.ifMatch,
        input.body as Discharge,
      );
      const findings = await findingsOfDischarge(ctx, visit);
      return { status: 200, body: { version, routeCode, findings }, etag: version };
    },
  ),
  acts(
    `${ONE}/discharge/undo`,
    'undoDischarge',
    'encounter.discharge',
    'CancelLine',
    'Version',
    async (ctx, input) => {
      const { reason } = input.body as { reason: string };
      const version = await undoDischarge(
        ctx.tx,
        recordingOf(ctx),
        encounterId(input),
        input.ifMatch,
        reason,
      );
      return { status: 200, body: { version }, etag: version };
    },
  ),
];
