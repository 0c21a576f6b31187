import { defineEntity, p } from '@mikro-orm/core';

const amount = () => p.decimal().precision(18).scale(2);
const amounts = () => ({
  grossAmount: amount(),
  insuredAmount: amount(),
  insurerPays: amount(),
  copay: amount(),
  selfPay: amount(),
  otherPayers: amount(),
});

/** Append-only: the application has no right to change a row. */
export const SettlementEntity = defineEntity({
  name: 'Settlement',
  tableName: 'settlement',
  properties: () => ({
    facilityId: p.uuid().primary(),
    encounterId: p.uuid().primary(),
    version: p.integer().primary(),
    policyVersion: p.string(),
    policyDate: p.date(),
    routeCode: p.string(),
    settledAt: p.datetime(),
    settledBy: p.uuid(),
    reason: p.string().nullable(),
    isLowCostVisit: p.boolean(),
    ...amounts(),
    drugAmount: amount(),
    supplyAmount: amount(),
    patientPays: amount(),
    trace: p.json(),
  }),
});

export const SETTLEMENT_ENTITIES = [SettlementEntity];
