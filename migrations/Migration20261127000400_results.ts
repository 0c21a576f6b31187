import { Migration } from '@mikro-orm/migrations';

/** What the insurer says of records it has: exports of its portal, answers of its queries, row by row with the verdict. */
export class Migration20261127000400_results extends Migration {
  override up(): void {
    this.addSql(`
      create table result_import (
        facility_id uuid not null references facility,
        id uuid primary key,
        -- A file that a person gave, or an answer that we asked for.
        source text not null check (source in ('file', 'query')),
        name nfc_text not null check (name <> '' and length(name) <= 255),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        size bigint not null check (size > 0),
        -- Until it is read.
        content bytea,
        state text not null check (state in ('waiting', 'reading', 'read', 'refused')),
        -- Why a refused file is not read.
        reason text,
        matched integer not null default 0,
        -- Of those matched: rows that added something to the ledger.
        changed integer not null default 0,
        unmatched integer not null default 0,
        contradicting integer not null default 0,
        given_at timestamptz not null,
        given_by uuid not null,
        touched_at timestamptz not null,
        finished_at timestamptz,
        check ((state in ('read', 'refused')) = (finished_at is not null)),
        check ((state = 'refused') = (reason is not null)),
        -- The same file twice is nothing twice.
        unique (facility_id, sha256)
      );
      create index result_import_list on result_import (facility_id, given_at desc, id desc);
      create index result_import_open on result_import (touched_at) where finished_at is null;

      create table result_row (
        facility_id uuid not null references facility,
        import_id uuid not null references result_import,
        position integer not null check (position > 0),
        -- As a person counts rows in the sheet; null = it came from no sheet.
        sheet_row integer,
        transaction_id text,
        claim_key text,
        -- What the row says, as far as it could be understood.
        status text check (status in ('good', 'faulty', 'rejected', 'replaced')),
        payment text check (payment in ('none', 'requested', 'paid')),
        amount numeric(18,2),
        code text,
        said nfc_text,
        unreadable text[] not null,
        verdict text not null check (verdict in ('matched', 'unmatched', 'contradicting')),
        reason text check ((verdict = 'matched') = (reason is null)),
        -- The version it is about.
        encounter_id uuid,
        number integer,
        appended text[] not null,
        primary key (import_id, position)
      );
      create index result_row_verdict on result_row (import_id, verdict, position);
      create index claim_event_transaction on claim_event (facility_id, transaction_id)
        where transaction_id is not null;

      do $$
      declare name text;
      begin
        foreach name in array array['result_import', 'result_row'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
        end loop;
      end $$;
      -- Counts of the province; what the rows say comes from charts.
      create policy province_figures on result_import for select using (context_reach() = 'province');

      grant select, insert on result_import to his_app;
      grant select on result_row to his_app;
      grant select, insert on result_import, result_row to his_export;
      grant update (content, state, reason, matched, changed, unmatched, contradicting, touched_at, finished_at)
        on result_import to his_export;
    `);
  }
}
