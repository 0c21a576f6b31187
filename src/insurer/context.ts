import { type ExportDependencies, QUEUES } from '../exports/index.ts';
import type { Id } from '../platform/ids.ts';
import type { OutboxEntry } from '../platform/outbox.ts';

/** What the calls beside claims and check-ins need from outside. The database is the one of the export role. */
export type InsurerDependencies = Pick<
  ExportDependencies,
  | 'database'
  | 'gateway'
  | 'lanes'
  | 'secrets'
  | 'clock'
  | 'ledgerTime'
  | 'log'
  | 'signer'
  | 'submitTimeoutMs'
  | 'leaseMarginMs'
>;

export type WorkKind = 'lookup' | 'paper';

const WORKERS = {
  lookup: { queue: QUEUES.cardLookup, name: 'ask' },
  paper: { queue: QUEUES.paperSend, name: 'send' },
} as const;

/** The wish that something be done now. @param attempt how often it was begun before: another is another job */
export function workEntry(kind: WorkKind, facilityId: Id, subjectId: Id, attempt: number): OutboxEntry {
  return { ...WORKERS[kind], jobId: `${kind}.${subjectId}.${attempt}`, data: { facilityId, subjectId } };
}

export const later = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();
