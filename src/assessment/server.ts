// The assessment where there is a database. What needs none (`his check`) enters through index.ts.

export type { Change } from './affected.ts';
export { findingText } from './finding-text.ts';
export {
  type AssessedClaim,
  assessChange,
  assessRead,
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
export {
  type CauseRow,
  type CauseVisit,
  listCauses,
  listCauseVisits,
} from './server/cause.repo.ts';
export { blockedVisits, type Decision as DecisionKind, IS_LET_STAND } from './server/decision.repo.ts';
export { type Decided, decideOnFinding } from './server/decision.service.ts';
export type { Decision } from './server/finding.repo.ts';
export {
  type FindingFigures,
  findingsOfVisit,
  listFindings,
  type StoredFinding,
} from './server/findings.repo.ts';
export { RECHECK_QUEUE, recheckEntry, TRIAL_QUEUE, trialEntry } from './server/jobs.ts';
export type { Assessing, Here } from './server/judge.ts';
export { restingRechecks } from './server/recheck.repo.ts';
export {
  askRecheck,
  type RecheckDependencies,
  type RecheckWish,
  readRecheck,
  runRecheck,
} from './server/recheck.service.ts';
export { readSettings, type SettingVersion } from './server/settings.repo.ts';
export {
  type Configured,
  configureRule,
  listRules,
  listVersions,
  type RuleView,
  type SettingWish,
  undoSetting,
} from './server/settings.service.ts';
export { type StoppedRule, stopRunaways } from './server/stop.service.ts';
export { listTrials, restingTrials, type Trial, type TrialRule } from './server/trial.repo.ts';
export {
  askTrial,
  readTrial,
  runTrial,
  type TrialDependencies,
  type TrialWish,
} from './server/trial.service.ts';
export type { RuleSetting } from './settings.ts';
export type { StopLimits } from './stop.ts';
// Uploads that are checked.
export {
  type ClaimCheck,
  findCheck,
  forgetChecks,
  type KeptFinding,
  listCheckFindings,
  untouchedChecks,
} from './uploads/check.repo.ts';
export { checkUpload, keepForCheck, MOST_KEPT } from './uploads/check.service.ts';
