import { daysBetween, yearsBetween } from '../../../platform/dates.ts';
import { isoDay, type Row } from '../../rule.ts';
import { earliestBirth } from './birth.ts';

/** Completed years on that day, `yyyyMMdd`; null when the birth or the day is not known. */
export function yearsOn(xml1: Row, day: string | null): number | null {
  const birth = earliestBirth(xml1);
  return birth === null || day === null ? null : yearsBetween(isoDay(birth), isoDay(day));
}

/** Completed days on that day. */
export function daysOn(xml1: Row, day: string | null): number | null {
  const birth = earliestBirth(xml1);
  return birth === null || day === null ? null : daysBetween(isoDay(birth), isoDay(day));
}
