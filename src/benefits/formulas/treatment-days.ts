import { daysBetween, type Instant, localDate } from '../../platform/dates.ts';
import { Problem } from '../../platform/problem.ts';
import type { Law } from '../law.ts';
import { loadPolicy } from '../policy-files.ts';
import { firstMoment } from './bed-days.ts';

let builtIn: Law | undefined;
function ownLaw(): Law {
  builtIn ??= loadPolicy();
  return builtIn;
}

/**
 * Days of treatment as a statistic; the bed-days that are charged follow other rules.
 * @param endedAt selects the text in force
 * @param admittedAt admission to a ward; counts as the first day when it lies inside the stay, else `arrivedAt` does
 * @param drugDays days of drugs handed out, needed for class 05
 * @param serviceDays days with a service, needed for class 08
 * @param law the product's own policy when absent
 * @throws Problem `policy-not-in-force` for a kind of care whose count no text read so far describes, or when the days
 *   that it needs are not given
 * @source QĐ 130/QĐ-BYT (as amended by 4750), bảng 1, SO_NGAY_DTRI
 */
export function treatmentDays(
  classCode: string,
  arrivedAt: Instant,
  endedAt: Instant,
  admittedAt: Instant | null,
  drugDays?: number,
  serviceDays?: number,
  law: Law = ownLaw(),
): number {
  const endDay = localDate(endedAt);
  const counts = law.trace(endDay, 'TREATMENT-DAYS', '', (policy) => ({
    none: policy.codes('treatment-days.none'),
    calendar: policy.codes('treatment-days.calendar'),
    drugs: policy.codes('treatment-days.drugs'),
    services: policy.codes('treatment-days.services'),
  })).value;
  if (counts.none.includes(classCode)) return 0;
  if (counts.calendar.includes(classCode))
    return daysBetween(localDate(firstMoment(arrivedAt, endedAt, admittedAt)), endDay) + 1;
  const given = counts.drugs.includes(classCode)
    ? drugDays
    : counts.services.includes(classCode)
      ? serviceDays
      : undefined;
  if (given === undefined)
    throw new Problem('policy-not-in-force', { what: `treatment-days.${classCode}`, date: endDay });
  return given;
}
