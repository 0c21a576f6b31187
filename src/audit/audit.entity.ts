import { defineEntity, p } from '@mikro-orm/core';

/** Append-only: the application has no right to change a row. */
export const AuditEventEntity = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_event',
  properties: () => ({
    facilityId: p.uuid().primary(),
    id: p.uuid().primary(),
    at: p.datetime().defaultRaw('now()'),
    actor: p.uuid(),
    action: p.string(),
    subjectType: p.string(),
    subjectId: p.uuid().nullable(),
    purpose: p.string(),
    requestId: p.string(),
    detail: p.json(),
    reason: p.string().nullable(),
    changes: p.json().nullable(),
    origin: p.string().nullable(),
    flag: p.string().nullable(),
    patientId: p.uuid().nullable(),
    actingFacilityId: p.uuid().nullable(),
  }),
});

export const AUDIT_ENTITIES = [AuditEventEntity];
