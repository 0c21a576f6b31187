import { type Decimal, decimal, type Money, zero } from '../platform/money.ts';
import { type CardCover, cardCover } from './formulas/card-cover.ts';
import { insuredPrice } from './formulas/insured-price.ts';
import { grossAmount, insuredAmount } from './formulas/line-amounts.ts';
import type { Route } from './formulas/route-factor.ts';
import { scopeRate } from './formulas/scope-rate.ts';
import { serviceRate } from './formulas/service-rate.ts';
import { stentRate } from './formulas/stent-rate.ts';
import type { Law } from './law.ts';
import type { BenefitLine, BenefitVisit, RuleApplication } from './types.ts';

const whole = decimal('100');

/** A line on its way: what it costs and what of it is insured, before the whole visit has been looked at. */
export interface Draft {
  readonly line: BenefitLine;
  readonly cover: CardCover;
  readonly serviceRate: Decimal;
  readonly scopeRate: Decimal;
  readonly insuredUnitPrice: Decimal;
  readonly grossAmount: Money;
  readonly insuredAmount: Money;
  /** What of the insured amount the benefit rate applies to: all of it, but above the ceiling of a package. */
  readonly payable: Money;
  /** What would be insured without the ratio of the catalogue. */
  readonly beforeRatio: Money;
  /** A further stent under the stent rule counts to no package. */
  readonly isOutsidePackages: boolean;
  readonly because: readonly RuleApplication[];
}

const nothing = {
  scopeRate: zero,
  insuredAmount: zero,
  payable: zero,
  beforeRatio: zero,
  isOutsidePackages: false,
};

export function draftLine(line: BenefitLine, visit: BenefitVisit, route: Route, law: Law): Draft {
  const { policyDate } = visit;
  // A route that leaves nothing insures nothing, whatever the card.
  const cover: CardCover = route.insuresNothing
    ? { card: null, because: [] }
    : cardCover(line, visit, route.isEmergency, law);
  // Without a card the route decides nothing, unless it is the reason why there is none.
  const isUncovered = cover.because.length > 0 && !cover.card;
  const because = isUncovered ? [...cover.because] : [...cover.because, ...route.because];
  const service = serviceRate(line, policyDate, law);
  if (service) because.push(service.because);
  const rate = service?.value ?? whole;
  const price = insuredPrice(line, policyDate, law);
  const draft = {
    line,
    cover,
    serviceRate: rate,
    insuredUnitPrice: price.price,
    grossAmount: grossAmount(line.quantity, line.unitPrice, rate),
    because,
  };
  if (!cover.card) return { ...draft, ...nothing };

  const stent = stentRate(line, policyDate, law);
  const catalogueRate = stent?.value ?? line.catalogueRate;
  const scope = scopeRate(line.scopeCode, catalogueRate, cover.card.digit, policyDate, law);
  if (stent) because.push(stent.because);
  because.push(...scope.because, ...price.because);
  const insured = insuredAmount(line.quantity, price.price, rate, scope.rate);
  return {
    ...draft,
    scopeRate: scope.rate,
    insuredAmount: insured,
    payable: insured,
    beforeRatio: scope.rate.eq(zero) ? zero : insuredAmount(line.quantity, price.price, rate, whole),
    isOutsidePackages: stent !== null && line.stentOrdinal !== 1,
  };
}
