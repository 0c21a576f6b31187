import { addDays, type LocalDate } from '../../platform/dates.ts';
import { type Decimal, type Money, scale, zero } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import { amount, number, withFacts } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';
import type { RuleApplication, YearlyCopay } from '../types.ts';

interface YearlyLimit {
  readonly multiple: Decimal;
  readonly salary: Decimal;
}

/**
 * What is left of the copay of a year: a multiple of the base salary, less what was copaid. When the base salary
 * changes inside the year, what was copaid before counts in base salaries of then:
 * (6 − before ÷ old salary) × new salary − since. Rounded once, at the end of the division.
 * @param date a day of the year; selects the base salary
 * @returns đồng; negative when more has been copaid already
 * @throws Problem `policy-not-in-force` for copay from before a change in a year whose conversion no text gives;
 *   `invalid-body` for copay from before a change in a year without one
 * @source Luật BHYT Đ22 k1; NĐ 188/2025/NĐ-CP Đ18 k2; CV 302/CSYT-CĐ mục 2.5
 */
export function remainingCopay(
  { paid, paidBeforeChange }: Pick<YearlyCopay, 'paid' | 'paidBeforeChange'>,
  date: LocalDate,
  law: Law,
): { remaining: Money; because: RuleApplication } {
  const now = yearlyLimit(date, law);
  const limit = scale(now.value.salary, now.value.multiple);
  if (paidBeforeChange.eq(zero)) return { remaining: limit.minus(paid), because: now.because };

  const since = law.inForceSince('base-salary', date);
  if (since === null || since <= `${date.slice(0, 4)}-01-01`)
    throw new Problem('invalid-body', {}, [
      { pointer: '/yearlyCopay/paidBeforeChange', message: 'benefits.place.paidBeforeChange' },
    ]);
  const conversion = law.trace(date, 'LEVEL-FREECOPAY', 'conversion', (policy) =>
    policy.method('annual-copay.conversion', 'by-salary-multiples'),
  );
  const before = yearlyLimit(addDays(since, -1), law).value;
  const left = scale(before.salary, before.multiple).minus(paidBeforeChange);
  const parameters = [...now.because.parameters, ...conversion.because.parameters];
  return {
    remaining: scale(left, now.value.salary, before.salary).minus(paid),
    because: { ...now.because, parameters },
  };
}

function yearlyLimit(date: LocalDate, law: Law): Ruling<YearlyLimit> {
  return law.trace(date, 'LEVEL-FREECOPAY', 'limit', (policy) => {
    const multiple = policy.decimal('salary-multiple.annual-copay');
    policy.note('multiple', number(multiple));
    return { multiple, salary: policy.decimal('base-salary') };
  });
}

/** The copay of one line, and what decides whether it counts. */
export interface CopayLine<Line> {
  readonly line: Line;
  readonly date: LocalDate;
  readonly copay: Money;
}

/** What stays of the copay of a line, and the level of a line of which nothing stays. */
interface Shrunk {
  readonly copay: Money;
  readonly raisedLevel: Decimal;
  readonly because: RuleApplication;
}

/**
 * A visit that crosses the yearly limit: the copay of its lines, in the order in which they were carried out, until
 * the rest of the year is used up; what comes after is the fund's (decision D9). Only with a route that leaves the
 * whole level, and only from the day on which five years are full.
 * @param lines in the order in which they were carried out
 * @returns the lines whose copay shrinks
 * @source NĐ 188/2025/NĐ-CP Đ18 k2
 */
export function crossingVisit<Line>(
  lines: readonly CopayLine<Line>[],
  yearly: YearlyCopay,
  route: { readonly code: string | null; readonly factor: Decimal },
  policyDate: LocalDate,
  law: Law,
): ReadonlyMap<Line, Shrunk> {
  const shrunk = new Map<Line, Shrunk>();
  const counted = countedCopay(route.code, policyDate, law);
  if (!counted.counts || !route.factor.eq(counted.wholeRoute)) return shrunk;

  const { remaining, because } = remainingCopay(yearly, policyDate, law);
  let rest = remaining.gt(zero) ? remaining : zero;
  const told = {
    ...withFacts(because, { rest: amount(rest) }),
    parameters: [...because.parameters, ...counted.because.parameters],
    wording: 'crossing',
  };
  for (const { line, date, copay } of lines) {
    if (!isSameYear(date, policyDate)) continue;
    // Copay from before the five years are full counts to the limit too, but stays the patient's.
    const kept = copay.lt(rest) ? copay : rest;
    rest = rest.minus(kept);
    if (kept.lt(copay) && date >= yearly.fiveYearsFrom)
      shrunk.set(line, { copay: kept, raisedLevel: counted.raisedLevel, because: told });
  }
  return shrunk;
}

function isSameYear(a: LocalDate, b: LocalDate): boolean {
  return a.slice(0, 4) === b.slice(0, 4);
}

function countedCopay(code: string | null, date: LocalDate, law: Law) {
  const { value, because } = law.trace(date, 'LEVEL-FREECOPAY', `counted ${code}`, (policy) => {
    const crossing = policy.choice('decision.D9', ['limited-to-the-rest', 'from-next-visit']);
    const counted = policy.choice('decision.counted-copay', ['every-whole-route', 'not-self-referred']);
    const isLeftOut =
      counted === 'not-self-referred' &&
      code !== null &&
      policy.codes('annual-copay.self-referred').includes(code);
    return {
      counts: crossing === 'limited-to-the-rest' && !isLeftOut,
      wholeRoute: policy.decimal('raised-level.free-copay-route-factor'),
      raisedLevel: policy.decimal('raised-level.free-copay'),
    };
  });
  return { ...value, because };
}
