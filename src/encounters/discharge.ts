import type { Discharge } from '../../schemas/api/encounters.ts';
import { contains, daysBetween, type Instant, localDate, type Period } from '../platform/dates.ts';
import { checkFacility, checkLicences, notInFuture, Places, type Recording } from './decide.ts';
import { LIMITS } from './limits.ts';
import type {
  ChargeLineRecord,
  ConditionRecord,
  EncounterRecord,
  NoteRecord,
  ObservationRecord,
} from './visit-record.ts';

/** What a visit shows when it ends: `VisitRecord`, or the same of a visit that comes whole. */
export interface EndingVisit {
  readonly encounter: Pick<
    EncounterRecord,
    | 'classCode'
    | 'routeCode'
    | 'arrivedAt'
    | 'admittedAt'
    | 'admissionReason'
    | 'provisionalDiagnosis'
    | 'referral'
    | 'weightKg'
  >;
  readonly patient: { readonly birthDate: string };
  readonly coverages: readonly Period[];
  readonly conditions: readonly Pick<ConditionRecord, 'role'>[];
  readonly lines: readonly EndingLine[];
  readonly observations: readonly Pick<ObservationRecord, 'lineId'>[];
  readonly notes: readonly Pick<NoteRecord, 'at'>[];
}
export type EndingLine = Pick<
  ChargeLineRecord,
  | 'id'
  | 'kind'
  | 'code'
  | 'name'
  | 'costGroupCode'
  | 'orderedAt'
  | 'performedAt'
  | 'resultAt'
  | 'performedByLicences'
  | 'partOfServiceCode'
>;

/** The route of a visit without insurance: it makes no claim, so nothing is asked for one. */
export const NOT_INSURED = '9';
/** Routes that a paper proves: referred, or on a follow-up slip. */
const BY_PAPER = ['1.3', '1.5'];
/** A newborn is treated before the card exists. */
const NEWBORN = '1.7';
/** Kinds of care in a ward: in-patient, by day, of less than four hours. */
const IN_WARD = ['03', '04', '09'];
const TRANSFERS = ['2', '5'];
const DEATHS = ['5', '8'];
/** Cost groups: tests, imaging, functional tests; and with them surgery and procedures. */
const TESTS = ['1', '2', '3'];
const CARRIED_OUT = [...TESTS, '8', '18'];

/**
 * May the visit end like this? Asks for all that a claim of it must say, while the patient is still here.
 * @param within where the discharge stands in the body: '' when it is the body
 * @returns the route code that the visit keeps
 * @throws time-implausible, unknown-code, discharge-incomplete
 */
export function checkDischarge(input: Discharge, visit: EndingVisit, rec: Recording, within = ''): string {
  checkTimes(input, visit, rec, within);
  const codes = new Places('unknown-code');
  const destination = `${within}/destinationFacilityCode`;
  if (input.destinationFacilityCode) checkFacility(codes, rec, input.destinationFacilityCode, destination);
  if (input.signerLicence)
    checkLicences(codes, rec, [input.signerLicence], localDate(input.endedAt), `${within}/signerLicence`);
  codes.refuse();
  const routeCode = input.routeCode ?? visit.encounter.routeCode;
  const missing = new Places('discharge-incomplete');
  const primaries = visit.conditions.filter(({ role }) => role === 'primary').length;
  missing.unless(primaries === 1, '/conditions', 'onePrimaryCondition');
  missing.unless(routeCode !== null, '/routeCode', 'required');
  const isTransfer = TRANSFERS.includes(input.dischargeCode);
  const hasDestination = input.destinationFacilityCode !== undefined;
  if (routeCode !== NOT_INSURED) claimNeeds(missing, { ...visit.encounter, routeCode }, input, visit);
  missing.unless(isTransfer === hasDestination, destination, 'destination');
  if (DEATHS.includes(input.outcomeCode)) {
    missing.unless(!isTransfer, `${within}/dischargeCode`, 'afterDeath');
    missing.unless(!input.followUpDates?.length, `${within}/followUpDates`, 'afterDeath');
  }
  missing.refuse();
  return routeCode ?? NOT_INSURED;
}

/** Claims are written to the minute, so a visit lasts at least one. */
const minuteOf = (at: Instant) => Math.floor(Date.parse(at) / 60_000);

