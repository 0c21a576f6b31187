export { builtInsOf } from './built-ins.ts';
export { type CheckOptions, checkFile, checkFiles } from './check.ts';
export { checkClaimFile } from './envelope.ts';
export type { Finding } from './rule.ts';
