import { daysBetween, type Instant, localDate } from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';
import type { Law } from '../law.ts';

const HOUR_MS = 3_600_000;

/** A stay in a ward, as far as its bed-days depend on it. */
export interface Stay {
  readonly arrivedAt: Instant;
  /** Admission to a ward; counts when it lies inside the stay. */
  readonly admittedAt: Instant | null;
  readonly endedAt: Instant;
  /** Moved or left still ill, or died: see `isStillIll`. */
  readonly isStillIll: boolean;
}

/**
 * Bed-days that are charged for a stay: none below 4 hours, one below 24 hours, else the day of leaving less the day
 * of coming, and one more for a patient who is moved or leaves still ill, or dies.
 * @throws Problem `policy-not-in-force` for a stay that began before 2018-07-15
 * @source TT 39/2024/TT-BYT Đ4c k1 (before 2025-01-01 TT 39/2018/TT-BYT); decision D14
 */
export function bedDays({ arrivedAt, admittedAt, endedAt, isStillIll }: Stay, law: Law): Decimal {
  const { value } = law.trace(localDate(arrivedAt), 'BED-DAYS', 'stay', (policy) => ({
    from: policy.choice('decision.D14', ['admission-else-arrival', 'arrival']),
    none: policy.entry('bed-days.hours', 'none'),
    day: policy.entry('bed-days.hours', 'day'),
    noDays: policy.entry('bed-days.short-stay', 'none'),
    oneDay: policy.entry('bed-days.short-stay', 'day'),
    stillIll: policy.decimal('bed-days.still-ill'),
  }));
  const begins = value.from === 'arrival' ? arrivedAt : firstMoment(arrivedAt, endedAt, admittedAt);
  const ms = Date.parse(endedAt) - Date.parse(begins);
  const isBelow = (hours: Decimal) => hours.times(String(HOUR_MS)).gt(String(ms));
  if (isBelow(value.none)) return value.noDays;
  if (isBelow(value.day)) return value.oneDay;
  const days = decimal(String(daysBetween(localDate(begins), localDate(endedAt))));
  return isStillIll ? days.plus(value.stillIll) : days;
}

/** Admission to a ward when it lies inside the stay, else arrival. */
export function firstMoment(arrivedAt: Instant, endedAt: Instant, admittedAt: Instant | null): Instant {
  if (admittedAt === null) return arrivedAt;
  const admitted = Date.parse(admittedAt);
  const isInside = admitted >= Date.parse(arrivedAt) && admitted <= Date.parse(endedAt);
  return isInside ? admittedAt : arrivedAt;
}

/**
 * Does the way in which a stay ended add a bed-day?
 * @param outcomeCode outcome of treatment (KET_QUA_DTRI)
 * @param dischargeCode kind of discharge (MA_LOAI_RV)
 * @source TT 39/2024/TT-BYT Đ4c k1 b, in its widest reading (decision D14)
 */
export function isStillIll(
  outcomeCode: string,
  dischargeCode: string,
  arrivedAt: Instant,
  law: Law,
): boolean {
  const { value } = law.trace(localDate(arrivedAt), 'BED-DAYS', 'still ill', (policy) => ({
    outcomes: policy.codes('bed-days.still-ill-outcomes'),
    discharges: policy.codes('bed-days.still-ill-discharges'),
  }));
  return value.outcomes.includes(outcomeCode) || value.discharges.includes(dischargeCode);
}

/**
 * Quantities of the bed-day of one patient who lay in several wards on one day: half in the dearest, half in the
 * cheapest, nothing in the others.
 * @param prices of the bed-day by ward, in the order of the stay; among equal prices the first is the dearest and the
 *   last the cheapest
 * @source QĐ 130/QĐ-BYT, TYLE_TT_DV
 */
export function wardQuantities(prices: readonly Decimal[], day: string, law: Law): readonly Decimal[] {
  if (prices.length < 2) return prices.map(() => decimal('1'));
  const { value } = law.trace(day, 'BED-DAYS', 'wards', (policy) => ({
    dearest: policy.entry('bed-days.two-wards', 'dearest'),
    cheapest: policy.entry('bed-days.two-wards', 'cheapest'),
    others: policy.entry('bed-days.two-wards', 'others'),
  }));
  const byPrice = prices.map((price, index) => ({ price, index })).toSorted((a, b) => b.price.cmp(a.price));
  const dearest = byPrice[0]!.index;
  const cheapest = byPrice.at(-1)!.index;
  return prices.map((_, index) => {
    if (index === dearest) return value.dearest;
    return index === cheapest ? value.cheapest : value.others;
  });
}
