import { type Money, zero } from '../platform/money.ts';
import type { BenefitLine, LineResult, Totals } from './types.ts';

/** Totals are sums of the rounded lines. @param results one per line, in the same order */
export function totals(lines: readonly BenefitLine[], results: readonly LineResult[]): Totals {
  const ofKinds = (...kinds: readonly BenefitLine['kind'][]) =>
    sum(
      results.filter((_, index) => kinds.includes(lines[index]!.kind)),
      (line) => line.grossAmount,
    );
  const copay = sum(results, (line) => line.copay);
  const selfPay = sum(results, (line) => line.selfPay);
  return {
    grossAmount: sum(results, (line) => line.grossAmount),
    insuredAmount: sum(results, (line) => line.insuredAmount),
    insurerPays: sum(results, (line) => line.insurerPays),
    copay,
    selfPay,
    otherPayers: sum(results, (line) => line.otherPayers),
    drugAmount: ofKinds('drug', 'blood'),
    supplyAmount: ofKinds('supply'),
    patientPays: copay.plus(selfPay),
  };
}

export function sum<T>(items: readonly T[], part: (item: T) => Money): Money {
  return items.reduce((total, item) => total.plus(part(item)), zero);
}
