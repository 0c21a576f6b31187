// Dictionary and values

// Stored claims (database)
export {
  type BuiltClaim,
  buildClaim,
  isObstacle,
  type Obstacle,
  readSnapshots,
} from './build.service.ts';
export {
  appendEvent,
  type ClaimEvent,
  type ClaimEventType,
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
export { ClaimReadError, ClaimWriteError, explainObstacle } from './errors.ts';
// Tables ↔ bytes (pure)
export { buildCheckInFile, buildClaimFile, joinClaimFiles, streamClaimFile } from './files.ts';
export { documentBytes, packSigned } from './pack.ts';
// Visit → tables (pure)
export { projectCheckIn, projectClaim, treatmentDaysOf } from './project.ts';
export { readCheckInFile, readClaimFile } from './reader.ts';
export type { ReadLimits } from './reading/limits.ts';
export type { ClaimSnapshot } from './snapshot.ts';
export type { ClaimFile, ClaimFileHead, ClaimRow, ClaimTables } from './tables.ts';
export { type ClaimTotals, rowTotals, totals } from './totals.ts';
