// Claim files checked without a database: what the command on files loads, and its threads.

export {
  type Block,
  blocksByKey,
  type Guests,
  type Looked,
  lookAtBlock,
  type Shared,
  sharedKeys,
  type Whole,
} from './blocks.ts';
export { builtInsOf } from './built-ins.ts';
export { CatalogueFileError, readCatalogueFile } from './catalogue-file.ts';
export type { Catalogues } from './catalogues.ts';
export { type NotChecked, notChecked } from './check.ts';
export { checkClaimFile } from './envelope.ts';
export { type CheckedPart, checkSources, type ForeignOptions } from './foreign.ts';
export { PAPERS_TO_COME } from './papers-to-come.ts';
export { COUNT_SHEET, type Listed, messageOf } from './report/columns.ts';
export { csvOf } from './report/csv.ts';
export { xlsxOf } from './report/xlsx.ts';
export type { Finding } from './rule.ts';
export { type RuleCount, ruleCounter } from './rule-counts.ts';
export { type Selection, selectRules, UnknownRule } from './select.ts';
