import { Migration } from '@mikro-orm/migrations';

/** Visits that are checked again after something was put right, and on which facilities a set of rules is tried. */
export class Migration20261126000510_recheck extends Migration {
  override up(): void {
    this.addSql(`
      create table recheck (
        facility_id uuid not null references facility,
        id uuid not null,
        -- null = the system itself, after it stopped a rule
        asked_by uuid,
        asked_at timestamptz not null,
        -- The cause, the rule, or nothing where the visits were named.
        cause_kind text,
        cause_key text,
        rule text,
        encounters uuid[] not null,
        state text not null check (state in ('waiting', 'running', 'done', 'failed')),
        -- So many of them, from the first, are done.
        done integer not null default 0 check (done between 0 and cardinality(encounters)),
        -- Open findings, visits that are kept back, and đồng, over all of them.
        before jsonb not null,
        after jsonb,
        -- Visits that nothing keeps back any more.
        freed integer not null default 0,
        touched_at timestamptz not null,
        finished_at timestamptz,
        primary key (facility_id, id),
        check ((state in ('done', 'failed')) = (finished_at is not null))
      );
      create index recheck_open on recheck (touched_at) where finished_at is null;

      -- null = all of them
      alter table rule_trial add column facility_ids uuid[];
      alter table rule_trial add column touched_at timestamptz not null default now();
      create index rule_trial_open on rule_trial (touched_at) where finished_at is null;

      alter table recheck enable row level security;
      create policy own_facility on recheck using (facility_id = context_facility())
        with check (facility_id = context_facility());
      create policy province_figures on recheck for select using (context_reach() = 'province');

      grant select, insert on recheck to his_app, his_export;
      grant update (state, done, after, freed, touched_at, finished_at) on recheck to his_export;
      grant update (touched_at) on rule_trial to his_export;
      -- How often a rule spoke, and when last: at a facility, in the province.
      create index finding_spoken_here on finding (facility_id, rule, found_at);
      create index finding_spoken on finding (rule, found_at);
      create index assessment_at on assessment (at);
    `);
  }
}
