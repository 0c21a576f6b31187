import type { Permission } from '../identity/index.ts';
import type { Language } from '../messages/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Reply, Route } from '../platform/http/index.ts';
import type { ApiDependencies, RequestContext } from './context.ts';

export interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Version from If-Match; null where the route does not ask for it. */
  readonly ifMatch: number | null;
}

/** What is done once the transaction is over: it may wait, for it holds no connection. */
export type Afterwards = (
  deps: ApiDependencies,
  language: Language,
  inTransaction: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>,
  reply: Reply,
) => Promise<Reply>;
export type ApiRoute = Route<RequestContext> & { readonly afterwards?: Afterwards };
type Work = (context: RequestContext, input: Input) => Promise<Reply>;

/** What a route answers when all is well: a schema by name, or a download; the status where it is not the usual one. */
type Answer = string | Answered;
interface Answered {
  readonly schemaId?: string;
  readonly contentType?: string;
  readonly status?: number;
}

/** A POST that makes something new: needs an Idempotency-Key, so that a repeat makes nothing twice. */
export function creates(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route(
    'POST',
    path,
    operationId,
    permission,
    { body, answer, status: 201, idempotent: true, changes: 'creates' },
    work,
  );
}

/** A POST that moves something on: Idempotency-Key, and If-Match because it was decided on what the caller saw. */
export function acts(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route(
    'POST',
    path,
    operationId,
    permission,
    { body, answer, status: 200, idempotent: true, ifMatch: true, changes: 'updates' },
    work,
  );
}

/** A POST by which a person decides what has no version of its own (hold, release): Idempotency-Key only. */
export function decides(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route(
    'POST',
    path,
    operationId,
    permission,
    { body, answer, status: 200, idempotent: true, changes: 'updates' },
    work,
  );
}

/** A PATCH of fields: If-Match, no key (the version already makes a repeat harmless). */
export function updates(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route(
    'PATCH',
    path,
    operationId,
    permission,
    { body, answer, status: 200, ifMatch: true, changes: 'updates' },
    work,
  );
}

/** A PUT of a whole setting: the same again changes nothing. */
export function replaces(
  path: string,
  operationId: string,
  permission: Permission,
  body: string,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route('PUT', path, operationId, permission, { body, answer, status: 200, changes: 'updates' }, work);
}

/** A POST of a file, taken as it is: Idempotency-Key, as for all that makes something new. */
export function uploads(
  path: string,
  operationId: string,
  permission: Permission,
  contentTypes: readonly string[],
  query: string,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route(
    'POST',
    path,
    operationId,
    permission,
    { upload: contentTypes, query, answer, status: 202, idempotent: true, changes: 'creates' },
    work,
  );
}

export function reads(
  path: string,
  operationId: string,
  permission: Permission,
  query: string | null,
  answer: Answer,
  work: Work,
): ApiRoute {
  return route('GET', path, operationId, permission, { query, answer, status: 200, changes: 'reads' }, work);
}

interface Shape {
  readonly body?: string | null;
  readonly upload?: readonly string[];
  readonly query?: string | null;
  readonly answer: Answer;
  /** Unless the answer says otherwise. */
  readonly status: number;
  readonly idempotent?: boolean;
  readonly ifMatch?: boolean;
  readonly changes: 'creates' | 'updates' | 'reads';
}

function route(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: string,
  operationId: string,
  permission: Permission,
  shape: Shape,
  work: Work,
): ApiRoute {
  const { status = shape.status, ...content }: Answered =
    typeof shape.answer === 'string' ? { schemaId: shape.answer } : shape.answer;
  return {
    method,
    path,
    operationId,
    summary: `api.${operationId}`,
    permission,
    ...(shape.body ? { body: { schemaId: shape.body } } : {}),
    ...(shape.upload ? { upload: { contentTypes: shape.upload } } : {}),
    ...(shape.query ? { query: { schemaId: shape.query } } : {}),
    responses: { [status]: content },
    idempotent: shape.idempotent ? 'required' : 'none',
    changes: shape.changes,
    ...(shape.ifMatch ? { ifMatch: 'required' } : {}),
    handle: ({ context, params, query, body, ifMatch }) => work(context, { params, query, body, ifMatch }),
  };
}
