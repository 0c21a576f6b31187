import { amountsAsText } from '../billing/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { CardRule } from './card-of-line.ts';
import type { SettledLine, StatementSource } from './source.ts';

type Settlement = StatementSource['settlement'];
interface StoredLine extends Omit<SettledLine, 'cardRules'> {
  /** Positions in the trace. */
  readonly because: readonly number[];
}
interface Stored extends Omit<Settlement, 'lines'> {
  readonly lines: readonly StoredLine[];
  /** The rules about cards in the stored trace, by position. */
  readonly cardRules: Readonly<Record<string, CardRule>>;
}

/**
 * Stored settlements with the lines that they settled, also those cancelled since; keyed by visit. Amounts as text.
 * @param version null = the newest of each visit
 */
export async function readSettledVersions(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
  version: number | null = null,
): Promise<Map<Id, Settlement>> {
  const rows = await tx.query<{ encounterId: Id; record: Stored }>(
    READ_VERSIONS,
    [facilityId, encounterIds, version],
    'read-settled-versions',
  );
  return new Map(rows.map(({ encounterId, record }) => [encounterId, withRules(record)]));
}

function withRules({ cardRules, lines, ...settlement }: Stored): Settlement {
  return {
    ...settlement,
    lines: lines.map(({ because, ...line }) => ({
      ...line,
      cardRules: because.flatMap((position) => cardRules[position] ?? []),
    })),
  };
}

const READ_VERSIONS = `
select s.encounter_id as "encounterId", json_build_object('version', s.version,
  'latestVersion', (select max(n.version) from settlement n
    where n.facility_id = s.facility_id and n.encounter_id = s.encounter_id),
  'policyVersion', s.policy_version, 'routeCode', s.route_code, 'settledAt', s.settled_at,
  'totals', json_build_object(${amountsAsText('s')}, 'drugAmount', s.drug_amount::text,
    'supplyAmount', s.supply_amount::text, 'patientPays', s.patient_pays::text),
  'cardRules', coalesce((select json_object_agg(t.at - 1, json_build_object('rule', t.rule->>'rule', 'facts', t.rule->'facts'))
    from jsonb_array_elements(s.trace) with ordinality t(rule, at) where t.rule->>'rule' like 'CARD-%'), '{}'),
  'lines', coalesce((select json_agg(json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'unit', c.unit,
      'costGroupCode', c.cost_group_code, 'quantity', trim_scale(c.quantity)::text,
      'unitPrice', trim_scale(c.unit_price)::text, 'orderedAt', c.ordered_at, 'performedAt', c.performed_at,
      'packageCode', c.package_code, 'because', l.because,
      'result', json_build_object('serviceRate', trim_scale(l.service_rate)::text,
        'scopeRate', trim_scale(l.scope_rate)::text, 'insuredUnitPrice', trim_scale(l.insured_unit_price)::text,
        'benefitRate', trim_scale(l.benefit_rate)::text, ${amountsAsText('l')}))
      order by c.ordered_at, c.id)
    from settlement_line l join charge_line c on c.facility_id = l.facility_id
      and c.encounter_id = l.encounter_id and c.id = l.line_id
    where l.facility_id = s.facility_id and l.encounter_id = s.encounter_id and l.version = s.version), '[]')) as record
from settlement s
where s.facility_id = $1 and s.encounter_id = any($2::uuid[])
  and case when $3::int is null then not exists (select from settlement n where n.facility_id = s.facility_id
      and n.encounter_id = s.encounter_id and n.version > s.version)
    else s.version = $3 end`;
