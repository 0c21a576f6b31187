export { type AccountView, findAccount, listAccounts, setSecondFactorRule } from './account.repo.ts';
export {
  type AccountWish,
  type CreatedAccount,
  createAccount,
  type DutyWish,
  ensureAdministrator,
  grantDuty,
  lockAccount,
  resetAccount,
  revokeDuty,
} from './account.service.ts';
export { actingContext, authorise, type Caller, reachOf, type SessionState } from './caller.ts';
export { cookieOf, createIdentity, type Identity, isEqual, type Recognised, SESSION_COOKIE } from './door.ts';
export { issueMachineToken, MACHINE_SCOPES, storeToken, type TokenWish } from './machine.service.ts';
export { createOidc, type Oidc, type OidcSettings } from './oidc.ts';
export { hashPassword } from './password.ts';
export {
  needsSecondFactor,
  OFFICE_ROLES,
  PERMISSION_NAMES,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  type Role,
} from './permissions.ts';
export {
  type DoorDependencies,
  type OpenedSession,
  readSession,
  type SessionView,
  signOut,
  switchFacility,
} from './session.service.ts';
export {
  beginSecondFactor,
  confirmSecondFactor,
  passSecondFactor,
  renewRecoveryCodes,
  type SignIn,
  setPassword,
  signIn,
} from './sign-in.service.ts';
