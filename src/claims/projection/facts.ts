import { treatmentDays } from '../../benefits/index.ts';
import type { ChargeLineRecord, CoverageRecord, PatientRecord } from '../../encounters/index.ts';
import { contains, daysBetween, localDate } from '../../platform/dates.ts';
import { add, money, moneyText, sumText } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import { type EditionId, isIn } from '../editions.ts';
import type { Birth, Carer, RestPeriod } from '../snapshot.ts';
import { date8 } from '../values.ts';
import { type ChargedLine, drugLines, serviceLines, type VisitView } from './projection.ts';

/** Reasons for elements that stay empty (docs/claim-tables.md). */
export const SPARE = 'spare element';
export const NO_LIST = 'the Ministry has not issued the list of codes';
export const SIGNED_ELSEWHERE =
  'the facility signs the whole file; no form of signature data for one paper is known';

/** Payment method: fee for service. Capitation and case payment are not in force in the province. */
export const FEE_FOR_SERVICE = '1';

/** Twelve digits; unknown parts are zeros: only the year known `yyyy00000000`, time unknown `yyyyMMdd0000`. */
export function birthMoment(patient: PatientRecord): string {
  const day = date8(patient.birthDate);
  if (patient.birthPrecision === 'year') return `${day.slice(0, 4)}00000000`;
  if (patient.birthPrecision === 'month') return `${day.slice(0, 6)}000000`;
  return day + (patient.birthTime ?? '00:00').replace(':', '').slice(0, 4);
}

/** The card in force on the day of arrival, else the first one presented. */
export function cardAtArrival(visit: VisitView): CoverageRecord | undefined {
  const day = localDate(visit.encounter.arrivedAt);
  return visit.cards.find((card) => contains(card, day)) ?? visit.cards[0];
}

/** What the card presented last says about something that not every card says. */
export function lastKnown<T>(
  cards: readonly CoverageRecord[],
  read: (card: CoverageRecord) => T | null,
): T | null {
  return cards.reduce<T | null>((known, card) => read(card) ?? known, null);
}

/** An amount of the rows, added up as they are written; null for a draft. */
export function sumOf(
  visit: VisitView,
  amount: 'grossAmount' | 'insuredAmount' | 'insurerPays' | 'copay' | 'selfPay' | 'otherPayers',
  lines: readonly ChargedLine[] = visit.lines,
): string | null {
  if (!visit.settlement) return null;
  return sumText(lines.map((line) => line.result?.[amount] ?? '0.00'));
}

/** What the fund pays for the visit: the sum of the rows, or, where so chosen, insured cost less co-payment. */
export function insurerShare(visit: VisitView): string | null {
  if (!visit.settlement || visit.choices.insurerShare === 'rows') return sumOf(visit, 'insurerPays');
  return moneyText(money(sumOf(visit, 'insuredAmount')!).minus(money(sumOf(visit, 'copay')!)));
}

/**
 * Days of treatment, a statistic by kind of care; null while the visit lasts, and for a kind of care whose count no
 * text known to us describes: the field stays empty and the rule on required fields speaks.
 */
export function daysOfCare(visit: VisitView): number | null {
  const { classCode, arrivedAt, admittedAt, endedAt } = visit.encounter;
  if (endedAt === null) return null;
  const days = new Set(serviceLines(visit).map((line) => localDate(line.performedAt ?? line.orderedAt)));
  const drugDays = Math.max(0, ...drugLines(visit).map((line) => daysOfDose(line.dose)));
  try {
    return treatmentDays(classCode, arrivedAt, endedAt, admittedAt, drugDays, days.size);
  } catch (error) {
    if (error instanceof Problem && error.type === 'policy-not-in-force') return null;
    throw error;
  }
}

/** The number of days in a dose pattern such as `1 viên/lần * 2 lần/ngày * 5 ngày [10 viên]`; 1 when it names none. */
export function daysOfDose(dose: string | null): number {
  const found = /(\d{1,3})\s*ngày/u.exec(dose ?? '');
  return found ? Number(found[1]) : 1;
}

