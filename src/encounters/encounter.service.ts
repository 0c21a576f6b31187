import type {
  CheckIn,
  Condition,
  Discharge,
  EncounterChange,
  EncounterQuery,
  EncounterSummary,
  LineResult,
  Note,
  OrderLine,
} from '../../schemas/api/encounters.ts';
import { minimalDiff } from '../audit/index.ts';
import { admitPatient } from '../patients/index.ts';
import { cursorOf, readCursor } from '../platform/cursor.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import { checkedId, type Id } from '../platform/ids.ts';
import { enqueue } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { recordAct } from './act.ts';
import {
  checkAdmission,
  checkFacility,
  checkInRow,
  checkPresentation,
  lineRows,
  noteRows,
  Places,
  type Recording,
  resultRows,
} from './decide.ts';
import { checkDischarge, NOT_INSURED } from './discharge.ts';
import {
  type Arriving,
  arriving,
  cancelLineRow,
  changeColumns,
  type EncounterFrameRow,
  insertRows,
  knownLines,
  listEncounters,
  lockFrame,
  replaceCoverages,
  retirePrimary,
  updateEncounter,
  updateRecord,
  updateResults,
  writeRows,
} from './encounter.repo.ts';
import { LIMITS } from './limits.ts';
import { arrivalFacts, reasoned, recordedFacts, redecide, routeColumns } from './route.service.ts';
import { decideRoute } from './route.ts';
import type { Row, VisitRows } from './rows.ts';
import { readVisits } from './visit-record.repo.ts';
import type { VisitRecord } from './visit-record.ts';

export const CHECK_IN_QUEUE = 'check-in';

export interface CheckedIn {
  readonly id: Id;
  readonly version: number;
  readonly claimKey: string;
  readonly recordNumber: string;
  readonly proposedRouteCode: string | null;
}

/** Opens a visit. @throws not-found, unknown-code, time-implausible, already-exists */
export async function checkIn(tx: Transaction, rec: Recording, body: CheckIn): Promise<CheckedIn> {
  const input = normalised(body);
  const row = checkInRow(input, input.patientId, rec);
  const id = row.id as Id;
  await seePatient(tx, input.patientId);
  const ids = input.coverageIds ?? [];
  const who = await arriving(tx, rec.facility.id, input.patientId, localDate(input.arrivedAt), ids);
  if (!who) throw unknownPatient();
  const coverages = coverageRows(rec, id, ids, who, input.arrivedAt);
  const decision = decideRoute(
    arrivalFacts(input, who, rec),
    input.routeCode ?? null,
    input.routeReason ?? null,
    rec.law,
    { isEnding: false },
  );
  const encounter = { ...row, ...routeColumns(decision) };
  await refuseDuplicate(() => insertRows(tx, { encounter: [encounter], encounter_coverage: coverages }));
  recordAct(tx, { id, patientId: input.patientId }, 'checkedIn', reasoned(decision));
  return {
    id,
    version: 1,
    claimKey: row.claim_key as string,
    recordNumber: row.record_number as string,
    proposedRouteCode: decision.proposed,
  };
}

/** Links the person to this facility, when they are new here. @throws not-found */
export async function seePatient(tx: Transaction, patientId: Id): Promise<void> {
  if (!(await admitPatient(tx, patientId))) throw unknownPatient();
}

export const unknownPatient = (): Problem =>
  new Problem('not-found', { what: 'patient' }, [
    { pointer: '/patientId', message: 'problem.place.unknownPatient' },
  ]);

/** What a row of each table is called when it is there already. */
const DUPLICATES: Readonly<Record<string, string>> = {
  encounter_coverage: 'coverage',
  condition: 'condition',
  charge_line: 'line',
  observation: 'observation',
  clinical_note: 'note',
};

