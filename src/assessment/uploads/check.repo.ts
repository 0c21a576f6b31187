import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { NotChecked } from '../check.ts';
import type { Finding } from '../rule.ts';
import type { RuleCount } from '../rule-counts.ts';

export interface ClaimCheck {
  readonly id: Id;
  /** Who asked; null = the province's office. */
  readonly facilityId: Id | null;
  readonly name: string;
  readonly size: number;
  readonly asOf: string | null;
  readonly rules: readonly string[] | null;
  readonly state: 'waiting' | 'checking' | 'done';
  /** Claims looked at, of so many; null until they were counted. */
  readonly checked: number;
  readonly claims: number | null;
  readonly errors: number;
  readonly warnings: number;
  /** Findings that are kept, from the first on. */
  readonly kept: number;
  readonly summary: readonly RuleCount[];
  readonly notChecked: readonly NotChecked[];
  readonly givenAt: string;
  readonly finishedAt: string | null;
}

/** A finding with the file it is of, as it is kept. */
export interface KeptFinding
  extends Pick<
    Finding,
    'rule' | 'version' | 'severity' | 'table' | 'row' | 'field' | 'values' | 'amount' | 'cause'
  > {
  readonly position: number;
  readonly file: string;
  readonly maLk: string | null;
}

const CHECK = `id, facility_id as "facilityId", name, size::float8 as size, as_of::text as "asOf", rules, state, checked,
  claims, errors, warnings, kept, summary, not_checked as "notChecked", to_json(given_at)#>>'{}' as "givenAt",
  to_json(finished_at)#>>'{}' as "finishedAt"`;

export async function addCheck(
  tx: Transaction,
  check: Pick<ClaimCheck, 'id' | 'name' | 'size' | 'asOf' | 'rules' | 'givenAt'>,
  bytes: Buffer,
): Promise<ClaimCheck> {
  const { facilityId, userId } = tx.context;
  const rows = await tx.query<ClaimCheck>(
    `insert into claim_check (facility_id, id, name, size, as_of, rules, state, given_at, given_by, touched_at)
     values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $7) returning ${CHECK}`,
    [facilityId, check.id, check.name, check.size, check.asOf, check.rules, check.givenAt, userId],
  );
  await tx.query('insert into claim_check_content (facility_id, check_id, bytes) values ($1, $2, $3)', [
    facilityId,
    check.id,
    bytes,
  ]);
  return rows[0]!;
}

export async function findCheck(tx: Transaction, id: Id): Promise<ClaimCheck | undefined> {
  const rows = await tx.query<ClaimCheck>(`select ${CHECK} from claim_check where id = $1`, [id]);
  return rows[0];
}

/** In the order in which they were found. @param after position of the last one that was seen */
export async function listCheckFindings(
  tx: Transaction,
  checkId: Id,
  after: number,
  limit: number,
): Promise<KeptFinding[]> {
  return tx.query<KeptFinding>(
    `select position, file, claim_key as "maLk", rule, rule_version as version, severity, official_table as table,
       row_number as row, field, shown as values, amount::text as amount,
       case when cause_kind is null then null else jsonb_build_object('kind', cause_kind, 'key', cause_key) end as cause
     from claim_check_finding where check_id = $1 and position > $2 order by position limit $3`,
    [checkId, after, limit],
  );
}

/** Begins an attempt: what an earlier one has found goes. @returns undefined when there is nothing left to check */
export async function beginCheck(
  tx: Transaction,
  id: Id,
  at: string,
): Promise<{ readonly check: ClaimCheck; readonly attempt: number; readonly bytes: Buffer } | undefined> {
  const rows = await tx.query<ClaimCheck & { attempt: number }>(
    `update claim_check set state = 'checking', attempt = attempt + 1, checked = 0, claims = null, touched_at = $2
     where id = $1 and finished_at is null returning ${CHECK}, attempt`,
    [id, at],
  );
  const [found] = rows;
  if (!found) return undefined;
  await tx.query('delete from claim_check_finding where check_id = $1', [id]);
  const content = await tx.query<{ bytes: Buffer }>(
    'select bytes from claim_check_content where check_id = $1',
    [id],
  );
  const { attempt, ...check } = found;
  return content[0] ? { check, attempt, bytes: content[0].bytes } : undefined;
}

/** @returns false when another attempt has taken over: then this one writes nothing more */
export async function noteProgress(
  tx: Transaction,
  id: Id,
  attempt: number,
  { checked, claims, at }: { readonly checked: number; readonly claims: number | null; readonly at: string },
): Promise<boolean> {
  const rows = await tx.query<{ id: Id }>(
    `update claim_check set checked = $3, claims = $4, touched_at = $5
     where id = $1 and attempt = $2 and finished_at is null returning id`,
    [id, attempt, checked, claims, at],
  );
  return rows.length > 0;
}

export async function keepFindings(
  tx: Transaction,
  checkId: Id,
  findings: readonly KeptFinding[],
): Promise<void> {
  const rows = findings.map(({ table, row, values, cause, ...finding }) => ({
    ...finding,
    official_table: table,
    row_number: row,
    shown: values,
    cause_kind: cause?.kind ?? null,
    cause_key: cause?.key ?? null,
  }));
  await tx.query(
    `insert into claim_check_finding (facility_id, check_id, position, file, claim_key, rule, rule_version, severity,
       official_table, row_number, field, shown, amount, cause_kind, cause_key)
     select $1, $2, position, file, "maLk", rule, version, severity, official_table, row_number, field, shown, amount,
       cause_kind, cause_key
     from jsonb_to_recordset($3::jsonb) as r(position int, file text, "maLk" text, rule text, version int, severity text,
       official_table text, row_number int, field text, shown jsonb, amount numeric, cause_kind text, cause_key text)`,
    [tx.context.facilityId, checkId, JSON.stringify(rows)],
  );
}

/** What was found as a whole; the file goes. */
export async function endCheck(
  tx: Transaction,
  id: Id,
  result: Pick<ClaimCheck, 'claims' | 'errors' | 'warnings' | 'kept' | 'summary' | 'notChecked'>,
  at: string,
): Promise<void> {
  await tx.query(
    `update claim_check set state = 'done', checked = $2, claims = $2, errors = $3, warnings = $4, kept = $5,
       summary = $6::jsonb, not_checked = $7::jsonb, finished_at = $8, touched_at = $8
     where id = $1 and finished_at is null`,
    [
      id,
      result.claims,
      result.errors,
      result.warnings,
      result.kept,
      JSON.stringify(result.summary),
      JSON.stringify(result.notChecked),
      at,
    ],
  );
  await tx.query('delete from claim_check_content where check_id = $1', [id]);
}

/** Checks on which nobody has worked for a while. */
export async function untouchedChecks(
  tx: Transaction,
  before: string,
): Promise<{ readonly checkId: Id; readonly facilityId: Id | null }[]> {
  return tx.query<{ checkId: Id; facilityId: Id | null }>(
    `select id as "checkId", facility_id as "facilityId" from claim_check
     where finished_at is null and touched_at < $1 order by touched_at limit 100`,
    [before],
  );
}

/** @returns how many checks were forgotten */
export async function forgetChecks(tx: Transaction, before: string): Promise<number> {
  const [row] = await tx.query<{ gone: string }>('select forget_claim_checks($1) as gone', [before]);
  return Number(row?.gone ?? 0);
}
