import type { RouteFactsGiven } from '../../schemas/api/encounters.ts';
import {
  careSettingOf,
  chooseRoute,
  type InitialKind,
  type Law,
  objections,
  proposeRoute,
  type RouteFacts,
} from '../benefits/index.ts';
import { contains, type Instant, type LocalDate, localDate } from '../platform/dates.ts';
import { Problem, type ProblemPlace } from '../platform/problem.ts';
import type { CoverageRecord, FacilityRecord } from './visit-record.ts';

/** What a visit shows of the way by which the patient came. */
export interface Way {
  readonly facility: Pick<FacilityRecord, 'code' | 'level' | 'points' | 'formerTier' | 'kind'>;
  readonly classCode: string;
  readonly arrivedAt: Instant;
  readonly birthDate: LocalDate | null;
  readonly coverages: readonly Pick<CoverageRecord, 'from' | 'to' | 'registeredFacilityCode' | 'areaCode'>[];
  readonly referral: { readonly fromFacilityCode: string; readonly paperNumber: string } | null;
  /** Number of the visit here whose follow-up is due on the day of arrival. */
  readonly followUpOf: string | null;
  readonly given: RouteFactsGiven;
}

const INITIAL_KINDS: Readonly<Record<FacilityRecord['kind'], InitialKind>> = {
  healthStation: 'health-station',
  polyclinic: 'polyclinic',
  maternityHome: 'other',
  clinic: 'other',
  hospital: 'other',
};

/** The facts that decide on the object code. A paper of the facility itself is an appointment, any other a transfer. */
export function routeFacts(way: Way, law: Law): RouteFacts {
  const { facility, referral, given } = way;
  const date = localDate(way.arrivedAt);
  const inForce = way.coverages.filter((card) => contains(card, date));
  const cards = inForce.length > 0 ? inForce : way.coverages;
  const isOwnPaper = referral?.fromFacilityCode === facility.code;
  const paper = referral && { number: referral.paperNumber };
  const followUp = way.followUpOf === null ? null : { number: way.followUpOf };
  const registered = cards.map((card) => card.registeredFacilityCode);
  return {
    date,
    care: careSettingOf(way.classCode, date, law),
    facility: {
      ...facility,
      initialKind: facility.level === 'initial' ? INITIAL_KINDS[facility.kind] : null,
    },
    hasCard: cards.length > 0,
    registeredFacilityCode: registered.find((code) => code === facility.code) ?? registered[0] ?? null,
    areaCode: cards.find(({ areaCode }) => areaCode !== null)?.areaCode ?? null,
    birthDate: way.birthDate,
    transfer: isOwnPaper ? null : paper,
    appointment: isOwnPaper ? paper : followUp,
    hasChangedResidence: given.hasChangedResidence ?? false,
    isEmergency: given.isEmergency ?? false,
    isOrganDonor: given.isOrganDonor ?? false,
    isNewborn: given.isNewborn ?? false,
    diseaseLists: given.diseaseLists ?? [],
    pickUp: given.pickUp ?? null,
    isWithdrawn: given.isWithdrawn ?? false,
  };
}

export interface RouteDecision {
  /** null = the facts fit none, or codes do not exist on that day. */
  readonly proposed: string | null;
  /** Why another code was chosen. */
  readonly reason: string | null;
}

/**
 * The proposal, and whether the code that somebody wants may stand: it agrees, or it is possible and has a reason.
 * @param wanted null = nobody has chosen yet
 * @param isEnding papers and cards may come until the visit ends; without a card yet a code is provisional, no reason asked
 * @throws Problem `route-not-possible` with the place of what speaks against the code
 */
export function decideRoute(
  facts: RouteFacts,
  wanted: string | null,
  reason: string | null,
  law: Law,
  { isEnding, within = '' }: { readonly isEnding: boolean; readonly within?: string },
): RouteDecision {
  if (!law.isInForce('route.order', facts.date)) return { proposed: null, reason };
  const proposed = proposalOf(facts, law);
  if (wanted === null || wanted === proposed) return { proposed, reason: null };
  if (!isEnding && !facts.hasCard && reason === null) {
    checkPossible(wanted, facts, law);
    return { proposed, reason: null };
  }
  try {
    return { proposed, reason: chooseRoute(wanted, reason ?? '', facts, law, isEnding).reason };
  } catch (error) {
    throw placed(error, within);
  }
}

/** Is the code possible at all, whoever wants it? @throws Problem `route-not-possible` */
export function checkPossible(code: string, facts: RouteFacts, law: Law): void {
  if (!law.isInForce('route.order', facts.date)) return;
  const places = objections(code, facts, law, false);
  if (places.length === 0) return;
  const { date, care } = facts;
  throw placed(new Problem('route-not-possible', { route: code, classCode: care, date }, places), '');
}

function proposalOf(facts: RouteFacts, law: Law): string | null {
  try {
    return proposeRoute(facts, law).routeCode;
  } catch (error) {
    if (error instanceof Problem && error.type === 'route-not-possible') return null;
    throw error;
  }
}

/** Where the places of the law stand in the body. */
const POINTERS: Readonly<Record<string, string>> = {
  '/paperNumber': '/referral',
  '/coverages': '/coverageIds',
};

function placed(error: unknown, within: string): unknown {
  if (!(error instanceof Problem)) return error;
  const places = error.places.map((place): ProblemPlace => {
    const elsewhere = POINTERS[place.pointer];
    return { ...place, pointer: elsewhere ?? `${within}${place.pointer}` };
  });
  return new Problem(error.type, error.values, places, { cause: error });
}
