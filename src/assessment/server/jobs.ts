import type { Id } from '../../platform/ids.ts';
import type { OutboxEntry } from '../../platform/outbox.ts';

export const RECHECK_QUEUE = 'recheck';
export const TRIAL_QUEUE = 'rule-trial';

/** The wish to work on a recheck. */
export const recheckEntry = (facilityId: Id, recheckId: Id): OutboxEntry => ({
  queue: RECHECK_QUEUE,
  name: 'recheck',
  jobId: `recheck.${recheckId}`,
  data: { facilityId, recheckId },
});

/** The wish to check again what a rule found at a facility. @param occasion the setting that calls for it */
export const ruleEntry = (facilityId: Id, rule: string, occasion: Id): OutboxEntry => ({
  queue: RECHECK_QUEUE,
  name: 'rule',
  jobId: `recheck-rule.${facilityId}.${occasion}`,
  data: { facilityId, rule },
});

/** The wish to run a trial. @param facilityId null = the office's */
export const trialEntry = (facilityId: Id | null, trialId: Id): OutboxEntry => ({
  queue: TRIAL_QUEUE,
  name: 'try',
  jobId: `trial.${trialId}`,
  data: { facilityId, trialId },
});
