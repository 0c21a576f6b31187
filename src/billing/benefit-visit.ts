import {
  type BenefitCoverage,
  type BenefitLine,
  type BenefitVisit,
  type Law,
  policyDay,
} from '../benefits/index.ts';
import {
  type ChargeLineRecord,
  type CoverageRecord,
  type FacilityRecord,
  selectingDate,
} from '../encounters/index.ts';
import { localDate } from '../platform/dates.ts';
import { decimal } from '../platform/money.ts';

/** The facts of a visit that the law asks for: a part of `VisitRecord`, also known before the visit is stored. */
export interface BilledVisit {
  readonly classCode: string;
  readonly routeCode: string | null;
  readonly arrivedAt: string;
  /** null while the visit lasts. */
  readonly endedAt: string | null;
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
  | 'bedCode'
  | 'facts'
>;

/**
 * All that is recorded and that the law asks for. Examinations are counted in the order in which they were ordered.
 * Not recorded so far, and so absent: what the insurer counts as copay of the year, money of others for this patient,
 * the social pension, the number of a stent, the code of the visit that prescribed drugs now picked up.
 */
export function benefitVisit(visit: BilledVisit, law: Law): BenefitVisit {
  const arrivedOn = selectingDate('law', { arrivedAt: visit.arrivedAt, endedAt: null });
  const exams = visit.lines
    .filter((line) => line.kind === 'exam')
    .toSorted((a, b) => Date.parse(a.orderedAt) - Date.parse(b.orderedAt) || (a.id < b.id ? -1 : 1));
  const ordinal = new Map(exams.map((line, index) => [line.id, index + 1]));
  return {
    policyDate: policyDay(arrivedOn, visit.endedAt && localDate(visit.endedAt), law),
    arrivedOn,
    ...(visit.endedAt === null ? {} : { endedAt: visit.endedAt }),
    classCode: visit.classCode,
    routeCode: visit.routeCode,
    facility: visit.facility,
    ...(visit.birthDate === null ? {} : { birthDate: visit.birthDate }),
    coverages: visit.coverages.map(benefitCoverage),
    lines: visit.lines.map((line) => benefitLine(line, ordinal.get(line.id))),
  };
}

function benefitCoverage(coverage: BilledVisit['coverages'][number]): BenefitCoverage {
  const { cardNumber, from, to, areaCode, freeCopayFrom, presentedAt } = coverage;
  return { cardNumber, from, to, areaCode, freeCopayFrom, presentedAt };
}

/** Stretchers and folding beds, by the first letter of the official bed code. */
const STRETCHER = 'K';

function benefitLine(line: BilledLine, examOrdinal: number | undefined): BenefitLine {
  return {
    id: line.id,
    kind: line.kind,
    date: selectingDate('card', null, line),
    performedAt: line.performedAt ?? line.orderedAt,
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
    ...(line.kind === 'bed' && line.bedCode?.startsWith(STRETCHER) ? { isStretcher: true } : {}),
    ...(line.facts.surgeryRole === undefined ? {} : { surgeryRole: line.facts.surgeryRole }),
  };
}
