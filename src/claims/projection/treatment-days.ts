import type { Instant } from '../../platform/dates.ts';
import { daysBetween, localDate } from '../../platform/dates.ts';

/** Same signature as `treatmentDays` of the benefits module, which replaces this file as soon as it is there. */
export function treatmentDays(stay: {
  readonly classCode: string;
  readonly arrivedAt: Instant;
  readonly admittedAt: Instant | null;
  readonly endedAt: Instant;
  readonly drugDays: number;
  readonly serviceDays: number;
}): number {
  if (['02', '03', '04', '06'].includes(stay.classCode)) {
    return daysBetween(localDate(stay.arrivedAt), localDate(stay.endedAt)) + 1;
  }
  if (stay.classCode === '05') return stay.drugDays;
  return stay.classCode === '08' ? stay.serviceDays : 0;
}
