import { defineEntity, p } from '@mikro-orm/core';

export const ExportRunEntity = defineEntity({
  name: 'ExportRun',
  tableName: 'export_run',
  properties: () => ({
    id: p.uuid().primary(),
    facilityId: p.uuid().nullable(),
    day: p.date(),
    cause: p.string(),
    requestedBy: p.uuid().nullable(),
    startedAt: p.datetime(),
  }),
});

export const ExportBatchEntity = defineEntity({
  name: 'ExportBatch',
  tableName: 'export_batch',
  properties: () => ({
    facilityId: p.uuid().primary(),
    runId: p.uuid().primary(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    found: p.integer(),
    built: p.integer(),
    setAside: p.integer(),
  }),
});

export const EXPORT_ENTITIES = [ExportRunEntity, ExportBatchEntity];
