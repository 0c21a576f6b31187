import type { WholeVisit } from '../../schemas/api/encounters.ts';
import { assessVisit, type Law } from '../benefits/index.ts';
import {
  arrivalFacts,
  type CoverageRecord,
  checkDischarge,
  checkInMessages,
  checkInRow,
  conditionRows,
  costOf,
  coverageRow,
  decideRoute,
  dischargeColumns,
  type EndingLine,
  enqueueCheckIn,
  lineRows,
  noteRows,
  type Recording,
  reasoned,
  recordAct,
  refuseDuplicate,
  resultRows,
  routeColumns,
  seePatient,
  unknownPatient,
  VISIT_SHAPES,
} from '../encounters/index.ts';
import { addCoverage, patientNumbersFor, registerPatient } from '../patients/index.ts';
import { type Row, type Transaction, tablesIn, writeStatement } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { normalised } from '../platform/text.ts';
import { type BilledLine, benefitVisit } from './benefit-visit.ts';
import { SETTLEMENT_SHAPES } from './rows.ts';
import {
  announce,
  checkedSettlementTime,
  type SettlementAnswer,
  settlementAnswer,
  settlementRows,
} from './settle.service.ts';

const SHAPES = { ...VISIT_SHAPES, ...SETTLEMENT_SHAPES };

export interface WholeVisitRecorded {
  readonly id: Id;
  readonly version: number;
  readonly claimKey: string;
  readonly recordNumber: string;
  readonly proposedRouteCode: string | null;
  readonly patientId: Id;
  readonly settlement: SettlementAnswer;
}

/**
 * A finished visit in one call, decided by the same functions as the steps and written in one statement.
 * @throws what check-in, orders, results, notes, discharge and settlement throw
 */
export async function recordWholeVisit(
  tx: Transaction,
  rec: Recording,
  law: Law,
  body: WholeVisit,
): Promise<WholeVisitRecorded> {
  const input = normalised(body);
  const { patientId, coverages, birthDate, followUpOf } = await patientOf(tx, rec, input);
  const arrival = checkInRow(input, patientId, rec);
  const id = arrival.id as Id;
  const frame = {
    id,
    arrivedAt: input.arrivedAt,
    endedAt: input.discharge.endedAt,
    departmentCodes: [input.departmentCode],
  };
  const { lines, observations } = linesWithResults(input, frame, rec);
  const conditions = conditionRows(input.conditions, id, rec);
  const notes = noteRows(input.notes ?? [], frame, rec);
  const ordered = lines.map(orderedLine);
  const visit = {
    encounter: {
      classCode: input.classCode,
      routeCode: input.routeCode ?? null,
      arrivedAt: input.arrivedAt,
      admittedAt: input.admittedAt ?? null,
      admissionReason: input.admissionReason ?? null,
      provisionalDiagnosis: input.provisionalDiagnosis ?? null,
      referral: input.referral ?? null,
      weightKg: input.weightKg ?? null,
    },
    patient: { birthDate },
    coverages,
    conditions: input.conditions,
    lines: ordered,
    observations: observations.map((row) => ({ lineId: row.line_id as Id })),
    notes: input.notes ?? [],
  };
  const routeCode = checkDischarge(input.discharge, visit, rec, '/discharge');
  const decision = decideRoute(
    arrivalFacts(input, { birthDate, coverages, followUpOf }, rec),
    routeCode,
    input.discharge.routeReason ?? input.routeReason ?? null,
    law,
    { isEnding: true, within: input.discharge.routeCode === undefined ? '' : '/discharge' },
  );
  const settledAt = checkedSettlementTime(input.settledAt, input.discharge.endedAt, rec.now);
  const result = assessVisit(
    benefitVisit(
      {
        classCode: input.classCode,
        routeCode,
        arrivedAt: input.arrivedAt,
        endedAt: input.discharge.endedAt,
        birthDate,
        facility: facilityOn(rec, input.arrivedAt),
        coverages,
        lines: ordered,
      },
      law,
    ),
    law,
  );
  const { admittedAt } = visit.encounter;
  const insured = coverages.length > 0;
  const messages = checkInMessages(
    lines.map(costOf),
    { id, routeCode, admittedAt, insured, firstOrderAt: null, checkIns: [] },
    rec,
  );
  const encounter = {
    ...arrival,
    ...routeColumns(decision),
    ...dischargeColumns(input.discharge, routeCode, input.weightKg ?? null),
    state: 'settled',
    settled_at: settledAt,
    settlement_version: 1,
  };
  const rows = {
    encounter: [encounter],
    encounter_coverage: coverages.map((coverage, index) =>
      coverageRow(rec, id, coverage.id, index, input.arrivedAt),
    ),
    condition: conditions,
    charge_line: lines,
    observation: observations,
    clinical_note: notes,
    check_in: messages,
    ...settlementRows(result, rec, { encounterId: id, routeCode, settledAt, version: 1, reason: null }),
  };
  await refuseDuplicate(() => write(tx, rows));
  for (const message of messages) enqueueCheckIn(tx, message);
  announce(tx, rec, {
    id,
    endedAt: input.discharge.endedAt,
    settledAt,
    settlementVersion: 1,
    insurerPays: result.totals.insurerPays,
  });
  recordAct(tx, { id, patientId }, 'recordedWhole', {
    detail: { lines: lines.length, settlement: 1 },
    ...reasoned(decision),
  });
  return {
    id,
    version: 1,
    claimKey: arrival.claim_key as string,
    recordNumber: arrival.record_number as string,
    proposedRouteCode: decision.proposed,
    patientId,
    settlement: settlementAnswer(result, 1, settledAt),
  };
}

