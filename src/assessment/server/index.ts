export {
  type CauseRow,
  type CauseVisit,
  listCauses,
  listCauseVisits,
} from './cause.repo.ts';
export { blockedVisits, type Decision, IS_LET_STAND } from './decision.repo.ts';
export { type Decided, decideOnFinding } from './decision.service.ts';
export { type RecheckView, restingRechecks } from './recheck.repo.ts';
export {
  askRecheck,
  RECHECK_QUEUE,
  type RecheckDependencies,
  type RecheckWish,
  readRecheck,
  recheckEntry,
  runRecheck,
} from './recheck.service.ts';
export { readSettings, type SettingVersion } from './settings.repo.ts';
export {
  type Configured,
  configureRule,
  listRules,
  listVersions,
  type RuleView,
  type SettingWish,
  undoSetting,
} from './settings.service.ts';
export { type StoppedRule, stopRunaways } from './stop.service.ts';
export { listTrials, restingTrials, type Trial, type TrialRule } from './trial.repo.ts';
export {
  askTrial,
  readTrial,
  runTrial,
  type Surroundings,
  TRIAL_QUEUE,
  type TrialDependencies,
  type TrialWish,
  trialEntry,
} from './trial.service.ts';
