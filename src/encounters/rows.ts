import type { Row, RowShape } from '../platform/database/index.ts';

/** Columns that each recorded thing writes; rows are plain objects with these keys. */
export const ENCOUNTER: RowShape = {
  facility_id: 'uuid',
  id: 'uuid',
  version: 'integer',
  state: 'text',
  claim_key: 'text',
  record_number: 'text',
  patient_id: 'uuid',
  department_code: 'text',
  class_code: 'text',
  route_code: 'text',
  proposed_route_code: 'text',
  route_reason: 'text',
  route_facts: 'jsonb',
  arrived_at: 'timestamptz',
  admitted_at: 'timestamptz',
  ended_at: 'timestamptz',
  settled_at: 'timestamptz',
  settlement_version: 'integer',
  reason: 'text',
  admission_reason: 'text',
  provisional_diagnosis: 'text',
  final_diagnosis: 'text',
  referral_from: 'text',
  referral_paper: 'text',
  destination_facility_code: 'text',
  injury_code: 'text',
  treatment: 'text',
  outcome_code: 'text',
  discharge_code: 'text',
  advice: 'text',
  weight_kg: 'numeric',
  height_cm: 'numeric',
  birth_weights_grams: 'text[]',
  follow_up_dates: 'date[]',
  procedure_codes: 'text[]',
  signer_licence: 'text',
};

export const ENCOUNTER_COVERAGE: RowShape = {
  facility_id: 'uuid',
  encounter_id: 'uuid',
  coverage_id: 'uuid',
  position: 'smallint',
  presented_at: 'timestamptz',
};

export const CONDITION: RowShape = {
  facility_id: 'uuid',
  encounter_id: 'uuid',
  id: 'uuid',
  role: 'text',
  code: 'text',
  name: 'text',
  recorded_by: 'uuid',
};

export const CHARGE_LINE: RowShape = {
  facility_id: 'uuid',
  encounter_id: 'uuid',
  id: 'uuid',
  item_id: 'uuid',
  kind: 'text',
  code: 'text',
  name: 'text',
  unit: 'text',
  cost_group_code: 'text',
  scope_code: 'text',
  catalogue_rate: 'numeric',
  quantity: 'numeric',
  unit_price: 'numeric',
  insured_unit_price: 'numeric',
  unit_ceiling: 'numeric',
  ordered_at: 'timestamptz',
  performed_at: 'timestamptz',
  result_at: 'timestamptz',
  ordered_by_licence: 'text',
  performed_by_licences: 'text[]',
  department_code: 'text',
  condition_codes: 'text[]',
  dose: 'text',
  instruction: 'text',
  bed_code: 'text',
  machine_codes: 'text[]',
  anaesthesia_code: 'text',
  package_code: 'text',
  part_of_service_code: 'text',
  fuel_code: 'text',
  facts: 'jsonb',
  item: 'jsonb',
  recorded_by: 'uuid',
};

export const OBSERVATION: RowShape = {
  facility_id: 'uuid',
  encounter_id: 'uuid',
  id: 'uuid',
  line_id: 'uuid',
  code: 'text',
  name: 'text',
  value: 'text',
  unit: 'text',
  description: 'text',
  conclusion: 'text',
  result_at: 'timestamptz',
  read_by_licence: 'text',
  recorded_by: 'uuid',
};

export const CLINICAL_NOTE: RowShape = {
  facility_id: 'uuid',
  encounter_id: 'uuid',
  id: 'uuid',
  at: 'timestamptz',
  text: 'text',
  stage: 'text',
  consultation: 'text',
  surgery: 'text',
  author_licence: 'text',
  recorded_by: 'uuid',
};

export const CHECK_IN: RowShape = {
  facility_id: 'uuid',
  encounter_id: 'uuid',
  sequence: 'smallint',
  line_id: 'uuid',
};

/** What recording writes, by table. One statement writes any mix of them; foreign keys are checked at its end. */
export type { Row };

export interface VisitRows {
  readonly encounter?: readonly Row[];
  readonly encounter_coverage?: readonly Row[];
  readonly condition?: readonly Row[];
  readonly charge_line?: readonly Row[];
  readonly observation?: readonly Row[];
  readonly clinical_note?: readonly Row[];
  readonly check_in?: readonly Row[];
  readonly [table: string]: readonly Row[] | undefined;
}

export const SHAPES: Readonly<Record<string, RowShape>> = {
  encounter: ENCOUNTER,
  encounter_coverage: ENCOUNTER_COVERAGE,
  condition: CONDITION,
  charge_line: CHARGE_LINE,
  observation: OBSERVATION,
  clinical_note: CLINICAL_NOTE,
  check_in: CHECK_IN,
};
