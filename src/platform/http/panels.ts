import type { Express } from 'express';
import helmet from 'helmet';
import { Problem } from '../problem.ts';
import { guarded } from './answer.ts';
import { known } from './known.ts';
import type { HttpAppOptions, RouteShape } from './types.ts';

/** Panels are read, never written through: anything but GET is refused before it reaches them. */
export function addPanels<Caller>(app: Express, options: HttpAppOptions<Caller>): void {
  for (const panel of options.panels ?? []) {
    const { path, permission, operationId, content } = panel;
    const shape: RouteShape = {
      method: 'GET',
      path,
      operationId,
      summary: `api.${operationId}`,
      permission,
      responses: {},
      idempotent: 'none',
      changes: 'reads',
    };
    const policy = helmet.contentSecurityPolicy({ useDefaults: false, directives: content });
    app.use(path, async (req, res, next) => {
      known(req).route = path;
      if (req.method !== 'GET') {
        res.set('Allow', 'GET');
        throw new Problem('method-not-allowed', { allowed: 'GET' });
      }
      await guarded(options, shape, req, known(req), async () => undefined);
      res.set(known(req).headers);
      policy(req, res, () => undefined);
      await panel.handle(req, res, next);
    });
  }
}
