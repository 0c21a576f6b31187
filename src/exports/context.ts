import { type Assessing, RECHECK_QUEUE, type StopLimits, TRIAL_QUEUE } from '../assessment/server.ts';
import type { Law } from '../benefits/index.ts';
import type { ClaimChoices } from '../claims/index.ts';
import type { GatewayClient } from '../gateway/index.ts';
import {
  type ActingContext,
  type Database,
  SYSTEM_USER,
  type Transaction,
} from '../platform/database/index.ts';
import type { Clock } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { SecretBox } from '../platform/secrets.ts';
import type { WorkingDays } from '../platform/working-days.ts';
import type { Signer } from '../signatures/index.ts';
import type { DeadlineRules } from './deadline.ts';
import type { Lanes } from './lanes.ts';

/** What the export needs from outside. The database is the one of the export role. */
export interface ExportDependencies {
  readonly database: Database;
  readonly gateway: GatewayClient;
  /** What this process has under way to the gateway, facility by facility. */
  readonly lanes: Lanes;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  /**
   * The moment by which calls begin and leases pass. Never a machine's own clock: it may be wrong, or be put right in
   * the middle of a call, and a later version would overtake an earlier one.
   */
  readonly ledgerTime: (tx: Transaction) => Promise<Date>;
  readonly log: Logger;
  /** Who signs; null = nothing is signed, and the gateway gets unsigned files. */
  readonly signer: Signer | null;
  /** Counts of refusals without sign-in are kept so long. */
  readonly refusalCountDays: number;
  /** When a rule is stopped by itself. */
  readonly ruleStop: StopLimits;
  /** Checked claim files: what was found in them is kept so long. */
  readonly claimCheckDays: number;
  /** The gateway is asked what became of records of so many days; 0 = it is not. */
  readonly resultQueryDays: number;
  /** Deadlines of tasks are counted by it. */
  readonly calendar: WorkingDays;
  /** By which claims must have reached the insurer. */
  readonly deadlines: DeadlineRules;
  /** The law in force, from the policy files. */
  readonly law: Law;
  /** How claims are read where the sources of the tables disagree. */
  readonly claimChoices: ClaimChoices;
  /** What the rules of the assessment are asked with, as of now. */
  readonly assessing: () => Promise<Assessing>;
  /** Folder for claim files; null = none are written. */
  readonly exportDir: string | null;
  /** Longest time that one submission may take; after it and a margin, an attempt without outcome is `unknown`. */
  readonly submitTimeoutMs: number;
  /** That margin: time to write the outcome down after the call has ended. */
  readonly leaseMarginMs: number;
  /** So long what was given to the queue is left to it, before the sweep gives it again. */
  readonly queueChanceMs: number;
  /** After an unclear call of one version, so long before a later version goes out. */
  readonly quietMs: number;
}

/** Workers act as the system: for one facility, or over the work lists of all. */
export function workerContext(facilityId: Id | null, requestId: string): ActingContext {
  return {
    userId: SYSTEM_USER,
    facilityId,
    reach: facilityId ? 'facility' : 'province',
    purpose: 'claim-export',
    requestId,
  };
}

export const QUEUES = {
  schedule: 'export-schedule',
  batch: 'export-batch',
  sign: 'claim-sign',
  send: 'claim-send',
  checkIn: 'check-in',
  settled: 'settled',
  maintenance: 'maintenance',
  auditSeal: 'audit-seal',
  claimImport: 'claim-import',
  recheck: RECHECK_QUEUE,
  ruleTrial: TRIAL_QUEUE,
  claimCheck: 'claim-check',
  resultImport: 'result-import',
  cardLookup: 'card-lookup',
  paperSend: 'paper-send',
} as const;
