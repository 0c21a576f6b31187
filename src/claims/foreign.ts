// Claim files of any vendor: read, judged, written again. Needs no database; what the commands on files load.

export { CURRENT_EDITION, type EditionId } from './editions.ts';
export { ClaimReadError } from './errors.ts';
export { recogniseEdition, tableEntries } from './reading/edition.ts';
export { type ForeignRecord, foreignRecords, type ScannedFile, scanFile } from './reading/foreign.ts';
export { paperProblems } from './reading/paper-check.ts';
export type { ReadRecord, UnknownPart } from './reading/record.ts';
export { rewritten } from './reading/rewrite.ts';
export { type SchemaCheck, schemaCheck } from './reading/schema-check.ts';
export { type ClaimSource, onlySource, sourcesInBytes, sourcesInFile } from './reading/source.ts';
export {
  problemText,
  type StructureProblem,
  strange,
  structureProblems,
  unknownFields,
} from './reading/structure.ts';
export { schemaFiles } from './schema/index.ts';
