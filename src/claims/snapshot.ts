import type { SettlementRecord } from '../billing/index.ts';
import type { VisitRecord } from '../encounters/index.ts';

/**
 * All that the official tables are projected from: one read of the visit, and its settlement when there is one.
 * Without a settlement (a visit in progress) the projection is a draft: amounts stay empty.
 */
export interface ClaimSnapshot {
  readonly visit: VisitRecord;
  readonly settlement: SettlementRecord | null;
}
