import type { Explained, RuleApplication } from '../benefits/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { amountsAsText } from './settlement.repo.ts';

/** The newest settlement of a visit as it was computed then: amounts and rates as text, and the law behind each line. */
export interface StoredExplanation {
  readonly version: number;
  readonly policyVersion: string;
  readonly policyDate: LocalDate;
  readonly lines: readonly (Readonly<Record<Explained, string>> & {
    readonly lineId: Id;
    readonly because: readonly RuleApplication[];
  })[];
}

/** @returns null when the visit is not settled */
export async function readStoredExplanation(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
): Promise<StoredExplanation | null> {
  const [row] = await tx.query<{ stored: StoredExplanation }>(
    `select json_build_object('version', s.version, 'policyVersion', s.policy_version, 'policyDate', s.policy_date,
       'lines', coalesce((select json_agg(json_build_object('lineId', l.line_id,
           'serviceRate', trim_scale(l.service_rate)::text, 'scopeRate', trim_scale(l.scope_rate)::text,
           'benefitRate', trim_scale(l.benefit_rate)::text, ${amountsAsText('l')},
           'because', (select json_agg(s.trace -> b.place::int order by b.nth)
             from unnest(l.because) with ordinality b(place, nth))) order by l.line_id)
         from settlement_line l where l.facility_id = s.facility_id and l.encounter_id = s.encounter_id
           and l.version = s.version), '[]')) as stored
     from settlement s where s.facility_id = $1 and s.encounter_id = $2 order by s.version desc limit 1`,
    [facilityId, encounterId],
  );
  return row?.stored ?? null;
}
