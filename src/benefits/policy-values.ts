import { isLocalDate, type LocalDate } from '../platform/dates.ts';
import type { ParameterValue, RawValue } from './law.ts';
import { PolicyFileError } from './policy-error.ts';

/** A value as it stands in a policy file. */
export interface FileValue {
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly value: RawValue;
  readonly source: string;
  readonly article?: string;
  readonly grade: ParameterValue['grade'];
  /** Why nothing holds between `to` and the next value. */
  readonly pause?: string;
}

/**
 * Gives each value its end: its own `to`, else the first day of the next value, else none.
 * @throws PolicyFileError on a day that does not exist, a wrong order, an overlap, or a gap that gives no reason
 */
export function halfOpen(file: string, id: string, values: readonly FileValue[]): ParameterValue[] {
  return values.map((value, index) => {
    const next = values[index + 1];
    const fault = faultOf(value, next);
    if (fault) throw new PolicyFileError(file, id, fault);
    return {
      from: value.from,
      to: value.to ?? next?.from ?? null,
      value: value.value,
      source: value.source,
      article: value.article ?? value.source,
      grade: value.grade,
    };
  });
}

function faultOf({ from, to, pause }: FileValue, next: FileValue | undefined): string | null {
  const unreal = [from, to].find((day) => day !== undefined && !isLocalDate(day));
  if (unreal !== undefined) return `${unreal} is not a day of the calendar`;
  if (to !== undefined && to <= from) return `the value from ${from} ends before it begins (${to})`;
  if (!next) return pause === undefined ? null : `the value from ${from} pauses, but none follows`;
  if (next.from <= from) return `wrong order: ${next.from} stands after ${from}`;
  if (to !== undefined && to > next.from)
    return `overlap: the value from ${from} runs until ${to}, the next begins on ${next.from}`;
  const isGap = to !== undefined && to < next.from;
  if (isGap && pause === undefined)
    return `gap: nothing holds from ${to} until ${next.from}, and no "pause" says why`;
  if (!isGap && pause !== undefined) return `the value from ${from} pauses, but the next follows at once`;
  return null;
}
