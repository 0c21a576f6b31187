import { Migration } from '@mikro-orm/migrations';

/**
 * The cash desk: payments, deposits and refunds of a visit, receipts numbered without gaps, cashiers' shifts, transfers
 * that are waited for, debts. What was taken or given is only ever added to; a void is a row of its own.
 */
export class Migration20261126000200_payments extends Migration {
  override up(): void {
    this.addSql(`
      create table desk_setting (
        facility_id uuid primary key references facility,
        -- Cash is taken and given in multiples of this many đồng; 1 = only fractions of a đồng are rounded.
        cash_step integer not null check (cash_step in (1, 500, 1000)),
        bank_bin text check (bank_bin ~ '^[0-9]{6}$'),
        bank_account text check (bank_account ~ '^[0-9A-Za-z]{1,19}$'),
        bank_account_name nfc_text check (bank_account_name <> ''),
        check (num_nulls(bank_bin, bank_account, bank_account_name) in (0, 3))
      );

      create table cashier_shift (
        facility_id uuid not null references facility,
        id uuid not null,
        cashier uuid not null,
        opened_at timestamptz not null,
        opening_float numeric(18, 2) not null check (opening_float >= 0),
        closed_at timestamptz check (closed_at >= opened_at),
        closed_by uuid,
        counted_cash numeric(18, 2) check (counted_cash >= 0),
        expected_cash numeric(18, 2),
        difference numeric(18, 2) generated always as (counted_cash - expected_cash) stored,
        denominations jsonb,
        difference_reason nfc_text check (difference_reason <> ''),
        primary key (facility_id, id),
        check (num_nulls(closed_at, closed_by, counted_cash, expected_cash) in (0, 4)),
        check (counted_cash = expected_cash or difference_reason is not null)
      );
      create unique index cashier_shift_open on cashier_shift (facility_id, cashier) where closed_at is null;

      create table receipt_book (
        facility_id uuid not null references facility,
        id uuid not null,
        kind text not null check (kind in ('receipt', 'payout')),
        series text not null check (series ~ '^[0-9A-ZĐ/-]{1,12}$'),
        year integer not null,
        last_number integer not null default 0 check (last_number >= 0),
        opened_at timestamptz not null,
        opened_by uuid not null,
        primary key (facility_id, id),
        unique (facility_id, series, year)
      );
      create index receipt_book_current on receipt_book (facility_id, kind, year, opened_at desc, id desc);

      create table payment (
        facility_id uuid not null,
        id uuid not null,
        encounter_id uuid not null,
        -- The order in which it was decided, under the visit's lock: whoever passed the lock by would write a number twice.
        sequence integer not null check (sequence > 0),
        kind text not null check (kind in ('payment', 'deposit', 'refund')),
        method text not null check (method in ('cash', 'transfer', 'card')),
        -- What it is worth to the visit, exactly. The cash in hand is this plus the rounding.
        amount numeric(18, 2) not null check (amount > 0),
        cash_rounding numeric(18, 2) not null default 0,
        tendered numeric(18, 2),
        change numeric(18, 2) check (change >= 0),
        reference text check (reference <> ''),
        -- How often this bank reference was used and voided before: a reference counts once.
        reference_use integer not null default 0,
        at timestamptz not null,
        recorded_by uuid not null,
        shift_id uuid,
        -- The settlement and the balance that it was decided on; the balance after it.
        settlement_version integer not null,
        balance_before numeric(18, 2) not null,
        balance_after numeric(18, 2) not null,
        -- The payment that this row takes back, and why.
        voids uuid,
        reason nfc_text check (reason <> ''),
        -- +1 to what is held for the visit and to the drawer, −1 from it.
        direction smallint not null generated always as
          ((case when kind = 'refund' then -1 else 1 end) * (case when voids is null then 1 else -1 end)) stored,
        primary key (facility_id, id),
        foreign key (facility_id, encounter_id) references encounter (facility_id, id),
        foreign key (facility_id, shift_id) references cashier_shift (facility_id, id),
        foreign key (facility_id, voids) references payment (facility_id, id),
        unique (facility_id, encounter_id, sequence),
        unique (facility_id, voids),
        check (voids <> id),
        check (voids is null or reason is not null),
        check (balance_after = balance_before - direction * amount),
        check (method <> 'cash' or shift_id is not null),
        check (method = 'cash' or (cash_rounding = 0 and reference is not null)),
        check (method <> 'cash' or reference is null),
        check ((tendered is null) = (change is null)),
        check (tendered is null or (method = 'cash' and kind <> 'refund' and voids is null
          and tendered = amount + cash_rounding + change)),
        check (cash_rounding between -500 and 500 and amount + cash_rounding >= 0)
      );
      create index payment_shift on payment (facility_id, shift_id);
      create unique index payment_bank_reference on payment (facility_id, reference, reference_use)
        where method = 'transfer' and voids is null;

      -- The paper that was given for a payment, deposit or refund; it has the id of that.
      create table receipt (
        facility_id uuid not null,
        id uuid not null,
        book_id uuid not null,
        number integer not null check (number > 0),
        -- Each number stands on the one before it: a gap cannot be written.
        previous integer generated always as (nullif(number - 1, 0)) stored,
        issued_at timestamptz not null,
        -- As printed, and so as printed again.
        payer_name nfc_text not null,
        payer_address nfc_text not null,
        patient_number text,
        record_number text not null,
        facility_name nfc_text not null,
        cashier_name nfc_text not null,
        primary key (facility_id, id),
        unique (facility_id, book_id, number),
        foreign key (facility_id, id) references payment (facility_id, id),
        foreign key (facility_id, book_id) references receipt_book (facility_id, id),
        foreign key (facility_id, book_id, previous) references receipt (facility_id, book_id, number)
      );

      create table transfer_request (
        facility_id uuid not null,
        id uuid not null,
        encounter_id uuid not null,
        amount numeric(18, 2) not null check (amount > 0),
        -- What the payer's bank writes on the transfer.
        reference text not null,
        qr text not null,
        requested_at timestamptz not null,
        requested_by uuid not null,
        expires_at timestamptz not null check (expires_at > requested_at),
        closed_at timestamptz,
        closed_by uuid,
        outcome text check (outcome in ('confirmed', 'cancelled')),
        payment_id uuid,
        primary key (facility_id, id),
        unique (facility_id, reference),
        foreign key (facility_id, encounter_id) references encounter (facility_id, id),
        foreign key (facility_id, payment_id) references payment (facility_id, id),
        check (num_nulls(closed_at, closed_by, outcome) in (0, 3)),
        check ((payment_id is not null) = (outcome is not distinct from 'confirmed'))
      );
      create index transfer_request_encounter on transfer_request (facility_id, encounter_id);

      create table visit_debt (
        facility_id uuid not null,
        id uuid not null,
        encounter_id uuid not null,
        amount numeric(18, 2) not null check (amount > 0),
        reason nfc_text not null check (reason <> ''),
        promised_by nfc_text not null check (promised_by <> ''),
        promised_for date,
        recorded_at timestamptz not null,
        recorded_by uuid not null,
        primary key (facility_id, id),
        foreign key (facility_id, encounter_id) references encounter (facility_id, id)
      );
      create index visit_debt_recorded on visit_debt (facility_id, recorded_at desc, id desc);
      create index visit_debt_encounter on visit_debt (facility_id, encounter_id);
    `);

    this.addSql(`
      do $$
      declare name text;
      begin
        foreach name in array array['desk_setting', 'receipt_book', 'payment', 'receipt', 'visit_debt'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
        end loop;
        -- What is closed stays as it was closed.
        foreach name in array array['cashier_shift', 'transfer_request'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I for select using (facility_id = context_facility())', name);
          execute format('create policy opened on %I for insert
            with check (facility_id = context_facility() and closed_at is null)', name);
          execute format('create policy closed_once on %I for update
            using (facility_id = context_facility() and closed_at is null)
            with check (facility_id = context_facility())', name);
        end loop;
      end $$;
      grant select, insert on desk_setting, cashier_shift, receipt_book, payment, receipt, transfer_request, visit_debt
        to his_app;
      grant update (cash_step, bank_bin, bank_account, bank_account_name) on desk_setting to his_app;
      grant update (closed_at, closed_by, counted_cash, expected_cash, denominations, difference_reason)
        on cashier_shift to his_app;
      grant update (last_number) on receipt_book to his_app;
      grant update (closed_at, closed_by, outcome, payment_id) on transfer_request to his_app;
    `);
  }
}
