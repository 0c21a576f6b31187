import { Migration } from '@mikro-orm/migrations';

/**
 * The calls to the insurer beside claims and check-ins: look-ups by card, and papers (certificates, catalogues, the
 * month's summary, adjustments). Questions, answers, documents and events are only ever added to.
 */
export class Migration20261127000300_insurer extends Migration {
  override up(): void {
    this.addSql(`
      -- How a facility asks and sends; without a row the defaults stand.
      create table insurer_setting (
        facility_id uuid primary key references facility,
        -- Whoever stands in the list at the portal, for callers who are no person of their own there.
        staff_name nfc_text,
        staff_national_id text check (staff_national_id ~ '^\\d{12}$'),
        copay_repeat_minutes integer not null default 15 check (copay_repeat_minutes between 1 and 1440),
        copay_daily_limit integer not null default 200 check (copay_daily_limit between 0 and 100000),
        needs_accepted_rows boolean not null default false,
        changed_at timestamptz not null,
        changed_by uuid not null,
        check ((staff_name is null) = (staff_national_id is null))
      );
      -- National ids of the staff who look up, as the facility registered them at the portal.
      create table insurer_staff (
        facility_id uuid not null references facility,
        account_id uuid not null references account,
        national_id text not null check (national_id ~ '^\\d{12}$'),
        changed_at timestamptz not null,
        changed_by uuid not null,
        primary key (facility_id, account_id)
      );

      -- What was asked, by whom, with which words: evidence.
      create table card_lookup (
        facility_id uuid not null references facility,
        id uuid not null,
        kind text not null check (kind in ('card', 'history', 'copay')),
        encounter_id uuid,
        card_number text not null check (card_number <> ''),
        name nfc_text not null check (name <> ''),
        birth text not null check (birth ~ '^\\d{4}(-\\d\\d(-\\d\\d)?)?$'),
        staff_name nfc_text,
        staff_national_id text,
        asked_by uuid not null,
        asked_at timestamptz not null,
        primary key (facility_id, id),
        foreign key (facility_id, encounter_id) references encounter
      );
      create index card_lookup_encounter on card_lookup (facility_id, encounter_id) where encounter_id is not null;
      create index card_lookup_card on card_lookup (facility_id, kind, card_number, asked_at);
      create index card_lookup_day on card_lookup (facility_id, kind, asked_at);
      -- What came of it. \`asking\` is written before the call.
      create table card_lookup_event (
        facility_id uuid not null,
        lookup_id uuid not null,
        sequence smallint not null check (sequence > 0),
        type text not null check (type in ('asking', 'answered', 'notChecked')),
        at timestamptz not null,
        verdict text,
        trouble text,
        result_code text,
        message text,
        details jsonb,
        raw_answer text,
        primary key (facility_id, lookup_id, sequence),
        foreign key (facility_id, lookup_id) references card_lookup,
        check ((type = 'notChecked') = (trouble is not null))
      );
      create index card_lookup_restricted on card_lookup_event (facility_id, at) where trouble = 'restricted';

      -- What is to be done still; a row goes when its work has ended. Losing every job of the queue loses nothing.
      create table insurer_work (
        facility_id uuid not null references facility,
        kind text not null check (kind in ('lookup', 'paper')),
        subject_id uuid not null,
        due_at timestamptz not null,
        attempt integer not null default 0,
        primary key (facility_id, kind, subject_id)
      );
      create index insurer_work_due on insurer_work (due_at);

      create table insurer_paper (
        facility_id uuid not null references facility,
        id uuid not null,
        kind text not null check (kind in ('certificates', 'deathNotice', 'birthCertificate', 'departments', 'staff',
          'drugs', 'supplies', 'services', 'equipment', 'monthlySummary', 'adjustment')),
        period text check (period ~ '^\\d{4}(0[1-9]|1[0-2])$'),
        encounter_id uuid,
        claim_number integer,
        content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
        figures jsonb,
        state text not null default 'built' check (state in ('built', 'signed', 'notSigned', 'sending', 'received',
          'refused', 'unclear', 'notSent', 'resend', 'withdrawn')),
        made_at timestamptz not null,
        made_by uuid not null,
        primary key (facility_id, id),
        foreign key (facility_id, encounter_id) references encounter,
        check ((period is not null) = (kind in ('monthlySummary', 'adjustment')))
      );
      -- The insurer knows no key of these papers: the same twice would be there twice.
      create unique index insurer_paper_once on insurer_paper (facility_id, kind, content_sha256)
        where state not in ('refused', 'withdrawn');
      create index insurer_paper_state on insurer_paper (state, made_at);
      create index insurer_paper_encounter on insurer_paper (facility_id, encounter_id) where encounter_id is not null;
      -- As built, and as signed: each once.
      create table insurer_paper_document (
        facility_id uuid not null,
        paper_id uuid not null,
        kind text not null check (kind in ('unsigned', 'signed')),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        bytes bytea not null,
        certificate_serial text,
        primary key (facility_id, paper_id, kind),
        foreign key (facility_id, paper_id) references insurer_paper,
        check ((kind = 'signed') = (certificate_serial is not null))
      );
      -- \`sending\` is written before the call, what came of it after.
      create table insurer_paper_event (
        facility_id uuid not null,
        paper_id uuid not null,
        sequence smallint not null check (sequence > 0),
        type text not null,
        at timestamptz not null,
        cause text not null,
        actor uuid,
        reason nfc_text,
        document_sha256 text,
        http_status smallint,
        result_code text,
        transaction_id text,
        received_at text,
        raw_answer text,
        primary key (facility_id, paper_id, sequence),
        foreign key (facility_id, paper_id) references insurer_paper
      );
      -- Rows of the catalogues as they were handed in; accepted = the paper was received.
      create table insurer_catalogue_row (
        facility_id uuid not null,
        paper_id uuid not null,
        position integer not null check (position > 0),
        form text not null,
        row_key text not null,
        is_closing boolean not null,
        content jsonb not null,
        primary key (facility_id, paper_id, position),
        foreign key (facility_id, paper_id) references insurer_paper
      );
      create index insurer_catalogue_row_key on insurer_catalogue_row (facility_id, form, row_key);
    `);

    this.addSql(`
      -- The way of a paper. What is unclear moves by a person's decision alone, and workers are no persons.
      create function insurer_paper_step() returns trigger language plpgsql as $$
      begin
        if new.state = any(case old.state
            when 'built' then array['signed', 'notSigned', 'sending', 'withdrawn']
            when 'notSigned' then array['signed', 'withdrawn']
            when 'signed' then array['sending', 'withdrawn']
            when 'sending' then array['received', 'refused', 'unclear', 'notSent']
            when 'notSent' then array['sending', 'withdrawn']
            when 'unclear' then array['resend', 'received']
            when 'resend' then array['sending']
            else array[]::text[] end)
          and not (old.state = 'unclear' and current_user = 'his_export')
        then return new; end if;
        raise exception 'a paper cannot go from % to %', old.state, new.state using errcode = 'check_violation';
      end $$;
      create trigger insurer_paper_step before update of state on insurer_paper
        for each row when (old.state is distinct from new.state) execute function insurer_paper_step();

      do $$
      declare name text;
      begin
        foreach name in array array['insurer_setting', 'insurer_staff', 'card_lookup', 'card_lookup_event', 'insurer_work',
          'insurer_paper', 'insurer_paper_document', 'insurer_paper_event', 'insurer_catalogue_row'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
        end loop;
        foreach name in array array['insurer_work', 'insurer_paper', 'insurer_paper_event'] loop
          execute format('create policy province_figures on %I for select using (context_reach() = ''province'')', name);
        end loop;
      end $$;
      grant select, insert, update on insurer_setting, insurer_staff to his_app;
      grant select on insurer_setting to his_export;
      grant select, insert on card_lookup to his_app;
      grant select on card_lookup to his_export;
      grant select on card_lookup_event to his_app;
      grant select, insert on card_lookup_event to his_export;
      grant select, insert, update, delete on insurer_work to his_app, his_export;
      grant select, insert on insurer_paper, insurer_paper_document, insurer_paper_event, insurer_catalogue_row
        to his_app, his_export;
      grant update (state) on insurer_paper to his_app, his_export;
    `);
  }
}
