import type { BenefitCoverage, BenefitLine, BenefitVisit } from '../benefits/index.ts';
import {
  type ChargeLineRecord,
  type CoverageRecord,
  type FacilityRecord,
  selectingDate,
} from '../encounters/index.ts';
import { decimal } from '../platform/money.ts';

/** The facts of a visit that the law asks for: a part of `VisitRecord`, also known before the visit is stored. */
export interface BilledVisit {
  readonly classCode: string;
  readonly routeCode: string | null;
  readonly arrivedAt: string;
  readonly birthDate: string | null;
  readonly facility: Pick<FacilityRecord, 'level' | 'points' | 'formerTier'>;
  readonly coverages: readonly Omit<CoverageRecord, 'id' | 'registeredFacilityCode' | 'fiveYearsFrom'>[];
  readonly lines: readonly BilledLine[];
}

export type BilledLine = Pick<
  ChargeLineRecord,
  | 'id'
  | 'kind'
  | 'orderedAt'
  | 'performedAt'
  | 'quantity'
  | 'unitPrice'
  | 'insuredUnitPrice'
  | 'unitCeiling'
  | 'scopeCode'
  | 'catalogueRate'
  | 'packageCode'
  | 'facts'
>;

/** Examinations are counted in the order in which they were ordered. */
export function benefitVisit(visit: BilledVisit): BenefitVisit {
  const exams = visit.lines
    .filter((line) => line.kind === 'exam')
    .toSorted((a, b) => Date.parse(a.orderedAt) - Date.parse(b.orderedAt) || (a.id < b.id ? -1 : 1));
  const ordinal = new Map(exams.map((line, index) => [line.id, index + 1]));
  return {
    policyDate: selectingDate('law', { arrivedAt: visit.arrivedAt, endedAt: null }),
    classCode: visit.classCode,
    routeCode: visit.routeCode,
    facility: visit.facility,
    ...(visit.birthDate === null ? {} : { birthDate: visit.birthDate }),
    coverages: visit.coverages.map(benefitCoverage),
    lines: visit.lines.map((line) => benefitLine(line, ordinal.get(line.id))),
  };
}

function benefitCoverage(coverage: BilledVisit['coverages'][number]): BenefitCoverage {
  const { cardNumber, from, to, areaCode, freeCopayFrom } = coverage;
  // When a card was shown late is a question of the next law issue; here a card presented is presented in time.
  return { cardNumber, from, to, areaCode, freeCopayFrom, presentedAt: null };
}

function benefitLine(line: BilledLine, examOrdinal: number | undefined): BenefitLine {
  return {
    id: line.id,
    kind: line.kind,
    date: selectingDate('card', null, line),
    quantity: decimal(line.quantity),
    unitPrice: decimal(line.unitPrice),
    insuredUnitPrice: decimal(line.insuredUnitPrice),
    unitCeiling: line.unitCeiling === null ? null : decimal(line.unitCeiling),
    scopeCode: line.scopeCode,
    catalogueRate: decimal(line.catalogueRate),
    ...(examOrdinal === undefined ? {} : { examOrdinal }),
    ...(line.packageCode === null ? {} : { packageCode: line.packageCode }),
    ...(line.facts.sameDayReturn === undefined ? {} : { sameDayReturn: line.facts.sameDayReturn }),
    ...(line.facts.bedOccupants === undefined ? {} : { bedOccupants: line.facts.bedOccupants }),
    ...(line.facts.surgeryRole === undefined ? {} : { surgeryRole: line.facts.surgeryRole }),
  };
}
