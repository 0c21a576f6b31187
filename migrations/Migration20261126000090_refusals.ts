import { Migration } from '@mikro-orm/migrations';

/** Counts of refusals are kept for a time, and an auditor sees them by day. */
export class Migration20261126000090_refusals extends Migration {
  override up(): void {
    this.addSql(`
      -- Counts from before a day; the last month stays, whatever is asked for.
      create function forget_refusals(before timestamptz) returns bigint
        language sql volatile security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        with gone as (delete from refusal_count where minute < least(before, now() - interval '30 days')
          returning count)
        select coalesce(sum(count), 0)::bigint from gone;
      end;
      revoke execute on function forget_refusals from public;
      grant execute on function forget_refusals to his_export;
    `);
  }
}
