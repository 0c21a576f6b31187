import type { InferEntity } from '@mikro-orm/core';
import type { Coverage, Patient, PatientSearch } from '../../schemas/api/patients.ts';
import { type RowShape, type Transaction, writeStatement } from '../platform/database/index.ts';
import { periodFromRange, rangeFromPeriod } from '../platform/database/types.ts';
import { addDays } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { CoverageEntity, PatientEntity } from './patient.entity.ts';

type PatientRow = InferEntity<typeof PatientEntity>;
type CoverageRow = InferEntity<typeof CoverageEntity>;

/** Loaded with the ORM itself, when a person is first handled as an entity: most commands never do. */
export const entities = () => import('./patient.entity.ts');

/**
 * The person and the facility's number for them; undefined when this facility does not see them.
 * @param forChange who is about to change the person locks the row, so that the version compared is the version changed
 */
export async function findPatient(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  forChange = false,
): Promise<{ row: PatientRow; patient: Patient } | undefined> {
  const [{ LockMode }, { PatientEntity, PatientFacilityEntity }] = await Promise.all([
    import('@mikro-orm/core'),
    entities(),
  ]);
  const lockMode = forChange ? LockMode.PESSIMISTIC_WRITE : LockMode.NONE;
  const em = await tx.em();
  const link = await em.findOne(PatientFacilityEntity, { facilityId, patientId: id });
  if (!link) return undefined;
  const row = await em.findOneOrFail(PatientEntity, { id }, { lockMode });
  return { row, patient: patientFrom(row, link.patientNumber) };
}

/**
 * The person as the database lets this caller see them: also somebody who never came here, while an emergency that the
 * caller declared lasts. They have no number here.
 */
export async function seePatient(
  tx: Transaction,
  facilityId: Id,
  id: Id,
): Promise<{ patient: Patient; isKnownHere: boolean } | undefined> {
  const found = await findPatient(tx, facilityId, id);
  if (found) return { patient: found.patient, isKnownHere: true };
  const { PatientEntity } = await entities();
  const row = await (await tx.em()).findOne(PatientEntity, { id });
  return row ? { patient: patientFrom(row, NO_NUMBER), isKnownHere: false } : undefined;
}

/** Of people who have no number at this facility. */
const NO_NUMBER = '-';

export function patientFrom(row: PatientRow, patientNumber: string): Patient {
  return {
    id: row.id,
    version: row.version,
    patientNumber,
    name: row.name,
    birthDate: row.birthDate,
    birthPrecision: row.birthPrecision as Patient['birthPrecision'],
    sexCode: row.sexCode as Patient['sexCode'],
    nationalityCode: row.nationalityCode,
    ethnicityCode: row.ethnicityCode,
    occupationCode: row.occupationCode,
    address: row.address,
    provinceCode: row.provinceCode,
    wardCode: row.wardCode,
    ...(row.birthTime ? { birthTime: row.birthTime.slice(0, 5) } : {}),
    ...(row.bloodGroup ? { bloodGroup: row.bloodGroup } : {}),
    ...(row.nationalId ? { nationalId: row.nationalId } : {}),
    ...(row.phone ? { phone: row.phone } : {}),
    ...(row.districtCode ? { districtCode: row.districtCode } : {}),
  };
}

/** Known here: has a number at this facility. */
export async function isKnownHere(tx: Transaction, facilityId: Id, patientId: Id): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from patient_facility where facility_id = $1 and patient_id = $2',
    [facilityId, patientId],
    'known-here',
  );
  return rows.length > 0;
}

const PATIENT: RowShape = {
  id: 'uuid',
  name: 'text',
  birth_date: 'date',
  birth_time: 'time',
  birth_precision: 'text',
  sex_code: 'text',
  blood_group: 'text',
  nationality_code: 'text',
  ethnicity_code: 'text',
  occupation_code: 'text',
  national_id: 'text',
  phone: 'text',
  address: 'text',
  province_code: 'text',
  district_code: 'text',
  ward_code: 'text',
  created_by_facility_id: 'uuid',
};
const INSERT_PATIENT = writeStatement({ patient: PATIENT }, ['patient']);

/** The person first: the facility's link to them is allowed to whoever registered them. */
export async function insertPatient(tx: Transaction, facilityId: Id, patient: Patient): Promise<void> {
  const row: Record<keyof typeof PATIENT, unknown> = {
    id: patient.id,
    name: patient.name,
    birth_date: patient.birthDate,
    birth_time: patient.birthTime,
    birth_precision: patient.birthPrecision,
    sex_code: patient.sexCode,
    blood_group: patient.bloodGroup,
    nationality_code: patient.nationalityCode,
    ethnicity_code: patient.ethnicityCode,
    occupation_code: patient.occupationCode,
    national_id: patient.nationalId,
    phone: patient.phone,
    address: patient.address,
    province_code: patient.provinceCode,
    district_code: patient.districtCode,
    ward_code: patient.wardCode,
    created_by_facility_id: facilityId,
  };
  await tx.query(INSERT_PATIENT, [JSON.stringify({ patient: [row] })], 'insert-patient');
  await tx.query(
    `insert into patient_facility (facility_id, patient_id, patient_number, basis) values ($1, $2, $3, 'registered')`,
    [facilityId, patient.id, patient.patientNumber],
    'insert-patient-facility',
  );
}

