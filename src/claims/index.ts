// Dictionary and values

// Stored claims (database)
export {
  type BuiltClaim,
  buildClaim,
  isObstacle,
  type Obstacle,
  readSnapshots,
  withSettlements,
} from './build.service.ts';
export { type ClaimChoices, claimChoices } from './choices.ts';
export {
  appendEvent,
  type ClaimEvent,
  type ClaimHead,
  type ClaimKey,
  type ClaimSummary,
  countClaims,
  type DocumentKind,
  findClaim,
  findDocument,
  insertClaims,
  insertSigned,
  listClaims,
  listEvents,
  newestDocuments,
  type SignedClaim,
} from './claim.repo.ts';
export { sameAsBuilt } from './compare.ts';
export { compareStored, tablesOfVersion } from './compare-versions.service.ts';
export { compareVersions, type VersionComparison } from './compare-versions.ts';
export {
  CURRENT_EDITION,
  dictionary,
  type EditionId,
  editionOn,
  type Field,
  type Table,
  type TableCode,
  tableOf,
} from './dictionary.ts';
export { ClaimReadError, ClaimWriteError, explainImport, explainObstacle } from './errors.ts';
// Tables ↔ bytes (pure)
export { buildCheckInFile, buildClaimFile, joinClaimFiles, streamClaimFile } from './files.ts';
// Claim files of other software, taken in
export { type ClaimSource, problemText, sourcesInFile } from './foreign.ts';
export { findClaimByKey, listVersions, type VersionHistory, type VersionRow } from './history.repo.ts';
export {
  type ForeignFile,
  findForeignFile,
  listForeignClaims,
  listForeignFiles,
  listSetAside,
  type SetAside,
  sumForeignClaims,
  untouchedUploads,
} from './import/foreign.repo.ts';
export {
  importFile,
  importUpload,
  keepUpload,
  readForeignClaim,
} from './import/foreign.service.ts';
export { documentBytes, packSigned } from './pack.ts';
// Visit → papers for the social insurance (pure)
export { type Adjustment, buildAdjustment } from './papers/adjustment.ts';
export { buildPaperPackage, type IssuedPapers, projectPapers } from './papers/package.ts';
export { type ClaimPreview, previewClaim } from './preview.service.ts';
// Visit → tables (pure)
export {
  alwaysEmpty,
  type EmptyField,
  projectCheckIn,
  projectClaim,
  rowIds,
  treatmentDaysOf,
} from './project.ts';
export { readCheckInFile, readClaimFile } from './reader.ts';
export type { ReadLimits } from './reading/limits.ts';
// Dictionary → schemas (pure)
export { generatedSchemas } from './schema/index.ts';
export { claimTablesPage } from './schema/reference.ts';
export type { ClaimSnapshot } from './snapshot.ts';
export type { ClaimFile, ClaimFileHead, ClaimRow, ClaimTables } from './tables.ts';
export { elementText } from './text.ts';
export { type ClaimTotals, rowTotals, totals } from './totals.ts';
export { CLAIM_EVENT_TYPES, type ClaimEventType, isLegal, TRANSITIONS } from './transitions.ts';
