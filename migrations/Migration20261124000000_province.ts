import { Migration } from '@mikro-orm/migrations';

/**
 * What the whole province shares: facilities and their dated facts, people, cards, catalogues.
 * Roles (his_owner runs migrations and owns all; his_app and his_export own nothing) exist before this runs:
 * src/platform/database/provision.ts for the embedded server, docs/operations.md for any other.
 */
export class Migration20261124000000_province extends Migration {
  override up(): void {
    this.addSql(`
      create extension if not exists pg_trgm;
      create extension if not exists unaccent;
      create extension if not exists btree_gist;

      -- Text from outside is normalised at the border; the database refuses what slipped through.
      create domain nfc_text as text check (value is nfc normalized);

      -- Search key of a name: lower case, without accents (đ becomes d).
      create function search_text(value text) returns text
        language sql immutable strict parallel safe
        return lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, nfc)));

      -- Who is asking, set once per transaction. The settings read '' and not null after a first transaction.
      create function context_user() returns uuid language sql stable
        return nullif(current_setting('app.user', true), '')::uuid;
      create function context_facility() returns uuid language sql stable
        return nullif(current_setting('app.facility', true), '')::uuid;
      create function context_purpose() returns text language sql stable
        return nullif(current_setting('app.purpose', true), '');
    `);

    this.addSql(`
      create table facility (
        id uuid primary key,
        code text not null unique check (code ~ '^[0-9]{5}$'),
        name nfc_text not null,
        address nfc_text not null,
        ward_code text not null,
        created_at timestamptz not null default now()
      );
      -- Facts that the law reads, each with its days: level, points, former-tier, kind, price-list.
      create table facility_fact (
        facility_id uuid not null references facility,
        kind text not null,
        valid daterange not null check (not isempty(valid)),
        value text not null,
        source nfc_text not null,
        learned_at timestamptz not null default now(),
        exclude using gist (facility_id with =, kind with =, valid with &&)
      );
      create table export_setting (
        facility_id uuid primary key references facility,
        mode text not null default 'nightly' check (mode in ('nightly', 'immediate')),
        at time
      );
      create table gateway_account (
        facility_id uuid primary key references facility,
        username text not null,
        password_sealed bytea not null
      );
      create table department (
        facility_id uuid not null references facility,
        id uuid not null,
        code text not null,
        name nfc_text not null,
        valid daterange not null check (not isempty(valid)),
        primary key (facility_id, id),
        exclude using gist (facility_id with =, code with =, valid with &&)
      );
      create table practitioner (
        facility_id uuid not null references facility,
        id uuid not null,
        licence_number text not null,
        name nfc_text not null,
        title text not null,
        department_code text,
        valid daterange not null check (not isempty(valid)),
        primary key (facility_id, id),
        exclude using gist (facility_id with =, licence_number with =, valid with &&)
      );
      -- One token per facility stands in for sign-in; facility_id null = the province's own office.
      create table access_token (
        token_sha256 text primary key check (length(token_sha256) = 64),
        account_id uuid not null unique,
        facility_id uuid references facility,
        name nfc_text not null,
        role text not null check (role in ('facility', 'province')),
        created_at timestamptz not null default now(),
        revoked_at timestamptz,
        check ((role = 'province') = (facility_id is null))
      );
    `);

    this.addSql(`
      create table ward (
        code text primary key,
        province_code text not null,
        name nfc_text not null
      );
      create table diagnosis_code (
        code text primary key,
        name nfc_text not null,
        sex_code text
      );
      create table catalogue_item (
        id uuid primary key,
        item_code text not null,
        kind text not null
          check (kind in ('exam', 'service', 'surgery', 'bed', 'drug', 'blood', 'supply', 'transport')),
        official_code text not null,
        name nfc_text not null,
        unit nfc_text not null,
        cost_group_code text not null,
        scope_code text not null check (scope_code in ('1', '2', '3')),
        catalogue_rate numeric(5, 2) not null check (catalogue_rate between 0 and 100),
        unit_ceiling numeric(18, 3),
        details jsonb not null default '{}',
        valid daterange not null check (not isempty(valid)),
        exclude using gist (item_code with =, valid with &&)
      );
      create table catalogue_price (
        item_id uuid not null references catalogue_item,
        price_list text not null,
        unit_price numeric(18, 3) not null check (unit_price >= 0),
        insured_unit_price numeric(18, 3) not null check (insured_unit_price >= 0),
        valid daterange not null check (not isempty(valid)),
        source nfc_text not null,
        exclude using gist (item_id with =, price_list with =, valid with &&)
      );
      -- Raised by every catalogue or facility import; caches of the API and the workers reload when it moved.
      create table reference_revision (
        only_row boolean primary key default true check (only_row),
        revision bigint not null default 1
      );
      insert into reference_revision default values;
    `);

    this.addSql(`
      -- A person belongs to the province. No unique constraint here may reveal that somebody exists.
      create table patient (
        id uuid primary key,
        version integer not null default 1,
        name nfc_text not null check (name <> ''),
        name_search text not null generated always as (search_text(name)) stored,
        birth_date date not null,
        birth_time time,
        birth_precision text not null check (birth_precision in ('year', 'month', 'day')),
        sex_code text not null check (sex_code in ('1', '2', '3')),
        blood_group text,
        nationality_code text not null,
        ethnicity_code text not null,
        occupation_code text not null,
        national_id text,
        phone text,
        address nfc_text not null,
        province_code text not null,
        district_code text,
        ward_code text not null,
        created_by_facility_id uuid not null references facility,
        created_at timestamptz not null default now()
      );
      create index patient_name_search on patient using gin (name_search gin_trgm_ops);
      create index patient_national_id on patient (national_id) where national_id is not null;
      create index patient_phone on patient (phone) where phone is not null;

      -- How a facility comes to see a person: it registered them, or they came to it.
      create table patient_facility (
        facility_id uuid not null references facility,
        patient_id uuid not null references patient,
        patient_number text not null,
        basis text not null check (basis in ('registered', 'visit', 'referral')),
        since timestamptz not null default now(),
        primary key (facility_id, patient_id),
        unique (facility_id, patient_number)
      );
      -- Facts that the law reads about a person, each with its days (poor household, ethnic minority area …).
      create table patient_fact (
        patient_id uuid not null references patient,
        kind text not null,
        valid daterange not null check (not isempty(valid)),
        value text not null,
        source nfc_text not null,
        learned_at timestamptz not null default now(),
        exclude using gist (patient_id with =, kind with =, valid with &&)
      );
      create table coverage (
        id uuid primary key,
        patient_id uuid not null references patient,
        card_number text not null check (card_number ~ '^[A-Z]{2}[1-5][0-9A-Z]{12}$'),
        valid daterange not null check (not isempty(valid)),
        registered_facility_code text not null,
        area_code text check (area_code in ('K1', 'K2', 'K3')),
        five_years_from date,
        free_copay_from date,
        source text not null,
        recorded_at timestamptz not null default now(),
        exclude using gist (patient_id with =, card_number with =, valid with &&)
      );
      create index coverage_card_number on coverage (card_number);
    `);
  }
}
