import type { LocalDate } from '../platform/dates.ts';
import { type Decimal, decimalText, type Money, moneyText } from '../platform/money.ts';
import type { Fact, RuleApplication } from './types.ts';

export const percent = (value: Decimal): Fact => ({ kind: 'percent', value: decimalText(value) });
export const number = (value: Decimal): Fact => ({ kind: 'number', value: decimalText(value) });
export const amount = (value: Money): Fact => ({ kind: 'money', value: moneyText(value) });
export const price = (value: Decimal): Fact => ({ kind: 'price', value: decimalText(value) });
export const day = (value: LocalDate): Fact => ({ kind: 'day', value });
export const code = (value: string): Fact => ({ kind: 'code', value });

/** The same rule with what is particular to this visit or line; the shared object stays as it is. */
export function withFacts(because: RuleApplication, facts: Readonly<Record<string, Fact>>): RuleApplication {
  return { ...because, facts: { ...because.facts, ...facts } };
}