/** @throws already-exists, naming what was doubled */
export async function refuseDuplicate(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isDatabaseError(error, '23505')) throw error;
    // The error names the partition: charge_line_2026_11.
    const table = String((error as { table?: string }).table).replace(/_(\d{4}_\d{2}|default)$/, '');
    throw new Problem('already-exists', { what: DUPLICATES[table] ?? 'encounter' }, [], { cause: error });
  }
}

function coverageRows(
  rec: Recording,
  encounterId: Id,
  ids: readonly Id[],
  { coverages }: Pick<Arriving, 'coverages'>,
  presentedAt: string,
): Row[] {
  const known = new Set(coverages.map((card) => card.id));
  const codes = new Places('unknown-code');
  for (const [index, id] of ids.entries())
    codes.unless(known.has(id), `/coverageIds/${index}`, 'unknownCoverage');
  codes.refuse();
  return ids.map((id, index) => coverageRow(rec, encounterId, id, index, presentedAt));
}

export function coverageRow(
  rec: Recording,
  encounterId: Id,
  coverageId: Id,
  position: number,
  presentedAt: string,
): Row {
  return {
    facility_id: rec.facility.id,
    encounter_id: encounterId,
    coverage_id: coverageId,
    position,
    presented_at: presentedAt,
  };
}

/** The visit, locked for this transaction, if it may still be changed. */
async function openVisit(
  tx: Transaction,
  rec: Recording,
  id: Id,
  ifMatch: number | null = null,
): Promise<EncounterFrameRow> {
  const frame = await lockVisit(tx, rec.facility.id, id, ifMatch);
  if (frame.state === 'settled') throw new Problem('encounter-locked');
  if (frame.state !== 'open') throw new Problem('encounter-not-open');
  return frame;
}

/** @throws not-found, version-conflict */
export async function lockVisit(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  ifMatch: number | null,
): Promise<EncounterFrameRow> {
  const frame = await lockFrame(tx, facilityId, id);
  if (!frame) throw new Problem('not-found', { what: 'encounter' });
  if (ifMatch !== null && frame.version !== ifMatch)
    throw new Problem('version-conflict', { expected: ifMatch, actual: frame.version });
  return frame;
}

export async function changeEncounter(
  tx: Transaction,
  rec: Recording,
  id: Id,
  ifMatch: number | null,
  body: EncounterChange,
): Promise<number> {
  const frame = await openVisit(tx, rec, id, ifMatch);
  const change = normalised(body);
  checkAdmission(change.admittedAt, frame.arrivedAt, rec.now);
  const { coverageIds, referral, presentedAt } = change;
  checkPresentation(presentedAt, frame.arrivedAt, rec.now);
  const codes = new Places('unknown-code');
  if (referral) checkFacility(codes, rec, referral.fromFacilityCode, '/referral/fromFacilityCode');
  codes.refuse();
  if (coverageIds) {
    const shownAt = presentedAt ?? rec.now.toISOString();
    const who = await arriving(tx, rec.facility.id, frame.patientId, localDate(frame.arrivedAt), coverageIds);
    const cards = coverageRows(rec, id, coverageIds, who ?? { coverages: [] }, shownAt);
    await refuseDuplicate(() => replaceCoverages(tx, rec.facility.id, id, cards));
  }
  const columns: Record<string, unknown> = referral
    ? { referral_from: referral.fromFacilityCode, referral_paper: referral.paperNumber }
    : {};
  if (change.routeFacts) columns.route_facts = JSON.stringify(change.routeFacts);
  for (const [field, column] of CHANGEABLE) if (change[field] !== undefined) columns[column] = change[field];
  const { version, before, after } = await changeColumns(tx, rec.facility.id, id, columns);
  const decision = await redecide(tx, rec, id, change);
  if (frame.firstOrderAt !== null && DECIDES_CHECK_IN.some((field) => change[field] !== undefined)) {
    const changed = await lockVisit(tx, rec.facility.id, id, null);
    const lines = await knownLines(tx, rec.facility.id, id);
    await sendCheckIns(tx, checkInMessages([...lines.values()], changed, rec));
  }
  recordAct(tx, frame, 'changed', {
    detail: { version, ...(coverageIds ? { coverageIds } : {}) },
    changes: minimalDiff(before, after),
    ...(decision ? reasoned(decision) : {}),
  });
  return version;
}

