import { treatmentDays } from '../../benefits/index.ts';
import type { ChargeLineRecord, CoverageRecord, PatientRecord } from '../../encounters/index.ts';
import { contains, localDate } from '../../platform/dates.ts';
import { add, money, moneyText } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import { date8 } from '../values.ts';
import { type ChargedLine, drugLines, serviceLines, type VisitView } from './projection.ts';

/** This field has no origin in the record yet; the reason stands beside each use. */
export const notRecorded = null;

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

/** Sum of the fund's share over rows paid fee for service, which are all rows here. */
export function insurerShare(visit: VisitView): string | null {
  if (!visit.settlement) return null;
  return moneyText(add(...visit.lines.map((line) => money(line.result?.insurerPays ?? '0'))));
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

/** A part of the other sources: nothing is recorded by part yet, so a settled line says zero. */
export function noOtherSource(line: ChargedLine): string | null {
  return line.result ? '0' : null;
}