/** What was typed means itself, also `%` and `_`; escaped after `search_text`, which makes plain ones of wide ones. */
const PART_OF_NAME = String.raw`regexp_replace(search_text($1), '([\\%_])', '\\\1', 'g')`;

const PERSON = `(person).id, (person).version, (person).name, (person).birth_date::text as "birthDate",
  (person).birth_time::text as "birthTime", (person).birth_precision as "birthPrecision",
  (person).sex_code as "sexCode", (person).blood_group as "bloodGroup",
  (person).nationality_code as "nationalityCode", (person).ethnicity_code as "ethnicityCode",
  (person).occupation_code as "occupationCode", (person).national_id as "nationalId", (person).phone,
  (person).address, (person).province_code as "provinceCode", (person).district_code as "districtCode",
  (person).ward_code as "wardCode", patient_number as "patientNumber"`;

/**
 * By name (without accents) or phone within the facility's own patients, or by an exact national id or card number,
 * which finds people of the whole province: whoever holds the paper may be found by it.
 */
export async function searchPatients(tx: Transaction, search: PatientSearch): Promise<Patient[]> {
  const { name = null, phone = null, nationalId = null, cardNumber = null, limit = 20 } = search;
  const isExact = nationalId !== null || cardNumber !== null;
  const rows = await tx.query<PatientRow & { patientNumber: string | null }>(
    isExact
      ? `select ${PERSON} from find_person($3, $4)
         where ($1::text is null or (person).name_search like '%' || ${PART_OF_NAME} || '%')
           and ($2::text is null or (person).phone = $2) limit $5`
      : `select ${PERSON} from search_patients(${PART_OF_NAME}, $2, $3)`,
    isExact ? [name, phone, nationalId, cardNumber, limit] : [name, phone, limit],
  );
  return rows.map((row) => patientFrom(row, row.patientNumber ?? NO_NUMBER));
}

/** The short number, and the whole id for when the facility gave the short one to somebody else. */
export const patientNumbersFor = (patientId: Id): readonly string[] => [
  patientNumberFor(patientId),
  `BN${patientId.replaceAll('-', '').toUpperCase()}`,
];

/** Short enough to write on a folder; from the random end of the id, and checked for uniqueness by the database. */
export function patientNumberFor(id: Id): string {
  return `BN${id.slice(-12).toUpperCase()}`;
}

/** Links the person to this facility when this is their first visit here. @returns false when there is no such person */
export async function admitPatient(tx: Transaction, patientId: Id): Promise<boolean> {
  const [row] = await tx.query<{ known: boolean }>(
    'select admit_patient($1, $2) as known',
    [patientId, patientNumbersFor(patientId)],
    'admit-patient',
  );
  return row?.known ?? false;
}

export async function listCoverages(tx: Transaction, patientId: Id): Promise<Coverage[]> {
  const { CoverageEntity } = await entities();
  const em = await tx.em();
  const rows = await em.find(CoverageEntity, { patientId }, { orderBy: { recordedAt: 'desc' } });
  return rows.map(coverageFrom);
}

export async function insertCoverage(tx: Transaction, patientId: Id, coverage: Coverage): Promise<void> {
  const { validFrom, validThrough } = coverage;
  await tx.query(
    `insert into coverage (id, patient_id, card_number, valid, registered_facility_code, area_code, five_years_from,
       free_copay_from, source, recorded_at)
     values ($1, $2, $3, $4::daterange, $5, $6, $7, $8, 'card', $9)`,
    [
      coverage.id,
      patientId,
      coverage.cardNumber,
      rangeFromPeriod(validFrom, validThrough ? addDays(validThrough, 1) : null),
      coverage.registeredFacilityCode,
      coverage.areaCode ?? null,
      coverage.fiveYearsFrom ?? null,
      coverage.freeCopayFrom ?? null,
      coverage.recordedAt,
    ],
    'insert-coverage',
  );
}

export function coverageFrom(row: CoverageRow): Coverage {
  const { from, to } = periodFromRange(row.valid);
  return {
    id: row.id,
    cardNumber: row.cardNumber,
    validFrom: from,
    ...(to ? { validThrough: addDays(to, -1) } : {}),
    registeredFacilityCode: row.registeredFacilityCode,
    ...(row.areaCode ? { areaCode: row.areaCode as 'K1' } : {}),
    ...(row.fiveYearsFrom ? { fiveYearsFrom: row.fiveYearsFrom } : {}),
    ...(row.freeCopayFrom ? { freeCopayFrom: row.freeCopayFrom } : {}),
    recordedAt: new Date(row.recordedAt).toISOString(),
  };
}

/** All facilities that know the person, whoever asks: whose trails an act from elsewhere stands in. */
export async function facilitiesOf(tx: Transaction, patientId: Id): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>('select facilities_of_patient($1) as id', [patientId]);
  return rows.map((row) => row.id);
}
