import { zero } from '../platform/money.ts';
import { type Draft, draftLine } from './draft.ts';
import { benefitRate } from './formulas/benefit-rate.ts';
import { freeCopay } from './formulas/free-copay.ts';
import { split } from './formulas/line-amounts.ts';
import { type LowCostVisit, lowCostVisit } from './formulas/low-cost-visit.ts';
import { withOtherPayer } from './formulas/other-payers.ts';
import { type Route, routeFactor } from './formulas/route-factor.ts';
import { crossingVisit } from './formulas/yearly-limit.ts';
import type { Law } from './law.ts';
import { byName } from './line-order.ts';
import { limitInsured, limitPayments, type Shared } from './packages.ts';
import { sum, totals } from './totals.ts';
import type { BenefitLine, BenefitResult, BenefitVisit, LineResult } from './types.ts';

/**
 * Who pays what for one visit, line by line, and why. Pure: the same visit and law give the same result for ever.
 * Amounts in đồng with two decimals; for every line and for the totals
 * gross = insurer + copay + self-pay + other payers, exactly.
 * @param visit facts; the order of its lines changes no amount
 * @throws Problem `route-not-possible`, `unknown-code`, `invalid-body` or `policy-not-in-force` for what cannot be
 *   judged: there are no defaults
 * @source QĐ 130/QĐ-BYT (as amended by 4750, 3176, 1931); Luật BHYT Đ22
 */
export function assessVisit(visit: BenefitVisit, law: Law): BenefitResult {
  const route = routeFactor(visit, law);
  const drafted = visit.lines.map((line) => draftLine(line, visit, route, law));
  const drafts = limitInsured(drafted, visit, law);
  const cost = {
    afterRatio: sum(drafts, (draft) => draft.insuredAmount),
    beforeRatio: sum(drafts, (draft) => draft.beforeRatio),
  };
  const lowCost = lowCostVisit(cost, route.factor, visit.policyDate, law);
  const shared = drafts.map((draft) => shareLine(draft, visit, route, lowCost, law));
  const paid = limitPayments(shared, visit, law).map((one) => withPayer(one, visit, law));
  const lines = withinYearlyLimit(paid, visit, route, law).map(lineResult);
  return {
    policyVersion: law.version,
    policyDate: visit.policyDate,
    lines,
    totals: totals(visit.lines, lines),
    isLowCostVisit: lowCost.raisedLevel !== null,
    lowCostLimit: lowCost.limit,
    routeFactor: route.factor,
  };
}

function shareLine(draft: Draft, visit: BenefitVisit, route: Route, lowCost: LowCostVisit, law: Law): Shared {
  const { line, cover, insuredAmount, because } = draft;
  const share = cover.card
    ? benefitRate(cover.card.level, route.factor, [
        route.raisedLevel,
        lowCost.raisedLevel,
        freeCopay(visit.coverages, line.date, route.factor, law),
      ])
    : { rate: zero, because: [] };
  return {
    draft,
    insuredAmount,
    rate: share.rate,
    parts: split(draft.grossAmount, insuredAmount, draft.payable, share.rate),
    because: [...because, ...share.because],
  };
}

function withPayer(one: Shared, { policyDate }: BenefitVisit, law: Law): Shared {
  const { otherPayer } = one.draft.line;
  if (!otherPayer) return one;
  const { parts, because } = withOtherPayer(one.parts, otherPayer, policyDate, law);
  return because ? { ...one, parts, because: [...one.because, because] } : one;
}

/** What the patient copays himself, in the order in which the lines were carried out, ends with the yearly limit. */
function withinYearlyLimit(
  lines: readonly Shared[],
  { yearlyCopay, routeCode, policyDate }: BenefitVisit,
  route: Route,
  law: Law,
): readonly Shared[] {
  if (!yearlyCopay) return lines;
  const inOrder = lines
    .toSorted((a, b) => byTime(a.draft.line, b.draft.line))
    .map(({ draft: { line }, parts: { copay } }) => ({ line, date: line.date, copay }));
  const way = { code: routeCode, factor: route.factor };
  const shrunk = crossingVisit(inOrder, yearlyCopay, way, policyDate, law);
  return lines.map((one) => {
    const end = shrunk.get(one.draft.line);
    if (!end) return one;
    const { insurerPays, copay } = one.parts;
    const parts = { ...one.parts, copay: end.copay, insurerPays: insurerPays.plus(copay).minus(end.copay) };
    // A line that lies wholly beyond the limit has the raised level; one that crosses it keeps its own.
    const rate = end.copay.eq(zero) ? end.raisedLevel : one.rate;
    return { ...one, parts, rate, because: [...one.because, end.because] };
  });
}

function byTime(a: BenefitLine, b: BenefitLine): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return moment(a) - moment(b) || byName(a, b);
}

/** A line known only by its day comes before those of that day that are known to the minute. */
function moment({ performedAt }: BenefitLine): number {
  return performedAt === undefined ? 0 : Date.parse(performedAt);
}

function lineResult({ draft, insuredAmount, rate, parts, because }: Shared): LineResult {
  return {
    id: draft.line.id,
    serviceRate: draft.serviceRate,
    scopeRate: draft.scopeRate,
    insuredUnitPrice: draft.insuredUnitPrice,
    benefitRate: rate,
    grossAmount: draft.grossAmount,
    insuredAmount,
    ...parts,
    because,
  };
}