function checkTimes(input: Discharge, visit: EndingVisit, rec: Recording, within: string): void {
  const { arrivedAt, admittedAt } = visit.encounter;
  const times = new Places('time-implausible');
  const end = `${within}/endedAt`;
  const isEndedBy = (at: Instant | null) => at === null || Date.parse(at) <= Date.parse(input.endedAt);
  notInFuture(times, input.endedAt, end, rec.now);
  times.unless(minuteOf(arrivedAt) < minuteOf(input.endedAt), end, 'endTooEarly');
  times.unless(isEndedBy(admittedAt), end, 'beforeAdmission');
  const areLinesDone = visit.lines.every(
    (line) => isEndedBy(line.orderedAt) && isEndedBy(line.performedAt) && isEndedBy(line.resultAt),
  );
  times.unless(areLinesDone, end, 'beforeLastLine');
  times.unless(
    visit.notes.every(({ at }) => isEndedBy(at)),
    end,
    'beforeLastNote',
  );
  times.unless(visit.patient.birthDate <= localDate(arrivedAt), '/arrivedAt', 'beforeBirth');
  const days = daysBetween(localDate(arrivedAt), localDate(input.endedAt)) + 1;
  times.unless(days <= LIMITS.daysOfCare, end, 'stayTooLong', { limit: LIMITS.daysOfCare });
  times.refuse();
}

function claimNeeds(
  missing: Places,
  encounter: EndingVisit['encounter'],
  input: Discharge,
  visit: EndingVisit,
): void {
  const { arrivedAt, routeCode, admittedAt, classCode } = encounter;
  const day = localDate(arrivedAt);
  const isCovered = routeCode === NEWBORN || visit.coverages.some((card) => contains(card, day));
  missing.unless((input.weightKg ?? encounter.weightKg) !== null, '/weightKg', 'required');
  missing.unless(encounter.provisionalDiagnosis !== null, '/provisionalDiagnosis', 'required');
  missing.unless(visit.coverages.length > 0, '/coverageIds', 'noCard');
  if (visit.coverages.length > 0) missing.unless(isCovered, '/coverageIds', 'cardNotInForce', { day });
  if (routeCode !== null && BY_PAPER.includes(routeCode))
    missing.unless(encounter.referral !== null, '/referral', 'required');
  if (IN_WARD.includes(classCode)) missing.unless(admittedAt !== null, '/admittedAt', 'required');
  if (admittedAt !== null) missing.unless(encounter.admissionReason !== null, '/admissionReason', 'required');
  const answered = new Set(visit.observations.map(({ lineId }) => lineId));
  const services = new Set(visit.lines.filter(({ kind }) => kind !== 'supply').map(({ code }) => code));
  for (const [index, line] of visit.lines.entries())
    lineNeeds(missing, line, `/lines/${index}`, answered.has(line.id), services);
}

/** What was ordered must have been done by somebody and answered; what was not done is cancelled instead. */
function lineNeeds(
  missing: Places,
  line: EndingLine,
  at: string,
  isAnswered: boolean,
  services: ReadonlySet<string>,
): void {
  const item = { item: line.name };
  if (line.kind === 'supply' && line.partOfServiceCode !== null)
    missing.unless(services.has(line.partOfServiceCode), `${at}/partOfServiceCode`, 'unknownService', item);
  if (!CARRIED_OUT.includes(line.costGroupCode) || isStopped(line)) return;
  missing.unless(line.performedAt !== null, `${at}/performedAt`, 'requiredFor', item);
  missing.unless(line.resultAt !== null, `${at}/resultAt`, 'requiredFor', item);
  const hasPerformer = line.performedByLicences.length > 0 || isSentOut(line);
  missing.unless(hasPerformer, `${at}/performedByLicences`, 'requiredFor', item);
  if (TESTS.includes(line.costGroupCode)) missing.unless(isAnswered, `${at}/results`, 'requiredFor', item);
}

/** Official codes of services say when one was broken off, or done on a sample sent to another facility. */
const isStopped = ({ code }: EndingLine) => code.endsWith('_TB');
const isSentOut = ({ code }: EndingLine) => /\.K\.\d{5}/.test(code);
