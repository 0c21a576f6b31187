import type { Law } from '../benefits/index.ts';
import { decimal } from '../platform/money.ts';
import type { BuiltIns } from './rule.ts';

/** What rules read of the law: the dated parameters of the benefits themselves, so that both always agree. */
export function builtInsOf(law: Law): BuiltIns {
  const valueOn = (id: string, day: string) =>
    law.parameters
      .find((parameter) => parameter.id === id)
      ?.values.find(({ from, to }) => from <= day && (to === null || day < to))?.value;
  return {
    baseSalary: (day) => {
      const found = valueOn('base-salary', day);
      return typeof found === 'string' ? decimal(found) : null;
    },
    routeFactor: (objectCode, inpatient, day) => {
      const found = valueOn(`route-factor.${objectCode}`, day);
      if (typeof found !== 'object' || Array.isArray(found)) return null;
      const factor = (found as Readonly<Record<string, string | null>>)[
        inpatient ? 'inpatient' : 'outpatient'
      ];
      return factor == null ? null : decimal(factor);
    },
  };
}
