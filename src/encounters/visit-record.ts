import type { RouteFactsGiven } from '../../schemas/api/encounters.ts';
import type { Instant, LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/**
 * One visit as it stands, read in one go and never written back: what settlement computes from and what the official
 * tables are projected from. It works for unfinished visits: what is not yet known is null or an empty list.
 * Coded fields hold the official code values (class `01`…`16`, route `1.1`…, outcome `1`…`8`); amounts, quantities,
 * prices and rates are exact decimals as text.
 */
export interface VisitRecord {
  readonly encounter: EncounterRecord;
  readonly facility: FacilityRecord;
  readonly patient: PatientRecord;
  /** Cards presented for this visit, in the order in which they were presented. */
  readonly coverages: readonly CoverageRecord[];
  readonly conditions: readonly ConditionRecord[];
  readonly lines: readonly ChargeLineRecord[];
  readonly observations: readonly ObservationRecord[];
  readonly notes: readonly NoteRecord[];
}

export interface EncounterRecord {
  readonly id: Id;
  readonly version: number;
  readonly state: 'open' | 'discharged' | 'settled';
  readonly claimKey: string;
  readonly recordNumber: string;
  /** Kind of care, official list of two-digit codes. */
  readonly classCode: string;
  /** Why this visit is covered and at what share (official object code); null while undecided, `9` = no insurance. */
  readonly routeCode: string | null;
  /** The object code that the facts show; null = none, or nobody has asked yet. */
  readonly proposedRouteCode: string | null;
  /** Why another one was chosen. */
  readonly routeReason: string | null;
  /** What was known at the door. */
  readonly routeFacts: RouteFactsGiven;
  readonly arrivedAt: Instant;
  readonly admittedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly settledAt: Instant | null;
  readonly reason: string;
  readonly admissionReason: string | null;
  readonly provisionalDiagnosis: string | null;
  readonly finalDiagnosis: string | null;
  /** The paper the patient brought. */
  readonly referral: { readonly fromFacilityCode: string; readonly paperNumber: string } | null;
  readonly destinationFacilityCode: string | null;
  readonly injuryCode: string | null;
  readonly treatment: string | null;
  readonly outcomeCode: string | null;
  readonly dischargeCode: string | null;
  readonly advice: string | null;
  readonly weightKg: string | null;
  readonly heightCm: string | null;
  readonly birthWeightsGrams: readonly string[];
  readonly followUpDates: readonly LocalDate[];
  readonly procedureCodes: readonly string[];
  /** Departments where the patient was treated, official codes, in order of stay. */
  readonly departmentCodes: readonly string[];
  /** Licence of the head of facility or delegate who signs. */
  readonly signerLicence: string | null;
}

export interface FacilityRecord {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  /** Facts in force on the day of arrival, as the law reads them. */
  readonly level: 'initial' | 'basic' | 'specialised';
  readonly points: number | null;
  readonly formerTier: 'commune' | 'district' | 'province' | 'central' | null;
  readonly kind: 'healthStation' | 'polyclinic' | 'maternityHome' | 'clinic' | 'hospital';
}

export interface PatientRecord {
  readonly id: Id;
  /** The facility's own patient number. */
  readonly number: string;
  readonly name: string;
  readonly birthDate: LocalDate;
  /** `HH:mm`, known for newborns. */
  readonly birthTime: string | null;
  /** How much of the birth date is known; unknown parts of `birthDate` are the first possible day. */
  readonly birthPrecision: 'year' | 'month' | 'day';
  /** 1 male, 2 female, 3 undetermined. */
  readonly sexCode: string;
  readonly bloodGroup: string | null;
  readonly nationalityCode: string;
  readonly ethnicityCode: string;
  readonly occupationCode: string;
  readonly nationalId: string | null;
  readonly phone: string | null;
  readonly address: string;
  readonly provinceCode: string;
  readonly districtCode: string | null;
  readonly wardCode: string;
}

export interface CoverageRecord {
  readonly id: Id;
  /** 15 characters. */
  readonly cardNumber: string;
  /** First day, and the day after the last (null = open). */
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly registeredFacilityCode: string;
  readonly areaCode: 'K1' | 'K2' | 'K3' | null;
  readonly fiveYearsFrom: LocalDate | null;
  readonly freeCopayFrom: LocalDate | null;
  readonly presentedAt: Instant;
}

export interface ConditionRecord {
  readonly id: Id;
  readonly role: 'primary' | 'secondary' | 'traditional';
  readonly code: string;
  readonly name: string;
  readonly recordedAt: Instant;
}

export type LineKind = 'exam' | 'service' | 'surgery' | 'bed' | 'drug' | 'blood' | 'supply' | 'transport';

export interface ChargeLineRecord {
  readonly id: Id;
  readonly kind: LineKind;
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  /** Official cost group (1…19). */
  readonly costGroupCode: string;
  /** 1 in scope, 2 the patient pays, 3 only for army and police. */
  readonly scopeCode: string;
  /** Percent of the price inside the insured scope, from the catalogue. */
  readonly catalogueRate: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly insuredUnitPrice: string;
  /** Ceiling for one supply item; null = none. */
  readonly unitCeiling: string | null;
  readonly orderedAt: Instant;
  readonly performedAt: Instant | null;
  readonly resultAt: Instant | null;
  readonly orderedByLicence: string;
  readonly performedByLicences: readonly string[];
  readonly departmentCode: string;
  /** ICD-10 codes that justify the line. */
  readonly conditionCodes: readonly string[];
  /** Drug: dose pattern and instruction. */
  readonly dose: string | null;
  readonly instruction: string | null;
  readonly bedCode: string | null;
  readonly machineCodes: readonly string[];
  readonly anaesthesiaCode: string | null;
  readonly packageCode: string | null;
  /** Service to which a drug or supply belongs. */
  readonly partOfServiceCode: string | null;
  readonly fuelCode: string | null;
  readonly facts: {
    readonly bedOccupants?: number;
    readonly surgeryRole?: 'main' | 'additionalSameTeam' | 'additionalOtherTeam' | 'additionalProcedure';
    readonly sameDayReturn?: boolean;
  };
  /** What the catalogue item said when it was ordered; absent keys are unknown. */
  readonly item: {
    readonly strength?: string;
    readonly route?: string;
    readonly form?: string;
    readonly registrationNumber?: string;
    readonly tender?: string;
    readonly procedureCode?: string;
    readonly productMark?: string;
    /** Who paid for the drug: 1 insurance fund, 2 project, 3 programme, 4 other. */
    readonly fundingCode?: string;
  };
}

export interface ObservationRecord {
  readonly id: Id;
  readonly lineId: Id;
  readonly serviceCode: string;
  readonly code: string | null;
  readonly name: string;
  readonly value: string | null;
  readonly unit: string | null;
  readonly description: string | null;
  readonly conclusion: string | null;
  readonly resultAt: Instant;
  readonly readByLicence: string;
}

export interface NoteRecord {
  readonly id: Id;
  readonly at: Instant;
  readonly text: string;
  readonly stage: string | null;
  readonly consultation: string | null;
  readonly surgery: string | null;
  readonly authorLicence: string;
}
