import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { RuleSetting } from '../settings.ts';

const SETTING = `s.facility_id as "facilityId", s.rule, s.number, s.valid_from::text as "validFrom",
  s.valid_to::text as "validTo", s.is_enabled as "isEnabled", s.effect, s.params, s.exempt`;

/** Every version of every setting that the transaction sees: those of the province, and of the facility that acts. */
export function readSettings(tx: Transaction): Promise<RuleSetting[]> {
  return tx.query<RuleSetting>(
    `select ${SETTING} from rule_setting s order by s.rule, s.number`,
    [],
    'rule-settings',
  );
}

/** The same with who set it, when and why. */
export interface SettingVersion extends RuleSetting {
  readonly id: Id;
  readonly reason: string;
  readonly setBy: Id | null;
  readonly setByName: string | null;
  readonly setAt: string;
}

/** Newest first, the facility's before the province's. @param facilityId null = the province's only */
export function readVersions(
  tx: Transaction,
  facilityId: Id | null,
  rule: string,
): Promise<SettingVersion[]> {
  return tx.query<SettingVersion>(
    `select ${SETTING}, s.id, s.reason, s.set_by as "setBy", to_json(s.set_at)#>>'{}' as "setAt",
       coalesce((select a.name from account a where a.id = s.set_by),
         (select l.name from account_label(s.set_by) l)) as "setByName"
     from rule_setting s where s.rule = $2 and (s.facility_id is null or s.facility_id = $1)
     order by s.facility_id is null, s.number desc`,
    [facilityId, rule],
  );
}

export interface NewSetting extends RuleSetting {
  readonly id: Id;
  readonly reason: string;
  /** null = the system itself. */
  readonly setBy: Id | null;
  readonly setAt: string;
}

/** Who changes a rule at a level first locks it: versions have no gap and none is lost. */
export async function lockRule(tx: Transaction, facilityId: Id | null, rule: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7))', [`${facilityId ?? ''} ${rule}`]);
}

export async function insertSetting(tx: Transaction, setting: NewSetting): Promise<void> {
  const { facilityId, rule, number, validFrom, validTo, isEnabled, effect, params, exempt } = setting;
  await tx.query(
    `insert into rule_setting (id, facility_id, rule, number, valid_from, valid_to, is_enabled, effect, params, exempt,
       reason, set_by, set_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      setting.id,
      facilityId,
      rule,
      number,
      validFrom,
      validTo,
      isEnabled,
      effect,
      JSON.stringify(params),
      JSON.stringify(exempt),
      setting.reason,
      setting.setBy,
      setting.setAt,
    ],
  );
}

/** How often a rule spoke: found since that moment, and when last. */
export interface RuleFigure {
  readonly rule: string;
  readonly hits: number;
  readonly lastFiredAt: string | null;
}

/** @param facilityId null = of the whole province */
export function ruleFigures(
  tx: Transaction,
  facilityId: Id | null,
  rules: readonly string[],
  since: string,
): Promise<RuleFigure[]> {
  const of = facilityId === null ? 'f.rule = r.rule' : 'f.facility_id = $3 and f.rule = r.rule';
  return tx.query<RuleFigure>(
    `select r.rule, (select count(*)::int from finding f where ${of} and f.found_at >= $2) as hits,
       (select to_json(max(f.found_at))#>>'{}' from finding f where ${of}) as "lastFiredAt"
     from unnest($1::text[]) as r (rule)`,
    [rules, since, ...(facilityId === null ? [] : [facilityId])],
  );
}

/** Facilities where something stands that the rule found. @param facilityId of the only one to look at; null = all */
export async function facilitiesWith(tx: Transaction, facilityId: Id | null, rule: string): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `select distinct facility_id as id from finding
     where rule = $1 and cleared_at is null and ($2::uuid is null or facility_id = $2) order by 1`,
    [rule, facilityId],
  );
  return rows.map(({ id }) => id);
}
