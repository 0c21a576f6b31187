import type { TransactionTotals } from '../gateway/index.ts';
import { type LocalDate, localDate, localDateTime } from '../platform/dates.ts';
import { money } from '../platform/money.ts';
import type { UnclearCalls } from './find-out.repo.ts';

/** Both clocks may be off, and the gateway tells minutes. */
const MINUTE_MS = 60_000;

/** The days on which the gateway may have received something of these calls. */
export function daysOf({ calledAt }: Pick<UnclearCalls, 'calledAt'>, callMs: number): LocalDate[] {
  const days = calledAt.flatMap((at) => {
    const called = Date.parse(at);
    return [localDate(new Date(called - MINUTE_MS)), localDate(new Date(called + callMs + MINUTE_MS))];
  });
  return [...new Set(days)];
}

/**
 * So far from each other two calls may begin, or end, and the same line of the list be meant: each is looked for from a
 * minute before it began to a minute after it may have ended, and a line tells whole minutes.
 */
export const rivalMs = (callMs: number): number => 2 * callMs + 3 * MINUTE_MS;

/**
 * Does the gateway's list of transactions prove that it has this claim? Only when one claim and one alone can be meant:
 * a transaction of one record, of its amount, while one of its calls was under way, that belongs to no other claim. The
 * list names no claim; whenever it could mean another, the same bytes are sent again, which harms nothing.
 * @param known transactions that the ledger has of other calls
 * @returns the transaction of the last call that arrived; null = nothing is proved
 */
export function provenBy(
  transactions: readonly TransactionTotals[],
  unclear: UnclearCalls,
  known: ReadonlySet<string>,
  callMs: number,
): TransactionTotals | null {
  if (unclear.rivals > 0) return null;
  const amount = money(unclear.amount);
  const windows = unclear.calledAt.map((at) => {
    const called = Date.parse(at);
    return [minuteOf(new Date(called - MINUTE_MS)), minuteOf(new Date(called + callMs + MINUTE_MS))] as const;
  });
  const fitting = transactions.filter((one) => {
    const told = minuteTold(one.sentAt);
    const isThen = told !== null && windows.some(([from, to]) => from <= told && told <= to);
    return isThen && one.records === 1 && one.amount?.eq(amount) === true && !known.has(one.transactionId);
  });
  return fitting.length > unclear.calledAt.length ? null : (fitting.at(-1) ?? null);
}

const minuteOf = (at: Date): string => localDateTime(at).slice(0, 16);

/** `dd/MM/yyyy HH:mm` → `yyyy-MM-ddTHH:mm`. */
function minuteTold(sentAt: string): string | null {
  const [, day, month, year, minute] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d)/.exec(sentAt) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}T${minute}`;
}
