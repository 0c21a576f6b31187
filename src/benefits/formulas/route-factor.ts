import { contains } from '../../platform/dates.ts';
import type { Decimal } from '../../platform/money.ts';
import { Problem, type ProblemPlace } from '../../platform/problem.ts';
import { percent } from '../facts.ts';
import type { Law, PolicyReader } from '../law.ts';
import type { BenefitVisit, RuleApplication } from '../types.ts';

export interface Route {
  /** Percent of the card's level that this route leaves. */
  readonly factor: Decimal;
  /** A level that stands in for the card's own, with its rule; null = the card's level. */
  readonly raisedLevel: { readonly level: Decimal; readonly because: RuleApplication } | null;
  readonly isEmergency: boolean;
  readonly because: RuleApplication;
}

/**
 * How much of the card's level the way to this facility leaves: by object code from 2025-01-01, before that by right
 * or wrong route and the facility's tier. The day of arrival selects the law.
 * @throws Problem `route-not-possible` when the visit contradicts its code, or nothing says which route it was;
 *   `unknown-code` for a code or kind of care that no text knows; `policy-not-in-force` outside the dates of the code
 * @source QĐ 3276/QĐ-BYT (2025), phụ lục 1; before 2025 Luật BHYT 2014 Đ22 k3 to k6
 */
export function routeFactor(visit: BenefitVisit, law: Law): Route {
  return visit.routeCode === null ? legacyRoute(visit, law) : codedRoute(visit, visit.routeCode, law);
}

function codedRoute(visit: BenefitVisit, route: string, law: Law): Route {
  const { policyDate: date } = visit;
  const id = `route-factor.${route}`;
  if (!law.isKnown(id))
    throw new Problem('unknown-code', {}, [{ pointer: '/routeCode', message: 'benefits.place.routeCode' }]);
  const setting = careSetting(visit, law);
  const { value, because } = law.trace(date, `ROUTE-${route}`, setting, (policy) => {
    const factor = policy.entryOrNull(id, setting);
    if (factor) policy.note('factor', percent(factor));
    return factor;
  });
  if (value === null) throw refused(visit, { pointer: '/routeCode', message: 'benefits.place.routeColumn' });
  checkConditions(visit, route, law);

  const levelId = `route.card-level.${route}`;
  return {
    factor: value,
    raisedLevel: law.isInForce(levelId, date)
      ? raised(law.trace(date, 'LEVEL-COMMUNE', route, level(levelId)))
      : null,
    isEmergency: law
      .trace(date, 'CARD-LATE', 'routes', (policy) => policy.codes('card-cover.emergency-routes'))
      .value.includes(route),
    because,
  };
}

/** What a code demands of the visit and what can be seen from it; papers and diagnoses are judged where they are known. */
function checkConditions(visit: BenefitVisit, route: string, law: Law): void {
  const { policyDate: date } = visit;
  const pickUps = law.trace(date, 'ROUTE-CONDITION', 'examination', (policy) =>
    policy.codes('route.without-examination'),
  ).value;
  if (pickUps.includes(route) && visit.lines.some((line) => line.kind === 'exam'))
    throw refused(visit, { pointer: '/lines', message: 'benefits.place.routeWithoutExamination' });

  const areasId = `route.areas.${route}`;
  if (!law.isInForce(areasId, date)) return;
  const areas = law.trace(date, 'ROUTE-CONDITION', areasId, (policy) => policy.codes(areasId)).value;
  if (!livesIn(areas, visit))
    throw refused(visit, { pointer: '/coverages', message: 'benefits.place.routeArea' });
}

function legacyRoute(visit: BenefitVisit, law: Law): Route {
  const { policyDate: date, legacyRoute: way, facility } = visit;
  const tier = facility.formerTier;
  if (way === undefined)
    throw refused(visit, { pointer: '/routeCode', message: 'benefits.place.routeUndecided' });
  if (tier === null)
    throw refused(visit, { pointer: '/facility/formerTier', message: 'benefits.place.formerTier' });

  const isHospitalOfHigherTier = tier === 'province' || tier === 'central';
  const areas = law.trace(date, 'ROUTE-CONDITION', 'legacy', (policy) =>
    policy.codes('legacy-route.areas'),
  ).value;
  const place = isHospitalOfHigherTier && livesIn(areas, visit) ? 'area' : tier;
  const id = way === 'wrong' ? `legacy-route.wrong.${place}` : `legacy-route.${way}`;
  const setting = careSetting(visit, law);
  const { value, because } = law.trace(date, 'ROUTE-LEGACY', `${id} ${setting}`, (policy) => {
    const factor = policy.entryOrNull(id, setting);
    if (factor) policy.note('factor', percent(factor));
    return factor;
  });
  if (value === null)
    throw refused(visit, { pointer: '/legacyRoute', message: 'benefits.place.routeColumn' });
  const liftsLevel = tier === 'commune' && visit.isChronicDispensing !== true;
  return {
    factor: value,
    raisedLevel: liftsLevel
      ? raised(law.trace(date, 'LEVEL-COMMUNE', 'legacy', level('legacy-route.commune-card-level')))
      : null,
    isEmergency: way === 'emergency',
    because,
  };
}

const level = (id: string) => (policy: PolicyReader) => {
  const value = policy.decimal(id);
  policy.note('level', percent(value));
  return value;
};
const raised = ({ value, because }: { value: Decimal; because: RuleApplication }) => ({
  level: value,
  because,
});

/** @throws Problem `unknown-code` for a kind of care in neither list */
function careSetting({ classCode, policyDate }: BenefitVisit, law: Law): 'inpatient' | 'outpatient' {
  const { value } = law.trace(policyDate, 'ROUTE-CONDITION', 'care settings', (policy) => ({
    inpatient: policy.codes('care-setting.inpatient'),
    outpatient: policy.codes('care-setting.outpatient'),
  }));
  if (value.inpatient.includes(classCode)) return 'inpatient';
  if (value.outpatient.includes(classCode)) return 'outpatient';
  throw new Problem('unknown-code', {}, [{ pointer: '/classCode', message: 'benefits.place.classCode' }]);
}

function livesIn(areas: readonly string[], visit: BenefitVisit): boolean {
  return visit.coverages.some(
    (it) => it.areaCode !== null && areas.includes(it.areaCode) && contains(it, visit.policyDate),
  );
}

function refused(visit: BenefitVisit, place: ProblemPlace): Problem {
  const route = visit.routeCode ?? visit.legacyRoute ?? '-';
  return new Problem('route-not-possible', { route, classCode: visit.classCode, date: visit.policyDate }, [
    place,
  ]);
}
