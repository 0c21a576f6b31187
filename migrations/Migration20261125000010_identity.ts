import { Migration } from '@mikro-orm/migrations';

/**
 * Who may: accounts of people and machines, their duties by facility and day, sign-in. Secrets (passwords, second
 * factors, sessions, tokens) are readable by his_identity alone, the role of the sign-in door; the application's role
 * sees accounts and duties only. See docs/decisions/0012-identity-and-isolation.md.
 */
export class Migration20261125000010_identity extends Migration {
  override up(): void {
    this.addSql(`
      -- How far this transaction sees: facility (its own rows) | province (figures and work lists, never charts)
      -- | audit (the audit trail only) | none (reference data). Missing = none.
      create function context_reach() returns text language sql stable
        return coalesce(nullif(current_setting('app.reach', true), ''), 'none');

      -- One person, one account. A machine is never counted as a person.
      create table account (
        id uuid primary key,
        version integer not null default 1,
        kind text not null check (kind in ('person', 'machine')),
        username text not null unique check (username ~ '^[a-z0-9][a-z0-9._-]{2,63}$'),
        name nfc_text not null check (name <> ''),
        state text not null default 'active' check (state in ('active', 'locked')),
        state_reason nfc_text,
        is_demo boolean not null default false,
        created_at timestamptz not null default now(),
        created_by uuid not null
      );
      -- A duty: this account does this work at this facility (null = the province's office) on these days.
      create table account_duty (
        id uuid primary key,
        account_id uuid not null references account,
        facility_id uuid references facility,
        role text not null,
        valid daterange not null check (not isempty(valid)),
        granted_at timestamptz not null default now(),
        granted_by uuid not null,
        exclude using gist (account_id with =,
          coalesce(facility_id, '00000000-0000-0000-0000-000000000000'::uuid) with =, role with =, valid with &&)
      );
      create index account_duty_account on account_duty (account_id);
      create index account_duty_facility on account_duty (facility_id);

      alter table practitioner
        add column account_id uuid references account,
        add column practice_scope nfc_text;
      create index practitioner_account on practitioner (account_id) where account_id is not null;

      -- Second factor by facility: usual = administrators and insurance officers, everyone, or nobody.
      create table sign_in_setting (
        facility_id uuid primary key references facility,
        second_factor text not null check (second_factor in ('usual', 'everyone', 'nobody')),
        changed_at timestamptz not null default now(),
        changed_by uuid not null
      );

      -- A one-time password: given by an administrator, used once to set a password of one's own.
      create table one_time_password (
        account_id uuid not null references account,
        code_sha256 text not null check (length(code_sha256) = 64),
        expires_at timestamptz not null,
        used_at timestamptz,
        created_by uuid not null,
        created_at timestamptz not null default now(),
        primary key (account_id, code_sha256)
      );
      create table machine_secret (
        account_id uuid not null references account,
        secret_sha256 text not null check (length(secret_sha256) = 64),
        created_by uuid not null,
        created_at timestamptz not null default now(),
        primary key (account_id, secret_sha256)
      );

      create table credential (
        account_id uuid primary key references account,
        password_hash text,
        password_set_at timestamptz,
        totp_sealed bytea,
        -- Shown to the person, waiting for a first right code.
        totp_pending_sealed bytea,
        totp_confirmed_at timestamptz,
        -- The time step of the last code that was taken: a code opens once.
        totp_last_step bigint
      );
      create table recovery_code (
        account_id uuid not null references account,
        code_sha256 text not null check (length(code_sha256) = 64),
        used_at timestamptz,
        primary key (account_id, code_sha256)
      );
      -- Sign-in elsewhere (OpenID Connect) that is known to be this account.
      create table external_identity (
        issuer text not null,
        subject text not null,
        account_id uuid not null references account,
        linked_at timestamptz not null default now(),
        primary key (issuer, subject)
      );
      create table session (
        id uuid primary key,
        account_id uuid not null references account,
        facility_id uuid references facility,
        state text not null check (state in ('second-factor', 'set-password', 'set-second-factor', 'active')),
        csrf_token text not null,
        second_factor_at timestamptz,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        expires_at timestamptz not null,
        ended_at timestamptz,
        end_reason text,
        origin text
      );
      create index session_account on session (account_id) where ended_at is null;
      create table session_token (
        token_sha256 text primary key check (length(token_sha256) = 64),
        session_id uuid not null references session,
        issued_at timestamptz not null default now(),
        -- Replaced by a newer one: taken for a short while more, then a sign of theft.
        replaced_at timestamptz
      );
      create index session_token_session on session_token (session_id);
      -- Failed sign-ins by account (a hash of the name typed) and address, and by either alone ('').
      create table sign_in_failure (
        username_sha256 text not null,
        address text not null,
        failures integer not null,
        last_at timestamptz not null,
        primary key (username_sha256, address)
      );
      -- Addresses from which the account has signed in: what others do elsewhere does not slow it there.
      create table known_address (
        account_id uuid not null references account,
        address text not null,
        last_at timestamptz not null,
        primary key (account_id, address)
      );
      -- Sign-ins on their way through another provider.
      create table oidc_flow (
        state_sha256 text primary key,
        code_verifier text not null,
        nonce text not null,
        expires_at timestamptz not null
      );

      -- Short-lived, for machines. Only the hash is stored.
      create table bearer_token (
        token_sha256 text primary key check (length(token_sha256) = 64),
        account_id uuid not null references account,
        facility_id uuid references facility,
        scopes text[] not null,
        issued_at timestamptz not null default now(),
        expires_at timestamptz not null,
        revoked_at timestamptz
      );
      create index bearer_token_account on bearer_token (account_id);
      create index bearer_token_expiry on bearer_token (expires_at);
    `);

    this.addSql(`
      grant usage on schema public to his_identity;
      grant select on account, account_duty, facility, sign_in_setting, practitioner to his_app, his_identity;
      grant insert on account, account_duty, sign_in_setting, one_time_password, machine_secret to his_app;
      grant update (version, name, state, state_reason) on account to his_app;
      grant update (valid) on account_duty to his_app;
      grant update (second_factor, changed_at, changed_by) on sign_in_setting to his_app;
      grant update (account_id) on practitioner to his_app;

      grant insert on account, account_duty to his_identity;
      grant select, insert, update on one_time_password, machine_secret, credential, recovery_code, external_identity,
        session, session_token, sign_in_failure, known_address, oidc_flow, bearer_token to his_identity;
      grant delete on recovery_code, session_token, sign_in_failure, oidc_flow, bearer_token to his_identity;
      grant insert on audit_event to his_identity;
      grant execute on function context_user, context_facility, context_purpose, context_reach to his_identity;
    `);
  }
}
