import type { IncomingMessage } from 'node:http';
import type { TSchema } from 'typebox';
import type { Language } from '../../messages/index.ts';

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
}

export interface RouteInput<Context> {
  readonly context: Context;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Version from If-Match; null where the route does not ask for it. */
  readonly ifMatch: number | null;
}

/** One operation, declared: the frame checks, the API document and the meta-tests all read this. */
export interface Route<Context> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Express style: `/api/v1/encounters/:encounterId`. */
  readonly path: string;
  readonly operationId: string;
  /** Message key. */
  readonly summary: string;
  readonly permission: string;
  readonly body?: { readonly schemaId: string };
  /** Larger or smaller than the application's limit. */
  readonly maxBodyBytes?: number;
  readonly query?: { readonly schemaId: string };
  /** By status. `contentType` is for downloads; with `schemaId` the answer is JSON. */
  readonly responses: Readonly<Record<string, { readonly schemaId?: string; readonly contentType?: string }>>;
  readonly idempotent: 'required' | 'none';
  readonly ifMatch?: 'required';
  readonly changes: 'creates' | 'updates' | 'reads';
  handle(input: RouteInput<Context>): Promise<Reply>;
}

export interface RequestMeta {
  readonly requestId: string;
  /** Address of the other end of the connection (a proxy's, where there is one); null when it is gone already. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Why the caller looks or writes, from X-Purpose; `treatment` when nothing is said. */
  readonly purpose: string;
  readonly language: Language;
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

export interface HttpAppOptions<Caller, Context> {
  readonly title: string;
  readonly routes: readonly Route<Context>[];
  readonly schemas: Readonly<Record<string, TSchema>>;
  readonly maxBodyBytes: number;
  /** @throws Problem `not-signed-in` */
  authenticate(request: IncomingMessage): Promise<Caller>;
  allowed(caller: Caller, permission: string): boolean;
  /** Runs the work inside the one transaction of the request; may answer with what was stored for the key. */
  execute(caller: Caller, meta: RequestMeta, work: (context: Context) => Promise<Reply>): Promise<Reply>;
  facilityOf(caller: Caller): string | null;
  onDone(done: RequestDone): void;
  /** Every 5xx, with the error behind it. */
  onFailure(error: unknown, requestId: string): void;
  /** Named checks of `/readyz`; one that throws or takes longer than three seconds is down. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  metrics(): Promise<{ contentType: string; text: string }>;
  /** The plain page at `/`. */
  home(language: Language): Promise<string>;
}
