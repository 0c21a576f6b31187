import type { CheckIn, LineResult, Note, OrderLine } from '../../schemas/api/encounters.ts';
import type { Law } from '../benefits/index.ts';
import type { Catalogue } from '../catalogues/index.ts';
import type { Directory, Facility } from '../facilities/index.ts';
import { type LocalDate, localDate, notAfter } from '../platform/dates.ts';
import { checkedId, type Id } from '../platform/ids.ts';
import { Problem, type ProblemPlace } from '../platform/problem.ts';
import { joinedLength, LIMITS } from './limits.ts';
import type { Row } from './rows.ts';
import { selectingDate } from './selecting-date.ts';
import type { LineKind } from './visit-record.ts';

/** What recording needs to know besides the visit: where, who, when, and the reference data in force. */
export interface Recording {
  readonly facility: Facility;
  readonly recordedBy: Id;
  readonly now: Date;
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  readonly law: Law;
}

type RefusedFor = 'time-implausible' | 'unknown-code' | 'discharge-incomplete' | 'invalid-body';

/** Collects what is wrong with one body, to refuse it once with every place named. */
export class Places {
  readonly #type: RefusedFor;
  readonly places: ProblemPlace[] = [];

  constructor(type: RefusedFor) {
    this.#type = type;
  }

  unless(holds: boolean, pointer: string, message: string, values?: ProblemPlace['values']): void {
    if (!holds)
      this.places.push({ pointer, message: `problem.place.${message}`, ...(values ? { values } : {}) });
  }

