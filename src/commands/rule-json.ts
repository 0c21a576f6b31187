import type { RuleApplication } from '../benefits/index.ts';
import { addDays, type LocalDate } from '../platform/dates.ts';

/** The last day, as official texts count: inside we count to the day after. */
export function lastDay(to: LocalDate | null): LocalDate | null {
  return to === null ? null : addDays(to, -1);
}

/** A rule as commands print it: every value read, on its first to its last day. */
export function ruleJson({ rule, article, parameters }: RuleApplication) {
  return {
    rule,
    article,
    parameters: parameters.map((parameter) => ({ ...parameter, to: lastDay(parameter.to) })),
  };
}
