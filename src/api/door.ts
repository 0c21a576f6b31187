import {
  actingContext,
  type Caller,
  type DoorDependencies,
  type Oidc,
  SESSION_COOKIE,
} from '../identity/index.ts';
import { type ActingContext, SYSTEM_USER, type Transaction } from '../platform/database/index.ts';
import type { Operation, Reply, RequestInput, RequestMeta, Route } from '../platform/http/index.ts';
import { Problem } from '../platform/problem.ts';

/** What sign-in routes work with: the door's own database, and who is calling as far as that is known. */
export interface DoorContext {
  readonly door: DoorDependencies;
  readonly oidc: { readonly provider: Oidc; readonly publicUrl: string } | null;
  readonly acting: ActingContext;
  readonly caller: Caller | null;
  readonly meta: RequestMeta;
  /** Header that hands a new session token to the browser; null takes it away. */
  readonly cookie: (token: string | null) => Readonly<Record<string, string>>;
}

export type DoorRoute = Route<DoorContext>;

export interface DoorOptions {
  readonly door: DoorDependencies;
  readonly oidc: DoorContext['oidc'];
  readonly cookie: DoorContext['cookie'];
}

/** A sign-in route ready to be called. */
export function atTheDoor(options: DoorOptions, route: DoorRoute): Operation<Caller> {
  const { handle, ...shape } = route;
  const { door, oidc, cookie } = options;
  return {
    ...shape,
    run(caller: Caller | null, meta: RequestMeta, input: RequestInput): Promise<Reply> {
      const request = { requestId: meta.requestId, purpose: 'sign-in', origin: meta.ip };
      const acting: ActingContext = caller
        ? actingContext(caller, route.permission, request)
        : { userId: SYSTEM_USER, facilityId: null, ...request };
      return handle({ ...input, context: { door, oidc, acting, caller, meta, cookie } });
    },
  };
}

/** @param secure browsers send the cookie over HTTPS only */
export function sessionCookies(sessionHours: number, secure: boolean): DoorContext['cookie'] {
  return (token) => ({
    'Set-Cookie': cookieText(
      SESSION_COOKIE,
      token ?? '',
      token === null ? 0 : sessionHours * 3_600,
      'Strict',
      secure,
    ),
  });
}

export function cookieText(
  name: string,
  value: string,
  maxAgeSeconds: number,
  sameSite: 'Strict' | 'Lax',
  secure: boolean,
): string {
  const rest = `Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; ${rest}${secure ? '; Secure' : ''}`;
}

/** The signed-in caller of a route that only they can call. */
export function callerOf({ caller }: DoorContext): Caller {
  if (!caller) throw new Problem('not-signed-in');
  return caller;
}

export function inDoor<T>(context: DoorContext, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return context.door.database.transaction(context.acting, work);
}