  refuse(): void {
    if (this.places.length > 0) throw new Problem(this.#type, {}, this.places);
  }
}

export function notInFuture(times: Places, at: string | undefined | null, pointer: string, now: Date): void {
  if (at) times.unless(notAfter(at, now), pointer, 'inFuture');
}

/** `40001` + `-` + the 32 hex digits of the id: unique for the facility for ever because the id is. */
export function claimKeyFor(facilityCode: string, encounterId: Id): string {
  return `${facilityCode}-${encounterId.replaceAll('-', '')}`;
}

/** Admitted to a ward after arriving, and not in the future. @throws time-implausible */
export function checkAdmission(admittedAt: string | undefined, arrivedAt: string, now: Date): void {
  if (!admittedAt) return;
  const times = new Places('time-implausible');
  notInFuture(times, admittedAt, '/admittedAt', now);
  times.unless(Date.parse(admittedAt) >= Date.parse(arrivedAt), '/admittedAt', 'beforeArrival');
  times.refuse();
}

/** A card is shown after arriving, and not in the future. @throws time-implausible */
export function checkPresentation(presentedAt: string | undefined, arrivedAt: string, now: Date): void {
  if (!presentedAt) return;
  const times = new Places('time-implausible');
  notInFuture(times, presentedAt, '/presentedAt', now);
  times.unless(Date.parse(presentedAt) >= Date.parse(arrivedAt), '/presentedAt', 'beforeArrival');
  times.refuse();
}

export function checkInRow(input: Omit<CheckIn, 'patientId'>, patientId: Id, rec: Recording): Row {
  const times = new Places('time-implausible');
  notInFuture(times, input.arrivedAt, '/arrivedAt', rec.now);
  times.unless(input.arrivedAt >= '2000', '/arrivedAt', 'tooOld');
  times.refuse();
  checkAdmission(input.admittedAt, input.arrivedAt, rec.now);
  const codes = new Places('unknown-code');
  const day = selectingDate('facilityFacts', { arrivedAt: input.arrivedAt, endedAt: null });
  checkDepartment(codes, rec, input.departmentCode, day, '/departmentCode');
  if (input.referral)
    checkFacility(codes, rec, input.referral.fromFacilityCode, '/referral/fromFacilityCode');
  if (input.signerLicence) checkLicences(codes, rec, [input.signerLicence], day, '/signerLicence');
  codes.refuse();
  facilityOn(rec, day);
  const id = checkedId(input.id, rec.now);
  return {
    facility_id: rec.facility.id,
    id,
    version: 1,
    state: 'open',
    settlement_version: 0,
    claim_key: claimKeyFor(rec.facility.code, id),
    record_number: input.recordNumber ?? recordNumberFor(id),
    patient_id: patientId,
    department_code: input.departmentCode,
    class_code: input.classCode,
    route_code: input.routeCode ?? null,
    proposed_route_code: null,
    route_reason: null,
    route_facts: input.routeFacts ?? {},
    arrived_at: input.arrivedAt,
    admitted_at: input.admittedAt ?? null,
    ended_at: null,
    settled_at: null,
    reason: input.reason,
    admission_reason: input.admissionReason ?? null,
    provisional_diagnosis: input.provisionalDiagnosis ?? null,
    final_diagnosis: null,
    referral_from: input.referral?.fromFacilityCode ?? null,
    referral_paper: input.referral?.paperNumber ?? null,
    destination_facility_code: null,
    injury_code: input.injuryCode ?? null,
    treatment: null,
    outcome_code: null,
    discharge_code: null,
    advice: null,
    weight_kg: input.weightKg ?? null,
    height_cm: input.heightCm ?? null,
    birth_weights_grams: [],
    follow_up_dates: [],
    procedure_codes: [],
    signer_licence: input.signerLicence ?? null,
  };
}

/** The facility as the law reads it on that day. @throws policy-not-in-force */
export function facilityOn(rec: Recording, day: LocalDate) {
  const profile = rec.directory.profileOn(rec.facility.id, day);
  if (!profile) throw new Problem('policy-not-in-force', { what: 'facility facts', date: day });
  return { ...profile, code: rec.facility.code };
}

/** The paper's number when the facility gives none: readable, from the random end of the id. */
function recordNumberFor(id: Id): string {
  return `HS${id.slice(-12).toUpperCase()}`;
}

function sameProvince(rec: Recording, facilityCode: string): boolean {
  return facilityCode.startsWith(rec.facility.code.slice(0, 2));
}

export interface EncounterFrame {
  readonly id: Id;
  readonly arrivedAt: string;
  readonly endedAt: string | null;
  /** The department of arrival, and those of the lines ordered so far. */
  readonly departmentCodes: readonly string[];
}

/** What the claim must say of a line and only the order can: results add the rest. */
const NEEDED: Readonly<Partial<Record<LineKind, keyof OrderLine>>> = {
  drug: 'dose',
  surgery: 'anaesthesiaCode',
  bed: 'bedCode',
  transport: 'fuelCode',
};

/** Prices each line with the catalogue and price list in force on the day of the order. */
export function lineRows(lines: readonly OrderLine[], encounter: EncounterFrame, rec: Recording): Row[] {
  const times = new Places('time-implausible');
  const codes = new Places('unknown-code');
  const form = new Places('invalid-body');
  const departments = new Set(encounter.departmentCodes);
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    const at = `/lines/${index}`;
    departments.add(line.departmentCode);
    fits(form, [...departments], LIMITS.departments, `${at}/departmentCode`);
    fits(form, line.performedByLicences ?? [], LIMITS.performers, `${at}/performedByLicences`);
    checkLineTimes(times, line, encounter, rec.now, at);
    const day = selectingDate('price', null, { orderedAt: line.orderedAt, performedAt: null });
    checkDepartment(codes, rec, line.departmentCode, day, `${at}/departmentCode`);
    checkLicences(codes, rec, [line.orderedByLicence], day, `${at}/orderedByLicence`);
    checkLicences(codes, rec, line.performedByLicences ?? [], day, `${at}/performedByLicences`);
    for (const code of line.conditionCodes ?? [])
      codes.unless(rec.catalogue.diagnosis(code) !== undefined, `${at}/conditionCodes`, 'unknownDiagnosis');
    const found = rec.catalogue.find(line.itemCode, priceListsOn(rec, day), day);
    codes.unless(found !== undefined, `${at}/itemCode`, 'unknownItem', { day });
    if (!found) continue;
    const { item, price } = found;
    // A ward between two others on a day of moves is written with no bed-day; nothing else is ordered in no quantity.
    form.unless(item.kind === 'bed' || /[1-9]/.test(line.quantity), `${at}/quantity`, 'noQuantity');
    // Each examination of a visit has its own share of the price, so each is a line.
    const isOne = item.kind !== 'exam' || /^0*1(\.0+)?$/.test(line.quantity);
    form.unless(isOne, `${at}/quantity`, 'oneExamination');
    const needed = NEEDED[item.kind];
    if (needed) form.unless(line[needed] !== undefined, `${at}/${needed}`, 'required');
    if (!price)
      throw new Problem('price-missing', { item: item.itemCode, day }, [
        { pointer: `${at}/itemCode`, message: 'problem.place.noPrice' },
      ]);
    const { bedOccupants, surgeryRole } = line;
    rows.push({
      facility_id: rec.facility.id,
      encounter_id: encounter.id,
      id: checkedId(line.id, rec.now, `${at}/id`),
      item_id: item.id,
      kind: item.kind,
      code: item.officialCode,
      name: item.name,
      unit: item.unit,
      cost_group_code: item.costGroupCode,
      scope_code: item.scopeCode,
      catalogue_rate: item.catalogueRate,
      quantity: line.quantity,
      unit_price: price.unitPrice,
      insured_unit_price: price.insuredUnitPrice,
      unit_ceiling: item.unitCeiling,
      ordered_at: line.orderedAt,
      performed_at: line.performedAt ?? null,
      result_at: line.resultAt ?? null,
      ordered_by_licence: line.orderedByLicence,
      performed_by_licences: line.performedByLicences ?? [],
      department_code: line.departmentCode,
      condition_codes: line.conditionCodes ?? [],
      dose: line.dose ?? null,
      instruction: line.instruction ?? null,
      bed_code: line.bedCode ?? null,
      machine_codes: line.machineCodes ?? [],
      anaesthesia_code: line.anaesthesiaCode ?? null,
      package_code: line.packageCode ?? null,
      part_of_service_code: line.partOfServiceCode ?? null,
      fuel_code: line.fuelCode ?? null,
      facts: { ...(bedOccupants ? { bedOccupants } : {}), ...(surgeryRole ? { surgeryRole } : {}) },
      item: item.details,
      recorded_by: rec.recordedBy,
    });
  }
  times.refuse();
  codes.refuse();
  form.refuse();
  return rows;
}

