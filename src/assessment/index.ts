export { builtInsOf } from './built-ins.ts';
export { type CheckOptions, checkFile, checkFiles } from './check.ts';
export { checkClaimFile, FILE_RULES } from './envelope.ts';
export { type RuleFact, ruleFacts } from './facts.ts';
export { messageOf } from './report/columns.ts';
export { csvOf } from './report/csv.ts';
export { xlsxOf } from './report/xlsx.ts';
export type { Finding } from './rule.ts';
export { ALL_RULES } from './rules/index.ts';
export { UnknownRule } from './select.ts';
// Uploads that are checked (database)
export {
  type ClaimCheck,
  findCheck,
  forgetChecks,
  type KeptFinding,
  listCheckFindings,
  untouchedChecks,
} from './uploads/check.repo.ts';
export { checkUpload, keepForCheck, MOST_KEPT } from './uploads/check.service.ts';
