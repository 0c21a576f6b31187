import type { Instant, LocalDate, Period } from '../platform/dates.ts';
import type { Decimal, Money } from '../platform/money.ts';

/** What the law needs to know about a visit to say who pays what. Facts only: no row ids of the database, no clock. */
export interface BenefitVisit {
  /** Selects the law: the day of arrival, unless a contract says otherwise (see `policyDay`). */
  readonly policyDate: LocalDate;
  /** The day of arrival where another day selects the law. */
  readonly arrivedOn?: LocalDate;
  /** The end of the episode; absent while it lasts. */
  readonly endedAt?: Instant;
  /** Where it does not follow from the kind of care. */
  readonly careSetting?: CareSetting;
  readonly classCode: string;
  /** Official object code; null before 2025-01-01 (then `legacyRoute` speaks) or when still undecided. */
  readonly routeCode: string | null;
  readonly legacyRoute?: LegacyRoute;
  /** For drugs picked up: the object code of the visit that prescribed them; absent = the whole level. */
  readonly underlyingRouteCode?: string;
  /** Before 2025: chronic drugs prescribed above, only handed out at this station (the card keeps its level). */
  readonly isChronicDispensing?: boolean;
  /** For card groups whose level depends on age; null or absent = unknown. */
  readonly birthDate?: LocalDate | null;
  /** Recorded; matters only where a contract makes it a condition. */
  readonly receivesSocialPension?: boolean;
  /** What the patient has copaid this year; absent = this visit crosses no yearly limit. */
  readonly yearlyCopay?: YearlyCopay;
  readonly facility: {
    /** null = unknown, as before 2025. */
    readonly level: 'initial' | 'basic' | 'specialised' | null;
    readonly points: number | null;
    readonly formerTier: 'commune' | 'district' | 'province' | 'central' | null;
  };
  readonly coverages: readonly BenefitCoverage[];
  readonly lines: readonly BenefitLine[];
}

export type CareSetting = 'inpatient' | 'outpatient';
export type LegacyRoute = 'right' | 'wrong' | 'emergency';

/** From the insurer: copay accumulated in the year of the visit, before the visit, and since when five years are full. */
export interface YearlyCopay {
  /** The first day on which five years without interruption are reached, as a card or certificate says. */
  readonly fiveYearsFrom: LocalDate;
  /** Since the base salary of this visit holds, or since 1 January. */
  readonly paid: Money;
  /** Until the day before the base salary changed inside the year; đồng of then. */
  readonly paidBeforeChange: Money;
}

export interface BenefitCoverage extends Period {
  readonly cardNumber: string;
  readonly areaCode: 'K1' | 'K2' | 'K3' | null;
  readonly freeCopayFrom: LocalDate | null;
  readonly presentedAt: Instant | null;
}

export interface BenefitLine {
  readonly id: string;
  readonly kind: 'exam' | 'service' | 'surgery' | 'bed' | 'drug' | 'blood' | 'supply' | 'transport';
  /** Selects the card: the day the line was carried out, else the day it was ordered. */
  readonly date: LocalDate;
  /** The moment it was carried out, when known to the minute: decides on which side of a late card it lies. */
  readonly performedAt?: Instant;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly insuredUnitPrice: Decimal;
  readonly unitCeiling: Decimal | null;
  /** 1 in scope, 2 the patient pays, 3 only for army and police. */
  readonly scopeCode: string;
  /** Percent of the price inside the insured scope, from the catalogue. */
  readonly catalogueRate: Decimal;
  /** 1 for the first examination of the visit, 2 for the second … (examinations only). */
  readonly examOrdinal?: number;
  /** This examination opens a second visit on the same day. */
  readonly sameDayReturn?: boolean;
  /** Absent: the bed was not recorded as shared. */
  readonly bedOccupants?: number;
  /** The bed is a stretcher or a folding bed. */
  readonly isStretcher?: boolean;
  readonly surgeryRole?: 'main' | 'additionalSameTeam' | 'additionalOtherTeam' | 'additionalProcedure';
  /** Supplies of one use of a technical service share this code and one ceiling. */
  readonly packageCode?: string | null;
  /** 1 for the first stent of the visit, 2 for the second … Matters only where a contract has the stent rule. */
  readonly stentOrdinal?: number;
  readonly otherPayer?: OtherPayer;
}

/** Money for this patient's line, or a programme that takes over the copay (ARV drugs). */
export type OtherPayer =
  | { readonly kind: 'individual'; readonly amount: Money }
  | { readonly kind: 'programme' };

/** A value that the sentence of an explanation shows; how it is written depends on the reader's language. */
export interface Fact {
  readonly kind: 'money' | 'price' | 'percent' | 'number' | 'day' | 'code';
  readonly value: string;
}

/** One rule that shaped an amount, with every parameter value it read and where that value stands in law. */
export interface RuleApplication {
  /** `CARD-LEVEL`, `ROUTE-1.1`, `LEVEL-LOWCOST` … (benefits reference, section 9.1). */
  readonly rule: string;
  readonly article: string;
  readonly parameters: readonly {
    readonly id: string;
    readonly value: string;
    readonly from: LocalDate;
    readonly to: LocalDate | null;
    readonly source: string;
  }[];
  /** Values for the sentence, by placeholder; see `explain`. */
  readonly facts?: Readonly<Record<string, Fact>>;
  /** Which of several sentences of the rule fits; absent = its only one. */
  readonly wording?: string;
}

export interface LineResult {
  readonly id: string;
  /** Percent of the service price that is charged at all (second examination 30, shared bed 50 …). */
  readonly serviceRate: Decimal;
  /** Percent of the price inside the insured scope. */
  readonly scopeRate: Decimal;
  readonly insuredUnitPrice: Decimal;
  /** Share of the insured amount that the fund pays, in percent, after the route factor. */
  readonly benefitRate: Decimal;
  readonly grossAmount: Money;
  readonly insuredAmount: Money;
  readonly insurerPays: Money;
  readonly copay: Money;
  readonly selfPay: Money;
  readonly otherPayers: Money;
  readonly because: readonly RuleApplication[];
}

export interface Totals {
  readonly grossAmount: Money;
  readonly insuredAmount: Money;
  readonly insurerPays: Money;
  readonly copay: Money;
  readonly selfPay: Money;
  readonly otherPayers: Money;
  readonly drugAmount: Money;
  readonly supplyAmount: Money;
  readonly patientPays: Money;
}

export interface BenefitResult {
  readonly policyVersion: string;
  readonly policyDate: LocalDate;
  readonly lines: readonly LineResult[];
  readonly totals: Totals;
  readonly isLowCostVisit: boolean;
  /** Below this insured cost a visit is a low-cost visit. */
  readonly lowCostLimit: Money;
  /** Percent of the card's level that the route leaves. */
  readonly routeFactor: Decimal;
}
