import type { PageEnd } from '../../platform/cursor.ts';
import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { CauseKind } from '../rule.ts';
import { IS_LET_STAND } from './decision.repo.ts';

/**
 * Findings to be worked on: open, shown, and not let stand by a person (the office does not see what people decided).
 * Money is counted once per row of the bill, and once per visit for what is about no such row.
 * @param facilityId `$1`; null = all of them, and `$1` is not looked at
 */
const open = (facilityId: Id | null): string =>
  `select f.facility_id, f.encounter_id, f.rule, f.effect = 'block' as blocks, f.cause_kind, f.cause_key,
    f.found_at, f.amount, case when f.official_table in ('XML2', 'XML3') then f.official_table || ':' || f.row_number end as place
  from finding f where f.cleared_at is null and f.effect <> 'count' and f.cause_kind is not null
    and ${facilityId === null ? '$1::uuid is null' : `f.facility_id = $1 and not ${IS_LET_STAND}`}`;
const BY_VISIT = `select cause_kind, cause_key, facility_id, encounter_id, sum(n)::int as n, bool_or(blocks) as blocks,
    max(found_at) as found_at,
    coalesce(max(amount) filter (where place is null), sum(amount) filter (where place is not null), 0) as amount
  from (select cause_kind, cause_key, facility_id, encounter_id, place, count(*) as n, bool_or(blocks) as blocks,
      max(found_at) as found_at, max(amount) as amount from open group by 1, 2, 3, 4, 5) by_place
  group by 1, 2, 3, 4`;

export interface CauseRow {
  readonly kind: CauseKind;
  readonly key: string;
  readonly rules: readonly string[];
  readonly findings: number;
  readonly visits: number;
  readonly blocking: number;
  readonly amount: string;
}

/** What one correction would cure, the most money first. @param wanted.withPeople the office sees no person */
export function listCauses(
  tx: Transaction,
  wanted: {
    readonly facilityId: Id | null;
    readonly kind: CauseKind | null;
    readonly withPeople: boolean;
    readonly limit: number;
  },
): Promise<CauseRow[]> {
  return tx.query<CauseRow>(
    `with open as (${open(wanted.facilityId)} and ($2::text is null or f.cause_kind = $2)
       and ($3 or f.cause_kind <> 'person')),
     causes as (select cause_kind, cause_key, sum(n)::int as findings, count(*)::int as visits,
         (count(*) filter (where blocks))::int as blocking, sum(amount) as amount
       from (${BY_VISIT}) by_visit group by 1, 2 order by amount desc, findings desc, 1, 2 limit $4)
     select c.cause_kind as kind, c.cause_key as key, c.findings, c.visits, c.blocking, c.amount::numeric(18, 2)::text as amount,
       (select array_agg(distinct o.rule order by o.rule) from open o
         where o.cause_kind = c.cause_kind and o.cause_key = c.cause_key) as rules
     from causes c order by c.amount desc, c.findings desc, 1, 2`,
    [wanted.facilityId, wanted.kind, wanted.withPeople, wanted.limit],
  );
}

export interface CauseVisit {
  readonly encounterId: Id;
  readonly facilityCode: string;
  readonly rules: readonly string[];
  readonly findings: number;
  readonly blocking: number;
  readonly amount: string;
  readonly foundAt: string;
}

/** The visits that a cause is behind, found last first. */
export function listCauseVisits(
  tx: Transaction,
  cause: { readonly kind: CauseKind; readonly key: string },
  wanted: { readonly facilityId: Id | null; readonly after: PageEnd | null; readonly limit: number },
): Promise<CauseVisit[]> {
  return tx.query<CauseVisit>(
    `with open as (${open(wanted.facilityId)} and f.cause_kind = $2 and f.cause_key = $3)
     select v.encounter_id as "encounterId", c.code as "facilityCode", v.n as findings,
       (select (count(*) filter (where o.blocks))::int from open o where o.encounter_id = v.encounter_id) as blocking,
       v.amount::numeric(18, 2)::text as amount, to_json(v.found_at)#>>'{}' as "foundAt",
       (select array_agg(distinct o.rule order by o.rule) from open o where o.encounter_id = v.encounter_id) as rules
     from (${BY_VISIT}) v join facility c on c.id = v.facility_id
     where $4::timestamptz is null or (v.found_at, v.encounter_id) < ($4, $5::uuid)
     order by v.found_at desc, v.encounter_id desc limit $6`,
    [
      wanted.facilityId,
      cause.kind,
      cause.key,
      wanted.after?.at ?? null,
      wanted.after?.id ?? null,
      wanted.limit,
    ],
  );
}

/** Visits of the facility with an open finding of the cause, or of the rule, whatever people decided of it. */
export async function visitsWith(
  tx: Transaction,
  facilityId: Id,
  what: { readonly cause?: { readonly kind: CauseKind; readonly key: string }; readonly rule?: string },
): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `select distinct encounter_id as id from finding where facility_id = $1 and cleared_at is null
       and ($2::text is null or cause_kind = $2) and ($3::text is null or cause_key = $3)
       and ($4::text is null or rule = $4) order by 1`,
    [facilityId, what.cause?.kind ?? null, what.cause?.key ?? null, what.rule ?? null],
  );
  return rows.map(({ id }) => id);
}
