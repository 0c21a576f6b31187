export { builtInsOf } from './built-ins.ts';
export { type CheckOptions, checkFile } from './check.ts';
export { checkClaimFile } from './envelope.ts';
export type { Finding } from './rule.ts';
