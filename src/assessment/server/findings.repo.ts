import type { Transaction } from '../../platform/database/index.ts';
import type { Instant } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import type { Severity, Stage } from '../rule.ts';
import type { Effect } from '../settings.ts';

/** A stored finding without what it shows of the chart. */
export interface FindingFigures {
  readonly encounterId: Id;
  readonly facilityCode: string;
  readonly key: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly table: string;
  readonly row: number | null;
  readonly field: string | null;
  readonly amount: string | null;
  readonly causeKind: string | null;
  readonly causeKey: string | null;
  readonly stage: Stage;
  readonly foundAt: Instant;
  /** Null for the province's office, which sees no decisions. */
  readonly isHolding: boolean | null;
}

/** What a person decided of it last. */
export interface DecisionView {
  readonly decision: 'accepted' | 'falsePositive' | 'reopened';
  readonly reason: string;
  readonly decidedBy: Id;
  readonly decidedAt: Instant;
  /** False: the value has changed since. */
  readonly isInForce: boolean;
}

export interface StoredFinding extends FindingFigures {
  readonly values: Readonly<Record<string, string>>;
  readonly decision: DecisionView | null;
}

/** The newest decision of `finding f`, as column `d`: of the value that it shows now, if somebody decided of that. */
const DECISION = `left join lateral (
  select x.decision, x.reason, x.decided_by, x.decided_at, x.value_hash = f.value_hash as "isInForce"
  from finding_decision x where x.facility_id = f.facility_id and x.encounter_id = f.encounter_id
    and x.finding_key = f.key order by x.value_hash = f.value_hash desc, x.decided_at desc limit 1) d on true`;
const IS_SETTLED = `coalesce(d."isInForce" and d.decision <> 'reopened', false)`;
/** What somebody has, and who it is, is no figure for the province's office. */
const MAY_SEE_CAUSE = `(context_facility() is not null or f.cause_kind not in ('diagnosis', 'person'))`;
const FIGURES = `f.encounter_id as "encounterId", o.code as "facilityCode", f.key, f.rule, f.severity, f.effect,
  f.official_table as table, f.row_number as row, f.field, f.amount::text, f.stage,
  case when ${MAY_SEE_CAUSE} then f.cause_kind end as "causeKind",
  case when ${MAY_SEE_CAUSE} then f.cause_key end as "causeKey", to_json(f.found_at)#>>'{}' as "foundAt",
  case when context_facility() is not null then f.effect = 'block' and not ${IS_SETTLED} end as "isHolding"`;

/** What stands of a visit, in the order of its tables. */
export async function findingsOfVisit(tx: Transaction, facilityId: Id, id: Id): Promise<StoredFinding[]> {
  return tx.query<StoredFinding>(
    `select ${FIGURES}, c.shown as values,
       case when d.decision is not null then json_build_object('decision', d.decision, 'reason', d.reason,
         'decidedBy', d.decided_by, 'decidedAt', d.decided_at, 'isInForce', d."isInForce") end as decision
     from finding f join facility o on o.id = f.facility_id
     join finding_content c on c.facility_id = f.facility_id and c.encounter_id = f.encounter_id and c.key = f.key
       and c.found_at = f.found_at
     ${DECISION}
     where f.facility_id = $1 and f.encounter_id = $2 and f.cleared_at is null
     order by f.official_table, f.row_number nulls first, f.rule, f.key`,
    [facilityId, id],
    'findings-of-visit',
  );
}

export interface FindingsWanted {
  /** Null = all facilities: only for the province's office. */
  readonly facilityId: Id | null;
  readonly rule: string | null;
  readonly effect: Effect | null;
  readonly state: 'open' | 'holding' | 'decided' | null;
  readonly after: { readonly at: Instant; readonly id: Id; readonly key: string } | null;
  readonly limit: number;
}

/** Findings that stand, newest first. */
export async function listFindings(tx: Transaction, wanted: FindingsWanted): Promise<FindingFigures[]> {
  const { facilityId, rule, effect, state, after, limit } = wanted;
  return tx.query<FindingFigures>(
    `select ${FIGURES} from finding f join facility o on o.id = f.facility_id ${DECISION}
     where f.cleared_at is null and ($1::uuid is null or f.facility_id = $1) and ($2::text is null or f.rule = $2)
       and ($3::text is null or f.effect = $3)
       and case $4::text when 'holding' then f.effect = 'block' and not ${IS_SETTLED} when 'decided' then ${IS_SETTLED}
         when 'open' then not ${IS_SETTLED} else true end
       and ($5::timestamptz is null or (f.found_at, f.encounter_id, f.key) < ($5, $6::uuid, $7::text))
     order by f.found_at desc, f.encounter_id desc, f.key desc limit $8`,
    [facilityId, rule, effect, state, after?.at ?? null, after?.id ?? null, after?.key ?? null, limit],
  );
}