async function write(tx: Transaction, rows: Readonly<Record<string, readonly Row[]>>): Promise<void> {
  const tables = tablesIn(rows);
  await tx.query(writeStatement(SHAPES, tables), [JSON.stringify(rows)], `whole-${tables.join('-')}`);
}

type PresentedCoverage = Omit<CoverageRecord, 'presentedAt'> & { readonly presentedAt: string };

/** The person (known, or given with the visit) and the cards presented, in order. */
async function patientOf(
  tx: Transaction,
  rec: Recording,
  input: WholeVisit,
): Promise<PatientAndCards & { readonly patientId: Id }> {
  if ((input.patient === undefined) === (input.patientId === undefined))
    throw new Problem('invalid-body', {}, [{ pointer: '/patientId', message: 'problem.place.patientOrId' }]);
  const clock = { now: () => rec.now };
  const patientId = input.patientId ?? (await registerPatient(tx, rec.facility.id, input.patient!, clock)).id;
  // A card is added to somebody whom the facility sees.
  if (input.patientId && input.coverages?.length) await seePatient(tx, patientId);
  const ids = [...(input.coverageIds ?? [])];
  for (const coverage of input.coverages ?? [])
    ids.push((await addCoverage(tx, rec.facility.id, patientId, coverage, clock)).id);
  const found = await patientAndCards(tx, rec.facility.id, patientId, ids, input.arrivedAt);
  const byId = new Map(found.coverages.map((coverage) => [coverage.id, coverage]));
  const coverages = ids.map((id, index) => {
    const coverage = byId.get(id);
    if (!coverage)
      throw new Problem('unknown-code', {}, [
        { pointer: `/coverageIds/${index}`, message: 'problem.place.unknownCoverage' },
      ]);
    return coverage;
  });
  return { patientId, birthDate: found.birthDate, followUpOf: found.followUpOf, coverages };
}

interface PatientAndCards {
  readonly birthDate: string;
  /** Number of the visit here whose follow-up is due on the day of arrival. */
  readonly followUpOf: string | null;
  readonly coverages: readonly PresentedCoverage[];
}

/** Admits the person and reads them in one statement; at a first visit they are seen from the next statement on. */
async function patientAndCards(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  coverageIds: readonly Id[],
  presentedAt: string,
): Promise<PatientAndCards> {
  const parameters = [
    patientId,
    patientNumbersFor(patientId),
    coverageIds,
    presentedAt,
    facilityId,
    localDate(presentedAt),
  ];
  const read = async () =>
    (
      await tx.query<PatientAndCards & { isKnown: boolean }>(
        PATIENT_AND_CARDS,
        parameters,
        'patient-and-cards',
      )
    )[0];
  const first = await read();
  const found = first?.isKnown && !first.birthDate ? await read() : first;
  if (!found?.birthDate) throw unknownPatient();
  return found;
}

const PATIENT_AND_CARDS = `
select admit_patient($1, $2) as "isKnown", (select birth_date::text from patient where id = $1) as "birthDate",
  (select record_number from encounter where facility_id = $5 and patient_id = $1
    and $6::date = any(follow_up_dates) order by arrived_at desc limit 1) as "followUpOf",
  coalesce((select json_agg(json_build_object('id', id, 'cardNumber', card_number, 'from', lower(valid),
    'to', upper(valid), 'registeredFacilityCode', registered_facility_code, 'areaCode', area_code,
    'fiveYearsFrom', five_years_from, 'freeCopayFrom', free_copay_from, 'presentedAt', $4::text))
    from coverage where patient_id = $1 and id = any($3::uuid[])), '[]') as coverages`;

/** Lines as ordered, with what their results said, and the observations. */
function linesWithResults(
  input: WholeVisit,
  frame: Parameters<typeof lineRows>[1],
  rec: Recording,
): { lines: Row[]; observations: Row[] } {
  const ordered = lineRows(input.lines, frame, rec);
  const known = new Map(ordered.map(orderedLine).map((line) => [line.id, line]));
  const results = resultRows(input.results ?? [], known, frame.id, rec);
  const said = new Map(results.lines.map((line) => [line.id, line]));
  const lines = ordered.map((line) => {
    const result = said.get(line.id);
    if (!result) return line;
    return {
      ...line,
      result_at: result.result_at,
      performed_at: result.performed_at ?? line.performed_at,
      performed_by_licences: result.performed_by_licences ?? line.performed_by_licences,
      machine_codes: result.machine_codes ?? line.machine_codes,
    };
  });
  return { lines, observations: results.observations };
}

function facilityOn(rec: Recording, arrivedAt: string) {
  const profile = rec.directory.profileOn(rec.facility.id, localDate(arrivedAt));
  if (!profile) throw new Problem('policy-not-in-force', { what: 'facility facts', date: arrivedAt });
  return profile;
}

/** A line that is about to be written, as it would be read. */
function orderedLine(line: Row): BilledLine & EndingLine {
  return {
    id: line.id as Id,
    kind: line.kind as BilledLine['kind'],
    code: line.code as string,
    name: line.name as string,
    costGroupCode: line.cost_group_code as string,
    orderedAt: line.ordered_at as string,
    performedAt: line.performed_at as string | null,
    resultAt: line.result_at as string | null,
    performedByLicences: line.performed_by_licences as string[],
    partOfServiceCode: line.part_of_service_code as string | null,
    quantity: line.quantity as string,
    unitPrice: line.unit_price as string,
    insuredUnitPrice: line.insured_unit_price as string,
    unitCeiling: line.unit_ceiling as string | null,
    scopeCode: line.scope_code as string,
    catalogueRate: line.catalogue_rate as string,
    packageCode: line.package_code as string | null,
    bedCode: line.bed_code as string | null,
    facts: line.facts as BilledLine['facts'],
  };
}
