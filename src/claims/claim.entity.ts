import { defineEntity, p } from '@mikro-orm/core';

/** Append-only; its state is its last event. */
export const ClaimVersionEntity = defineEntity({
  name: 'ClaimVersion',
  tableName: 'claim_version',
  properties: () => ({
    facilityId: p.uuid().primary(),
    encounterId: p.uuid().primary(),
    number: p.integer().primary(),
    claimKey: p.string(),
    reason: p.string(),
    settlementVersion: p.integer(),
    edition: p.string(),
    runId: p.uuid().nullable(),
    createdAt: p.datetime(),
  }),
});

/** A submission is what the events `sending` and its outcome say together. */
export const ClaimEventEntity = defineEntity({
  name: 'ClaimEvent',
  tableName: 'claim_event',
  properties: () => ({
    facilityId: p.uuid().primary(),
    encounterId: p.uuid().primary(),
    number: p.integer().primary(),
    sequence: p.smallint().primary(),
    type: p.string(),
    at: p.datetime(),
    cause: p.string(),
    attempt: p.smallint(),
    actor: p.uuid().nullable(),
    runId: p.uuid().nullable(),
    documentKind: p.string().nullable(),
    documentSha256: p.string().fieldName('document_sha256').nullable(),
    httpStatus: p.smallint().nullable(),
    resultCode: p.string().nullable(),
    transactionId: p.string().nullable(),
    receivedAt: p.string().nullable(),
    rawAnswer: p.text().nullable(),
  }),
});

export const CLAIM_ENTITIES = [ClaimVersionEntity, ClaimEventEntity];
