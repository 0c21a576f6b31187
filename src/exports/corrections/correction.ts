import type { ClaimEventType } from '../../claims/index.ts';
import { addDays, type Instant, instantAt, localDate } from '../../platform/dates.ts';
import type { WorkingDays } from '../../platform/working-days.ts';

/** Why a claim version waits for a person. */
export type CorrectionCause =
  /** The gateway did not take it. */
  | 'refused'
  /** It answered what nobody understands. */
  | 'parked'
  /** The facility's account or certificate is not accepted: nothing of it can be sent. */
  | 'stopped'
  /** Errors were found after it was received. */
  | 'faulty'
  /** The assessor refuses money. */
  | 'rejected'
  /** It was assessed, and the facility has corrected the visit since. */
  | 'assessed';

/** Rules of the sender's table after which nothing of a facility goes out until a person acts. */
const STOPPING: ReadonlySet<string> = new Set([
  'account-refused',
  'session-refused-twice',
  'facility-refused',
  'signature-refused',
]);

/** The task that an event of a claim version opens; null = none. @param rule the event's cause */
export function causeOf(type: ClaimEventType, rule: string): CorrectionCause | null {
  if (type === 'notSent') return STOPPING.has(rule) ? 'stopped' : null;
  return type === 'refused' || type === 'parked' || type === 'faulty' || type === 'rejected' ? type : null;
}

/** Working days to put it right. @source TT 12/2026/TT-BTC Đ9 (structure: two), and its assessment flow (answer: three) */
const DAYS: Readonly<Record<CorrectionCause, number>> = {
  refused: 2,
  parked: 2,
  stopped: 2,
  faulty: 2,
  rejected: 3,
  assessed: 3,
};

/** The moment at which it is too late: the end of the last working day; the day on which it was said does not count. */
export function dueAt(cause: CorrectionCause, saidAt: Date, calendar: WorkingDays): Instant {
  return instantAt(addDays(calendar.plus(localDate(saidAt), DAYS[cause]), 1));
}

/** Payment was asked for, made or refused: the insurer has assessed the record, and only form 09/BH changes it. */
const ASSESSED: ReadonlySet<ClaimEventType> = new Set(['paymentRequested', 'settled', 'rejected']);
export const isAssessed = (types: readonly ClaimEventType[]): boolean =>
  types.some((type) => ASSESSED.has(type));

/** How to put it right. */
export type Remedy = 'new-version' | 'account-or-certificate' | 'form-09BH' | 'decide';
/** @param isNewest no later version of the visit was built */
export function remedyOf(cause: CorrectionCause, types: readonly ClaimEventType[], isNewest = true): Remedy {
  if (isAssessed(types)) return 'form-09BH';
  if (cause === 'parked' && isNewest && types.at(-1) === 'parked') return 'decide';
  return cause === 'stopped' ? 'account-or-certificate' : 'new-version';
}
