import { daysBetween, type LocalDate } from '../platform/dates.ts';
import type { Decimal } from '../platform/money.ts';
import type { Law } from './law.ts';
import type { BenefitVisit, CareSetting } from './types.ts';

/** Initial-level facilities whose patients have the whole level whatever the card, and the others. */
export type InitialKind =
  | 'health-station'
  | 'family-medicine'
  | 'military-civil'
  | 'clinic-centre'
  | 'agency-clinic'
  | 'army-police'
  | 'polyclinic'
  | 'other';

/** Drugs handed out without an examination. */
export type PickUp =
  | 'appointment-in-epidemic'
  | 'by-somebody-else'
  | 'at-another-facility'
  | 'sent-to-patient'
  | 'appointment';

/** A paper the patient brought; null number = not recorded yet. */
export interface Paper {
  readonly number: string | null;
}

/** What is known of the way to this facility. Level, points and tier are those of the day. */
export interface RouteFacts {
  /** The day of arrival. */
  readonly date: LocalDate;
  readonly care: CareSetting;
  readonly facility: BenefitVisit['facility'] & {
    readonly code: string;
    /** For the initial level; null = not recorded. */
    readonly initialKind: InitialKind | null;
  };
  readonly hasCard: boolean;
  readonly registeredFacilityCode: string | null;
  /** Printed on the card. */
  readonly areaCode: 'K1' | 'K2' | 'K3' | null;
  /** null = unknown. */
  readonly birthDate: LocalDate | null;
  readonly transfer: Paper | null;
  readonly appointment: Paper | null;
  readonly hasChangedResidence: boolean;
  readonly isEmergency: boolean;
  readonly isOrganDonor: boolean;
  /** Treated right after birth. */
  readonly isNewborn: boolean;
  /** Lists of TT 01/2025 in which the diagnosis stands: I for the specialised level, II for the basic level. */
  readonly diseaseLists: readonly ('I' | 'II')[];
  readonly pickUp: PickUp | null;
  /** The request for payment is withdrawn. */
  readonly isWithdrawn: boolean;
}

/** Polyclinics stand in no text read so far: decision polyclinic. */
const WHOLE_LEVEL_KINDS: readonly (InitialKind | null)[] = [
  'health-station',
  'family-medicine',
  'military-civil',
  'clinic-centre',
  'agency-clinic',
  'army-police',
];

const PICK_UPS: Readonly<Record<string, PickUp>> = {
  '7': 'appointment-in-epidemic',
  '7.2': 'by-somebody-else',
  '7.3': 'at-another-facility',
  '7.4': 'sent-to-patient',
  '10': 'appointment',
};

/** A facility in the words of the codes. */
interface Place {
  readonly isInitial: boolean;
  readonly isBasic: boolean;
  readonly isSpecialised: boolean;
  readonly formerTier: BenefitVisit['facility']['formerTier'];
  readonly wholeLevel: boolean;
  readonly isBasicLow: boolean;
  readonly isBasicMiddle: boolean;
}

function placeOf({ facility, date }: RouteFacts, law: Law): Place {
  const { level, points, formerTier, initialKind } = facility;
  const isBasic = level === 'basic';
  const inForce = law.isInForce('facility.points', date);
  const limits = inForce
    ? law.trace(date, 'ROUTE-CONDITION', 'points', (policy) => ({
        high: policy.entry('facility.points', 'basic-high'),
        specialised: policy.entry('facility.points', 'specialised'),
        polyclinic: policy.choice('decision.polyclinic', ['no', 'yes']),
      })).value
    : null;
  const reaches = (limit: Decimal | undefined) => points !== null && limit?.lte(String(points)) === true;
  const isPolyclinicOfThem = initialKind === 'polyclinic' && limits?.polyclinic === 'yes';
  return {
    isInitial: level === 'initial',
    isBasic,
    isSpecialised: level === 'specialised',
    formerTier,
    wholeLevel: level === 'initial' && (WHOLE_LEVEL_KINDS.includes(initialKind) || isPolyclinicOfThem),
    // Without points a facility is graded provisionally.
    isBasicLow: isBasic && !reaches(limits?.high),
    isBasicMiddle: isBasic && reaches(limits?.high) && !reaches(limits?.specialised),
  };
}

