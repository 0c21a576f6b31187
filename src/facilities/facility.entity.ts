import { defineEntity, p } from '@mikro-orm/core';

export const FacilityEntity = defineEntity({
  name: 'Facility',
  tableName: 'facility',
  properties: () => ({
    id: p.uuid().primary(),
    code: p.string(),
    name: p.string(),
    address: p.string(),
    wardCode: p.string(),
    createdAt: p.datetime().defaultRaw('now()'),
  }),
});

export const DepartmentEntity = defineEntity({
  name: 'Department',
  tableName: 'department',
  properties: () => ({
    facilityId: p.uuid().primary(),
    id: p.uuid().primary(),
    code: p.string(),
    name: p.string(),
    valid: p.string().columnType('daterange'),
  }),
});

export const PractitionerEntity = defineEntity({
  name: 'Practitioner',
  tableName: 'practitioner',
  properties: () => ({
    facilityId: p.uuid().primary(),
    id: p.uuid().primary(),
    licenceNumber: p.string(),
    name: p.string(),
    title: p.string(),
    departmentCode: p.string().nullable(),
    practiceScope: p.string().nullable(),
    accountId: p.uuid().nullable(),
    valid: p.string().columnType('daterange'),
  }),
});

export const FACILITY_ENTITIES = [FacilityEntity, DepartmentEntity, PractitionerEntity];
