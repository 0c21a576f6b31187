import { type Decimal, decimal, type Money, zero } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { bedRate } from './formulas/bed-rate.ts';
import { benefitRate } from './formulas/benefit-rate.ts';
import { type CardCover, cardCover } from './formulas/card-cover.ts';
import { examRate } from './formulas/exam-rate.ts';
import { freeCopay } from './formulas/free-copay.ts';
import { insuredPrice } from './formulas/insured-price.ts';
import { grossAmount, insuredAmount, split } from './formulas/line-amounts.ts';
import { type LowCostVisit, lowCostVisit } from './formulas/low-cost-visit.ts';
import { packageCeiling } from './formulas/package-ceiling.ts';
import { type Route, routeFactor } from './formulas/route-factor.ts';
import { scopeRate } from './formulas/scope-rate.ts';
import { surgeryRate } from './formulas/surgery-rate.ts';
import type { Law, Ruling } from './law.ts';
import type {
  BenefitLine,
  BenefitResult,
  BenefitVisit,
  LineResult,
  RuleApplication,
  Totals,
} from './types.ts';

const whole = decimal('100');

/** A line on its way: what it costs and what of it is insured, before the whole visit has been looked at. */
interface Draft {
  readonly line: BenefitLine;
  readonly cover: CardCover;
  readonly serviceRate: Decimal;
  readonly scopeRate: Decimal;
  readonly insuredUnitPrice: Decimal;
  readonly grossAmount: Money;
  insuredAmount: Money;
  readonly because: RuleApplication[];
}

/**
 * Who pays what for one visit, line by line, and why. Pure: the same visit and law give the same result for ever.
 * Amounts in đồng with two decimals; for every line and for the totals
 * gross = insurer + copay + self-pay + other payers, exactly. Other payers are 0 for now.
 * @param visit facts; the order of its lines changes no total
 * @throws Problem `route-not-possible`, `unknown-code` or `policy-not-in-force` for what cannot be judged: there are no
 *   defaults
 * @source QĐ 130/QĐ-BYT (as amended by 4750, 3176, 1931); Luật BHYT Đ22
 */
export function assessVisit(visit: BenefitVisit, law: Law): BenefitResult {
  const route = routeFactor(visit, law);
  const drafts = visit.lines.map((line) => draftLine(line, visit, route, law));
  limitPackages(drafts, visit, law);
  const lowCost = lowCostVisit(
    sum(drafts, (draft) => draft.insuredAmount),
    visit.policyDate,
    law,
  );
  const lines = drafts.map((draft) => finishLine(draft, visit, route, lowCost, law));
  return {
    policyVersion: law.version,
    policyDate: visit.policyDate,
    lines,
    totals: totals(visit.lines, lines),
    isLowCostVisit: lowCost.raisedLevel !== null,
  };
}

function draftLine(line: BenefitLine, visit: BenefitVisit, route: Route, law: Law): Draft {
  // A route that leaves nothing insures nothing, whatever the card.
  const cover: CardCover = route.factor.gt(zero)
    ? cardCover(line, visit, route.isEmergency, law)
    : { card: null, because: [] };
  // Without a card the route decides nothing, unless it is the reason why there is none.
  const because =
    cover.because.length > 0 && !cover.card ? [...cover.because] : [...cover.because, route.because];
  const service = serviceRate(line, visit, law);
  if (service) because.push(service.because);
  const rate = service?.value ?? whole;
  const price = insuredPrice(line, visit.policyDate, law);
  const gross = grossAmount(line.quantity, line.unitPrice, rate);
  const draft = {
    line,
    cover,
    serviceRate: rate,
    insuredUnitPrice: price.price,
    grossAmount: gross,
    because,
  };
  if (!cover.card) return { ...draft, scopeRate: zero, insuredAmount: zero };
  const scope = scopeRate(line.scopeCode, line.catalogueRate, cover.card.digit, visit.policyDate, law);
  because.push(...scope.because, ...price.because);
  return {
    ...draft,
    scopeRate: scope.rate,
    insuredAmount: insuredAmount(line.quantity, price.price, rate, scope.rate),
  };
}

/** Percent of the price that is charged at all; null = the whole price, because nothing recorded reduces it. */
function serviceRate(line: BenefitLine, visit: BenefitVisit, law: Law): Ruling<Decimal> | null {
  const { kind, examOrdinal, sameDayReturn, surgeryRole, bedOccupants } = line;
  if (kind === 'exam') {
    // Without its place in the series the fee of an examination is not known, and it is not guessed. The one that
    // opens a second visit of the day is by that the first of its visit.
    const ordinal = examOrdinal ?? (sameDayReturn === true ? 1 : 0);
    if (ordinal < 1)
      throw new Problem('unknown-code', {}, [
        { pointer: '/examOrdinal', message: 'benefits.place.examOrdinal' },
      ]);
    return examRate(ordinal, sameDayReturn === true, visit.policyDate, law);
  }
  if (kind === 'bed' && bedOccupants !== undefined) return bedRate(bedOccupants, visit.policyDate, law);
  if (surgeryRole !== undefined) return surgeryRate(surgeryRole, visit.policyDate, law);
  return null;
}

function limitPackages(drafts: readonly Draft[], visit: BenefitVisit, law: Law): void {
  const packages = Map.groupBy(
    drafts.filter(
      ({ line, insuredAmount: insured }) => line.kind === 'supply' && line.packageCode && insured.gt(zero),
    ),
    ({ line }) => line.packageCode,
  );
  if (packages.size === 0) return;
  const unlimited = law.trace(visit.policyDate, 'CAP-PACKAGE', 'digits', (policy) =>
    policy.codes('scope.unlimited-digits'),
  ).value;
  for (const members of packages.values()) {
    const limited = members.filter(({ cover }) => cover.card && !unlimited.includes(cover.card.digit));
    if (limited.length === 0) continue;
    const { insured, because } = packageCeiling(
      limited.map((draft) => draft.insuredAmount),
      visit.policyDate,
      law,
    );
    if (!because) continue;
    for (const [index, draft] of limited.entries()) {
      draft.insuredAmount = insured[index]!;
      draft.because.push(because);
    }
  }
}

function finishLine(
  draft: Draft,
  visit: BenefitVisit,
  route: Route,
  lowCost: LowCostVisit,
  law: Law,
): LineResult {
  const { line, cover, because } = draft;
  const share = cover.card
    ? benefitRate(cover.card.level, route.factor, [
        route.raisedLevel,
        lowCost.raisedLevel,
        freeCopay(visit.coverages, line.date, route.factor, law),
      ])
    : { rate: zero, because: [] };
  return {
    id: line.id,
    serviceRate: draft.serviceRate,
    scopeRate: draft.scopeRate,
    insuredUnitPrice: draft.insuredUnitPrice,
    benefitRate: share.rate,
    grossAmount: draft.grossAmount,
    insuredAmount: draft.insuredAmount,
    ...split(draft.grossAmount, draft.insuredAmount, share.rate),
    otherPayers: zero,
    because: share.because.length > 0 ? [...because, ...share.because] : because,
  };
}

function totals(lines: readonly BenefitLine[], results: readonly LineResult[]): Totals {
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

function sum<T>(items: readonly T[], part: (item: T) => Money): Money {
  return items.reduce((total, item) => total.plus(part(item)), zero);
}
