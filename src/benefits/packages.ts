import { type Money, zero } from '../platform/money.ts';
import type { Draft } from './draft.ts';
import type { Parts } from './formulas/line-amounts.ts';
import { limitPackage, type PackageRule, packageRule } from './formulas/package-ceiling.ts';
import type { Law, Ruling } from './law.ts';
import { byName } from './line-order.ts';
import type { BenefitLine, BenefitVisit, RuleApplication } from './types.ts';

/** The lines of each supply package, in the order in which a remainder is shared out; most visits have none. */
export function packagesOf(lines: readonly BenefitLine[]): readonly (readonly BenefitLine[])[] {
  const members = lines.filter(({ kind, packageCode }) => kind === 'supply' && packageCode);
  return [...Map.groupBy(members, ({ packageCode }) => packageCode).values()].map((one) =>
    one.toSorted(byName),
  );
}

type Limits = ReadonlyMap<BenefitLine, { readonly amount: Money; readonly because: RuleApplication }>;

/** What stays of the amounts of packages above their ceiling. */
function limitsOf(
  packages: readonly (readonly BenefitLine[])[],
  drafts: ReadonlyMap<BenefitLine, Draft>,
  amountOf: (line: BenefitLine) => Money,
  rule: Ruling<PackageRule>,
): Limits {
  const limits = new Map<BenefitLine, { amount: Money; because: RuleApplication }>();
  for (const lines of packages) {
    const limited = lines.filter(
      (line) => isLimited(drafts.get(line)!, rule.value) && amountOf(line).gt(zero),
    );
    const { amounts, because } = limitPackage(limited.map(amountOf), rule);
    if (because)
      for (const [index, line] of limited.entries()) limits.set(line, { amount: amounts[index]!, because });
  }
  return limits;
}

function isLimited(draft: Draft, { exemptDigits }: PackageRule): boolean {
  const { card } = draft.cover;
  return !!card && !draft.isOutsidePackages && !exemptDigits.includes(card.digit);
}

/** Where the ceiling limits what is insured. */
export function limitInsured(drafts: readonly Draft[], visit: BenefitVisit, law: Law): readonly Draft[] {
  const packages = packagesOf(visit.lines);
  if (packages.length === 0) return drafts;
  const rule = packageRule(visit.policyDate, law);
  if (rule.value.limits !== 'insured-amount') return drafts;
  const byLine = new Map(drafts.map((draft) => [draft.line, draft]));
  const limits = limitsOf(packages, byLine, (line) => byLine.get(line)!.insuredAmount, rule);
  return drafts.map((draft) => {
    const limit = limits.get(draft.line);
    if (!limit) return draft;
    const because = [...draft.because, limit.because];
    // Above the ceiling is the patient's: outside what is insured, or inside it and not paid.
    return rule.value.excess === 'self-pay'
      ? { ...draft, insuredAmount: limit.amount, payable: limit.amount, because }
      : { ...draft, payable: limit.amount, because };
  });
}

/** A line with its parts. */
export interface Shared {
  readonly draft: Draft;
  readonly insuredAmount: Money;
  readonly rate: Draft['scopeRate'];
  readonly parts: Parts;
  readonly because: readonly RuleApplication[];
}

/** Where the ceiling limits what the fund pays. */
export function limitPayments(lines: readonly Shared[], visit: BenefitVisit, law: Law): readonly Shared[] {
  const packages = packagesOf(visit.lines);
  if (packages.length === 0) return lines;
  const rule = packageRule(visit.policyDate, law);
  if (rule.value.limits !== 'fund-payment') return lines;
  const byLine = new Map(lines.map((one) => [one.draft.line, one]));
  const drafts = new Map(lines.map(({ draft }) => [draft.line, draft]));
  const limits = limitsOf(packages, drafts, (line) => byLine.get(line)!.parts.insurerPays, rule);
  return lines.map((one) => {
    const limit = limits.get(one.draft.line);
    return limit ? reduced(one, limit.amount, limit.because, rule.value.excess) : one;
  });
}

function reduced(
  one: Shared,
  insurerPays: Money,
  cause: RuleApplication,
  excess: PackageRule['excess'],
): Shared {
  const { parts, insuredAmount } = one;
  const above = parts.insurerPays.minus(insurerPays);
  const because = [...one.because, cause];
  return excess === 'copay'
    ? { ...one, parts: { ...parts, insurerPays, copay: parts.copay.plus(above) }, because }
    : {
        ...one,
        insuredAmount: insuredAmount.minus(above),
        parts: { ...parts, insurerPays, selfPay: parts.selfPay.plus(above) },
        because,
      };
}
