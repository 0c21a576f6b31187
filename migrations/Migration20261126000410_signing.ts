import { Migration } from '@mikro-orm/migrations';

/** Signing is a step of its own between building and sending, with the certificate that the facility registered. */
export class Migration20261126000410_signing extends Migration {
  override up(): void {
    this.addSql(`
      alter table claim_event drop constraint claim_event_type_check;
      alter table claim_event add constraint claim_event_type_check check (type in ('built', 'signed', 'notSigned',
        'sending', 'received', 'refused', 'unknown', 'notSent', 'held', 'released', 'parked', 'withdrawn'));

      -- The version whose signed document is stored; another than \`number\` = it waits for its signature.
      alter table export_work add column signed_number integer not null default 0;

      -- Public halves of the keys with which a facility signs. One is in use; the others are kept, for old files.
      create table facility_certificate (
        facility_id uuid not null references facility,
        fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
        serial text not null check (serial ~ '^[0-9A-F]+$'),
        subject nfc_text not null,
        issuer nfc_text not null,
        valid_from timestamptz not null,
        valid_to timestamptz not null check (valid_to > valid_from),
        pem text not null,
        registered_at timestamptz not null,
        registered_by uuid not null,
        retired_at timestamptz check (retired_at >= registered_at),
        primary key (facility_id, fingerprint)
      );
      create unique index facility_certificate_in_use on facility_certificate (facility_id) where retired_at is null;

      alter table facility_certificate enable row level security;
      create policy own_facility on facility_certificate using (facility_id = context_facility())
        with check (facility_id = context_facility());
      create policy province_figures on facility_certificate for select using (context_reach() = 'province');
      grant select, insert on facility_certificate to his_app;
      grant update (registered_at, registered_by, retired_at) on facility_certificate to his_app;
      grant select on facility_certificate to his_export;
    `);
  }
}
