import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { VisitRecord } from './visit-record.ts';

/**
 * The visit's own row `e` as the JSON of `EncounterRecord`.
 * @param visit SQL of its id
 */
export const encounterJson = (visit: string): string => `json_build_object(
    'id', e.id, 'version', e.version, 'state', e.state, 'claimKey', e.claim_key, 'recordNumber', e.record_number,
    'classCode', e.class_code, 'routeCode', e.route_code,
    'proposedRouteCode', e.proposed_route_code, 'routeReason', e.route_reason, 'routeFacts', e.route_facts, 'arrivedAt', e.arrived_at, 'admittedAt', e.admitted_at,
    'endedAt', e.ended_at, 'settledAt', e.settled_at, 'reason', e.reason, 'admissionReason', e.admission_reason,
    'provisionalDiagnosis', e.provisional_diagnosis, 'finalDiagnosis', e.final_diagnosis,
    'referral', case when e.referral_paper is not null then
      json_build_object('fromFacilityCode', e.referral_from, 'paperNumber', e.referral_paper) end,
    'destinationFacilityCode', e.destination_facility_code, 'injuryCode', e.injury_code, 'treatment', e.treatment,
    'outcomeCode', e.outcome_code, 'dischargeCode', e.discharge_code, 'advice', e.advice,
    'weightKg', e.weight_kg::text, 'heightCm', e.height_cm::text, 'birthWeightsGrams', e.birth_weights_grams,
    'followUpDates', e.follow_up_dates, 'procedureCodes', e.procedure_codes, 'signerLicence', e.signer_licence,
    'departmentCodes', (select json_agg(code) from (
      select e.department_code as code
      union all
      select code from (select l.department_code as code, min(l.ordered_at) as first from charge_line l
        where l.facility_id = $1 and l.encounter_id = ${visit} and l.cancelled_at is null
          and l.department_code <> e.department_code group by 1 order by 2) later) d))`;

/**
 * Reads visits in one statement, as the JSON of `VisitRecord`: numbers as text, so no digit passes through a float. The
 * facility's facts are those of the day of arrival (they select the law).
 * @param visit SQL of the visit's id: a parameter lets the server leave the other months' partitions alone from the start
 * @param beside SQL of a second column
 * @param withRecords results and notes too
 */
