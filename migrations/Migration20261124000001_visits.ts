import { Migration } from '@mikro-orm/migrations';

/**
 * What each facility owns: its visits, settlements and claims. Facility id leads every key. The aggregate of a visit
 * lies in one month: `encounter` is partitioned by its own id (a UUIDv7 carries its time), everything below it by
 * `encounter_id`, so one visit is always read from one partition of each table.
 */
export class Migration20261124000001_visits extends Migration {
  override up(): void {
    this.addSql(`
      create table encounter (
        facility_id uuid not null references facility,
        id uuid not null,
        version integer not null default 1,
        state text not null default 'open' check (state in ('open', 'discharged', 'settled')),
        claim_key text not null,
        record_number text not null,
        patient_id uuid not null references patient,
        department_code text not null,
        class_code text not null,
        route_code text,
        arrived_at timestamptz not null,
        admitted_at timestamptz,
        ended_at timestamptz,
        settled_at timestamptz,
        reason nfc_text not null,
        admission_reason nfc_text,
        provisional_diagnosis nfc_text,
        final_diagnosis nfc_text,
        referral_from text,
        referral_paper text,
        destination_facility_code text,
        injury_code text,
        treatment nfc_text,
        outcome_code text,
        discharge_code text,
        advice nfc_text,
        weight_kg numeric(6, 2),
        height_cm numeric(5, 1),
        birth_weights_grams text[] not null default '{}',
        follow_up_dates date[] not null default '{}',
        procedure_codes text[] not null default '{}',
        signer_licence text,
        created_at timestamptz not null default now(),
        primary key (facility_id, id),
        -- The claim key carries the whole id, so it is unique for ever without an index that spans the months.
        check (right(claim_key, 32) = replace(id::text, '-', '')),
        check (ended_at is null or ended_at > arrived_at),
        check ((state = 'open') = (ended_at is null)),
        check ((state = 'settled') = (settled_at is not null)),
        check ((referral_from is null) = (referral_paper is null))
      ) partition by range (id);
      create index encounter_arrived on encounter (facility_id, arrived_at desc, id desc);
      create index encounter_patient on encounter (patient_id);
      create index encounter_settled on encounter (facility_id, settled_at) where settled_at is not null;

      create table encounter_coverage (
        facility_id uuid not null,
        encounter_id uuid not null,
        coverage_id uuid not null references coverage,
        position smallint not null,
        presented_at timestamptz not null,
        primary key (facility_id, encounter_id, coverage_id),
        foreign key (facility_id, encounter_id) references encounter
      ) partition by range (encounter_id);

      create table condition (
        facility_id uuid not null,
        encounter_id uuid not null,
        id uuid not null,
        role text not null check (role in ('primary', 'secondary', 'traditional')),
        code text not null,
        name nfc_text not null,
        recorded_at timestamptz not null default now(),
        recorded_by uuid not null,
        removed_at timestamptz,
        primary key (facility_id, encounter_id, id),
        foreign key (facility_id, encounter_id) references encounter
      ) partition by range (encounter_id);

      create table charge_line (
        facility_id uuid not null,
        encounter_id uuid not null,
        id uuid not null,
        version integer not null default 1,
        item_id uuid not null references catalogue_item,
        kind text not null,
        code text not null,
        name nfc_text not null,
        unit nfc_text not null,
        cost_group_code text not null,
        scope_code text not null,
        catalogue_rate numeric(5, 2) not null,
        quantity numeric(12, 3) not null check (quantity >= 0),
        unit_price numeric(18, 3) not null check (unit_price >= 0),
        insured_unit_price numeric(18, 3) not null check (insured_unit_price >= 0),
        unit_ceiling numeric(18, 3),
        ordered_at timestamptz not null,
        performed_at timestamptz,
        result_at timestamptz,
        ordered_by_licence text not null,
        performed_by_licences text[] not null default '{}',
        department_code text not null,
        condition_codes text[] not null default '{}',
        dose nfc_text,
        instruction nfc_text,
        bed_code text,
        machine_codes text[] not null default '{}',
        anaesthesia_code text,
        package_code text,
        part_of_service_code text,
        fuel_code text,
        facts jsonb not null default '{}',
        item jsonb not null default '{}',
        recorded_at timestamptz not null default now(),
        recorded_by uuid not null,
        cancelled_at timestamptz,
        cancel_reason nfc_text,
        primary key (facility_id, encounter_id, id),
        foreign key (facility_id, encounter_id) references encounter,
        check (performed_at is null or performed_at >= ordered_at),
        check (result_at is null or result_at >= ordered_at),
        check ((cancelled_at is null) = (cancel_reason is null))
      ) partition by range (encounter_id);

      create table observation (
        facility_id uuid not null,
        encounter_id uuid not null,
        id uuid not null,
        line_id uuid not null,
        code text,
        name nfc_text not null,
        value nfc_text,
        unit nfc_text,
        description nfc_text,
        conclusion nfc_text,
        result_at timestamptz not null,
        read_by_licence text not null,
        recorded_at timestamptz not null default now(),
        recorded_by uuid not null,
        primary key (facility_id, encounter_id, id),
        foreign key (facility_id, encounter_id, line_id) references charge_line
      ) partition by range (encounter_id);

      create table clinical_note (
        facility_id uuid not null,
        encounter_id uuid not null,
        id uuid not null,
        at timestamptz not null,
        text nfc_text not null check (text <> ''),
        stage nfc_text,
        consultation nfc_text,
        surgery nfc_text,
        author_licence text not null,
        recorded_at timestamptz not null default now(),
        recorded_by uuid not null,
        primary key (facility_id, encounter_id, id),
        foreign key (facility_id, encounter_id) references encounter
      ) partition by range (encounter_id);
    `);

    this.addSql(`
      -- Append-only: a settlement is a version with its own line results; a line of the visit carries no computed money.
      create table settlement (
        facility_id uuid not null,
        encounter_id uuid not null,
        version integer not null check (version > 0),
        policy_version text not null,
        policy_date date not null,
        route_code text not null,
        settled_at timestamptz not null,
        settled_by uuid not null,
        reason nfc_text,
        is_low_cost_visit boolean not null,
        gross_amount numeric(18, 2) not null,
        insured_amount numeric(18, 2) not null,
        insurer_pays numeric(18, 2) not null,
        copay numeric(18, 2) not null,
        self_pay numeric(18, 2) not null,
        other_payers numeric(18, 2) not null,
        drug_amount numeric(18, 2) not null,
        supply_amount numeric(18, 2) not null,
        patient_pays numeric(18, 2) not null,
        -- The rules that were applied, each once, with every parameter read; lines refer to them by position.
        trace jsonb not null,
        primary key (facility_id, encounter_id, version),
        foreign key (facility_id, encounter_id) references encounter,
        check (gross_amount = insurer_pays + copay + self_pay + other_payers),
        check (patient_pays = copay + self_pay)
      ) partition by range (encounter_id);

      create table settlement_line (
        facility_id uuid not null,
        encounter_id uuid not null,
        version integer not null,
        line_id uuid not null,
        service_rate numeric(6, 2) not null,
        scope_rate numeric(6, 2) not null,
        insured_unit_price numeric(18, 3) not null,
        benefit_rate numeric(6, 2) not null,
        gross_amount numeric(18, 2) not null,
        insured_amount numeric(18, 2) not null,
        insurer_pays numeric(18, 2) not null,
        copay numeric(18, 2) not null,
        self_pay numeric(18, 2) not null,
        other_payers numeric(18, 2) not null,
        because smallint[] not null,
        primary key (facility_id, encounter_id, version, line_id),
        foreign key (facility_id, encounter_id, version) references settlement,
        check (gross_amount = insurer_pays + copay + self_pay + other_payers)
      ) partition by range (encounter_id);

      -- Append-only: what was built for the insurer from one settlement.
      create table claim_version (
        facility_id uuid not null,
        encounter_id uuid not null,
        number integer not null check (number > 0),
        reason text not null,
        settlement_version integer not null,
        edition text not null,
        run_id uuid,
        created_at timestamptz not null,
        primary key (facility_id, encounter_id, number),
        foreign key (facility_id, encounter_id, settlement_version) references settlement
      ) partition by range (encounter_id);
      create index claim_version_run on claim_version (run_id) where run_id is not null;
      create index claim_version_created on claim_version (facility_id, created_at desc, encounter_id desc);

      -- One unsigned document, and room for one signed document with its own hash and certificate.
      create table claim_document (
        facility_id uuid not null,
        encounter_id uuid not null,
        number integer not null,
        kind text not null check (kind in ('unsigned', 'signed')),
        sha256 text not null check (length(sha256) = 64),
        size integer not null,
        compressed bytea not null,
        certificate_serial text,
        created_at timestamptz not null,
        primary key (facility_id, encounter_id, number, kind),
        foreign key (facility_id, encounter_id, number) references claim_version,
        check ((kind = 'signed') = (certificate_serial is not null))
      ) partition by range (encounter_id);

      -- Append-only: the state of a claim version is its last event. The gap-free sequence lets one writer win.
      create table claim_event (
        facility_id uuid not null,
        encounter_id uuid not null,
        number integer not null,
        sequence smallint not null check (sequence > 0),
        type text not null check (type in
          ('built', 'sending', 'received', 'refused', 'unknown', 'notSent', 'held', 'released', 'parked')),
        at timestamptz not null,
        cause text not null,
        attempt smallint not null default 0,
        actor uuid,
        run_id uuid,
        document_kind text,
        document_sha256 text,
        http_status smallint,
        result_code text,
        transaction_id text,
        received_at text,
        raw_answer text,
        primary key (facility_id, encounter_id, number, sequence),
        foreign key (facility_id, encounter_id, number) references claim_version
      ) partition by range (encounter_id);

      -- The list of visits that the insurer still waits for, not their state: written with the settlement, gone when
      -- the claim has come to rest. number 0 = no claim version built yet.
      create table export_work (
        facility_id uuid not null,
        encounter_id uuid not null,
        number integer not null default 0,
        since timestamptz not null default now(),
        not_before timestamptz not null default now(),
        primary key (facility_id, encounter_id)
      );
      create index export_work_due on export_work (not_before);

      create table check_in (
        facility_id uuid not null,
        encounter_id uuid not null,
        sequence smallint not null,
        line_id uuid not null,
        created_at timestamptz not null default now(),
        primary key (facility_id, encounter_id, sequence),
        foreign key (facility_id, encounter_id) references encounter
      ) partition by range (encounter_id);
      create table check_in_attempt (
        facility_id uuid not null,
        encounter_id uuid not null,
        sequence smallint not null,
        attempt smallint not null,
        at timestamptz not null,
        document_sha256 text not null,
        outcome text,
        http_status smallint,
        result_code text,
        transaction_id text,
        raw_answer text,
        primary key (facility_id, encounter_id, sequence, attempt),
        foreign key (facility_id, encounter_id, sequence) references check_in
      ) partition by range (encounter_id);
    `);

    this.addSql(`
      create table export_run (
        id uuid primary key,
        facility_id uuid references facility,
        day date not null,
        cause text not null check (cause in ('schedule', 'request', 'settlement')),
        requested_by uuid,
        started_at timestamptz not null
      );
      create index export_run_started on export_run (started_at desc);
      create table export_batch (
        facility_id uuid not null references facility,
        run_id uuid not null references export_run,
        started_at timestamptz,
        finished_at timestamptz,
        found integer not null default 0,
        built integer not null default 0,
        set_aside integer not null default 0,
        primary key (facility_id, run_id)
      );
      create index export_batch_run on export_batch (run_id);
      -- A visit that could not be made into a claim: a task for a person, with the reason.
      create table export_obstacle (
        facility_id uuid not null,
        encounter_id uuid not null,
        settlement_version integer not null,
        run_id uuid,
        at timestamptz not null,
        reason text not null,
        details jsonb not null,
        primary key (facility_id, encounter_id, settlement_version)
      );

      -- Written in the business transaction, turned into queue jobs by the relay.
      create table outbox (
        id bigint generated always as identity primary key,
        queue text not null,
        name text not null,
        job_id text not null,
        data jsonb not null,
        not_before timestamptz,
        created_at timestamptz not null default now()
      );
      -- The answer that an Idempotency-Key got, kept per account.
      create table idempotency (
        account_id uuid not null,
        key text not null,
        route text not null,
        body_sha256 text not null,
        status smallint not null,
        reply jsonb not null,
        created_at timestamptz not null default now(),
        primary key (account_id, key)
      );
      create index idempotency_created on idempotency (created_at);
      -- Who did what. facility_id is the zero id for acts of the province's own office.
      create table audit_event (
        facility_id uuid not null,
        id uuid not null,
        at timestamptz not null default now(),
        actor uuid not null,
        action text not null,
        subject_type text not null,
        subject_id uuid,
        purpose text not null,
        request_id text not null,
        detail jsonb not null default '{}',
        primary key (facility_id, id)
      ) partition by range (id);
      create index audit_event_subject on audit_event (facility_id, subject_id);
    `);

    this.addSql(`
      -- The smallest UUIDv7 of a day.
      create function first_id_of(day date) returns uuid language sql immutable strict
        return (lpad(to_hex((extract(epoch from day::timestamp at time zone 'UTC') * 1000)::bigint), 12, '0')
          || '00000000000000000000')::uuid;

      -- Makes the monthly partitions that are missing. Months that were never made live in the default partitions,
      -- so an id from a wrong clock costs locality and never a record.
      create function ensure_month_partitions(first_month date, last_month date) returns integer
        language plpgsql security definer set search_path = pg_catalog, public as $$
      declare
        parent record;
        month date;
        name text;
        made integer := 0;
      begin
        for parent in
          select c.relname from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
          where c.relnamespace = 'public'::regnamespace order by c.relname
        loop
          for month in select generate_series(date_trunc('month', first_month), last_month, '1 month')::date loop
            name := parent.relname || '_' || to_char(month, 'YYYY_MM');
            if to_regclass('public.' || quote_ident(name)) is null then
              execute format('create table public.%I partition of public.%I for values from (%L) to (%L)',
                name, parent.relname, public.first_id_of(month),
                public.first_id_of((month + interval '1 month')::date));
              made := made + 1;
            end if;
          end loop;
        end loop;
        return made;
      end $$;
      revoke execute on function ensure_month_partitions from public;
      grant execute on function ensure_month_partitions to his_app, his_export;

      do $$
      declare parent record;
      begin
        for parent in
          select c.relname from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
          where c.relnamespace = 'public'::regnamespace
        loop
          execute format('create table %I partition of %I default', parent.relname || '_default', parent.relname);
        end loop;
      end $$;
    `);

    this.addSql(`
      grant usage on schema public to his_app, his_export;
      grant select on all tables in schema public to his_app, his_export;
      -- Readable through their parents only: a partition carries no policy of its own.
      do $$
      declare part record;
      begin
        for part in
          select i.inhrelid::regclass as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where c.relkind = 'r'
        loop
          execute format('revoke all on %s from his_app, his_export', part.name);
        end loop;
      end $$;
      grant insert on facility, facility_fact, export_setting, gateway_account, department, practitioner, access_token,
        ward, diagnosis_code, catalogue_item, catalogue_price, patient, patient_facility, patient_fact, coverage,
        encounter, encounter_coverage, condition, charge_line, observation, clinical_note, settlement, settlement_line,
        claim_event, export_work, check_in, export_run, export_batch, outbox, idempotency, audit_event to his_app;
      grant update on facility, facility_fact, export_setting, gateway_account, department, practitioner, access_token,
        ward, diagnosis_code, catalogue_item, catalogue_price, reference_revision, patient, patient_facility, coverage,
        encounter, condition, charge_line to his_app;
      grant update (not_before) on export_work to his_app;
      grant delete on encounter_coverage, export_work, outbox, idempotency to his_app;
      grant insert on claim_version, claim_document, claim_event, export_work, export_run, export_batch,
        export_obstacle, check_in_attempt, outbox, audit_event to his_export;
      grant update on export_work, export_batch, export_obstacle, check_in_attempt, outbox to his_export;
      grant delete on export_work, export_obstacle, outbox, idempotency to his_export;
    `);
  }
}
