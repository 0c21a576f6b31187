import { defineEntity, p } from '@mikro-orm/core';

/** A person of the province. */
export const PatientEntity = defineEntity({
  name: 'Patient',
  tableName: 'patient',
  properties: () => ({
    id: p.uuid().primary(),
    version: p.integer().version(),
    name: p.string(),
    birthDate: p.date(),
    birthTime: p.time().nullable(),
    birthPrecision: p.string(),
    sexCode: p.string(),
    bloodGroup: p.string().nullable(),
    nationalityCode: p.string(),
    ethnicityCode: p.string(),
    occupationCode: p.string(),
    nationalId: p.string().nullable(),
    phone: p.string().nullable(),
    address: p.string(),
    provinceCode: p.string(),
    districtCode: p.string().nullable(),
    wardCode: p.string(),
    createdByFacilityId: p.uuid(),
    createdAt: p.datetime().defaultRaw('now()'),
  }),
});

/** How a facility comes to see a person, and the number it gives them. */
export const PatientFacilityEntity = defineEntity({
  name: 'PatientFacility',
  tableName: 'patient_facility',
  properties: () => ({
    facilityId: p.uuid().primary(),
    patientId: p.uuid().primary(),
    patientNumber: p.string(),
    basis: p.string(),
    since: p.datetime().defaultRaw('now()'),
  }),
});

/** An insurance card with its days of validity. */
export const CoverageEntity = defineEntity({
  name: 'Coverage',
  tableName: 'coverage',
  properties: () => ({
    id: p.uuid().primary(),
    patientId: p.uuid(),
    cardNumber: p.string(),
    valid: p.string().columnType('daterange'),
    registeredFacilityCode: p.string(),
    areaCode: p.string().nullable(),
    fiveYearsFrom: p.date().nullable(),
    freeCopayFrom: p.date().nullable(),
    source: p.string(),
    recordedAt: p.datetime().defaultRaw('now()'),
  }),
});

export const PATIENT_ENTITIES = [PatientEntity, PatientFacilityEntity, CoverageEntity];
