import type { InferEntity } from '@mikro-orm/core';
import type { Coverage, Patient, PatientSearch } from '../../schemas/api/patients.ts';
import type { Transaction } from '../platform/database/index.ts';
import { periodFromRange } from '../platform/database/types.ts';
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

/** What was typed means itself, also `%` and `_`; escaped after `search_text`, which makes plain ones of wide ones. */
const CONTAINS_NAME = String.raw`'%' || regexp_replace(search_text($2), '([\\%_])', '\\\1', 'g') || '%'`;

/**
 * By name (without accents, within the facility's own patients), phone (the same), or by an exact national id or card
 * number, which finds people of the whole province: whoever holds the paper may be found by it.
 */
export async function searchPatients(
  tx: Transaction,
  facilityId: Id,
  search: PatientSearch,
): Promise<Patient[]> {
  const exact = search.nationalId !== undefined || search.cardNumber !== undefined;
  const rows = await tx.query<PatientRow & { patientNumber: string | null }>(
    `select p.id, p.version, p.name, p.birth_date::text as "birthDate", p.birth_time::text as "birthTime",
       p.birth_precision as "birthPrecision", p.sex_code as "sexCode", p.blood_group as "bloodGroup",
       p.nationality_code as "nationalityCode", p.ethnicity_code as "ethnicityCode",
       p.occupation_code as "occupationCode", p.national_id as "nationalId", p.phone, p.address,
       p.province_code as "provinceCode", p.district_code as "districtCode", p.ward_code as "wardCode",
       l.patient_number as "patientNumber"
     from patient p left join patient_facility l on l.patient_id = p.id and l.facility_id = $1
     where ($2::text is null or p.name_search like ${CONTAINS_NAME})
       and ($3::text is null or p.national_id = $3)
       and ($4::text is null or p.id in (select patient_id from coverage where card_number = $4))
       and ($5::text is null or p.phone = $5)
       and ($6 or l.facility_id is not null)
     order by p.name_search, p.id limit $7`,
    [
      facilityId,
      search.name ?? null,
      search.nationalId ?? null,
      search.cardNumber ?? null,
      search.phone ?? null,
      exact,
      search.limit ?? 20,
    ],
  );
  return rows.map((row) => patientFrom(row, row.patientNumber ?? '-'));
}

export async function listCoverages(tx: Transaction, patientId: Id): Promise<Coverage[]> {
  const { CoverageEntity } = await entities();
  const em = await tx.em();
  const rows = await em.find(CoverageEntity, { patientId }, { orderBy: { recordedAt: 'desc' } });
  return rows.map(coverageFrom);
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
