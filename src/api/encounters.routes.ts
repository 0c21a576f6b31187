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
import { recordWholeVisit } from '../billing/index.ts';
import {
  cancelLine,
  changeEncounter,
  checkIn,
  discharge,
  pageOfEncounters,
  readVisit,
  recordConditions,
  recordNotes,
  recordOrders,
  recordResults,
  routeProposal,
  undoDischarge,
} from '../encounters/index.ts';
import { facilityOf, idParam, recordingOf } from './context.ts';
import { type ApiRoute, acts, creates, type Input, reads, updates } from './routes.ts';

const BASE = '/api/v1/encounters';
const ONE = `${BASE}/:encounterId`;
const encounterId = ({ params }: Input) => idParam(params.encounterId, 'encounter');
const recorded = (answer: { version: number; ids: readonly string[] }) => ({
  status: 201,
  body: answer,
  etag: answer.version,
});

export const encounterRoutes: readonly ApiRoute[] = [
  creates(BASE, 'checkIn', 'encounter.checkIn', 'CheckIn', 'CheckedIn', async (ctx, { body }) => {
    const answer = await checkIn(ctx.tx, recordingOf(ctx), body as CheckIn);
    return { status: 201, body: answer, etag: answer.version, location: `${BASE}/${answer.id}` };
  }),
  creates(
    `${BASE}/whole`,
    'recordWholeVisit',
    'encounter.recordWhole',
    'WholeVisit',
    'WholeVisitRecorded',
    async (ctx, { body }) => {
      const answer = await recordWholeVisit(ctx.tx, recordingOf(ctx), ctx.law, body as WholeVisit);
      return { status: 201, body: answer, etag: answer.version, location: `${BASE}/${answer.id}` };
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
  updates(ONE, 'changeEncounter', 'encounter.checkIn', 'EncounterChange', 'Version', async (ctx, input) => {
    const version = await changeEncounter(
      ctx.tx,
      recordingOf(ctx),
      encounterId(input),
      input.ifMatch,
      input.body as EncounterChange,
    );
    return { status: 200, body: { version }, etag: version };
  }),
  creates(
    `${ONE}/conditions`,
    'recordConditions',
    'encounter.diagnose',
    'ConditionsRecord',
    'Recorded',
    async (ctx, input) => {
      const { conditions } = input.body as { conditions: Condition[] };
      return recorded(await recordConditions(ctx.tx, recordingOf(ctx), encounterId(input), conditions));
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
      return recorded(await recordOrders(ctx.tx, recordingOf(ctx), encounterId(input), lines));
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
      return recorded(await recordResults(ctx.tx, recordingOf(ctx), encounterId(input), results));
    },
  ),
  creates(`${ONE}/notes`, 'recordNotes', 'encounter.note', 'NotesRecord', 'Recorded', async (ctx, input) => {
    const { notes } = input.body as { notes: Note[] };
    return recorded(await recordNotes(ctx.tx, recordingOf(ctx), encounterId(input), notes));
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
      const answer = await discharge(
        ctx.tx,
        recordingOf(ctx),
        encounterId(input),
        input.ifMatch,
        input.body as Discharge,
      );
      return { status: 200, body: answer, etag: answer.version };
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
