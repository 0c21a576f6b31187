import type { LocalDate } from '../platform/dates.ts';
import type { Parameter } from './law.ts';
import { PolicyFileError } from './policy-error.ts';

/** What the formulas read on every day of `[from, to)`. */
export interface Required {
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly ids: readonly string[];
}

/** @throws PolicyFileError when a parameter is missing, begins later, ends earlier or pauses: a gap that matters */
export function checkComplete(
  file: string,
  required: readonly Required[],
  parameters: readonly Parameter[],
): void {
  const byId = new Map(parameters.map((parameter) => [parameter.id, parameter]));
  for (const { from, to = null, ids } of required)
    for (const id of ids) {
      const gap = firstGap(byId.get(id), from, to);
      if (gap !== null) throw new PolicyFileError(file, id, `required, but nothing holds on ${gap}`);
    }
}

/** The first day in `[from, to)` without a value, or null. The values are in order and do not overlap. */
function firstGap(parameter: Parameter | undefined, from: LocalDate, to: LocalDate | null): LocalDate | null {
  let day = from;
  for (const value of parameter?.values ?? []) {
    if (value.from > day) return day;
    if (value.to === null || (to !== null && value.to >= to)) return null;
    if (value.to > day) day = value.to;
  }
  return day;
}
