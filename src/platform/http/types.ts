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
  readonly ifMatch: number | null;
}

/** One operation, declared: the frame checks, the API document and the meta-tests all read this. */
export interface Route<Context> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly operationId: string;
  /** Message key. */
  readonly summary: string;
  readonly permission: string;
  readonly body?: { readonly schemaId: string };
  readonly query?: { readonly schemaId: string };
  readonly responses: Readonly<Record<string, { readonly schemaId?: string }>>;
  readonly idempotent: 'required' | 'none';
  readonly ifMatch?: 'required';
  readonly changes: 'creates' | 'updates' | 'reads';
  handle(input: RouteInput<Context>): Promise<Reply>;
}

export interface RequestMeta {
  readonly requestId: string;
  readonly purpose: string;
  readonly language: Language;
  readonly idempotency: {
    readonly key: string;
    readonly method: string;
    readonly path: string;
    readonly bodySha256: string;
  } | null;
}

export interface RequestDone {
  readonly requestId: string;
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly facilityId: string | null;
}

export interface HttpAppOptions<Caller, Context> {
  readonly title: string;
  readonly routes: readonly Route<Context>[];
  readonly schemas: Readonly<Record<string, TSchema>>;
  readonly maxBodyBytes: number;
  authenticate(request: IncomingMessage): Promise<Caller>;
  allowed(caller: Caller, permission: string): boolean;
  /** Runs the work inside the one transaction of the request. */
  execute(caller: Caller, meta: RequestMeta, work: (context: Context) => Promise<Reply>): Promise<Reply>;
  facilityOf(caller: Caller): string | null;
  onDone(done: RequestDone): void;
  onFailure(error: unknown, requestId: string): void;
  /** Named checks of `/readyz`. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  metrics(): Promise<{ contentType: string; text: string }>;
  /** The plain page at `/`. */
  home(language: Language): Promise<string>;
}
