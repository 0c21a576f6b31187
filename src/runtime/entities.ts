import { AUDIT_ENTITIES } from '../audit/audit.entity.ts';
import { SETTLEMENT_ENTITIES } from '../billing/settlement.entity.ts';
import { CATALOGUE_ENTITIES } from '../catalogues/catalogue.entity.ts';
import { CLAIM_ENTITIES } from '../claims/claim.entity.ts';
import { ENCOUNTER_ENTITIES } from '../encounters/encounter.entity.ts';
import { EXPORT_ENTITIES } from '../exports/export.entity.ts';
import { FACILITY_ENTITIES } from '../facilities/facility.entity.ts';
import { PATIENT_ENTITIES } from '../patients/patient.entity.ts';

/** Every entity, for MikroORM. Entities never leave their module; only this list, loaded when first needed, sees all. */
export const ENTITIES = [
  ...FACILITY_ENTITIES,
  ...CATALOGUE_ENTITIES,
  ...PATIENT_ENTITIES,
  ...ENCOUNTER_ENTITIES,
  ...SETTLEMENT_ENTITIES,
  ...CLAIM_ENTITIES,
  ...EXPORT_ENTITIES,
  ...AUDIT_ENTITIES,
];