/** The facility's own prices go before those of its tier. */
function priceListsOn(rec: Recording, day: string): string[] {
  const { id, code } = rec.facility;
  const profile = rec.directory.profileOn(id, day);
  return profile ? [code, profile.priceList] : [code];
}

/** Does a list fit into the claim, joined? */
function fits(form: Places, list: readonly string[], limit: number, pointer: string): void {
  const came = joinedLength(list);
  form.unless(came <= limit, pointer, 'tooLong', { limit, came });
}

function checkLineTimes(
  times: Places,
  line: OrderLine,
  encounter: EncounterFrame,
  now: Date,
  at: string,
): void {
  const ordered = Date.parse(line.orderedAt);
  notInFuture(times, line.orderedAt, `${at}/orderedAt`, now);
  notInFuture(times, line.performedAt, `${at}/performedAt`, now);
  notInFuture(times, line.resultAt, `${at}/resultAt`, now);
  times.unless(ordered >= Date.parse(encounter.arrivedAt), `${at}/orderedAt`, 'beforeArrival');
  if (encounter.endedAt)
    times.unless(ordered <= Date.parse(encounter.endedAt), `${at}/orderedAt`, 'afterEnd');
  if (line.performedAt)
    times.unless(Date.parse(line.performedAt) >= ordered, `${at}/performedAt`, 'beforeOrder');
  if (line.resultAt)
    times.unless(
      Date.parse(line.resultAt) >= Date.parse(line.performedAt ?? line.orderedAt),
      `${at}/resultAt`,
      'beforeOrder',
    );
}

function checkDepartment(codes: Places, rec: Recording, code: string, day: LocalDate, pointer: string): void {
  codes.unless(
    rec.directory.departmentOn(rec.facility.id, code, day) !== undefined,
    pointer,
    'unknownDepartment',
    { day },
  );
}

export function checkLicences(
  codes: Places,
  rec: Recording,
  licences: readonly string[],
  day: LocalDate,
  pointer: string,
): void {
  for (const licence of licences)
    codes.unless(
      rec.directory.practitionerOn(rec.facility.id, licence, day) !== undefined,
      pointer,
      'unknownLicence',
      { day },
    );
}

