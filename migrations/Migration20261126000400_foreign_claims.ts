import { Migration } from '@mikro-orm/migrations';

/**
 * Claim files of other software, taken in for checking and statistics: nothing of them is ever sent. What a dossier
 * says of the person lies apart from its figures, so that the province's office sees figures and no chart.
 */
export class Migration20261126000400_foreign_claims extends Migration {
  override up(): void {
    this.addSql(`
      create table foreign_file (
        -- Who took it in; null = the province's office.
        facility_id uuid references facility,
        id uuid primary key,
        -- Of the bytes as they came, packed or not.
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        name nfc_text not null check (name <> '' and length(name) <= 255),
        size bigint not null check (size > 0),
        -- Its bytes were sent to us and are kept until they are read; else a command reads them from disk.
        is_upload boolean not null,
        state text not null check (state in ('waiting', 'reading', 'read', 'refused')),
        -- Why a refused file is not read, and where.
        reason text,
        details jsonb not null default '{}',
        -- Known once the file was looked through.
        records integer check (records >= 0),
        stored integer not null default 0,
        known integer not null default 0,
        set_aside integer not null default 0,
        given_at timestamptz not null,
        given_by uuid not null,
        touched_at timestamptz not null,
        finished_at timestamptz,
        check ((state in ('read', 'refused')) = (finished_at is not null)),
        check ((state = 'refused') = (reason is not null)),
        check (stored + known + set_aside <= records),
        unique nulls not distinct (facility_id, sha256)
      );
      create index foreign_file_list on foreign_file (given_at desc, id desc);
      create index foreign_file_open on foreign_file (touched_at) where finished_at is null;

      -- An upload until it is read; files that a command reads from disk are not stored.
      create table foreign_file_content (
        facility_id uuid references facility,
        file_id uuid primary key references foreign_file,
        bytes bytea not null
      );

      -- Dossiers that could not be taken in, and why.
      create table foreign_set_aside (
        facility_id uuid references facility,
        file_id uuid not null references foreign_file,
        position integer not null check (position > 0),
        -- The file inside an archive.
        part nfc_text,
        reason text not null,
        details jsonb not null,
        primary key (file_id, position)
      );

      create table foreign_claim (
        -- The facility it is about; null = none that we know.
        facility_id uuid references facility,
        id uuid primary key,
        file_id uuid not null references foreign_file,
        position integer not null check (position > 0),
        facility_code nfc_text not null,
        claim_key nfc_text not null,
        -- Of what the dossier says, however it is written.
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        edition text not null,
        class_code text,
        arrived_on date,
        ended_on date,
        rows integer not null,
        -- Places that are not as the edition prescribes.
        problems integer not null,
        gross_amount numeric(18,2),
        insured_amount numeric(18,2),
        insurer_pays numeric(18,2),
        copay numeric(18,2),
        self_pay numeric(18,2),
        other_payers numeric(18,2),
        stored_at timestamptz not null,
        unique (facility_code, sha256)
      );
      create index foreign_claim_list on foreign_claim (facility_id, stored_at desc, id desc);
      create index foreign_claim_key on foreign_claim (facility_code, claim_key);
      create index foreign_claim_file on foreign_claim (file_id);

      -- Every element of its tables, as gzipped JSON.
      create table foreign_claim_content (
        facility_id uuid references facility,
        claim_id uuid primary key references foreign_claim,
        tables bytea not null
      );

      do $$
      declare name text;
      begin
        foreach name in array array['foreign_file', 'foreign_file_content', 'foreign_set_aside', 'foreign_claim',
          'foreign_claim_content'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
        end loop;
        foreach name in array array['foreign_file', 'foreign_set_aside', 'foreign_claim'] loop
          execute format('create policy province_figures on %I for select using (context_reach() = ''province'')', name);
        end loop;
        -- What the office took in is its own; what is in it may be about any facility.
        foreach name in array array['foreign_file', 'foreign_file_content', 'foreign_set_aside'] loop
          execute format('create policy office on %I using (facility_id is null and context_reach() = ''province'')
            with check (facility_id is null and context_reach() = ''province'')', name);
        end loop;
        foreach name in array array['foreign_claim', 'foreign_claim_content'] loop
          execute format('create policy office_adds on %I for insert to his_export
            with check (context_reach() = ''province'')', name);
        end loop;
      end $$;

      grant select, insert on foreign_file to his_app;
      grant insert on foreign_file_content to his_app;
      grant select on foreign_set_aside, foreign_claim, foreign_claim_content to his_app;
      grant select, insert on foreign_file, foreign_set_aside to his_export;
      grant update (state, reason, details, records, stored, known, set_aside, touched_at, finished_at)
        on foreign_file to his_export;
      grant select, delete on foreign_file_content to his_export;
      grant select, insert on foreign_claim to his_export;
      grant insert on foreign_claim_content to his_export;
    `);
  }
}
