// The assessment where there is a database. What needs none (`his check`) enters through index.ts.

export type { Change } from './affected.ts';
export { findingText } from './finding-text.ts';
export {
  type AssessedClaim,
  assessChange,
  assessSettled,
  assessVisit,
  assessVisits,
  blockingOf,
  type DraftFinding,
  judgeClaims,
  keepAssessments,
  keepFindings,
  readDecisions,
  readSurroundings,
  type Surroundings,
  type WholeClaim,
  withLines,
} from './server/assess.service.ts';
export type { Assessed, Kept } from './server/assessed.ts';
export type { Decision } from './server/finding.repo.ts';
export {
  type FindingFigures,
  findingsOfVisit,
  listFindings,
  type StoredFinding,
} from './server/findings.repo.ts';
export type { Assessing, Here } from './server/judge.ts';
export type { RuleSetting } from './settings.ts';
