import type { CheckIn, EncounterChange, RouteProposal } from '../../schemas/api/encounters.ts';
import { explain, proposeRoute } from '../benefits/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { recordAct } from './act.ts';
import { facilityOn, type Recording } from './decide.ts';
import { type Arriving, followUpOf, setRoute } from './encounter.repo.ts';
import { checkPossible, decideRoute, type RouteDecision, routeFacts } from './route.ts';
import type { Row } from './rows.ts';
import { readVisits } from './visit-record.repo.ts';
import type { VisitRecord } from './visit-record.ts';

/** What decides on the object code of somebody who arrives. */
export function arrivalFacts(
  input: Pick<CheckIn, 'classCode' | 'arrivedAt' | 'referral' | 'routeFacts'>,
  { birthDate, coverages, followUpOf: due }: Pick<Arriving, 'birthDate' | 'coverages' | 'followUpOf'>,
  rec: Recording,
) {
  const { classCode, arrivedAt, referral = null, routeFacts: given = {} } = input;
  const facility = facilityOn(rec, localDate(arrivedAt));
  return routeFacts(
    { facility, classCode, arrivedAt, birthDate, coverages, referral, followUpOf: due, given },
    rec.law,
  );
}

/** The same of a visit that is recorded already. */
export async function recordedFacts(tx: Transaction, rec: Recording, visit: VisitRecord) {
  const { encounter, facility, patient, coverages } = visit;
  const { classCode, arrivedAt, referral, routeFacts: given } = encounter;
  const due = await followUpOf(tx, facility.id, patient.id, localDate(arrivedAt));
  const { birthDate } = patient;
  return routeFacts(
    { facility, classCode, arrivedAt, birthDate, coverages, referral, followUpOf: due, given },
    rec.law,
  );
}

export function routeColumns({ proposed, reason }: RouteDecision): Row {
  return { proposed_route_code: proposed, route_reason: reason };
}

/** The reason stands in the trail too. */
export const reasoned = ({ reason }: RouteDecision) => (reason === null ? {} : { reason });

/** The object code that the facts of a visit show. @throws not-found; route-not-possible when they show none */
export async function routeProposal(tx: Transaction, rec: Recording, id: Id): Promise<RouteProposal> {
  const [visit] = await readVisits(tx, rec.facility.id, [id]);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  recordAct(tx, { id, patientId: visit.patient.id }, 'routeProposed');
  const { routeCode, because, alsoFit } = proposeRoute(await recordedFacts(tx, rec, visit), rec.law);
  return {
    routeCode,
    because: {
      rule: because.rule,
      article: because.article,
      vi: explain('vi', because),
      en: explain('en', because),
    },
    alsoFit: [...alsoFit],
    chosen: visit.encounter.routeCode,
    reason: visit.encounter.routeReason,
  };
}

/** What lets the proposal become another one. */
const DECIDES_ROUTE = [
  'routeCode',
  'routeReason',
  'routeFacts',
  'classCode',
  'coverageIds',
  'referral',
] as const;

/**
 * After a change: whoever names a code must have a reason for it; when only facts changed the code need only be
 * possible still, and whether it agrees is asked when the visit ends.
 */
export async function redecide(
  tx: Transaction,
  rec: Recording,
  id: Id,
  change: EncounterChange,
): Promise<RouteDecision | null> {
  if (!DECIDES_ROUTE.some((field) => change[field] !== undefined)) return null;
  const [visit] = await readVisits(tx, rec.facility.id, [id]);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  const { routeCode, routeReason } = visit.encounter;
  const facts = await recordedFacts(tx, rec, visit);
  const named = change.routeCode ?? null;
  const decision = decideRoute(facts, named, change.routeReason ?? null, rec.law, { isEnding: false });
  if (named === null && routeCode !== null) checkPossible(routeCode, facts, rec.law);
  const kept = named === null ? { ...decision, reason: change.routeReason ?? routeReason } : decision;
  await setRoute(tx, rec.facility.id, id, kept);
  return kept;
}
