import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, type Money, scale } from '../../platform/money.ts';
import { amount, number } from '../facts.ts';
import type { Law, PolicyReader, Ruling } from '../law.ts';

/** The multiples of the base salary that the law knows. */
export type Multiple = 'low-cost-visit' | 'annual-copay' | 'supply-package';

/** The base salary (reference level) of a day, đồng a month. @throws Problem `policy-not-in-force` */
export function baseSalary(date: LocalDate, law: Law): Ruling<Money> {
  return law.trace(date, 'BASE-SALARY', '', (policy) => {
    const salary = policy.decimal('base-salary');
    policy.note('salary', amount(salary));
    return salary;
  });
}

/** The threshold that a multiple of the base salary sets. @throws Problem `policy-not-in-force` */
export function threshold(multiple: Multiple, date: LocalDate, law: Law): Ruling<Money> {
  return law.trace(date, 'THRESHOLD', multiple, (policy) =>
    salaries(policy, policy.decimal('base-salary'), policy.decimal(`salary-multiple.${multiple}`)),
  );
}

/**
 * What the insurance office pays at most when a patient asks it directly. Information for the patient: the facility
 * pays nothing of it.
 * @source NĐ 188/2025/NĐ-CP Đ57; CV 302/CSYT-CĐ
 */
export function directReimbursementLimit(
  visit: 'outpatient' | 'inpatient' | 'inpatient-b' | 'inpatient-specialised',
  date: LocalDate,
  law: Law,
): Ruling<Money> {
  return law.trace(date, 'DIRECT-REIMBURSEMENT', visit, (policy) =>
    salaries(policy, policy.decimal('base-salary'), policy.entry('direct-reimbursement.limit', visit)),
  );
}

function salaries(policy: PolicyReader, salary: Money, multiple: Decimal): Money {
  const limit = scale(salary, multiple);
  policy.note('multiple', number(multiple));
  policy.note('limit', amount(limit));
  return limit;
}
