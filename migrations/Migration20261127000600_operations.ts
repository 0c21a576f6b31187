import { Migration } from '@mikro-orm/migrations';

/** What whoever runs the system must see: jobs that were given up, and when the last backup was made. */
export class Migration20261127000600_operations extends Migration {
  override up(): void {
    this.addSql(`
      -- A job that failed for the last time. Ids only, and the kind of the error: never its words.
      create table dead_letter (
        id uuid primary key default uuidv7(),
        queue text not null,
        job_id text not null,
        name text not null,
        data jsonb not null,
        -- null = of no single facility.
        facility_id uuid references facility,
        error_kind text not null check (error_kind <> '' and length(error_kind) <= 100),
        first_at timestamptz not null,
        last_at timestamptz not null,
        -- How often it was given up.
        times integer not null default 1 check (times > 0),
        cured_at timestamptz,
        cured_how text check (cured_how in ('done', 'retried')),
        -- null = the same job was done later.
        cured_by uuid,
        reason nfc_text,
        check ((cured_at is null) = (cured_how is null)),
        check ((cured_how = 'retried') = (cured_by is not null and reason is not null) or cured_how is null)
      );
      create unique index dead_letter_open on dead_letter (queue, job_id) where cured_at is null;
      create index dead_letter_list on dead_letter (last_at desc, id desc);
      alter table dead_letter enable row level security;
      create policy own_facility on dead_letter using (facility_id = context_facility())
        with check (facility_id = context_facility());
      create policy province_figures on dead_letter for select using (context_reach() = 'province');
      create policy province_adds on dead_letter for insert with check (context_reach() = 'province');
      create policy province_cures on dead_letter for update using (context_reach() = 'province')
        with check (context_reach() = 'province');
      grant select, update (cured_at, cured_how, cured_by, reason) on dead_letter to his_app;
      grant select, insert, update on dead_letter to his_export;

      -- Age in seconds of the oldest wish of each queue that is no job yet and should be.
      create function outbox_ages() returns table (queue text, seconds double precision)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
        begin atomic
          select o.queue, extract(epoch from now() - min(greatest(o.created_at, o.not_before)))::float8
          from outbox o where coalesce(o.not_before, o.created_at) <= now() group by o.queue;
        end;
      revoke execute on function outbox_ages from public;
      grant execute on function outbox_ages to his_app;

      create table backup_log (
        id uuid primary key default uuidv7(),
        started_at timestamptz not null,
        finished_at timestamptz not null check (finished_at >= started_at),
        -- Where it lies, in the words of who made it.
        place nfc_text not null,
        bytes bigint not null check (bytes >= 0)
      );
      create index backup_log_newest on backup_log (finished_at desc);
      grant select on backup_log to his_app, his_export;
    `);
  }
}
