import { Problem, type ProblemPlace } from '../platform/problem.ts';
import { percent } from './facts.ts';
import type { Law } from './law.ts';
import { fits, type RouteFacts } from './route-facts.ts';
import type { LegacyRoute, RuleApplication } from './types.ts';

/** The way to the facility as the facts show it, with the reason; the user may choose another with a reason. */
export interface RouteProposal {
  /** Object code; null before 2025-01-01. */
  readonly routeCode: string | null;
  readonly legacyRoute: LegacyRoute | null;
  /** Percent of the card's level that it leaves; for a sentence ask `explain(because)`. */
  readonly because: RuleApplication;
  /** Other codes that the facts fit too, in the order of the table. */
  readonly alsoFit: readonly string[];
}

/**
 * Proposes the object code that the facts show: of those that fit, the first in the order of the table.
 * @throws Problem `route-not-possible` when none fits, or a paper without a number is all there is; `policy-not-in-force`
 *   before 2015-01-01
 * @source QĐ 3276/QĐ-BYT (2025), phụ lục 1; before 2025 Luật BHYT 2014 Đ22
 */
export function proposeRoute(facts: RouteFacts, law: Law): RouteProposal {
  if (!law.isInForce('route.order', facts.date)) return legacyProposal(facts, law);
  const { value: order } = law.trace(facts.date, 'ROUTE-ORDER', '', (policy) => policy.codes('route.order'));
  const fitting = order.filter((code) => fits(code, facts, law) && objections(code, facts, law).length === 0);
  const [routeCode, ...alsoFit] = fitting;
  if (routeCode === undefined) {
    // What fits but for a paper's number says what to do better than "nothing fits".
    const almost = order.find((code) => fits(code, facts, law));
    const places = almost === undefined ? [NOTHING_FITS] : objections(almost, facts, law);
    throw refused(almost ?? '-', facts, places);
  }
  return { routeCode, legacyRoute: null, because: reasonFor(routeCode, facts, law), alsoFit };
}

const NOTHING_FITS: ProblemPlace = { pointer: '/routeCode', message: 'benefits.place.noRouteFits' };

/**
 * What speaks against a code, whoever proposes it: the kind of care, a paper without a number, no area of residence.
 * Facts that only make another code likelier do not: a person may know more than the record.
 * @param needsPaper false while the paper may still come
 */
export function objections(
  code: string,
  facts: RouteFacts,
  law: Law,
  needsPaper = true,
): readonly ProblemPlace[] {
  const { date, care } = facts;
  const id = `route-factor.${code}`;
  if (!law.isInForce(id, date)) return [{ pointer: '/routeCode', message: 'benefits.place.routeCode' }];
  const column = law.trace(date, `ROUTE-${code}`, `proposed ${care}`, (policy) =>
    policy.entryOrNull(id, care),
  );
  const conditions = law.trace(date, 'ROUTE-CONDITION', `proposed ${code}`, (policy) => ({
    papers: policy.codes('route.paper-number'),
    areas: law.isInForce(`route.areas.${code}`, date) ? policy.codes(`route.areas.${code}`) : null,
  })).value;
  const isMissing: readonly (readonly [boolean, ProblemPlace])[] = [
    [column.value === null, { pointer: '/routeCode', message: 'benefits.place.routeColumn' }],
    [
      needsPaper && conditions.papers.includes(code) && !paperOf(code, facts),
      { pointer: '/paperNumber', message: 'benefits.place.paperNumber' },
    ],
    [
      conditions.areas !== null && !conditions.areas.includes(facts.areaCode ?? ''),
      { pointer: '/coverages', message: 'benefits.place.routeArea' },
    ],
  ];
  return isMissing.flatMap(([missing, place]) => (missing ? [place] : []));
}

/** The number of the paper that a code stands on: transfer or appointment. */
function paperOf(code: string, { transfer, appointment }: RouteFacts): string | null {
  return (code === '1.3' ? transfer?.number : appointment?.number)?.trim() || null;
}

/**
 * A code that the user prefers to the proposal.
 * @param reason why; kept with the visit
 * @param needsPaper false while the paper may still come
 * @throws Problem `route-not-possible` without a reason, or when the table or a missing paper speaks against it
 */
export function chooseRoute(
  code: string,
  reason: string,
  facts: RouteFacts,
  law: Law,
  needsPaper = true,
): { readonly routeCode: string; readonly reason: string; readonly because: RuleApplication } {
  const places = [...objections(code, facts, law, needsPaper)];
  if (!reason.trim()) places.push({ pointer: '/routeReason', message: 'benefits.place.routeReason' });
  if (places.length > 0) throw refused(code, facts, places);
  return { routeCode: code, reason: reason.trim(), because: reasonFor(code, facts, law) };
}

function reasonFor(code: string, { date, care }: RouteFacts, law: Law): RuleApplication {
  return law.trace(date, `ROUTE-${code}`, `reason ${care}`, (policy) => {
    const factor = policy.entry(`route-factor.${code}`, care);
    policy.note('factor', percent(factor));
    return factor;
  }).because;
}

function legacyProposal(facts: RouteFacts, law: Law): RouteProposal {
  const { date, care } = facts;
  const isRight = ['1.1', '1.3', '1.4', '1.5', '1.6', '1.7'].some((code) => fits(code, facts, law));
  const unlessRight: LegacyRoute = facts.isEmergency ? 'emergency' : 'wrong';
  const way: LegacyRoute = isRight ? 'right' : unlessRight;
  const id = way === 'wrong' ? `legacy-route.wrong.${legacyPlace(facts)}` : `legacy-route.${way}`;
  const { because } = law.trace(date, 'ROUTE-LEGACY', `proposed ${id} ${care}`, (policy) => {
    const factor = policy.entry(id, care);
    policy.note('factor', percent(factor));
    return factor;
  });
  return { routeCode: null, legacyRoute: way, because, alsoFit: [] };
}

function legacyPlace(facts: RouteFacts): string {
  const { formerTier } = facts.facility;
  if (formerTier === null)
    throw refused('wrong', facts, [
      { pointer: '/facility/formerTier', message: 'benefits.place.formerTier' },
    ]);
  const isHigher = formerTier === 'province' || formerTier === 'central';
  return isHigher && facts.areaCode !== null ? 'area' : formerTier;
}

function refused(route: string, { date, care }: RouteFacts, places: readonly ProblemPlace[]): Problem {
  return new Problem('route-not-possible', { route, classCode: care, date }, places);
}
