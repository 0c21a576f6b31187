import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { SettlementRecord } from './settlement.ts';

/** The newest settlement of each visit, keyed by visit; visits without one are absent. */
export async function readSettlements(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
): Promise<Map<Id, SettlementRecord>> {
  const rows = await tx.query<{ encounterId: Id; record: SettlementRecord }>(
    `select s.encounter_id as "encounterId", json_build_object('version', s.version, 'policyVersion', s.policy_version,
       'policyDate', s.policy_date, 'settledAt', s.settled_at,
       'totals', json_build_object('grossAmount', s.gross_amount::text, 'insuredAmount', s.insured_amount::text,
         'insurerPays', s.insurer_pays::text, 'copay', s.copay::text, 'selfPay', s.self_pay::text,
         'otherPayers', s.other_payers::text, 'drugAmount', s.drug_amount::text,
         'supplyAmount', s.supply_amount::text, 'patientPays', s.patient_pays::text),
       'lines', coalesce((select json_agg(json_build_object('lineId', l.line_id,
           'serviceRate', trim_scale(l.service_rate)::text, 'scopeRate', trim_scale(l.scope_rate)::text,
           'insuredUnitPrice', trim_scale(l.insured_unit_price)::text, 'benefitRate', trim_scale(l.benefit_rate)::text,
           'grossAmount', l.gross_amount::text, 'insuredAmount', l.insured_amount::text,
           'insurerPays', l.insurer_pays::text, 'copay', l.copay::text, 'selfPay', l.self_pay::text,
           'otherPayers', l.other_payers::text))
         from settlement_line l where l.facility_id = s.facility_id and l.encounter_id = s.encounter_id
           and l.version = s.version), '[]')) as record
     from settlement s
     where s.facility_id = $1 and s.encounter_id = any($2::uuid[])
       and not exists (select from settlement n where n.facility_id = s.facility_id
         and n.encounter_id = s.encounter_id and n.version > s.version)`,
    [facilityId, encounterIds],
    'read-settlements',
  );
  return new Map(rows.map((row) => [row.encounterId, row.record]));
}
