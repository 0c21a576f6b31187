import type { LocalDate } from '../../platform/dates.ts';
import type { Law } from '../law.ts';

/**
 * The day that selects base salary, route factor, rates and ceilings of a visit.
 * @param endedOn null while the visit lasts: then the day of arrival stands in
 * @source no official text; decision D1, which the law in force on the day of arrival answers
 */
export function policyDay(arrivedOn: LocalDate, endedOn: LocalDate | null, law: Law): LocalDate {
  const { value } = law.trace(arrivedOn, 'POLICY-DAY', '', (policy) =>
    policy.choice('decision.D1', ['arrival-day', 'discharge-day']),
  );
  return value === 'discharge-day' ? (endedOn ?? arrivedOn) : arrivedOn;
}
