export { type Caller, createIdentity, hashToken, type Identity, issueToken, newToken } from './identity.ts';
export { mayDo, PERMISSIONS, type Permission } from './permissions.ts';
