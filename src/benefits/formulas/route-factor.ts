import { contains, type LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';
import { Problem, type ProblemPlace } from '../../platform/problem.ts';
import { percent } from '../facts.ts';
import type { Law, PolicyReader, Ruling } from '../law.ts';
import type { BenefitVisit, CareSetting, RuleApplication } from '../types.ts';
import type { RaisedLevel } from './benefit-rate.ts';

const whole = decimal('100');

export interface Route {
  /** Percent of the card's level that this route leaves. */
  readonly factor: Decimal;
  /** A level that stands in for the card's own, with its rule; null = the card's level. */
  readonly raisedLevel: RaisedLevel | null;
  readonly isEmergency: boolean;
  /** A route that leaves nothing: is all of it self-pay, as if no card were there (decision D8)? */
  readonly insuresNothing: boolean;
  readonly because: readonly RuleApplication[];
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
  const own = columnOf(visit, route, law);
  checkConditions(visit, route, law);
  const underlying = underlyingRoute(visit, route, law);
  const level = underlying ? columnOf(visit, underlying, law) : own;
  return {
    ...level.value,
    raisedLevel: raisedLevelOf(underlying ?? route, level.value, date, law),
    isEmergency: law
      .trace(date, 'CARD-LATE', 'routes', (policy) => policy.codes('card-cover.emergency-routes'))
      .value.includes(route),
    because: underlying ? [own.because, level.because] : [own.because],
  };
}

interface Column {
  readonly factor: Decimal;
  readonly insuresNothing: boolean;
  /** The factor is the share of the fund whatever the card (decision reduced-route-level). */
  readonly isFlat: boolean;
}

/** What the table says of a code in the column of the visit. @throws Problem where it says that this cannot be */
function columnOf(visit: BenefitVisit, route: string, law: Law): Ruling<Column> {
  const id = `route-factor.${route}`;
  if (!law.isKnown(id))
    throw new Problem('unknown-code', {}, [{ pointer: '/routeCode', message: 'benefits.place.routeCode' }]);
  const setting = careSetting(visit, law);
  const { value, because } = law.trace(visit.policyDate, `ROUTE-${route}`, setting, (policy) => {
    const factor = policy.entryOrNull(id, setting);
    if (factor === null) return null;
    policy.note('factor', percent(factor));
    const nothing = insuresNothing(factor, policy);
    return { factor, insuresNothing: nothing, isFlat: isFlat(route, visit.policyDate, law, policy) };
  });
  if (value === null) throw refused(visit, { pointer: '/routeCode', message: 'benefits.place.routeColumn' });
  return { value, because };
}

function insuresNothing(factor: Decimal, policy: PolicyReader): boolean {
  return factor.eq('0') && policy.choice('decision.D8', ['self-pay', 'copay']) === 'self-pay';
}

function isFlat(route: string, date: LocalDate, law: Law, policy: PolicyReader): boolean {
  const halved = law.trace(date, 'ROUTE-CONDITION', 'halved', (other) =>
    other.codes('route.reduced-by-half'),
  );
  if (!halved.value.includes(route)) return false;
  const level = policy.choice('decision.reduced-route-level', ['level-times-factor', 'factor-alone']);
  return level === 'factor-alone';
}

/** For a pick-up whose own level no text gives: the code of the visit that prescribed the drugs (decision D10). */
function underlyingRoute(visit: BenefitVisit, route: string, law: Law): string | null {
  const { underlyingRouteCode: underlying, policyDate: date } = visit;
  if (underlying === undefined) return null;
  const { value } = law.trace(date, 'ROUTE-UNDERLYING', '', (policy) => ({
    pickUps: policy.codes('route.by-underlying-case'),
    level: policy.choice('decision.D10', ['underlying-case', 'whole-level']),
  }));
  if (!value.pickUps.includes(route) || value.pickUps.includes(underlying))
    throw refused(visit, { pointer: '/underlyingRouteCode', message: 'benefits.place.underlyingRoute' });
  return value.level === 'underlying-case' ? underlying : null;
}

function raisedLevelOf(route: string, column: Column, date: LocalDate, law: Law): RaisedLevel | null {
  const id = `route.card-level.${route}`;
  if (law.isInForce(id, date)) return raised(law.trace(date, 'LEVEL-COMMUNE', route, level(id)));
  return column.isFlat ? { level: whole, because: null } : null;
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
    if (factor === null) return null;
    policy.note('factor', percent(factor));
    return { factor, insuresNothing: insuresNothing(factor, policy) };
  });
  if (value === null)
    throw refused(visit, { pointer: '/legacyRoute', message: 'benefits.place.routeColumn' });
  const liftsLevel = tier === 'commune' && visit.isChronicDispensing !== true;
  return {
    ...value,
    raisedLevel: liftsLevel
      ? raised(law.trace(date, 'LEVEL-COMMUNE', 'legacy', level('legacy-route.commune-card-level')))
      : null,
    isEmergency: way === 'emergency',
    because: [because],
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
function careSetting({ careSetting, classCode, policyDate }: BenefitVisit, law: Law): CareSetting {
  return careSetting ?? careSettingOf(classCode, policyDate, law);
}

/** In-patient or out-patient for the route, by kind of care. @throws Problem `unknown-code`, see `careSetting` */
export function careSettingOf(classCode: string, date: LocalDate, law: Law): CareSetting {
  const { value } = law.trace(date, 'ROUTE-CONDITION', 'care settings', (policy) => ({
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
