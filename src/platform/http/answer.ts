import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { networkOf } from '../network.ts';
import { Problem } from '../problem.ts';
import { checkBodyHeaders, cleanText, parseJson, readBody } from './body.ts';
import type { Known } from './known.ts';
import { problemOf } from './problems.ts';
import {
  ANYBODY,
  type HttpAppOptions,
  type Operation,
  type Reply,
  type RequestMeta,
  type RouteShape,
} from './types.ts';
import { step, type Validation } from './validation.ts';

const KEY = /^[A-Za-z0-9._:-]{1,80}$/;
const PURPOSE = /^[a-z][a-z-]{2,30}$/;
const LONGEST_AGENT = 200;

const REMEMBERED: ReadonlySet<number> = new Set([401, 403, 404, 429]);

/** One request of a declared route: who, may they, what did they send, then the work. */
export async function answer<Caller>(
  options: HttpAppOptions<Caller>,
  validation: Validation,
  route: Operation<Caller>,
  req: Request,
  known: Known,
): Promise<Reply> {
  return guarded(options, route, req, known, async (caller, meta) => {
    const { raw, body } = await bodyOf(route, validation, req, options);
    const input = {
      params: req.params as Record<string, string>,
      query: queryOf(route, validation, req),
      body,
      ifMatch: route.ifMatch ? versionOf(req) : null,
    };
    const idempotency = route.idempotent === 'required' ? idempotencyOf(req, raw) : null;
    return route.run(caller, { ...meta, idempotency }, input);
  });
}

/** Who, and may they; a refusal, also by the work, is remembered. */
export async function guarded<Caller, T>(
  options: HttpAppOptions<Caller>,
  route: RouteShape,
  req: Request,
  known: Known,
  work: (caller: Caller | null, meta: RequestMeta) => Promise<T>,
): Promise<T> {
  const meta = metaOf(req, known);
  let caller: Caller | null = null;
  try {
    caller = await recognise(options, route, req, known);
    known.facilityId = caller ? options.describe(caller).facilityId : null;
    if (caller && route.permission !== ANYBODY) options.authorise(caller, route.permission);
    return await work(caller, meta);
  } catch (error) {
    const problem = await slowed(options, caller, req, known, problemOf(error));
    if (REMEMBERED.has(problem.status))
      await options
        .onRefusal({ caller, meta, route, params: req.params as Record<string, string>, problem })
        .catch((failure: unknown) => options.onFailure(failure, meta.requestId));
    throw problem;
  }
}

/** The caller within their rate limit; null only where anybody may call. */
async function recognise<Caller>(
  options: HttpAppOptions<Caller>,
  route: RouteShape,
  req: Request,
  known: Known,
): Promise<Caller | null> {
  if (route.permission === ANYBODY) return null;
  const { caller, headers } = await options.recognise(req);
  const left = await options.limits.account.take(options.describe(caller).accountId);
  known.headers = { ...left.headers, ...headers };
  if (left.refusal) throw left.refusal;
  return caller;
}

/** Somebody whom we do not recognise, again and again from one address: only their own failures are counted there. */
async function slowed<Caller>(
  options: HttpAppOptions<Caller>,
  caller: Caller | null,
  req: Request,
  known: Known,
  problem: Problem,
): Promise<Problem> {
  if (caller !== null || problem.status !== 401) return problem;
  const { headers, refusal } = await options.limits.unrecognised.take(networkOf(req.ip ?? ''));
  known.headers = headers;
  return refusal ?? problem;
}

function metaOf(req: Request, known: Known): RequestMeta {
  const purpose = req.get('X-Purpose') ?? 'care';
  if (!PURPOSE.test(purpose)) throw new Problem('bad-parameter', { parameter: 'X-Purpose' });
  return {
    requestId: known.requestId,
    ip: req.ip ?? null,
    userAgent: req.get('User-Agent')?.slice(0, LONGEST_AGENT) ?? null,
    purpose,
    language: known.language,
    idempotency: null,
    cookies: req.headers.cookie ?? '',
  };
}

const NO_BYTES = Buffer.alloc(0);

async function bodyOf(
  route: RouteShape,
  validation: Validation,
  req: Request,
  limits: { readonly maxBodyBytes: number; readonly maxUploadBytes: number },
): Promise<{ raw: Buffer; body: unknown }> {
  if (route.upload) {
    checkBodyHeaders(req, limits.maxUploadBytes, route.upload.contentTypes);
    const raw = await readBody(req, limits.maxUploadBytes);
    if (raw.length === 0) throw new Problem('invalid-body');
    return { raw, body: raw };
  }
  if (!route.body) return { raw: NO_BYTES, body: undefined };
  const limit = route.maxBodyBytes ?? limits.maxBodyBytes;
  checkBodyHeaders(req, limit);
  const raw = await readBody(req, limit);
  const body = parseJson(raw);
  validation.check(route.body.schemaId, body, 'invalid-body', raw.length);
  return { raw, body };
}

function queryOf(route: RouteShape, validation: Validation, req: Request): unknown {
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

function idempotencyOf(req: Request, raw: Buffer): NonNullable<RequestMeta['idempotency']> {
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
  res.status(reply.status);
  if (reply.etag !== undefined) res.set('ETag', `"${reply.etag}"`);
  if (reply.location) res.set('Location', reply.location);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.set(name, value);
  if (reply.bytes) res.type(reply.contentType ?? 'application/octet-stream').send(reply.bytes);
  else res.type('application/json').send(JSON.stringify(reply.body ?? null));
}
