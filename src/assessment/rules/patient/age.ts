import { daysBetween, yearsBetween } from '../../../platform/dates.ts';
import type { CatalogueRow } from '../../catalogues.ts';
import { type Claim, isoDay, type Row, value } from '../../rule.ts';
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

/** Limits of a catalogue row: minDays, maxDays (age), sex. */
const limit = (row: CatalogueRow, column: string) =>
  row[column] === undefined || row[column] === '' ? null : Number(row[column]);

/** Does the row of a catalogue (drug or service) limit the age or the sex? */
export const isForSome = (row: CatalogueRow) =>
  limit(row, 'minDays') !== null ||
  limit(row, 'maxDays') !== null ||
  ['1', '2'].includes(String(row.sex ?? ''));

/** What of the patient does not fit the limits on that day; null when all does, or cannot be told. */
export function misfit({ xml1 }: Claim, row: CatalogueRow, day: string): string | null {
  const sex = value(xml1, 'GIOI_TINH');
  const wanted = String(row.sex ?? '');
  if (['1', '2'].includes(wanted) && ['1', '2'].includes(sex) && sex !== wanted) return `GIOI_TINH ${sex}`;
  const age = daysOn(xml1, day);
  const [least, most] = [limit(row, 'minDays'), limit(row, 'maxDays')];
  const isOutside = age !== null && ((least !== null && age < least) || (most !== null && age > most));
  return isOutside ? `NGAY_SINH ${value(xml1, 'NGAY_SINH')}` : null;
}