/**
 * Do the facts fit an object code? Whether the kind of care and the papers allow it is another question (`objections`).
 * @source QĐ 3276/QĐ-BYT (2025), phụ lục 1; TT 01/2025/TT-BYT; NĐ 188/2025/NĐ-CP Đ19, Đ37
 */
export function fits(code: string, facts: RouteFacts, law: Law): boolean {
  if (code === '8') return facts.isWithdrawn;
  if (code === '9') return !facts.hasCard && !facts.isWithdrawn;
  if (facts.isWithdrawn || !facts.hasCard) return false;
  const pickUp = PICK_UPS[code];
  if (pickUp) return facts.pickUp === pickUp;
  if (facts.pickUp !== null) return false;
  return fitsVisit(code, { ...facts, isNewborn: isNewborn(facts, law) }, placeOf(facts, law));
}

/** Recorded as such, and not contradicted by the birth date. */
function isNewborn({ isNewborn: isRecorded, birthDate, date }: RouteFacts, law: Law): boolean {
  if (!isRecorded || birthDate === null || !law.isInForce('route.newborn-days', date)) return isRecorded;
  const days = law.trace(date, 'ROUTE-CONDITION', 'newborn', (policy) =>
    policy.decimal('route.newborn-days'),
  );
  return days.value.gte(String(daysBetween(birthDate, date)));
}

function fitsVisit(code: string, facts: RouteFacts, place: Place): boolean {
  const isRegistered = facts.registeredFacilityCode === facts.facility.code;
  switch (code) {
    case '1.1':
      return isRegistered && !place.wholeLevel;
    case '1.2':
      return place.wholeLevel;
    case '1.3':
      return facts.transfer !== null;
    case '1.4':
      return facts.hasChangedResidence;
    case '1.5':
      return facts.appointment !== null;
    case '1.6':
      return facts.isOrganDonor;
    case '1.7':
      return facts.isNewborn;
    case '2':
      return facts.isEmergency;
    default:
      return isSelfReferred(facts, isRegistered) && fitsSelfReferral(code, facts, place);
  }
}

/** Who comes with a paper, in an emergency or to the registered facility did not refer himself. */
function isSelfReferred(facts: RouteFacts, isRegistered: boolean): boolean {
  const { transfer, appointment, hasChangedResidence, isEmergency, isOrganDonor, isNewborn } = facts;
  return !(
    isRegistered ||
    transfer !== null ||
    appointment !== null ||
    hasChangedResidence ||
    isEmergency ||
    isOrganDonor ||
    isNewborn
  );
}

function fitsSelfReferral(code: string, { care, diseaseLists, areaCode }: RouteFacts, place: Place): boolean {
  const { formerTier, isBasic, isSpecialised } = place;
  const isOutpatient = care === 'outpatient';
  const wasHigher = formerTier === 'province' || formerTier === 'central';
  const isListedI = diseaseLists.includes('I');
  const isListedII = diseaseLists.includes('II');
  switch (code) {
    case '1.11':
      return place.isInitial && !place.wholeLevel;
    case '1.12':
      return isOutpatient && place.isBasicLow && !wasHigher;
    case '1.13':
      return isOutpatient && place.isBasicMiddle && !isListedII;
    case '1.14':
      return isOutpatient && isBasic && wasHigher && !isListedII;
    case '1.15':
      return !isOutpatient && isBasic;
    case '1.16':
      return isBasic && isListedII;
    case '1.17':
      return isSpecialised && isListedI;
    case '1.18':
      return isOutpatient && isSpecialised && formerTier === 'province' && !isListedI;
    case '3.1':
      return isSpecialised && formerTier === 'central' && !isListedI;
    case '3.2':
      return !isOutpatient && isSpecialised && formerTier === 'province' && !isListedI;
    case '3.3':
      return (isBasic || isSpecialised) && formerTier === 'district';
    case '3.6':
      return !isOutpatient && isSpecialised && areaCode !== null;
    default:
      return false;
  }
}
