import { addDays } from '../platform/dates.ts';
import { dayFigure, momentFigure } from './figures.ts';
import type { StatementForm } from './form.ts';
import type { StatementSource } from './source.ts';

const NOT_INSURED = '9';
const joined = (texts: readonly (string | null | undefined)[], by = '; ') => texts.filter(Boolean).join(by);

/** What stands behind each label of the form's head; what is not known is an empty text. */
export function headerTexts(source: StatementSource, form: StatementForm): Readonly<Record<string, string>> {
  const { visit, settlement, names, treatmentDays } = source;
  const { encounter, patient } = visit;
  const cards = settlement.routeCode === NOT_INSURED ? [] : visit.coverages;
  const facility = (code: string) => joined([code, names.facilities[code]], ' – ');
  const moment = (at: string | null) => (at === null ? '' : momentFigure(at));
  const day = (date: string | null | undefined) => (date ? dayFigure(date) : '');
  const coded = (list: Readonly<Record<string, string>>, code: string | null) =>
    code === null ? '' : joined([code, list[code]], ' – ');
  const conditions = (isPrimary: boolean) =>
    visit.conditions.filter((condition) => (condition.role === 'primary') === isPrimary);
  return {
    patientName: patient.name,
    birthDate: birthText(patient),
    sex: form.codes.sex[patient.sexCode] ?? '',
    address: patient.address,
    patientNumber: patient.number,
    cards: joined(
      cards.map(({ cardNumber, from, to }) => `${cardNumber} (${validity(form, from, inclusive(to))})`),
    ),
    areaCode: joined([...new Set(cards.map((card) => card.areaCode))]),
    registeredFacility: joined([...new Set(cards.map((card) => facility(card.registeredFacilityCode)))]),
    routeCode: settlement.routeCode ?? '',
    classCode: coded(form.codes.class, encounter.classCode),
    referredFrom: encounter.referral
      ? joined([facility(encounter.referral.fromFacilityCode), encounter.referral.paperNumber], ', ')
      : '',
    referredTo: encounter.destinationFacilityCode ? facility(encounter.destinationFacilityCode) : '',
    recordNumber: encounter.recordNumber,
    arrivedAt: moment(encounter.arrivedAt),
    admittedAt: moment(encounter.admittedAt),
    endedAt: moment(encounter.endedAt),
    treatmentDays: treatmentDays === null ? '' : String(treatmentDays),
    dischargeCode: coded(form.codes.discharge, encounter.dischargeCode),
    departments: joined(
      encounter.departmentCodes.map((code) => joined([code, names.departments[code]], ' – ')),
    ),
    settledAt: settlement.version === 0 ? form.draftMark : moment(settlement.settledAt),
    primaryDiagnosis:
      joined(conditions(true).map((condition) => condition.name)) || (encounter.finalDiagnosis ?? ''),
    primaryCode: joined(conditions(true).map((condition) => condition.code)),
    secondaryDiagnoses: joined(conditions(false).map((condition) => condition.name)),
    secondaryCodes: joined(conditions(false).map((condition) => condition.code)),
    fiveYearsFrom: day(cards.findLast((card) => card.fiveYearsFrom)?.fiveYearsFrom),
    freeCopayFrom: day(cards.findLast((card) => card.freeCopayFrom)?.freeCopayFrom),
    claimKey: encounter.claimKey,
  };
}

function birthText({ birthDate, birthPrecision }: StatementSource['visit']['patient']): string {
  const whole = dayFigure(birthDate);
  return birthPrecision === 'year' ? whole.slice(6) : birthPrecision === 'month' ? whole.slice(3) : whole;
}

const inclusive = (to: string | null) => (to === null ? null : addDays(to, -1));

/** `từ 01/01/2026 đến 31/12/2026`; the last day is written as cards write it, inclusive. */
export function validity({ split }: StatementForm, from: string, through: string | null): string {
  const end = through === null ? split.openEnded : `${split.throughLabel} ${dayFigure(through)}`;
  return `${split.fromLabel} ${dayFigure(from)} ${end}`;
}
