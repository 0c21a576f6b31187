import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { Assessed, Kept } from './assessed.ts';

/**
 * Clears what is no longer found, renews what is found again, adds what is new: of these visits, for the rules that were
 * asked.
 */
export async function storeFindings(
  tx: Transaction,
  facilityId: Id,
  at: string,
  runs: readonly Assessed[],
): Promise<void> {
  if (runs.length === 0) return;
  const rows = runs.flatMap(({ encounterId, patientId, stage, findings }) =>
    findings.map((one) => {
      // A person is known by the id that says nothing of them.
      const causeKey = one.cause?.kind === 'person' ? patientId : (one.cause?.key ?? null);
      return {
        encounterId,
        key: one.key,
        valueHash: one.valueHash,
        rule: one.rule,
        ruleVersion: one.version,
        params: one.params,
        severity: one.severity,
        effect: one.effect,
        officialTable: one.table,
        rowNumber: one.row,
        field: one.field,
        amount: one.amount,
        causeKind: one.cause?.kind ?? null,
        causeKey,
        stage,
        shown: one.values,
        rowKey: one.rowKey,
      };
    }),
  );
  const asked = [...new Set(runs.flatMap((run) => [...run.asked]))];
  const ids = runs.map(({ encounterId }) => encounterId);
  await tx.query(STORE, [facilityId, ids, JSON.stringify(rows), at, asked], 'store-findings');
}

const STORE = `
with given as materialized (
  select * from jsonb_to_recordset($3::jsonb) as r("encounterId" uuid, key text, "valueHash" text, rule text,
    "ruleVersion" int, params jsonb, severity text, effect text, "officialTable" text, "rowNumber" int, field text,
    amount numeric, "causeKind" text, "causeKey" text, stage text, shown jsonb, "rowKey" text)
), open as materialized (
  select f.* from finding f where f.facility_id = $1 and f.encounter_id = any($2::uuid[]) and f.cleared_at is null
), cleared as (
  update finding f set cleared_at = greatest($4::timestamptz, o.found_at) from open o
  where f.facility_id = $1 and f.encounter_id = o.encounter_id and f.key = o.key and f.found_at = o.found_at
    and o.rule = any($5::text[])
    and not exists (select from given g where g."encounterId" = o.encounter_id and g.key = o.key)
), renewed as (
  update finding f set value_hash = g."valueHash", rule_version = g."ruleVersion", params = g.params,
    severity = g.severity, effect = g.effect, row_number = g."rowNumber", amount = g.amount,
    cause_kind = g."causeKind", cause_key = g."causeKey", stage = g.stage
  from open o join given g on g."encounterId" = o.encounter_id and g.key = o.key
  where f.facility_id = $1 and f.encounter_id = o.encounter_id and f.key = o.key and f.found_at = o.found_at
), shown_anew as (
  update finding_content c set shown = g.shown
  from open o join given g on g."encounterId" = o.encounter_id and g.key = o.key and g."valueHash" <> o.value_hash
  where c.facility_id = $1 and c.encounter_id = o.encounter_id and c.key = o.key and c.found_at = o.found_at
), added as (
  insert into finding (facility_id, encounter_id, key, value_hash, rule, rule_version, params, severity, effect,
    official_table, row_number, field, amount, cause_kind, cause_key, stage, found_at)
  select $1, g."encounterId", g.key, g."valueHash", g.rule, g."ruleVersion", g.params, g.severity, g.effect,
    g."officialTable", g."rowNumber", g.field, g.amount, g."causeKind", g."causeKey", g.stage,
    greatest($4::timestamptz, (select max(f.found_at) + interval '1 microsecond' from finding f
      where f.facility_id = $1 and f.encounter_id = g."encounterId" and f.key = g.key))
  from given g
  where not exists (select from open o where o.encounter_id = g."encounterId" and o.key = g.key)
  on conflict (facility_id, encounter_id, key) where cleared_at is null do nothing
  returning encounter_id, key, found_at
)
insert into finding_content (facility_id, encounter_id, key, found_at, shown, row_key)
select $1, a.encounter_id, a.key, a.found_at, g.shown, g."rowKey"
from added a join given g on g."encounterId" = a.encounter_id and g.key = a.key`;

/** That these visits were assessed as a whole, and what came of it. */
export async function storeAssessments(
  tx: Transaction,
  facilityId: Id,
  at: string,
  runs: readonly (Assessed & { readonly blocking: readonly Kept[]; readonly atRisk: string })[],
): Promise<void> {
  if (runs.length === 0) return;
  const rows = runs.map(({ encounterId, stage, visitVersion, rulesHash, findings, blocking, atRisk }) => ({
    encounterId,
    stage,
    visitVersion,
    rulesHash,
    findings: findings.length,
    blocking: blocking.length,
    amount: atRisk,
  }));
  await tx.query(
    `insert into assessment (facility_id, encounter_id, stage, visit_version, rules_hash, at, findings, blocking, amount)
     select $1, "encounterId", stage, "visitVersion", "rulesHash", $2, findings, blocking, amount
     from jsonb_to_recordset($3::jsonb) as r("encounterId" uuid, stage text, "visitVersion" int, "rulesHash" text,
       findings int, blocking int, amount numeric)
     on conflict (facility_id, encounter_id) do update set stage = excluded.stage,
       visit_version = excluded.visit_version, rules_hash = excluded.rules_hash, at = excluded.at,
       findings = excluded.findings, blocking = excluded.blocking, amount = excluded.amount`,
    [facilityId, at, JSON.stringify(rows)],
    'store-assessments',
  );
}

/** What a person decided of a finding, while its value stays. */
export interface Decision {
  readonly encounterId: Id;
  readonly key: string;
  readonly valueHash: string;
  readonly decision: 'accepted' | 'falsePositive' | 'reopened';
}

/** The newest decision of each finding of these visits, for each value that it had. */
export async function readDecisions(
  tx: Transaction,
  facilityId: Id,
  ids: readonly Id[],
): Promise<Decision[]> {
  return tx.query<Decision>(
    `select distinct on (encounter_id, finding_key, value_hash) encounter_id as "encounterId", finding_key as key,
       value_hash as "valueHash", decision
     from finding_decision where facility_id = $1 and encounter_id = any($2::uuid[])
     order by encounter_id, finding_key, value_hash, decided_at desc`,
    [facilityId, ids],
    'finding-decisions',
  );
}
