import { Migration } from '@mikro-orm/migrations';

/**
 * Ways to the gateway: which rest, who is on them, and when they were interrupted. `facility_id` null = of all facilities
 * together.
 */
export class Migration20261127000200_sender extends Migration {
  override up(): void {
    this.addSql(`
      create table gateway_channel (
        facility_id uuid references facility,
        family text not null check (family in ('claims', 'check-in', 'papers', 'lookups', 'session')),
        state text not null check (state in ('closed', 'open', 'stopped', 'trial')),
        -- In a row.
        failures integer not null,
        -- Without a success in between.
        openings integer not null,
        open_until timestamptz,
        -- The first failure in the row.
        since timestamptz,
        reason text,
        changed_at timestamptz not null,
        unique nulls not distinct (facility_id, family),
        check ((state = 'closed') = (open_until is null))
      );

      -- A channel from the first failure until it was closed again; "to" null = it is not yet.
      create table gateway_outage (
        facility_id uuid references facility,
        family text not null check (family in ('claims', 'check-in', 'papers', 'lookups', 'session')),
        "from" timestamptz not null,
        "to" timestamptz,
        cause text not null,
        unique nulls not distinct (facility_id, family, "from"),
        check ("to" >= "from")
      );
      create unique index gateway_outage_open on gateway_outage (facility_id, family) nulls not distinct where "to" is null;

      -- Calls of a facility at the same time, in whichever process: each holds a lane until its time is over.
      create table gateway_lane (
        facility_id uuid not null references facility,
        family text not null,
        lane smallint not null check (lane > 0),
        until timestamptz not null,
        primary key (facility_id, family, lane)
      );

      -- Tokens of the gateway, shared by the processes that leave from one address. Sealed.
      create table gateway_token (
        username text not null,
        -- Of another password it is another account's.
        password_sha256 text not null,
        egress text not null,
        sealed bytea,
        -- Somebody takes a new one; whoever it was is gone by then.
        taking_until timestamptz not null,
        primary key (username, password_sha256, egress)
      );
      grant select, insert, update on gateway_token to his_export;

      do $$
      declare name text;
      begin
        foreach name in array array['gateway_channel', 'gateway_outage'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility() or facility_id is null)
            with check (facility_id = context_facility() or facility_id is null)', name);
          execute format('create policy province_figures on %I for select using (context_reach() = ''province'')', name);
          execute format('grant select on %I to his_app', name);
          execute format('grant select, insert, update on %I to his_export', name);
        end loop;
      end $$;
      alter table gateway_lane enable row level security;
      create policy own_facility on gateway_lane using (facility_id = context_facility())
        with check (facility_id = context_facility());
      grant select, insert, update on gateway_lane to his_export;

      -- A person has changed what a facility sends with: what was stopped for it is tried again at once.
      create function try_gateway_again() returns trigger
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      begin
        update gateway_channel set open_until = now() where facility_id = new.facility_id and state = 'stopped';
        if found then
          -- What somebody has in hand gets its time from them: waiting for it here could be a deadlock.
          update export_work w set not_before = now()
            from (select encounter_id from export_work where facility_id = new.facility_id and number > 0
              and not_before > now() and not_before < 'infinity' for update skip locked) as free
            where w.facility_id = new.facility_id and w.encounter_id = free.encounter_id;
        end if;
        return null;
      end $$;
      create trigger account_changed after insert or update on gateway_account for each row
        execute function try_gateway_again();
      create trigger certificate_changed after insert or update of registered_at on facility_certificate for each row
        execute function try_gateway_again();
      revoke execute on function try_gateway_again from public;
    `);
  }
}
