import type { RowShape } from '../platform/database/index.ts';

const AMOUNTS = {
  gross_amount: 'numeric',
  insured_amount: 'numeric',
  insurer_pays: 'numeric',
  copay: 'numeric',
  self_pay: 'numeric',
  other_payers: 'numeric',
} as const;

export const SETTLEMENT_SHAPES: Readonly<Record<string, RowShape>> = {
  settlement: {
    facility_id: 'uuid',
    encounter_id: 'uuid',
    version: 'integer',
    policy_version: 'text',
    policy_date: 'date',
    route_code: 'text',
    settled_at: 'timestamptz',
    settled_by: 'uuid',
    reason: 'text',
    is_low_cost_visit: 'boolean',
    ...AMOUNTS,
    drug_amount: 'numeric',
    supply_amount: 'numeric',
    patient_pays: 'numeric',
    trace: 'jsonb',
  },
  settlement_line: {
    facility_id: 'uuid',
    encounter_id: 'uuid',
    version: 'integer',
    line_id: 'uuid',
    service_rate: 'numeric',
    scope_rate: 'numeric',
    insured_unit_price: 'numeric',
    benefit_rate: 'numeric',
    ...AMOUNTS,
    because: 'smallint[]',
  },
};
