import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TSchema } from 'typebox';
import type { Language } from '../../messages/index.ts';
import type { Problem } from '../problem.ts';
import type { RateLimit } from './limits.ts';

/** What a route answers. `bytes` is for downloads; everything else is JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly bytes?: Buffer;
  readonly contentType?: string;
  /** Version of the resource, sent as `ETag: "<version>"`. */
  readonly etag?: number;
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields of `body` that are shown once: they are not kept with the idempotency key, a repeat comes without them. */
  readonly shownOnce?: readonly string[];
}

/** What came with one request, checked. */
export interface RequestInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Version from If-Match; null where the route does not ask for it. */
  readonly ifMatch: number | null;
}

/** Permissions that no duty gives: anybody, and anybody who is signed in (however far their sign-in has come). */
export const ANYBODY = 'anybody';
export const SIGNED_IN = 'signed-in';

/** One operation, declared: the frame checks, the API document and the meta-tests all read this. */
export interface RouteShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Express style: `/api/v1/encounters/:encounterId`. */
  readonly path: string;
  readonly operationId: string;
  /** Message key. */
  readonly summary: string;
  readonly permission: string;
  readonly body?: { readonly schemaId: string };
  /** The body is a file of one of these media types, taken as it is: the work gets its bytes. */
  readonly upload?: { readonly contentTypes: readonly string[] };
  /** Larger or smaller than the application's limit. */
  readonly maxBodyBytes?: number;
  readonly query?: { readonly schemaId: string };
  /** By status. `contentType` is for downloads; with `schemaId` the answer is JSON. */
  readonly responses: Readonly<Record<string, { readonly schemaId?: string; readonly contentType?: string }>>;
  readonly idempotent: 'required' | 'none';
  readonly ifMatch?: 'required';
  readonly changes: 'creates' | 'updates' | 'reads';
}

/** A declared operation and its work, in whatever context its module gives it. */
export interface Route<Context> extends RouteShape {
  readonly handle: (input: RequestInput & { readonly context: Context }) => Promise<Reply>;
}

/** A declared operation that is ready to be called: who calls (null = not signed in), with what. */
export interface Operation<Caller> extends RouteShape {
  run(caller: Caller | null, meta: RequestMeta, input: RequestInput): Promise<Reply>;
}

export interface RequestMeta {
  readonly requestId: string;
  /** Address of the other end of the connection (a proxy's, where there is one); null when it is gone already. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Why the caller looks or writes, from X-Purpose; `care` when nothing is said. */
  readonly purpose: string;
  readonly language: Language;
  /** The Cookie header as it came. */
  readonly cookies: string;
  /** Null where the route asks for no key. */
  readonly idempotency: {
    readonly key: string;
    readonly method: string;
    readonly path: string;
    /** Of the bytes as they came. */
    readonly bodySha256: string;
  } | null;
}

/** All that may be known of a request in logs and metrics: the route's pattern, never its address or content. */
export interface RequestDone {
  readonly requestId: string;
  readonly route: string;
  readonly method: string;
  /** 499 when the caller went away before the answer was out. */
  readonly status: number;
  readonly seconds: number;
  readonly facilityId: string | null;
}

/** Who is calling, and headers for the answer (a renewed session cookie). */
export interface Recognised<Caller> {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
}

/** A refusal of who was calling or what they wanted to see: worth remembering. */
export interface Refusal<Caller> {
  readonly caller: Caller | null;
  readonly meta: RequestMeta;
  readonly route: RouteShape;
  readonly params: Readonly<Record<string, string>>;
  readonly problem: Problem;
}

/** Pages and figures of somebody else's making, under one path, behind a permission. */
export interface Panel {
  readonly path: string;
  readonly permission: string;
  readonly operationId: string;
  /** What its pages may load. */
  readonly content: Readonly<Record<string, readonly string[]>>;
  handle(req: IncomingMessage, res: ServerResponse, failed: (error: unknown) => void): Promise<void>;
}

export interface HttpAppOptions<Caller> {
  readonly title: string;
  readonly routes: readonly Operation<Caller>[];
  readonly schemas: Readonly<Record<string, TSchema>>;
  readonly maxBodyBytes: number;
  /** The limit of uploads. */
  readonly maxUploadBytes: number;
  /** Proxies in front of us whose word about the caller's address is taken. */
  readonly trustedProxies: number;
  /** @throws Problem `not-signed-in`, `csrf-refused` */
  recognise(request: IncomingMessage): Promise<Recognised<Caller>>;
  /** @throws Problem `not-allowed` and the like */
  authorise(caller: Caller, permission: string): void;
  /** Rate limits: one count per account; per address only for calls whose caller was not recognised. */
  readonly limits: { readonly account: RateLimit; readonly unrecognised: RateLimit };
  describe(caller: Caller): { readonly accountId: string; readonly facilityId: string | null };
  /** Sign-in refused, not allowed, not found. It is over before the answer goes out; its own failure is only logged. */
  onRefusal(refusal: Refusal<Caller>): Promise<void>;
  onDone(done: RequestDone): void;
  /** Every 5xx, with the error behind it. */
  onFailure(error: unknown, requestId: string): void;
  /** Named checks of `/readyz`; one that throws or takes longer than three seconds is down. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  metrics(): Promise<{ contentType: string; text: string }>;
  /** Pages made elsewhere that are only read. */
  readonly panels?: readonly Panel[];
  /** The plain page at `/`. */
  home(language: Language): Promise<string>;
}