const CHANGEABLE = [
  ['classCode', 'class_code'],
  ['routeCode', 'route_code'],
  ['admittedAt', 'admitted_at'],
  ['admissionReason', 'admission_reason'],
  ['reason', 'reason'],
  ['provisionalDiagnosis', 'provisional_diagnosis'],
  ['injuryCode', 'injury_code'],
  ['weightKg', 'weight_kg'],
  ['heightCm', 'height_cm'],
] as const satisfies readonly (readonly [keyof EncounterChange, string])[];

/** What may let a check-in message go that was held back. */
const DECIDES_CHECK_IN = ['routeCode', 'coverageIds', 'admittedAt'] as const;

async function sendCheckIns(tx: Transaction, messages: readonly Row[]): Promise<void> {
  await insertRows(tx, { check_in: messages });
  for (const message of messages) enqueueCheckIn(tx, message);
}

export interface Recorded {
  readonly version: number;
  readonly ids: readonly Id[];
}

/** @param recorded how many conditions of each role the visit has already */
export function conditionRows(
  conditions: readonly Condition[],
  encounterId: Id,
  rec: Recording,
  recorded: EncounterFrameRow['conditions'] = {},
): Row[] {
  const codes = new Places('unknown-code');
  const rows = conditions.map((condition, index) => {
    const known = rec.catalogue.diagnosis(condition.code);
    codes.unless(known !== undefined, `/conditions/${index}/code`, 'unknownDiagnosis');
    return {
      facility_id: rec.facility.id,
      encounter_id: encounterId,
      id: checkedId(condition.id, rec.now, `/conditions/${index}/id`),
      role: condition.role,
      code: condition.code,
      name: condition.name ?? known?.name ?? '',
      recorded_by: rec.recordedBy,
    };
  });
  codes.unless(
    rows.filter((row) => row.role === 'primary').length <= 1,
    '/conditions',
    'onePrimaryCondition',
  );
  codes.refuse();
  const form = new Places('invalid-body');
  for (const role of ['secondary', 'traditional'] as const) {
    const came = (recorded[role] ?? 0) + rows.filter((row) => row.role === role).length;
    form.unless(came <= LIMITS[role], '/conditions', 'tooMany', { limit: LIMITS[role], came });
  }
  form.refuse();
  return rows;
}

export async function recordConditions(
  tx: Transaction,
  rec: Recording,
  id: Id,
  conditions: readonly Condition[],
): Promise<Recorded> {
  const frame = await openVisit(tx, rec, id);
  const rows = conditionRows(normalised(conditions), id, rec, frame.conditions);
  if (frame.conditions.primary && rows.some((row) => row.role === 'primary'))
    await retirePrimary(tx, rec.facility.id, id);
  return record(tx, rec, frame, 'conditions', { condition: rows });
}

/** Orders drugs, services, supplies and beds; the first cost of an insured visit announces it to the insurer. */
export async function recordOrders(
  tx: Transaction,
  rec: Recording,
  id: Id,
  lines: readonly OrderLine[],
): Promise<Recorded> {
  const frame = await openVisit(tx, rec, id);
  const rows = lineRows(normalised(lines), frame, rec);
  const messages = checkInMessages(rows.map(costOf), frame, rec);
  for (const message of messages) enqueueCheckIn(tx, message);
  return record(tx, rec, frame, 'orders', { charge_line: rows, check_in: messages });
}

interface Cost {
  readonly id: Id;
  readonly orderedAt: string;
}
export const costOf = (line: Row): Cost => ({
  id: line.id as Id,
  orderedAt: line.ordered_at as string,
});

/** An emergency is not announced, nor is a visit without insurance. */
const SILENT_ROUTES = ['2', NOT_INSURED];

