import type { Law } from '../benefits/index.ts';
import { yearsBetween } from '../platform/dates.ts';
import { type Decimal, decimal, decimalText, scale } from '../platform/money.ts';
import type { BuiltIns } from './rule.ts';

/** What rules read of the law: the dated parameters of the benefits themselves, so that both always agree. */
export function builtInsOf(law: Law): BuiltIns {
  const byId = new Map(law.parameters.map((parameter) => [parameter.id, parameter]));
  const valueOn = (id: string, day: string) =>
    byId.get(id)?.values.find(({ from, to }) => from <= day && (to === null || day < to))?.value;
  const decimalOn = (id: string, day: string): Decimal | null => {
    const found = valueOn(id, day);
    return typeof found === 'string' ? decimal(found) : null;
  };
  const entryOn = (id: string, key: string, day: string): Decimal | null => {
    const found = valueOn(id, day);
    if (typeof found !== 'object' || Array.isArray(found)) return null;
    const entry = (found as Readonly<Record<string, string | null>>)[key];
    return entry == null ? null : decimal(entry);
  };

  return remembering({
    baseSalary: (day) => decimalOn('base-salary', day),
    routeFactor: (objectCode, inpatient, day) =>
      entryOn(`route-factor.${objectCode}`, inpatient ? 'inpatient' : 'outpatient', day),
    cardLevel: (groupAndDigit, day, arrival, birth) => {
      const override = `card-digit-override.${groupAndDigit}`;
      const age = birth === null ? null : String(yearsBetween(birth, arrival));
      const byAge = valueOn('decision.D12', day) !== 'every-card';
      const isTooYoung = byAge && age !== null && entryOn(override, 'minimumAge', day)?.gt(age);
      const moved = isTooYoung ? null : entryOn(override, 'digit', day);
      return decimalOn(`card-level.${moved ? decimalText(moved) : groupAndDigit.charAt(2)}`, day);
    },
    graceDays: (type, day) => {
      const types = valueOn('card-cover.grace-classes', day);
      const applies = Array.isArray(types) && types.includes(type);
      return applies ? Number(valueOn('card-cover.grace-days', day)) : 0;
    },
    lowCostLimit: (day) => {
      const salary = decimalOn('base-salary', day);
      const share = decimalOn('salary-multiple.low-cost-visit', day);
      return salary && share && scale(salary, share);
    },
  });
}

/** The same days, classes and cards are asked for row by row and claim by claim. */
function remembering(law: BuiltIns): BuiltIns {
  const kept = <Asked extends readonly (string | boolean | null)[], T>(ask: (...asked: Asked) => T) => {
    const known = new Map<string, { readonly said: T }>();
    return (...asked: Asked): T => {
      const key = asked.join('|');
      const before = known.get(key);
      if (before) return before.said;
      const said = ask(...asked);
      if (known.size >= MOST_KEPT) known.clear();
      known.set(key, { said });
      return said;
    };
  };
  return {
    baseSalary: kept((day: string) => law.baseSalary(day)),
    routeFactor: kept((code: string, inpatient: boolean, day: string) =>
      law.routeFactor(code, inpatient, day),
    ),
    cardLevel: kept((code: string, day: string, arrival: string, birth: string | null) =>
      law.cardLevel(code, day, arrival, birth),
    ),
    graceDays: kept((type: string, day: string) => law.graceDays(type, day)),
    lowCostLimit: kept((day: string) => law.lowCostLimit(day)),
  };
}

const MOST_KEPT = 10_000;