/** ICD-10 codes that justify a line: its own, else the main condition of the visit. */
export function modernCodes(line: ChargeLineRecord, visit: VisitView): readonly string[] {
  const own = line.conditionCodes.filter((code) => !visit.traditionalCodes.includes(code));
  return own.length > 0 || visit.mainCode === undefined ? own : [visit.mainCode];
}

export function traditionalCodes(line: ChargeLineRecord, visit: VisitView): readonly string[] {
  return line.conditionCodes.filter((code) => visit.traditionalCodes.includes(code));
}

/** The three ways in which a line names what was given: exactly one of service, drug and supply. */
export function lineCodes(line: ChargeLineRecord | undefined): {
  readonly service?: ChargeLineRecord;
  readonly drug?: ChargeLineRecord;
  readonly supply?: ChargeLineRecord;
} {
  if (!line) return {};
  if (line.kind === 'drug' || line.kind === 'blood') return { drug: line };
  return line.kind === 'supply' ? { supply: line } : { service: line };
}

type PayerPart = 'stateBudget' | 'foreignAid' | 'domesticAid' | 'other' | 'all';
const NOBODY_NAMED = { stateBudget: '0', foreignAid: '0', domesticAid: '0' };

/** What other payers gave, by source; a settled line says zero where there was none. */
export function otherPayers(line: ChargedLine): Partial<Record<PayerPart, string>> {
  if (!line.result) return {};
  const all = line.result.otherPayers;
  if (!line.detail.otherPayers) return { ...NOBODY_NAMED, other: all, all };
  const { stateBudget, foreignAid, domesticAid } = { ...NOBODY_NAMED, ...line.detail.otherPayers };
  const named = add(money(stateBudget), money(foreignAid), money(domesticAid));
  // What nobody is named for counts as other, so that the four parts always make the whole.
  return { stateBudget, foreignAid, domesticAid, other: moneyText(money(all).minus(named)), all };
}

/** `1`, or nothing: some elements know no `0`. */
export const oneOrBlank = (is: boolean | undefined): string => (is ? '1' : '');
export const noYes = (is: boolean): string => (is ? '1' : '0');

/** Did the element change with this edition, or before? */
export const since = (visit: Pick<VisitView, 'edition'>, edition: EditionId): boolean =>
  isIn(visit.edition, edition);

/** Days off, first and last day counted. */
export const restDays = ({ from, to }: RestPeriod): number => daysBetween(from, to);

export function handOverMark({ detail }: ChargedLine, visit: VisitView): string | null {
  if (!detail.handOver) return null;
  const { kind, facilityCode } = detail.handOver;
  const remote = since(visit, '3176') ? 'H' : 'HC';
  const letter = { received: 'C', outsourcedTest: 'K', bloodSupplier: 'M', remoteSupport: remote }[kind];
  return `${letter}.${facilityCode}`;
}

/** The ceiling that the edition asks for: of one supply item, or of all supplies of a package. */
export function supplyCeiling(line: ChargedLine, { edition, choices }: VisitView): string | null | undefined {
  return choices.supplyCeiling[edition] === 'item' ? line.unitCeiling : line.detail.packageCeiling;
}

/** Who stands on a birth certificate beside the baby: the one named there, else the patient, who gave birth. */
export function carerOf(birth: Birth, { patient, cards, clinical }: VisitView): Carer {
  return (
    birth.carer ?? {
      name: patient.name,
      birthDate: patient.birthDate,
      ethnicityCode: patient.ethnicityCode,
      nationalityCode: patient.nationalityCode,
      address: patient.address,
      provinceCode: patient.provinceCode,
      wardCode: patient.wardCode,
      ...(patient.districtCode && { districtCode: patient.districtCode }),
      ...(patient.nationalId && { nationalId: patient.nationalId }),
      ...(cards[0] && { cardNumber: cards[0].cardNumber }),
      ...(clinical.identity && { identity: clinical.identity }),
      ...(clinical.socialInsuranceNumber && { socialInsuranceNumber: clinical.socialInsuranceNumber }),
    }
  );
}

/** Names of what was ordered, each once, in the order of the first order. */
export const namesOf = (lines: readonly ChargedLine[]): string =>
  [...new Set(lines.map((line) => line.name))].join('; ');