/**
 * XML0 goes out after the first cost of the visit, and again after the first cost in the treating ward, unless the
 * visit began there. It names the route, so it is held back until the route is decided.
 * @param lines those that are new, or all when something else lets a message go
 * @source QĐ 130/QĐ-BYT Đ3, amended by QĐ 4750/QĐ-BYT
 */
export function checkInMessages(
  lines: readonly Cost[],
  visit: Pick<EncounterFrameRow, 'id' | 'routeCode' | 'admittedAt' | 'insured' | 'firstOrderAt' | 'checkIns'>,
  rec: Recording,
): Row[] {
  const { routeCode, checkIns } = visit;
  const ordered = lines.toSorted((a, b) => Date.parse(a.orderedAt) - Date.parse(b.orderedAt));
  const [first] = ordered;
  if (!first || !visit.insured || routeCode === null || SILENT_ROUTES.includes(routeCode)) return [];
  const message = (sequence: number, { id }: Cost) => ({
    facility_id: rec.facility.id,
    encounter_id: visit.id,
    sequence,
    line_id: id,
  });
  const messages = checkIns.includes(1) ? [] : [message(1, first)];
  if (visit.admittedAt === null || checkIns.includes(2)) return messages;
  const admitted = Date.parse(visit.admittedAt);
  const inWard = ordered.find(({ orderedAt }) => Date.parse(orderedAt) >= admitted);
  const began = Math.min(Date.parse(first.orderedAt), Date.parse(visit.firstOrderAt ?? first.orderedAt));
  return inWard && began < admitted ? [...messages, message(2, inWard)] : messages;
}

export function enqueueCheckIn(tx: Transaction, message: Row): void {
  const data = {
    facilityId: message.facility_id as string,
    encounterId: message.encounter_id as string,
    sequence: message.sequence as number,
  };
  enqueue(tx, {
    queue: CHECK_IN_QUEUE,
    name: 'send',
    jobId: `check-in.${data.encounterId}.${data.sequence}`,
    data,
  });
}

export async function recordResults(
  tx: Transaction,
  rec: Recording,
  id: Id,
  results: readonly LineResult[],
): Promise<Recorded> {
  const frame = await openVisit(tx, rec, id);
  const lines = await knownLines(tx, rec.facility.id, id);
  const rows = resultRows(normalised(results), lines, id, rec);
  await updateResults(tx, rec.facility.id, id, rows.lines);
  return record(tx, rec, frame, 'results', { observation: rows.observations });
}

export async function recordNotes(
  tx: Transaction,
  rec: Recording,
  id: Id,
  notes: readonly Note[],
): Promise<Recorded> {
  const frame = await openVisit(tx, rec, id);
  return record(tx, rec, frame, 'notes', { clinical_note: noteRows(normalised(notes), frame, rec) });
}

async function record(
  tx: Transaction,
  rec: Recording,
  frame: EncounterFrameRow,
  what: string,
  rows: VisitRows,
): Promise<Recorded> {
  let version = 0;
  await refuseDuplicate(async () => {
    version = await writeRows(tx, rec.facility.id, frame.id, rows);
  });
  const [main = []] = Object.values(rows) as Row[][];
  const ids = main.map((row) => row.id as Id);
  recordAct(tx, frame, what, { detail: { version, count: ids.length } });
  return { version, ids };
}

export async function cancelLine(
  tx: Transaction,
  rec: Recording,
  id: Id,
  lineId: Id,
  ifMatch: number | null,
  reason: string,
): Promise<number> {
  const frame = await openVisit(tx, rec, id, ifMatch);
  if (!(await cancelLineRow(tx, rec.facility.id, id, lineId, reason)))
    throw new Problem('not-found', { what: 'line' });
  const version = await updateEncounter(tx, rec.facility.id, id, {});
  recordAct(tx, frame, 'lineCancelled', { detail: { lineId }, reason });
  return version;
}

export interface Discharged {
  readonly version: number;
  readonly routeCode: string;
  /** As it stands now. */
  readonly visit: VisitRecord;
}

