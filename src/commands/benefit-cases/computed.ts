import type { RuleApplication } from '../../benefits/index.ts';
import { type Decimal, decimalText } from '../../platform/money.ts';

/** What an expectation may be compared with. */
export type Value = Decimal | boolean | string | readonly string[];

/** An amount and the rules that shaped it, in order. */
export interface Explanation {
  readonly path: string;
  readonly amount: Value;
  readonly rules: readonly RuleApplication[];
}

/** A case that was computed. Values are asked for by path: what nobody expects is not computed. */
export interface Computed {
  value(path: string): Value | undefined;
  readonly explanation: readonly Explanation[];
}

export function valueText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return isList(value) ? value.join(' ') : decimalText(value);
}

export function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
