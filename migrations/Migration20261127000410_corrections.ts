import { Migration } from '@mikro-orm/migrations';

/** What a person must put right: a claim version that was refused, or later found wrong, with the day by which. */
export class Migration20261127000410_corrections extends Migration {
  override up(): void {
    this.addSql(`
      create table correction_task (
        facility_id uuid not null references facility,
        id uuid primary key,
        encounter_id uuid not null,
        -- Of the claim version.
        number integer not null,
        claim_key text not null,
        cause text not null check (cause in ('refused', 'parked', 'stopped', 'faulty', 'rejected')),
        -- Of the insurer; '' = none.
        code text not null,
        -- The insurer's words.
        said nfc_text,
        opened_at timestamptz not null,
        -- The moment at which it is too late.
        due_at timestamptz not null,
        assigned_to uuid,
        assigned_at timestamptz,
        closed_at timestamptz,
        -- null = the insurer's answer closed it.
        closed_by uuid,
        closed_how text check (closed_how in ('received', 'confirmed', 'person')),
        close_reason nfc_text,
        reopened integer not null default 0,
        check ((closed_at is null) = (closed_how is null)),
        check ((closed_how = 'person') = (close_reason is not null) or closed_how is null),
        -- One task per version and cause, however often it is said.
        unique (facility_id, encounter_id, number, cause, code)
      );
      create index correction_task_due on correction_task (facility_id, due_at, id) where closed_at is null;
      create index correction_task_list on correction_task (facility_id, due_at, id);

      alter table correction_task enable row level security;
      create policy own_facility on correction_task using (facility_id = context_facility())
        with check (facility_id = context_facility());
      create policy province_figures on correction_task for select using (context_reach() = 'province');

      grant select on correction_task to his_app;
      grant update (assigned_to, assigned_at, closed_at, closed_by, closed_how, close_reason, reopened)
        on correction_task to his_app;
      grant select, insert on correction_task to his_export;
      grant update (closed_at, closed_by, closed_how, close_reason, reopened) on correction_task to his_export;
    `);
  }
}
