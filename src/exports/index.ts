export { buildBatch, checkEntry, importEntry } from './batch.service.ts';
export {
  type CertificateView,
  endingCertificates,
  readCertificates,
  registerCertificate,
} from './certificate.service.ts';
export { sendCheckIn } from './check-in.service.ts';
export { type ExportDependencies, QUEUES, workerContext } from './context.ts';
export { listObstacles, type ObstacleView, type RunView } from './export.repo.ts';
export { CERTIFICATES, CHANNELS_NOT_CLOSED, NOT_SIGNED, UNANSWERED_CHECK_INS } from './figures.repo.ts';
export { type HandOverFile, writeHandOverFiles } from './files.service.ts';
export { claimOf, holdClaim, releaseClaim, retryClaim, wakeFreed } from './hold.service.ts';
export { createLanes, type LaneSettings, type Lanes } from './lanes.ts';
export { maintain, warnOfCertificates } from './maintain.service.ts';
export { paceCheckIn, paceClaim } from './pace.service.ts';
export { listRuns, readRun, startRun, startScheduledRuns } from './run.service.ts';
export { type SendReport, sendClaim, wirePassword } from './send.service.ts';
export { signClaims } from './sign.service.ts';
export { sweep, sweepAssessment, sweepCheckIns, sweepUploads } from './sweep.service.ts';
export { tokenShelf } from './token.repo.ts';
export { mayStandAtInsurer, type Withdrawal, withdrawUnsent } from './withdraw.service.ts';
