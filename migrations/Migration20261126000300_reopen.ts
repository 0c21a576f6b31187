import { Migration } from '@mikro-orm/migrations';

/**
 * A settled visit can be reopened: the next settlement is a further version, what was built and never sent is
 * withdrawn, and facts that come after the settlement wait as tasks.
 */
export class Migration20261126000300_reopen extends Migration {
  override up(): void {
    this.addSql(`
      -- The newest settlement of the visit; 0 = never settled.
      alter table encounter add column settlement_version integer not null default 0 check (settlement_version >= 0);
      update encounter e set settlement_version = s.version
        from (select facility_id, encounter_id, max(version) as version from settlement group by 1, 2) s
        where s.facility_id = e.facility_id and s.encounter_id = e.id;
      alter table encounter add check (state <> 'settled' or settlement_version > 0);
      grant update (settlement_version) on encounter to his_app;

      -- What the work is about: a batch that read an older settlement must not take it.
      alter table export_work add column settlement_version integer not null default 1;
      alter table export_work alter column settlement_version drop default;

      alter table claim_event drop constraint claim_event_type_check;
      alter table claim_event add constraint claim_event_type_check check (type in ('built', 'sending', 'received',
        'refused', 'unknown', 'notSent', 'held', 'released', 'parked', 'withdrawn'));

      create table reopening (
        facility_id uuid not null,
        encounter_id uuid not null,
        settlement_version integer not null,
        reason nfc_text not null check (reason <> ''),
        reopened_at timestamptz not null,
        reopened_by uuid not null,
        primary key (facility_id, encounter_id, settlement_version),
        foreign key (facility_id, encounter_id, settlement_version)
          references settlement (facility_id, encounter_id, version)
      );
      create table billing_task (
        facility_id uuid not null references facility,
        id uuid not null,
        encounter_id uuid not null,
        kind text not null check (kind in ('late-result', 'late-card', 'late-referral', 'late-other', 'claim-without-visit')),
        note nfc_text not null check (note <> ''),
        facts jsonb not null default '{}',
        created_at timestamptz not null,
        created_by uuid not null,
        closed_at timestamptz,
        closed_by uuid,
        outcome text check (outcome in ('settled-again', 'no-change', 'elsewhere')),
        closing_note nfc_text,
        primary key (facility_id, id),
        foreign key (facility_id, encounter_id) references encounter (facility_id, id),
        check (num_nulls(closed_at, closed_by, outcome) in (0, 3)),
        check (closed_at >= created_at)
      );
      create index billing_task_open on billing_task (facility_id, created_at desc, id desc) where closed_at is null;
      create index billing_task_encounter on billing_task (facility_id, encounter_id);

      alter table reopening enable row level security;
      create policy own_facility on reopening using (facility_id = context_facility())
        with check (facility_id = context_facility());
      alter table billing_task enable row level security;
      create policy own_facility on billing_task using (facility_id = context_facility())
        with check (facility_id = context_facility());
      grant select, insert on reopening, billing_task to his_app;
      grant update (closed_at, closed_by, outcome, closing_note) on billing_task to his_app;
      grant select on reopening, billing_task to his_export;
    `);
  }
}
