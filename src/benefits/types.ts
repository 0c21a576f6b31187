import type { Instant, LocalDate, Period } from '../platform/dates.ts';
import type { Decimal, Money } from '../platform/money.ts';

/** What the law needs to know about a visit to say who pays what. Facts only: no row ids of the database, no clock. */
export interface BenefitVisit {
  /** Selects the law: the day of arrival. */
  readonly policyDate: LocalDate;
  readonly classCode: string;
  /** Official object code; null before 2025-01-01 (then `legacyRoute` speaks) or when still undecided. */
  readonly routeCode: string | null;
  readonly legacyRoute?: 'right' | 'wrong' | 'emergency';
  /** Before 2025: chronic drugs prescribed above, only handed out at this station (the card keeps its level). */
  readonly isChronicDispensing?: boolean;
  /** For card groups whose level depends on age; null or absent = unknown. */
  readonly birthDate?: LocalDate | null;
  readonly facility: {
    readonly level: 'initial' | 'basic' | 'specialised';
    readonly points: number | null;
    readonly formerTier: 'commune' | 'district' | 'province' | 'central' | null;
  };
  readonly coverages: readonly BenefitCoverage[];
  readonly lines: readonly BenefitLine[];
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
  readonly surgeryRole?: 'main' | 'additionalSameTeam' | 'additionalOtherTeam' | 'additionalProcedure';
  /** Supplies of one use of a technical service share this code and one ceiling. */
  readonly packageCode?: string | null;
}

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
}
