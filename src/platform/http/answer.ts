import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { Problem } from '../problem.ts';
import { checkBodyHeaders, cleanText, parseJson, readBody } from './body.ts';
import type { Known } from './known.ts';
import type { HttpAppOptions, Reply, RequestMeta, Route } from './types.ts';
import { step, type Validation } from './validation.ts';

const KEY = /^[A-Za-z0-9._:-]{1,80}$/;
const PURPOSE = /^[a-z][a-z-]{2,30}$/;
const LONGEST_AGENT = 200;

/** One request of a declared route: who, may they, what did they send, then the work. */
export async function answer<Caller, Context>(
  options: HttpAppOptions<Caller, Context>,
  validation: Validation,
  route: Route<Context>,
  req: Request,
  known: Known,
): Promise<Reply> {
  const caller = await options.authenticate(req);
  known.facilityId = options.facilityOf(caller);
  if (!options.allowed(caller, route.permission)) throw new Problem('not-allowed');
  const { raw, body } = await bodyOf(route, validation, req, options.maxBodyBytes);
  const query = queryOf(route, validation, req);
  const purpose = req.get('X-Purpose') ?? 'treatment';
  if (!PURPOSE.test(purpose)) throw new Problem('bad-parameter', { parameter: 'X-Purpose' });
  const meta: RequestMeta = {
    requestId: known.requestId,
    ip: req.ip ?? null,
    userAgent: req.get('User-Agent')?.slice(0, LONGEST_AGENT) ?? null,
    purpose,
    language: known.language,
    idempotency: route.idempotent === 'required' ? idempotency(req, raw) : null,
  };
  const ifMatch = route.ifMatch ? versionOf(req) : null;
  const params = req.params as Record<string, string>;
  return options.execute(caller, meta, (context) => route.handle({ context, params, query, body, ifMatch }));
}

const NO_BYTES = Buffer.alloc(0);

async function bodyOf<Context>(
  route: Route<Context>,
  validation: Validation,
  req: Request,
  usualLimit: number,
): Promise<{ raw: Buffer; body: unknown }> {
  if (!route.body) return { raw: NO_BYTES, body: undefined };
  const limit = route.maxBodyBytes ?? usualLimit;
  checkBodyHeaders(req, limit);
  const raw = await readBody(req, limit);
  const body = parseJson(raw);
  validation.check(route.body.schemaId, body, 'invalid-body', raw.length);
  return { raw, body };
}

function queryOf<Context>(route: Route<Context>, validation: Validation, req: Request): unknown {
  const at = req.originalUrl.indexOf('?');
  const text = at < 0 ? '' : req.originalUrl.slice(at + 1);
  if (text === '' && !route.query) return {};
  const query = validation.readQuery(route.query?.schemaId, new URLSearchParams(text));
  for (const [name, value] of Object.entries(query)) {
    if (!route.query) throw new Problem('bad-parameter', { parameter: step(name).slice(1) });
    if (typeof value !== 'string') continue;
    const clean = cleanText(value);
    if (clean === undefined) throw new Problem('bad-parameter', { parameter: step(name).slice(1) });
    query[name] = clean;
  }
  if (route.query) validation.check(route.query.schemaId, query, 'bad-parameter', text.length);
  return query;
}

function idempotency(req: Request, raw: Buffer): NonNullable<RequestMeta['idempotency']> {
  const key = req.get('Idempotency-Key');
  if (!key || !KEY.test(key)) throw new Problem('idempotency-key-required');
  const bodySha256 = createHash('sha256').update(raw).digest('hex');
  return { key, method: req.method, path: req.path, bodySha256 };
}

function versionOf(req: Request): number {
  const found = /^"(\d{1,9})"$/.exec(req.get('If-Match') ?? '');
  if (!found) throw new Problem('version-required');
  return Number(found[1]);
}

export function send(res: Response, reply: Reply): void {
  res.status(reply.status).set('Cache-Control', 'no-store');
  if (reply.etag !== undefined) res.set('ETag', `"${reply.etag}"`);
  if (reply.location) res.set('Location', reply.location);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.set(name, value);
  if (reply.bytes) res.type(reply.contentType ?? 'application/octet-stream').send(reply.bytes);
  else res.type('application/json').send(JSON.stringify(reply.body ?? null));
}