/** Ends the visit. What the claim needs is asked for now, while the patient is still here. */
export async function discharge(
  tx: Transaction,
  rec: Recording,
  id: Id,
  ifMatch: number | null,
  body: Discharge,
): Promise<Discharged> {
  const frame = await openVisit(tx, rec, id, ifMatch);
  const input = normalised(body);
  const [visit] = await readVisits(tx, rec.facility.id, [id]);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  const routeCode = checkDischarge(input, visit, rec);
  const reason = input.routeReason ?? visit.encounter.routeReason;
  const facts = await recordedFacts(tx, rec, visit);
  const decision = decideRoute(facts, routeCode, reason, rec.law, { isEnding: true });
  const columns = {
    ...dischargeColumns(input, routeCode, visit.encounter.weightKg),
    ...routeColumns(decision),
  };
  const encounter = await updateRecord(tx, rec.facility.id, id, columns);
  const { version } = encounter;
  await sendCheckIns(tx, checkInMessages(visit.lines, { ...frame, routeCode }, rec));
  recordAct(tx, frame, 'discharged', { detail: { version, routeCode }, ...reasoned(decision) });
  return { version, routeCode, visit: { ...visit, encounter } };
}

/** Takes a discharge back before settlement, with a reason: the visit is open again, nothing recorded is lost. */
export async function undoDischarge(
  tx: Transaction,
  rec: Recording,
  id: Id,
  ifMatch: number | null,
  reason: string,
): Promise<number> {
  const frame = await lockVisit(tx, rec.facility.id, id, ifMatch);
  if (frame.state === 'settled') throw new Problem('encounter-locked');
  if (frame.state !== 'discharged') throw new Problem('not-discharged');
  const version = await updateEncounter(tx, rec.facility.id, id, { state: 'open', ended_at: null });
  recordAct(tx, frame, 'dischargeUndone', { detail: { version }, reason });
  return version;
}

/** The settled visit stands at discharged again; billing says when that may be. @returns its version */
export async function unsettle(
  tx: Transaction,
  rec: Recording,
  frame: EncounterFrameRow,
  reason: string,
): Promise<number> {
  const { id, settlementVersion: settlement } = frame;
  const version = await updateEncounter(tx, rec.facility.id, id, { state: 'discharged', settled_at: null });
  recordAct(tx, frame, 'reopened', { detail: { version, settlement }, reason });
  return version;
}

export function dischargeColumns(
  input: Discharge,
  routeCode: string,
  weightKg: string | null,
): Record<string, unknown> {
  return {
    state: 'discharged',
    ended_at: input.endedAt,
    outcome_code: input.outcomeCode,
    discharge_code: input.dischargeCode,
    final_diagnosis: input.finalDiagnosis,
    route_code: routeCode,
    destination_facility_code: input.destinationFacilityCode ?? null,
    treatment: input.treatment ?? null,
    advice: input.advice ?? null,
    follow_up_dates: input.followUpDates ?? [],
    weight_kg: input.weightKg ?? weightKg,
    birth_weights_grams: input.birthWeightsGrams ?? [],
    procedure_codes: input.procedureCodes ?? [],
    ...(input.signerLicence ? { signer_licence: input.signerLicence } : {}),
  };
}

export async function readVisit(tx: Transaction, facilityId: Id, id: Id): Promise<VisitRecord> {
  const [visit] = await readVisits(tx, facilityId, [id]);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  recordAct(tx, { id, patientId: visit.patient.id }, 'read');
  return visit;
}

export async function pageOfEncounters(
  tx: Transaction,
  facilityId: Id,
  query: EncounterQuery,
): Promise<{ items: EncounterSummary[]; next: string | null }> {
  const limit = query.limit ?? 50;
  const after = readCursor(query.cursor);
  const rows = await listEncounters(tx, facilityId, query, after && { arrivedAt: after.at, id: after.id });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? cursorOf({ at: last.arrivedAt, id: last.id }) : null;
  return { items, next };
}
