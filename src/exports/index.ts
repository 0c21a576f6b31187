export { BATCH_BUILT, buildBatch, checkEntry, importEntry } from './batch.service.ts';
export { certificateInUse } from './certificate.repo.ts';
export {
  type CertificateView,
  endingCertificates,
  readCertificates,
  registerCertificate,
} from './certificate.service.ts';
export { noteOutcome } from './channel.service.ts';
export { sendCheckIn } from './check-in.service.ts';
export { type ExportDependencies, QUEUES, workerContext } from './context.ts';
export { adjustmentOf, noteAdjusted, type TaskAdjustment } from './corrections/adjustment.service.ts';
export { type CorrectionTask, findTask, listTasks } from './corrections/correction.repo.ts';
export {
  assignCorrection,
  closeCorrection,
  followEvent,
  reopenCorrection,
} from './corrections/correction.service.ts';
export { isAssessed, remedyOf } from './corrections/correction.ts';
export { type DeadLetter, listLetters } from './dead-letter.repo.ts';
export { type DeadLetters, keepDeadLetters, retryLetter } from './dead-letter.service.ts';
export { type DeadlineRules, deadlineRules, URGENCIES, type Urgency } from './deadline.ts';
export {
  type Beginning,
  type CallAnswer,
  isInTime,
  mayBegin,
  mayStand,
  type OutcomeType,
  outcomeType,
  type Recording,
  recordingOf,
  reopening,
  replacedBy,
  resolving,
  stateOf,
} from './decide.ts';
export { type RunView, readAccount } from './export.repo.ts';
export {
  CERTIFICATES,
  CHANNELS_AGE,
  CHANNELS_NOT_CLOSED,
  COPAY_RESTRICTED,
  CORRECTION_TASKS,
  DEAD_LETTERS,
  NOT_SIGNED,
  PAPERS,
  PARKED_CLAIMS,
  UNANSWERED_CHECK_INS,
  UNKNOWN_AGE,
  UNKNOWN_OUTCOMES,
  WITHOUT_CERTIFICATE,
  WITHOUT_REFERENCE,
  WORK_AGE,
} from './figures.repo.ts';
export { type HandOverFile, writeHandOverFiles } from './files.service.ts';
export { readAsksResults, setAsksResults } from './find-out.repo.ts';
export { claimOf, holdClaim, releaseClaim, retryClaim, wakeFreed } from './hold.service.ts';
export { createLanes, type LaneSettings, type Lanes } from './lanes.ts';
export { maintain, warnOfCertificates } from './maintain.service.ts';
export { listObstacles, type ObstacleView } from './obstacle.repo.ts';
export { pace, type Traffic } from './pace.service.ts';
export { type ClaimDecision, resolveClaim } from './parked.service.ts';
export { listWaiting, readRadar, type WaitingView } from './radar.service.ts';
export type { Radar, Stakes, WhyNotSent } from './radar.ts';
export { appendReplaced } from './replaced.ts';
export { askResults, paceQuestions, planQuestions } from './results/ask.service.ts';
export { CONTRADICTIONS, UNMATCHED } from './results/match.ts';
export {
  findImport,
  listImports,
  listResultRows,
  type ResultImport,
  type ResultRow,
} from './results/result.repo.ts';
export { giveResults, readResults } from './results/result.service.ts';
export { RESULT_FILE_FINDINGS } from './results/table.ts';
export { listRuns, readRun, startRun, startScheduledRuns, watchRun } from './run.service.ts';
export type { RunFigures } from './run-figures.ts';
export { type RunFacility, type RunReport, readReport } from './run-report.service.ts';
export { type SendReport, sendClaim, wirePassword } from './send.service.ts';
export { signClaims, signingFacility } from './sign.service.ts';
export { sweep, sweepAssessment, sweepCheckIns, sweepUploads } from './sweep.service.ts';
export { tokenShelf } from './token.repo.ts';
export { paceCheckIn, paceClaims } from './traffic.service.ts';
export { mayStandAtInsurer, type Withdrawal, withdrawUnsent } from './withdraw.service.ts';
export { databaseTime } from './work.repo.ts';
