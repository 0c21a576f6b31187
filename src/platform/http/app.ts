import { createHash } from 'node:crypto';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { type Language, preferredLanguage } from '../../messages/index.ts';
import { newId } from '../ids.ts';
import { Problem } from '../problem.ts';
import { openApi } from './openapi.ts';
import { docsPage, problemPage } from './pages.ts';
import { isProblemType, problemBody, problemOf } from './problems.ts';
import type { HttpAppOptions, Reply, RequestMeta, Route } from './types.ts';
import { createValidation, type Validation } from './validation.ts';

/** What the frame knows of one request, kept beside the request object. */
interface Known {
  readonly requestId: string;
  readonly language: Language;
  readonly startedAt: bigint;
  route: string;
  facilityId: string | null;
}

const KEY = /^[A-Za-z0-9._:-]{1,80}$/;
const REQUEST_ID = /^[A-Za-z0-9._-]{8,80}$/;
const PURPOSE = /^[a-z][a-z-]{2,30}$/;
const CHECK_LIMIT_MS = 3_000;

/** The Express application: every route goes through the same checks in the same order. */
export function createHttpApp<Caller, Context>(options: HttpAppOptions<Caller, Context>): express.Express {
  const { routes, schemas } = options;
  const used = routes
    .flatMap((route) => [route.body?.schemaId, route.query?.schemaId])
    .filter((id) => id !== undefined);
  const validation = createValidation(schemas, [...new Set(used)]);
  const knownOf = new WeakMap<Request, Known>();
  const known = (req: Request): Known => knownOf.get(req) as Known;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', false);
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: { 'style-src': ["'self'", "'unsafe-inline'"], 'upgrade-insecure-requests': null },
      },
    }),
  );
  app.use((req, res, next) => {
    const wanted = req.get('X-Request-Id');
    const requestId = wanted && REQUEST_ID.test(wanted) ? wanted : newId();
    knownOf.set(req, {
      requestId,
      language: preferredLanguage(req.get('Accept-Language')),
      startedAt: process.hrtime.bigint(),
      route: 'unknown',
      facilityId: null,
    });
    res.set('X-Request-Id', requestId);
    res.on('finish', () => done(req, res));
    next();
  });

  function done(req: Request, res: Response): void {
    const { requestId, route, startedAt, facilityId } = known(req);
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    options.onDone({ requestId, route, method: req.method, status: res.statusCode, seconds, facilityId });
  }

  const page = (path: string, make: (language: Language, req: Request) => Promise<string> | string) =>
    app.get(path, async (req, res) => {
      known(req).route = path;
      res.type('html').send(await make(known(req).language, req));
    });
  page('/', (language) => options.home(language));
  page('/docs', (language) => docsPage(language, options.title, routes as never, schemas));
  page('/problems', (language) => problemPage(language, null));
  page('/problems/:type', (language, req) => {
    const type = String(req.params.type);
    if (!isProblemType(type)) throw new Problem('not-found', { what: 'problem' });
    return problemPage(language, type);
  });
  app.get('/openapi.json', (req, res) => {
    known(req).route = '/openapi.json';
    res.json(openApi(known(req).language, options.title, routes as never, schemas));
  });
  app.get('/healthz', (req, res) => {
    known(req).route = '/healthz';
    res.json({ status: 'ok' });
  });
  app.get('/readyz', async (req, res) => {
    known(req).route = '/readyz';
    const down = await failing(options.checks);
    res.status(down.length > 0 ? 503 : 200).json({ status: down.length > 0 ? 'down' : 'ok', down });
  });
  app.get('/metrics', async (req, res) => {
    known(req).route = '/metrics';
    const { contentType, text } = await options.metrics();
    res.type(contentType).send(text);
  });

  const readBody = express.raw({ type: () => true, limit: options.maxBodyBytes, inflate: false });
  for (const route of routes) {
    const serve = async (req: Request, res: Response) => {
      known(req).route = route.path;
      const reply = await answer(options, validation, route, req, known(req));
      send(res, reply);
    };
    const method = route.method.toLowerCase() as 'get' | 'post' | 'patch';
    if (route.body) app[method](route.path, refuseEarly(options.maxBodyBytes), readBody, serve);
    else app[method](route.path, serve);
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map((route) => route.method);
    app.all(path, (_req, res) => {
      res.set('Allow', allowed.join(', '));
      throw new Problem('method-not-allowed', { allowed: allowed.join(', ') });
    });
  }
  app.use(() => {
    throw new Problem('not-found', { what: 'route' });
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const { requestId, language } = known(req);
    const problem = problemOf(bodyError(error) ?? error);
    if (problem.status >= 500) options.onFailure(error, requestId);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (problem.type === 'database-unavailable') res.set('Retry-After', '5');
    if (problem.type === 'not-signed-in') res.set('WWW-Authenticate', 'Bearer');
    res
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem, language, requestId)));
  });
  return app;
}

