export { buildBatch } from './batch.service.ts';
export { sendCheckIn } from './check-in.service.ts';
export { type ExportDependencies, QUEUES, workerContext } from './context.ts';
export { listObstacles, type RunView } from './export.repo.ts';
export { type HandOverFile, writeHandOverFiles } from './files.service.ts';
export { claimOf, holdClaim, releaseClaim, retryClaim } from './hold.service.ts';
export { maintain } from './maintain.service.ts';
export { listRuns, readRun, startRun, startScheduledRuns } from './run.service.ts';
export { type SendReport, sendClaim, sweep, wirePassword } from './send.service.ts';
