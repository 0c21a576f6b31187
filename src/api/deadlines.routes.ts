import type { DeadlineQuery } from '../../schemas/api/deadlines.ts';
import { explainObstacle } from '../claims/index.ts';
import { listWaiting, readRadar, type WaitingView } from '../exports/index.ts';
import { type Language, text } from '../messages/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { scopeOf } from './context.ts';
import { type ApiRoute, reads } from './routes.ts';

/** What the insurer still waits for, by the time that is left. */
export const deadlineRoutes: readonly ApiRoute[] = [
  reads(
    '/api/v1/deadlines',
    'readDeadlines',
    'export.read',
    'DeadlineQuery',
    'Deadlines',
    async (ctx, input) => {
      const { facilityCode, cursor, limit = 50 } = input.query as DeadlineQuery;
      const facilityId = scopeOf(ctx, facilityCode);
      const now = ctx.clock.now();
      const wanted = { facilityId, after: readCursor(cursor), limit: limit + 1 };
      const rows = await listWaiting(ctx.tx, wanted, ctx.deadlines, now);
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      return {
        status: 200,
        body: {
          at: now.toISOString(),
          ...(await readRadar(ctx.tx, facilityId, ctx.deadlines, now)),
          items: items.map((row) => shown(ctx.language, row)),
          next: last ? cursorOf({ at: last.endedAt, id: last.encounterId }) : null,
        },
      };
    },
  ),
];

function shown(language: Language, { obstacle, details, why, ...row }: WaitingView) {
  const message = obstacle
    ? explainObstacle(language, obstacle, details ?? {})
    : text(language, `deadlines.why.${why}`);
  return { ...row, why, message };
}
