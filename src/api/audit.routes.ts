import type { AuditQuery, RefusalQuery } from '../../schemas/api/audit.ts';
import {
  type AuditEventRow,
  accountNamed,
  NO_FACILITY,
  recordAudit,
  refusalsByDay,
  searchAudit,
} from '../audit/index.ts';
import { addDays, daysBetween, type Instant, instantAt, isLocalDate, localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type RequestContext, scopeOf } from './context.ts';
import { type ApiRoute, reads } from './routes.ts';

export const auditRoutes: readonly ApiRoute[] = [
  reads(
    '/api/v1/audit-events',
    'searchAudit',
    'audit.read',
    'AuditQuery',
    'AuditEventList',
    async (ctx, input) => {
      const query = input.query as AuditQuery;
      const limit = query.limit ?? 50;
      const facilityId = trailOf(ctx, query.facilityCode);
      const actor = await actorOf(ctx, query.actor);
      const rows = await searchAudit(ctx.tx, {
        ...timesOf(query, ctx.clock.now()),
        facilityId,
        actor,
        action: query.action ?? null,
        subjectType: query.subjectType ?? null,
        subjectId: query.subjectId ?? null,
        patientId: query.patientId ?? null,
        purpose: query.purpose ?? null,
        flaggedOnly: query.flaggedOnly ?? false,
        before: query.cursor ?? null,
        limit: limit + 1,
      });
      const items = rows.slice(0, limit).map((row) => shown(ctx, row));
      recordAudit(ctx.tx, {
        action: 'audit.searched',
        subjectType: 'audit',
        subjectId: query.subjectId ?? null,
        patientId: query.patientId ?? null,
        detail: {
          by: Object.keys(query),
          facilityCode: query.facilityCode ?? null,
          actor,
          found: items.length,
        },
      });
      return { status: 200, body: { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null } };
    },
  ),
  reads(
    '/api/v1/refusal-counts',
    'listRefusals',
    'audit.refusals',
    'RefusalQuery',
    'RefusalList',
    async ({ tx, clock }, input) => {
      const query = input.query as RefusalQuery;
      const to = query.to ?? localDate(clock.now());
      const from = query.from ?? addDays(to, 1 - USUAL_DAYS);
      for (const [parameter, day] of Object.entries({ from, to }))
        if (day < FIRST_DAY || day > LAST_DAY) throw new Problem('bad-parameter', { parameter });
      if (daysBetween(from, to) >= MOST_DAYS) throw new Problem('bad-parameter', { parameter: 'from' });
      const items = await refusalsByDay(tx, instantAt(from), instantAt(addDays(to, 1)));
      recordAudit(tx, {
        action: 'refusals.read',
        subjectType: 'refusals',
        subjectId: null,
        detail: { from, to },
      });
      return { status: 200, body: { items } };
    },
  ),
];

/** Whose trail: an auditor's is everybody's (null) unless one is named, a facility's is its own. */
function trailOf(ctx: RequestContext, code: string | undefined): Id | null {
  if (ctx.tx.context.reach !== 'audit') {
    if (ctx.caller.facilityId === null) throw new Problem('not-allowed');
    return scopeOf(ctx, code);
  }
  if (code === undefined) return null;
  if (code === '-') return NO_FACILITY;
  const facility = ctx.directory.byCode(code);
  if (!facility) throw new Problem('not-found', { what: 'facility' });
  return facility.id;
}

async function actorOf(ctx: RequestContext, actor: string | undefined): Promise<Id | null> {
  if (actor === undefined || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(actor)) return actor ?? null;
  const id = await accountNamed(ctx.tx, actor);
  if (id === null) throw new Problem('not-found', { what: 'account' });
  return id;
}

const USUAL_DAYS = 31;
const MOST_DAYS = 92;
const DAY_MS = 86_400_000;
/** Nothing was recorded before, and ids of years that computers do not count would mean other times. */
const FIRST_DAY = '2020-01-01';
const LAST_DAY = '2999-12-31';
const FIRST_MOMENT = `${FIRST_DAY}T00:00:00.000Z`;
const LAST_MOMENT = `${LAST_DAY}T00:00:00.000Z`;

/**
 * What is searched by a person, a subject or a flag has an index over all times. Anything else is read through, so it
 * is read for a limited time: the last 31 days unless said otherwise, at most 92.
 */
function timesOf(query: AuditQuery, now: Date): { from: Instant | null; to: Instant | null } {
  const to = query.to === undefined ? null : momentOf(query.to, 1);
  const from = query.from === undefined ? null : momentOf(query.from, 0);
  if (query.actor || query.subjectId || query.patientId || query.flaggedOnly) return { from, to };
  const end = to === null ? now.getTime() : Date.parse(to);
  if (from === null) return { from: new Date(end - USUAL_DAYS * DAY_MS).toISOString(), to };
  if (end - Date.parse(from) > MOST_DAYS * DAY_MS) throw new Problem('bad-parameter', { parameter: 'from' });
  return { from, to };
}

/** @param days added to a day, to take it in as a whole */
function momentOf(text: string, days: number): Instant {
  const moment = isLocalDate(text) ? Date.parse(instantAt(text)) + days * DAY_MS : Date.parse(text);
  if (moment < Date.parse(FIRST_MOMENT)) return FIRST_MOMENT;
  return moment > Date.parse(LAST_MOMENT) || Number.isNaN(moment)
    ? LAST_MOMENT
    : new Date(moment).toISOString();
}

function shown(ctx: RequestContext, row: AuditEventRow) {
  const { facilityId, actingFacilityId, actor, actorName, actorUsername, ...event } = row;
  return {
    ...event,
    at: row.at.toISOString(),
    facilityCode: ctx.directory.byId(actingFacilityId ?? facilityId)?.code ?? null,
    actor: { id: actor, name: actorName, username: actorUsername },
  };
}
