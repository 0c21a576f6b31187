import type { ActingContext, Reach } from '../platform/database/index.ts';
import { SIGNED_IN } from '../platform/http/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { Permission, Role } from './permissions.ts';

export type SessionState = 'second-factor' | 'set-password' | 'set-second-factor' | 'active';

/** Who is calling: a person in a session, or a machine with a token, acting for one facility (null = the province's office). */
export interface Caller {
  readonly accountId: Id;
  readonly kind: 'person' | 'machine';
  readonly name: string;
  readonly facilityId: Id | null;
  /** Duties in force today at that facility. */
  readonly roles: readonly Role[];
  /** Empty until the session is `active`. */
  readonly permissions: ReadonlySet<Permission>;
  readonly session: {
    readonly id: Id;
    readonly state: SessionState;
    readonly csrfToken: string;
    readonly hasSecondFactor: boolean;
  } | null;
}

/** How far the caller's transactions see. Only the audit trail is opened to auditors, and only by their own permissions. */
export function reachOf(caller: Caller, permission: string): Reach {
  if (caller.facilityId) return 'facility';
  if (permission.startsWith('audit.')) return caller.roles.includes('auditor') ? 'audit' : 'none';
  return caller.roles.includes('province-admin') ? 'province' : 'none';
}

export function actingContext(
  caller: Caller,
  permission: string,
  request: { readonly requestId: string; readonly purpose: string; readonly origin: string | null },
): ActingContext {
  return {
    userId: caller.accountId,
    facilityId: caller.facilityId,
    reach: reachOf(caller, permission),
    ...request,
  };
}

/** @throws not-allowed; session-not-complete while a step of signing in is missing */
export function authorise(caller: Caller, permission: string): void {
  if (permission === SIGNED_IN) return;
  const { session, permissions } = caller;
  if (session && session.state !== 'active')
    throw new Problem('session-not-complete', { state: session.state });
  if (!(permissions as ReadonlySet<string>).has(permission)) throw new Problem('not-allowed');
}
