export { builtInsOf } from './built-ins.ts';
export { CatalogueFileError, readCatalogueFile } from './catalogue-file.ts';
export type { Catalogues } from './catalogues.ts';
export { type CheckOptions, checkFile, checkFiles, type NotChecked, notChecked } from './check.ts';
export { checkClaimFile } from './envelope.ts';
export { type CheckedFile, checkSources } from './foreign.ts';
export type { Finding } from './rule.ts';
export { type Selection, selectRules, UnknownRule } from './select.ts';
