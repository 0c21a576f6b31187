import { Migration } from '@mikro-orm/migrations';

/**
 * Claim files that somebody sent to have them checked: nothing of them is taken in. What was found is kept for some
 * days; the file itself goes as soon as it is checked.
 */
export class Migration20261126000520_claim_checks extends Migration {
  override up(): void {
    this.addSql(`
      create table claim_check (
        -- Who asked; null = the province's office.
        facility_id uuid references facility,
        id uuid primary key,
        name nfc_text not null check (name <> '' and length(name) <= 255),
        size bigint not null check (size > 0),
        -- The day on which the claims are judged; null = the day their file was made.
        as_of date,
        -- Only these rules; null = all that are on by default.
        rules text[],
        state text not null check (state in ('waiting', 'checking', 'done')),
        -- Who checks at the moment: one that was overtaken writes nothing more.
        attempt integer not null default 0,
        -- Claims that were looked at, of so many; null until all of them were counted.
        checked integer not null default 0,
        claims integer check (claims >= 0),
        errors integer not null default 0,
        warnings integer not null default 0,
        -- How many findings are kept, from the first on.
        kept integer not null default 0,
        -- By rule: how often, on how many claims, how much money.
        summary jsonb not null default '[]',
        not_checked jsonb not null default '[]',
        given_at timestamptz not null,
        given_by uuid not null,
        touched_at timestamptz not null,
        finished_at timestamptz,
        check ((state = 'done') = (finished_at is not null))
      );
      create index claim_check_list on claim_check (facility_id, given_at desc, id desc);
      create index claim_check_open on claim_check (touched_at) where finished_at is null;
      create index claim_check_age on claim_check (given_at);

      create table claim_check_content (
        facility_id uuid references facility,
        check_id uuid primary key references claim_check on delete cascade,
        bytes bytea not null
      );

      -- What its message shows comes from charts: seen by who sent the file, by nobody else.
      create table claim_check_finding (
        facility_id uuid references facility,
        check_id uuid not null references claim_check on delete cascade,
        position integer not null check (position > 0),
        file nfc_text not null,
        claim_key text,
        rule text not null,
        rule_version integer not null,
        severity text not null check (severity in ('error', 'warning')),
        official_table text not null,
        row_number integer,
        field text,
        shown jsonb not null,
        amount numeric(18,2),
        cause_kind text,
        cause_key text,
        primary key (check_id, position)
      );

      do $$
      declare name text;
      begin
        foreach name in array array['claim_check', 'claim_check_content', 'claim_check_finding'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
          execute format('create policy office on %I using (facility_id is null and context_reach() = ''province'')
            with check (facility_id is null and context_reach() = ''province'')', name);
        end loop;
      end $$;
      create policy province_figures on claim_check for select using (context_reach() = 'province');

      grant select, insert on claim_check to his_app;
      grant insert on claim_check_content to his_app;
      grant select on claim_check_finding to his_app;
      grant select on claim_check to his_export;
      grant update (state, attempt, checked, claims, errors, warnings, kept, summary, not_checked, touched_at, finished_at)
        on claim_check to his_export;
      grant select, delete on claim_check_content to his_export;
      grant select, insert, delete on claim_check_finding to his_export;

      -- Checks given before a moment, with all that was found; the last day stays, whatever is asked for.
      create function forget_claim_checks(before timestamptz) returns bigint
        language sql volatile security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        with gone as (delete from claim_check where given_at < least(before, now() - interval '1 day') returning 1)
        select count(*) from gone;
      end;
      revoke execute on function forget_claim_checks from public;
      grant execute on function forget_claim_checks to his_export;
    `);
  }
}
