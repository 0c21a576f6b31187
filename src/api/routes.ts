import type { Permission } from '../identity/index.ts';
import type { Reply, Route } from '../platform/http/index.ts';
import type { RequestContext } from './context.ts';

export interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Version from If-Match; null where the route does not ask for it. */
  readonly ifMatch: number | null;
}

export type ApiRoute = Route<RequestContext>;
type Work = (context: RequestContext, input: Input) => Promise<Reply>;

/** A POST that makes something new: needs an Idempotency-Key, so that a repeat makes nothing twice. */
export function creates(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: string | null,
  work: Work,
): ApiRoute {
  return route(
    'POST',
    path,
    operationId,
    permission,
    { body, answer, status: '201', idempotent: true, changes: 'creates' },
    work,
  );
}

/** A POST that moves something on: Idempotency-Key, and If-Match because it was decided on what the caller saw. */
export function acts(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: string | null,
  work: Work,
): ApiRoute {
  return route(
    'POST',
    path,
    operationId,
    permission,
    { body, answer, status: '200', idempotent: true, ifMatch: true, changes: 'updates' },
    work,
  );
}

/** A PATCH of fields: If-Match, no key (the version already makes a repeat harmless). */
export function updates(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: string | null,
  work: Work,
): ApiRoute {
  return route(
    'PATCH',
    path,
    operationId,
    permission,
    { body, answer, status: '200', ifMatch: true, changes: 'updates' },
    work,
  );
}

export function reads(
  path: string,
  operationId: string,
  permission: Permission,
  query: string | null,
  answer: string | null,
  work: Work,
): ApiRoute {
  return route(
    'GET',
    path,
    operationId,
    permission,
    { query, answer, status: '200', changes: 'reads' },
    work,
  );
}

interface Shape {
  readonly body?: string | null;
  readonly query?: string | null;
  readonly answer: string | null;
  readonly status: string;
  readonly idempotent?: boolean;
  readonly ifMatch?: boolean;
  readonly changes: 'creates' | 'updates' | 'reads';
}

function route(
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  operationId: string,
  permission: Permission,
  shape: Shape,
  work: Work,
): ApiRoute {
  return {
    method,
    path,
    operationId,
    summary: `api.${operationId}`,
    permission,
    ...(shape.body ? { body: { schemaId: shape.body } } : {}),
    ...(shape.query ? { query: { schemaId: shape.query } } : {}),
    responses: { [shape.status]: shape.answer ? { schemaId: shape.answer } : {} },
    idempotent: shape.idempotent ? 'required' : 'none',
    changes: shape.changes,
    ...(shape.ifMatch ? { ifMatch: 'required' } : {}),
    handle: ({ context, params, query, body, ifMatch }) => work(context, { params, query, body, ifMatch }),
  };
}
