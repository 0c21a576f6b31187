export { builtInsOf } from './built-ins.ts';
export { type CheckOptions, checkFile, checkFiles } from './check.ts';
export { checkClaimFile, READER_RULES } from './envelope.ts';
export { type RuleFact, ruleFacts } from './facts.ts';
export type { Finding } from './rule.ts';
export { ALL_RULES } from './rules/index.ts';