/** A facility of this province must be one that we know; those of other provinces are not ours to list. */
export function checkFacility(codes: Places, rec: Recording, code: string, pointer: string): void {
  const isKnown = rec.directory.byCode(code) !== undefined || !sameProvince(rec, code);
  codes.unless(isKnown, pointer, 'unknownFacility');
}

export function noteRows(notes: readonly Note[], encounter: EncounterFrame, rec: Recording): Row[] {
  const times = new Places('time-implausible');
  const codes = new Places('unknown-code');
  const rows = notes.map((note, index) => {
    notInFuture(times, note.at, `/notes/${index}/at`, rec.now);
    times.unless(
      Date.parse(note.at) >= Date.parse(encounter.arrivedAt),
      `/notes/${index}/at`,
      'beforeArrival',
    );
    checkLicences(codes, rec, [note.authorLicence], localDate(note.at), `/notes/${index}/authorLicence`);
    return {
      facility_id: rec.facility.id,
      encounter_id: encounter.id,
      id: checkedId(note.id, rec.now, `/notes/${index}/id`),
      at: note.at,
      text: note.text,
      stage: note.stage ?? null,
      consultation: note.consultation ?? null,
      surgery: note.surgery ?? null,
      author_licence: note.authorLicence,
      recorded_by: rec.recordedBy,
    };
  });
  times.refuse();
  codes.refuse();
  return rows;
}

export interface KnownLine {
  readonly id: Id;
  readonly costGroupCode: string;
  readonly orderedAt: string;
  readonly performedAt: string | null;
}

/** Cost group of imaging, whose results are told in words. */
const IMAGING = '2';

/** Observations to write, and what each result adds to its line. */
export function resultRows(
  results: readonly LineResult[],
  lines: ReadonlyMap<Id, KnownLine>,
  encounterId: Id,
  rec: Recording,
): { observations: Row[]; lines: Row[] } {
  const times = new Places('time-implausible');
  const codes = new Places('unknown-code');
  const form = new Places('invalid-body');
  const observations: Row[] = [];
  const changed: Row[] = [];
  for (const [index, result] of results.entries()) {
    const at = `/results/${index}`;
    const line = lines.get(result.lineId);
    codes.unless(line !== undefined, `${at}/lineId`, 'unknownLine');
    if (!line) continue;
    const day = localDate(result.resultAt);
    notInFuture(times, result.resultAt, `${at}/resultAt`, rec.now);
    times.unless(
      Date.parse(result.resultAt) >= Date.parse(result.performedAt ?? line.performedAt ?? line.orderedAt),
      `${at}/resultAt`,
      'beforeOrder',
    );
    if (result.performedAt)
      times.unless(
        Date.parse(result.performedAt) >= Date.parse(line.orderedAt),
        `${at}/performedAt`,
        'beforeOrder',
      );
    checkLicences(codes, rec, result.performedByLicences ?? [], day, `${at}/performedByLicences`);
    fits(form, result.performedByLicences ?? [], LIMITS.performers, `${at}/performedByLicences`);
    changed.push({
      id: line.id,
      performed_at: result.performedAt ?? null,
      result_at: result.resultAt,
      performed_by_licences: result.performedByLicences ?? null,
      machine_codes: result.machineCodes ?? null,
    });
    for (const [position, seen] of result.observations.entries()) {
      const here = `${at}/observations/${position}`;
      checkLicences(codes, rec, [seen.readByLicence], day, `${here}/readByLicence`);
      const words = [seen.description, seen.conclusion];
      const isAnswer =
        line.costGroupCode === IMAGING
          ? words.every((text) => text !== undefined)
          : [seen.value, ...words].some((text) => text !== undefined);
      form.unless(isAnswer, here, line.costGroupCode === IMAGING ? 'noFinding' : 'noResult');
      observations.push({
        facility_id: rec.facility.id,
        encounter_id: encounterId,
        id: checkedId(seen.id, rec.now, `${here}/id`),
        line_id: line.id,
        code: seen.code ?? null,
        name: seen.name,
        value: seen.value ?? null,
        unit: seen.unit ?? null,
        description: seen.description ?? null,
        conclusion: seen.conclusion ?? null,
        result_at: result.resultAt,
        read_by_licence: seen.readByLicence,
        recorded_by: rec.recordedBy,
      });
    }
  }
  times.refuse();
  codes.refuse();
  form.refuse();
  return { observations, lines: changed };
}