const visitSql = (visit: string, beside = '', withRecords = true) => `
select json_build_object(
  'encounter', ${encounterJson(visit)},
  'facility', (select json_build_object('id', f.id, 'code', f.code, 'name', f.name,
      'level', max(x.value) filter (where x.kind = 'level'),
      'points', (max(x.value) filter (where x.kind = 'points'))::int,
      'formerTier', max(x.value) filter (where x.kind = 'former-tier'),
      'kind', max(x.value) filter (where x.kind = 'kind'))
    from facility f left join facility_fact x on x.facility_id = f.id
      and x.valid @> (e.arrived_at at time zone 'Asia/Ho_Chi_Minh')::date
    where f.id = $1 group by f.id),
  'patient', (select json_build_object('id', p.id, 'number', pf.patient_number, 'name', p.name,
      'birthDate', p.birth_date, 'birthTime', to_char(p.birth_time, 'HH24:MI'), 'birthPrecision', p.birth_precision,
      'sexCode', p.sex_code, 'bloodGroup', p.blood_group, 'nationalityCode', p.nationality_code,
      'ethnicityCode', p.ethnicity_code, 'occupationCode', p.occupation_code, 'nationalId', p.national_id,
      'phone', p.phone, 'address', p.address, 'provinceCode', p.province_code, 'districtCode', p.district_code,
      'wardCode', p.ward_code)
    from patient p join patient_facility pf on pf.patient_id = p.id and pf.facility_id = $1
    where p.id = e.patient_id),
  'coverages', coalesce((select json_agg(json_build_object('id', c.id, 'cardNumber', c.card_number,
      'from', lower(c.valid), 'to', upper(c.valid), 'registeredFacilityCode', c.registered_facility_code,
      'areaCode', c.area_code, 'fiveYearsFrom', c.five_years_from, 'freeCopayFrom', c.free_copay_from,
      'presentedAt', ec.presented_at) order by ec.position)
    from encounter_coverage ec join coverage c on c.id = ec.coverage_id
    where ec.facility_id = $1 and ec.encounter_id = ${visit}), '[]'),
  'conditions', coalesce((select json_agg(json_build_object('id', c.id, 'role', c.role, 'code', c.code, 'name', c.name,
      'recordedAt', c.recorded_at) order by c.recorded_at, c.id)
    from condition c where c.facility_id = $1 and c.encounter_id = ${visit} and c.removed_at is null), '[]'),
  'lines', coalesce((select json_agg(json_build_object('id', l.id, 'kind', l.kind, 'code', l.code, 'name', l.name,
      'unit', l.unit, 'costGroupCode', l.cost_group_code, 'scopeCode', l.scope_code,
      'catalogueRate', trim_scale(l.catalogue_rate)::text, 'quantity', trim_scale(l.quantity)::text,
      'unitPrice', trim_scale(l.unit_price)::text, 'insuredUnitPrice', trim_scale(l.insured_unit_price)::text,
      'unitCeiling', trim_scale(l.unit_ceiling)::text, 'orderedAt', l.ordered_at, 'performedAt', l.performed_at,
      'resultAt', l.result_at, 'orderedByLicence', l.ordered_by_licence, 'performedByLicences', l.performed_by_licences,
      'departmentCode', l.department_code, 'conditionCodes', l.condition_codes, 'dose', l.dose,
      'instruction', l.instruction, 'bedCode', l.bed_code, 'machineCodes', l.machine_codes,
      'anaesthesiaCode', l.anaesthesia_code, 'packageCode', l.package_code,
      'partOfServiceCode', l.part_of_service_code, 'fuelCode', l.fuel_code, 'facts', l.facts, 'item', l.item)
      order by l.ordered_at, l.id)
    from charge_line l where l.facility_id = $1 and l.encounter_id = ${visit} and l.cancelled_at is null), '[]'),
${withRecords ? recordsSql(visit) : `'observations', '[]'::json, 'notes', '[]'::json`}
) as record${beside}
from encounter e
where e.facility_id = $1`;
const recordsSql = (
  visit: string,
) => `'observations', coalesce((select json_agg(json_build_object('id', o.id, 'lineId', o.line_id, 'serviceCode', l.code,
      'code', o.code, 'name', o.name, 'value', o.value, 'unit', o.unit, 'description', o.description,
      'conclusion', o.conclusion, 'resultAt', o.result_at, 'readByLicence', o.read_by_licence)
      order by o.result_at, o.id)
    from observation o join charge_line l on l.facility_id = $1 and l.encounter_id = ${visit}
      and l.id = o.line_id and l.cancelled_at is null
    where o.facility_id = $1 and o.encounter_id = ${visit}), '[]'),
  'notes', coalesce((select json_agg(json_build_object('id', n.id, 'at', n.at, 'text', n.text, 'stage', n.stage,
      'consultation', n.consultation, 'surgery', n.surgery, 'authorLicence', n.author_licence) order by n.at, n.id)
    from clinical_note n where n.facility_id = $1 and n.encounter_id = ${visit}), '[]')`;
const READ_VISIT = `${visitSql('$2')} and e.id = $2`;
const READ_VISITS = `${visitSql('e.id')} and e.id = any($2::uuid[])`;

/** Visits by id, in the order of the ids; unknown ids are left out. */
export async function readVisits(
  tx: Transaction,
  facilityId: Id,
  ids: readonly Id[],
): Promise<VisitRecord[]> {
  const [only, second] = ids;
  const rows = await (only && second === undefined
    ? tx.query<{ record: VisitRecord }>(READ_VISIT, [facilityId, only], 'read-visit')
    : tx.query<{ record: VisitRecord }>(READ_VISITS, [facilityId, ids], 'read-visits'));
  const byId = new Map(rows.map((row) => [row.record.encounter.id, row.record]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One visit, and in the same round trip what is known beside it: another module's column. */
export interface Beside {
  /** SQL, its parameters from `$3` on; the visit is `$2`. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Of the prepared statement. */
  readonly name: string;
  /** Results and notes of the visit too? Else it comes without them. */
  readonly withRecords: boolean;
}

export async function readVisitBeside<Known>(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  { sql, parameters, name, withRecords }: Beside,
): Promise<{ readonly visit: VisitRecord; readonly beside: Known } | undefined> {
  const [row] = await tx.query<{ record: VisitRecord; beside: Known }>(
    `${visitSql('$2', `, ${sql} as beside`, withRecords)} and e.id = $2`,
    [facilityId, id, ...parameters],
    `read-visit-${name}${withRecords ? '' : '-lean'}`,
  );
  return row && { visit: row.record, beside: row.beside };
}
