import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { Problem } from '../problem.ts';
import { answer, send } from './answer.ts';
import { discardRest } from './body.ts';
import { known, recogniser } from './known.ts';
import { STYLE_SOURCE } from './pages.ts';
import { addPanels } from './panels.ts';
import { problemBody, problemOf } from './problems.ts';
import { addOperations, addPages } from './system-routes.ts';
import type { HttpAppOptions } from './types.ts';
import { createValidation } from './validation.ts';

/** Our pages load nothing but the one style that stands in them, run no script, and are shown in no frame. */
const CONTENT = {
  'default-src': ["'none'"],
  'style-src': [STYLE_SOURCE],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The Express application: every route goes through the same checks in the same order. */
export function createHttpApp<Caller>(options: HttpAppOptions<Caller>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.set('etag', false);
  app.set('query parser', false);
  app.set('trust proxy', options.trustedProxies);
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT },
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use(recogniser((done) => options.onDone(done)));
  addPages(app, options);
  addOperations(app, options);
  addPanels(app, options);
  addRoutes(app, options);
  app.use(() => {
    throw new Problem('not-found', { what: 'route' });
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    refuse(error, req, res, (failure, requestId) => options.onFailure(failure, requestId));
  });
  return app;
}

function addRoutes<Caller>(app: Express, options: HttpAppOptions<Caller>): void {
  const { routes, schemas } = options;
  const used = routes
    .flatMap((route) => [route.body?.schemaId, route.query?.schemaId])
    .filter((id) => id !== undefined);
  const validation = createValidation(schemas, [...new Set(used)]);
  for (const route of routes) {
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch';
    app[method](route.path, async (req, res) => {
      known(req).route = route.path;
      const reply = await answer(options, validation, route, req, known(req));
      send(res.set(known(req).headers), reply);
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map((route) => route.method);
    app.all(path, (req, res) => {
      known(req).route = path;
      res.set('Allow', allowed.join(', '));
      throw new Problem('method-not-allowed', { allowed: allowed.join(', ') });
    });
  }
}

const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  'database-unavailable': 5,
  'idempotency-in-flight': 2,
  'too-many-requests': 10,
};

/** The one place where an error becomes an answer. */
function refuse(
  error: unknown,
  req: Request,
  res: Response,
  onFailure: (error: unknown, requestId: string) => void,
): void {
  const { requestId, language, headers } = known(req);
  const problem = error instanceof URIError ? new Problem('not-found', { what: 'route' }) : problemOf(error);
  if (problem.status >= 500) onFailure(error, requestId);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const wait = problem.values.seconds ?? RETRY_AFTER_SECONDS[problem.type];
  if (wait !== undefined) res.set('Retry-After', String(wait));
  if (problem.type === 'not-signed-in') res.set('WWW-Authenticate', 'Bearer');
  res.set(headers).set('Content-Language', language).vary('Accept-Language');
  res
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, language, requestId)));
  discardRest(req);
}
