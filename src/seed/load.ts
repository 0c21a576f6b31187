import type { ItemLine } from '../../schemas/catalogue-files/records.ts';
import { recordAudit } from '../audit/index.ts';
import { patientNumberFor } from '../patients/index.ts';
import type { Row, RowShape, Transaction } from '../platform/database/index.ts';
import { rangeFromPeriod } from '../platform/database/types.ts';
import { addDays } from '../platform/dates.ts';
import { derivedId, type Id } from '../platform/ids.ts';
import type { Province } from './province-files.ts';

export interface SeedCounts {
  readonly facilities: number;
  readonly practitioners: number;
  readonly items: number;
  readonly patients: number;
}

/** Ids of reference rows are derived from their codes, so loading the same line again meets the same row. */
const STAMP = Date.parse('2025-01-01T00:00:00+07:00');
const idOf = (...names: string[]): Id => derivedId(STAMP, ...names);
export const facilityIdOf = (code: string): Id => idOf('facility', code);

const range = (line: { from: string; through?: string }) =>
  rangeFromPeriod(line.from, line.through ? addDays(line.through, 1) : null);

/**
 * Loads a province's files in one transaction, as the owner of the tables. Repeatable: rows are met by their codes;
 * dated facts and prices of what the files name are replaced by what the files say. People are added, never changed.
 */
export async function loadProvince(tx: Transaction, province: Province): Promise<SeedCounts> {
  await upsert(
    tx,
    'ward',
    { code: 'text', province_code: 'text', name: 'text' },
    'code',
    province.wards.map((line) => ({ code: line.code, province_code: line.provinceCode, name: line.name })),
  );
  await upsert(
    tx,
    'diagnosis_code',
    { code: 'text', name: 'text', sex_code: 'text' },
    'code',
    province.diagnoses.map((line) => ({ code: line.code, name: line.name, sex_code: line.sexCode ?? null })),
  );
  await loadFacilities(tx, province);
  await loadEquipment(tx, province);
  const items = [...province.drugs, ...province.services, ...province.supplies];
  await loadItems(tx, items);
  const patients = await loadPatients(tx, province);
  await tx.query('update reference_revision set revision = revision + 1');
  const counts = {
    facilities: province.facilities.length,
    practitioners: province.practitioners.length,
    items: items.length,
    patients,
  };
  recordAudit(tx, {
    action: 'reference.loaded',
    subjectType: 'reference',
    subjectId: null,
    detail: { ...counts },
  });
  return counts;
}

async function loadFacilities(tx: Transaction, province: Province): Promise<void> {
  await upsert(
    tx,
    'facility',
    { id: 'uuid', code: 'text', name: 'text', address: 'text', ward_code: 'text' },
    'code',
    province.facilities.map((line) => ({
      id: facilityIdOf(line.code),
      code: line.code,
      name: line.name,
      address: line.address,
      ward_code: line.wardCode,
    })),
  );
  const ids = province.facilities.map((line) => facilityIdOf(line.code));
  await tx.query('delete from facility_fact where facility_id = any($1::uuid[])', [ids]);
  await insert(
    tx,
    'facility_fact',
    { facility_id: 'uuid', kind: 'text', valid: 'daterange', value: 'text', source: 'text' },
    province.facilities.flatMap((line) =>
      line.facts.map((fact) => ({
        facility_id: facilityIdOf(line.code),
        kind: fact.kind,
        valid: range(fact),
        value: fact.value,
        source: fact.source,
      })),
    ),
  );
  await upsert(
    tx,
    'department',
    { facility_id: 'uuid', id: 'uuid', code: 'text', name: 'text', valid: 'daterange' },
    'facility_id, id',
    province.departments.map((line) => ({
      facility_id: facilityIdOf(line.facilityCode),
      id: idOf('department', line.facilityCode, line.code, line.from),
      code: line.code,
      name: line.name,
      valid: range(line),
    })),
  );
  await upsert(
    tx,
    'practitioner',
    {
      facility_id: 'uuid',
      id: 'uuid',
      licence_number: 'text',
      name: 'text',
      title: 'text',
      department_code: 'text',
      valid: 'daterange',
    },
    'facility_id, id',
    province.practitioners.map((line) => ({
      facility_id: facilityIdOf(line.facilityCode),
      id: idOf('practitioner', line.facilityCode, line.licenceNumber, line.from),
      licence_number: line.licenceNumber,
      name: line.name,
      title: line.title,
      department_code: line.departmentCode ?? null,
      valid: range(line),
    })),
  );
}

async function loadEquipment(tx: Transaction, { machines }: Province): Promise<void> {
  await upsert(
    tx,
    'equipment',
    { facility_id: 'uuid', id: 'uuid', code: 'text', name: 'text', group_code: 'text', valid: 'daterange' },
    'facility_id, id',
    machines.map((line) => ({
      facility_id: facilityIdOf(line.facilityCode),
      id: idOf('equipment', line.facilityCode, line.code, line.from),
      code: line.code,
      name: line.name,
      group_code: line.group,
      valid: range(line),
    })),
  );
}

