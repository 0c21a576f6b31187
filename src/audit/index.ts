export { AnchorDamaged, readAnchor, writeAnchor } from './anchor.ts';
export { type Changes, minimalDiff } from './diff.ts';
export type { Finding } from './findings.ts';
export { type AuditEntry, NO_FACILITY, recordAudit } from './record.ts';
export { createRefusalCounter, type RefusalCounter } from './refusal-counter.ts';
export { refusalsByDay } from './refusals.repo.ts';
export { sealWaiting } from './seal.service.ts';
export { type AuditEventRow, accountNamed, searchAudit } from './search.repo.ts';
export { type Verification, verifierUrl, verifyTrail } from './verify.service.ts';
