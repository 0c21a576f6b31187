import type { ContentProblem, TransactionTotals } from '../../gateway/index.ts';
import { type Instant, instantAt } from '../../platform/dates.ts';
import type { PortalRow } from './read.ts';

/** Structure errors are told within a day: until then a record without any only has none yet. @source TT 12/2026 Đ9 */
const CHECKED_AFTER_MS = 24 * 3_600_000;

/** What the gateway answered about one transaction of a day. */
export interface AskedTransaction extends TransactionTotals {
  /** What was wrong with it; empty when it was not asked. */
  readonly errors: readonly ContentProblem[];
}

/**
 * Answers of E11 and E12 as rows of the portal. A transaction whose check may still go on, or whose counts cannot be read,
 * says nothing yet.
 */
export function rowsOfAnswers(asked: readonly AskedTransaction[], now: Date): PortalRow[] {
  return asked.flatMap(({ transactionId, sentAt, good, bad, errors }) => {
    const isBad = (bad ?? 0) > 0;
    const at = instantOf(sentAt);
    const isChecked = at !== null && now.getTime() - Date.parse(at) >= CHECKED_AFTER_MS;
    if (!isBad && !(isChecked && bad === 0 && (good ?? 0) > 0)) return [];
    return [
      {
        number: null,
        transactionId,
        claimKey: null,
        facilityCode: null,
        status: isBad ? ('faulty' as const) : ('good' as const),
        payment: null,
        amount: null,
        sentAt,
        code: errors[0]?.code || null,
        text:
          errors.length === 0
            ? null
            : errors
                .map(({ text }) => text)
                .join('; ')
                .slice(0, 2_000),
        unreadable: [],
      },
    ];
  });
}

/** `dd/MM/yyyy HH:mm` on the wall clock in Viet Nam. */
function instantOf(text: string): Instant | null {
  const [, day, month, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d)/.exec(text) ?? [];
  if (time === undefined) return null;
  const at = instantAt(`${year}-${month}-${day}`, `${time}:00`);
  return Number.isNaN(Date.parse(at)) ? null : at;
}