/** A body that announces too much is refused before a byte of it is read. */
function refuseEarly(maxBodyBytes: number) {
  return (req: Request, _res: Response, next: NextFunction) => {
    if (Number(req.get('Content-Length') ?? 0) > maxBodyBytes)
      throw new Problem('body-too-large', { limitKb: Math.floor(maxBodyBytes / 1024) });
    const type = req.get('Content-Type') ?? '';
    if (!/^application\/json\s*(;|$)/i.test(type)) throw new Problem('unsupported-media-type');
    next();
  };
}

/** Errors of the body reader, by their `type`. */
function bodyError(error: unknown): Problem | undefined {
  const type = (error as { type?: string } | null)?.type;
  if (type === 'entity.too.large')
    return new Problem('body-too-large', { limitKb: Math.floor((error as { limit: number }).limit / 1024) });
  if (type === 'encoding.unsupported') return new Problem('unsupported-media-type');
  if (type === 'request.aborted' || type === 'request.size.invalid') return new Problem('bad-json');
  if (error instanceof URIError) return new Problem('not-found', { what: 'route' });
  return undefined;
}

async function answer<Caller, Context>(
  options: HttpAppOptions<Caller, Context>,
  validation: Validation,
  route: Route<Context>,
  req: Request,
  known: Known,
): Promise<Reply> {
  const caller = await options.authenticate(req);
  known.facilityId = options.facilityOf(caller);
  if (!options.allowed(caller, route.permission)) throw new Problem('not-allowed');
  const raw = route.body ? (req.body as Buffer) : undefined;
  const body = raw ? parseJson(raw) : undefined;
  if (route.body) validation.check(route.body.schemaId, body, 'invalid-body');
  const url = new URL(req.originalUrl, 'http://localhost');
  const query = validation.readQuery(route.query?.schemaId, url.searchParams);
  if (route.query) validation.check(route.query.schemaId, query, 'bad-parameter');
  else if (Object.keys(query).length > 0)
    throw new Problem('bad-parameter', { parameter: Object.keys(query).join(', ') });
  const purpose = req.get('X-Purpose') ?? 'treatment';
  if (!PURPOSE.test(purpose)) throw new Problem('bad-parameter', { parameter: 'X-Purpose' });
  const meta: RequestMeta = {
    requestId: known.requestId,
    purpose,
    language: known.language,
    idempotency: route.idempotent === 'required' ? idempotency(req, url.pathname, raw) : null,
  };
  const ifMatch = route.ifMatch ? versionOf(req) : null;
  const params = req.params as Record<string, string>;
  return options.execute(caller, meta, (context) => route.handle({ context, params, query, body, ifMatch }));
}

function parseJson(raw: Buffer | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw ?? new Uint8Array()));
  } catch (error) {
    throw new Problem('bad-json', {}, [], { cause: error });
  }
}

function idempotency(
  req: Request,
  path: string,
  raw: Buffer | undefined,
): NonNullable<RequestMeta['idempotency']> {
  const key = req.get('Idempotency-Key');
  if (!key || !KEY.test(key)) throw new Problem('idempotency-key-required');
  const bodySha256 = createHash('sha256')
    .update(raw ?? '')
    .digest('hex');
  return { key, method: req.method, path, bodySha256 };
}

function versionOf(req: Request): number {
  const found = /^"(\d{1,9})"$/.exec(req.get('If-Match') ?? '');
  if (!found) throw new Problem('version-required');
  return Number(found[1]);
}

function send(res: Response, reply: Reply): void {
  res.status(reply.status).set('Cache-Control', 'no-store');
  if (reply.etag !== undefined) res.set('ETag', `"${reply.etag}"`);
  if (reply.location) res.set('Location', reply.location);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.set(name, value);
  if (reply.bytes) res.type(reply.contentType ?? 'application/octet-stream').send(reply.bytes);
  else res.type('application/json').send(JSON.stringify(reply.body ?? null));
}

async function failing(checks: Readonly<Record<string, () => Promise<void>>>): Promise<string[]> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, fail) => {
        timer = setTimeout(() => fail(new Error('late')), CHECK_LIMIT_MS);
      });
      try {
        await Promise.race([check(), late]);
        return null;
      } catch {
        return name;
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  return outcomes.filter((name) => name !== null);
}
