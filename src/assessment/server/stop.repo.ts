import type { Transaction } from '../../platform/database/index.ts';
import type { LocalDate } from '../../platform/dates.ts';

/** Claims of the whole province that were assessed as a whole, since `from`, and in the month up to it. */
export async function countClaims(
  tx: Transaction,
  monthAgo: string,
  from: string,
): Promise<{ lately: number; before: number }> {
  const [row] = await tx.query<{ lately: number; before: number }>(
    `select (count(*) filter (where at >= $2))::int as lately, (count(*) filter (where at < $2))::int as before
     from assessment where at >= $1 and stage in ('settlement', 'export')`,
    [monthAgo, from],
  );
  return row ?? { lately: 0, before: 0 };
}

/**
 * Of how many of the claims that were assessed in `[from, to)` each rule spoke, where what it found is shown.
 * @param rules null = all of them
 * @param isOpen only of what stands: of claims long past it may be put right by now
 */
export async function countHits(
  tx: Transaction,
  period: { readonly from: string; readonly to: string },
  rules: readonly string[] | null,
  isOpen: boolean,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ rule: string; n: number }>(
    `select f.rule, count(distinct f.encounter_id)::int as n
     from assessment a join finding f on f.facility_id = a.facility_id and f.encounter_id = a.encounter_id
     where a.at >= $1 and a.at < $2 and a.stage in ('settlement', 'export') and f.effect <> 'count'
       and ($3::text[] is null or f.rule = any($3)) and (f.cleared_at is null or not $4)
     group by f.rule order by f.rule`,
    [period.from, period.to, rules, isOpen],
  );
  return new Map(rows.map(({ rule, n }) => [rule, n]));
}

/** First day of the visits that a rule speaks of, among those that were assessed lately. */
export async function firstDayOf(tx: Transaction, rule: string, lately: string): Promise<LocalDate | null> {
  const [row] = await tx.query<{ day: LocalDate | null }>(
    `select (min(uuid_extract_timestamp(f.encounter_id)) at time zone 'Asia/Ho_Chi_Minh')::date::text as day
     from finding f join assessment a on a.facility_id = f.facility_id and a.encounter_id = f.encounter_id
     where f.rule = $1 and f.cleared_at is null and f.effect <> 'count' and a.at >= $2`,
    [rule, lately],
  );
  return row?.day ?? null;
}

/** Rules that the system itself stopped since then: whoever set them since has decided. */
export async function stoppedSince(tx: Transaction, since: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ rule: string }>(
    'select distinct rule from rule_setting where facility_id is null and set_by is null and set_at >= $1',
    [since],
  );
  return new Set(rows.map(({ rule }) => rule));
}
