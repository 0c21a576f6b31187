import type { DeadLetterQuery } from '../../schemas/api/dead-letters.ts';
import { type DeadLetter, listLetters, retryLetter } from '../exports/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { normalised } from '../platform/text.ts';
import { idParam, type RequestContext } from './context.ts';
import { type ApiRoute, decides, reads } from './routes.ts';

const LETTERS = '/api/v1/dead-letters';

/** Jobs that were given up: for whoever runs the system, not for those whose visits they are about. */
export const deadLetterRoutes: readonly ApiRoute[] = [
  reads(
    LETTERS,
    'listDeadLetters',
    'operations.watch',
    'DeadLetterQuery',
    'DeadLetterList',
    async (ctx, input) => {
      const { state, queue = null, cursor, limit = 50 } = input.query as DeadLetterQuery;
      const isOpen = state === undefined ? null : state === 'open';
      const rows = await listLetters(ctx.tx, { isOpen, queue, after: readCursor(cursor), limit: limit + 1 });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      const next = last ? cursorOf({ at: last.lastAt, id: last.id }) : null;
      return { status: 200, body: { items: items.map((letter) => shown(ctx, letter)), next } };
    },
  ),
  decides(
    `${LETTERS}/:deadLetterId/retry`,
    'retryDeadLetter',
    'operations.retry',
    'Reason',
    'DeadLetter',
    async (ctx, { params, body }) => {
      const { reason } = normalised(body as { reason: string });
      const id = idParam(params.deadLetterId, 'deadLetter');
      return { status: 200, body: shown(ctx, await retryLetter(ctx.tx, id, reason, ctx.clock.now())) };
    },
  ),
];

function shown(ctx: RequestContext, letter: DeadLetter) {
  const { facilityId, data: _ids, curedAt: closedAt, curedHow: closedHow, ...rest } = letter;
  const facility = facilityId === null ? undefined : ctx.directory.byId(facilityId);
  return { ...rest, facilityCode: facility?.code ?? null, closedAt, closedHow };
}