async function loadItems(tx: Transaction, items: readonly ItemLine[]): Promise<void> {
  const itemId = (line: ItemLine) => idOf('item', line.itemCode, line.from);
  await upsert(
    tx,
    'catalogue_item',
    {
      id: 'uuid',
      item_code: 'text',
      kind: 'text',
      official_code: 'text',
      name: 'text',
      unit: 'text',
      cost_group_code: 'text',
      scope_code: 'text',
      catalogue_rate: 'numeric',
      unit_ceiling: 'numeric',
      details: 'jsonb',
      valid: 'daterange',
    },
    'id',
    items
      .toSorted((a, b) => (a.from < b.from ? -1 : 1))
      .map((line) => ({
        id: itemId(line),
        item_code: line.itemCode,
        kind: line.kind,
        official_code: line.officialCode,
        name: line.name,
        unit: line.unit,
        cost_group_code: line.costGroupCode,
        scope_code: line.scopeCode,
        catalogue_rate: line.catalogueRate,
        unit_ceiling: line.unitCeiling ?? null,
        details: line.details,
        valid: range(line),
      })),
  );
  await tx.query('delete from catalogue_price where item_id = any($1::uuid[])', [items.map(itemId)]);
  await insert(
    tx,
    'catalogue_price',
    {
      item_id: 'uuid',
      price_list: 'text',
      unit_price: 'numeric',
      insured_unit_price: 'numeric',
      valid: 'daterange',
      source: 'text',
    },
    items.flatMap((line) =>
      line.prices.flatMap((price) =>
        price.priceLists.map((list) => ({
          item_id: itemId(line),
          price_list: list,
          unit_price: price.unitPrice,
          insured_unit_price: price.insuredUnitPrice,
          valid: range(price),
          source: price.source,
        })),
      ),
    ),
  );
}

async function loadPatients(tx: Transaction, province: Province): Promise<number> {
  const people = province.patients.map(({ facilityCode, patient }) => ({
    id: patient.id ?? idOf('patient', facilityCode, patient.name, patient.birthDate),
    name: patient.name,
    birth_date: patient.birthDate,
    birth_time: patient.birthTime ?? null,
    birth_precision: patient.birthPrecision ?? 'day',
    sex_code: patient.sexCode,
    blood_group: patient.bloodGroup ?? null,
    nationality_code: patient.nationalityCode ?? '000',
    ethnicity_code: patient.ethnicityCode,
    occupation_code: patient.occupationCode ?? '00',
    national_id: patient.nationalId ?? null,
    phone: patient.phone ?? null,
    address: patient.address,
    province_code: patient.provinceCode,
    district_code: patient.districtCode ?? null,
    ward_code: patient.wardCode,
    created_by_facility_id: facilityIdOf(facilityCode),
  }));
  const shape: Record<string, string> = Object.fromEntries(
    Object.keys(people[0] ?? {}).map((column) => [column, 'text']),
  );
  Object.assign(shape, {
    id: 'uuid',
    birth_date: 'date',
    birth_time: 'time',
    created_by_facility_id: 'uuid',
  });
  const added = await insert(tx, 'patient', shape, people, 'on conflict (id) do nothing returning 1');
  await insert(
    tx,
    'patient_facility',
    { facility_id: 'uuid', patient_id: 'uuid', patient_number: 'text', basis: 'text' },
    people.map((row) => ({
      facility_id: row.created_by_facility_id,
      patient_id: row.id,
      patient_number: patientNumberFor(row.id),
      basis: 'registered',
    })),
    'on conflict do nothing',
  );
  await insert(
    tx,
    'coverage',
    {
      id: 'uuid',
      patient_id: 'uuid',
      card_number: 'text',
      valid: 'daterange',
      registered_facility_code: 'text',
      area_code: 'text',
      five_years_from: 'date',
      source: 'text',
    },
    province.patients.flatMap(({ coverages }, index) =>
      coverages.map((card) => ({
        id: card.id,
        patient_id: people[index]?.id,
        card_number: card.cardNumber,
        valid: range({ from: card.validFrom, ...(card.validThrough ? { through: card.validThrough } : {}) }),
        registered_facility_code: card.registeredFacilityCode,
        area_code: card.areaCode ?? null,
        five_years_from: card.fiveYearsFrom ?? null,
        source: 'file',
      })),
    ),
    'on conflict do nothing',
  );
  return added;
}

async function upsert(
  tx: Transaction,
  table: string,
  shape: RowShape,
  key: string,
  rows: readonly Row[],
): Promise<void> {
  const others = Object.keys(shape).filter((column) => !key.split(', ').includes(column) && column !== 'id');
  const sets = others.map((column) => `${column} = excluded.${column}`).join(', ');
  await insert(tx, table, shape, rows, `on conflict (${key}) do update set ${sets}`);
}

async function insert(
  tx: Transaction,
  table: string,
  shape: RowShape,
  rows: readonly Row[],
  conflict = '',
): Promise<number> {
  if (rows.length === 0) return 0;
  const columns = Object.keys(shape).join(', ');
  const typed = Object.entries(shape)
    .map(([column, type]) => `${column} ${type}`)
    .join(', ');
  const answer = await tx.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_to_recordset($1::jsonb) as r(${typed}) ${conflict}`,
    [JSON.stringify(rows)],
  );
  return answer.length;
}
