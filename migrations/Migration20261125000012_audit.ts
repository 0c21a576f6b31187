import { Migration } from '@mikro-orm/migrations';

/**
 * The audit trail can be proved: events say more, and one sealer chains them afterwards by facility and day, all
 * facilities in one chain of the province. See docs/decisions/0013-audit-chain.md; what is hashed stands there too.
 */
export class Migration20261125000012_audit extends Migration {
  override up(): void {
    this.addSql(`
      -- Later columns must be nullable: what is hashed is the row without its nulls, so old rows keep their digest.
      alter table audit_event
        add column reason nfc_text,
        add column changes jsonb check (jsonb_typeof(changes) = 'object'),
        add column origin text,
        -- What an auditor should look at, e.g. 'emergency-access'; null = nothing out of the ordinary.
        add column flag text,
        -- The person whose record was touched, whatever the subject is.
        add column patient_id uuid,
        -- Set in a copy that is shown to another facility: where the one who acted stood.
        add column acting_facility_id uuid,
        -- The id is a trustworthy time too: searches by time read by id, and only the database sets the other.
        add constraint audit_event_dated check
          (uuid_extract_timestamp(id) between at - interval '24 hours' and at + interval '24 hours');
      drop index audit_event_subject;
      create index audit_event_subject on audit_event (subject_id, id) where subject_id is not null;
      create index audit_event_patient on audit_event (patient_id, id) where patient_id is not null;
      create index audit_event_actor on audit_event (actor, id);
      create index audit_event_id on audit_event (id);
      create index audit_event_flag on audit_event (id) where flag is not null;

      -- Events that no seal covers yet: written with the event, gone when it is sealed.
      create table audit_unsealed (
        event_id uuid not null,
        facility_id uuid not null,
        acting_facility_id uuid,
        primary key (event_id, facility_id)
      );
      insert into audit_unsealed (event_id, facility_id) select id, facility_id from audit_event;

      -- One row per facility and round of the sealer. previous = hash of the facility's seal before, whatever its day.
      create table audit_seal (
        facility_id uuid not null,
        id uuid not null,
        day date not null,
        sequence integer not null check (sequence > 0),
        round bigint not null,
        events uuid[] not null,
        digests bytea[] not null,
        previous bytea not null,
        hash bytea not null,
        primary key (facility_id, id),
        check (cardinality(events) > 0 and cardinality(events) = cardinality(digests))
      ) partition by range (id);
      create table audit_seal_default partition of audit_seal default;
      create index audit_seal_order on audit_seal (facility_id, day, sequence, id);
      create index audit_seal_round on audit_seal (round);
      -- The head of each facility's chain.
      create table audit_chain (
        facility_id uuid primary key,
        day date not null,
        sequence integer not null,
        hash bytea not null
      );
      -- The chain of the province. emptied = nothing that could be seen was left waiting.
      create table audit_round (
        sequence bigint primary key check (sequence > 0),
        sealed_at timestamptz not null,
        seals integer not null,
        events integer not null,
        emptied boolean not null,
        previous bytea not null,
        hash bytea not null
      );
    `);

    this.addSql(`
      -- One event, one id, one row per facility that sees it, and the notes that no seal covers them yet: with the
      -- caller's own rights. A function because its plans are kept (a third of the time of one statement of text), and
      -- because the id then comes from the same clock as the moment.
      create function record_audit(facility uuid, shown_to uuid[], actor uuid, action text, subject_type text,
        subject_id uuid, patient uuid, purpose text, reason text, flag text, request text, origin text, detail jsonb,
        changes jsonb) returns void language plpgsql as $$
      declare event constant uuid := uuidv7();
      begin
        insert into audit_event (facility_id, id, acting_facility_id, actor, action, subject_type, subject_id,
          patient_id, purpose, reason, flag, request_id, origin, detail, changes)
        select place, event, nullif(facility, place), actor, action, subject_type, subject_id,
          patient, purpose, reason, flag, request, origin, detail, changes
        from unnest(facility || shown_to) as place;
        insert into audit_unsealed (event_id, facility_id, acting_facility_id)
        select event, place, nullif(facility, place) from unnest(facility || shown_to) as place;
      end $$;

      create function audit_event_text(event audit_event) returns text
        language sql stable set timezone = 'UTC'
        return (select jsonb_object_agg(key, value)::text from jsonb_each(to_jsonb(event)) where value <> 'null');

      create function audit_seal_hash(seal audit_seal) returns bytea language sql stable
        return sha256(convert_to(concat_ws(E'\\n', 'audit-seal-1', encode(seal.previous, 'hex'), seal.facility_id,
          to_char(seal.day, 'YYYY-MM-DD'), seal.sequence, seal.round, seal.id,
          (select string_agg(event || ' ' || encode(digest, 'hex'), E'\\n' order by place)
           from unnest(seal.events, seal.digests) with ordinality as one (event, digest, place))), 'UTF8'));

      create function audit_round_hash(round audit_round, seals text) returns bytea language sql stable
        return sha256(convert_to(concat_ws(E'\\n', 'audit-round-1', encode(round.previous, 'hex'), round.sequence,
          to_char(round.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), round.seals, round.events,
          round.emptied::text, seals), 'UTF8'));

      -- Seals up to max_events of the oldest waiting events as of a moment. Waiting rows without their event stay:
      -- they say that a row was removed. Joins go by key whatever the statistics of an ever-changing table say.
      create function seal_audit_at(max_events integer, moment timestamptz) returns integer language plpgsql
        set search_path = pg_catalog, public, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
      declare
        genesis constant bytea := decode(repeat('00', 32), 'hex');
        today constant date := (moment at time zone 'Asia/Ho_Chi_Minh')::date;
        this audit_round;
        seal_list text;
      begin
        -- One sealer at a time: the one that comes second has nothing to do.
        if not pg_try_advisory_xact_lock(hashtextextended('audit-seal', 0)) then return 0; end if;
        select sequence, hash into this.sequence, this.previous from audit_round order by sequence desc limit 1;
        this.sequence := coalesce(this.sequence, 0) + 1;
        this.previous := coalesce(this.previous, genesis);
        this.sealed_at := moment;
        with found as materialized (
          select e.facility_id, e.id, sha256(convert_to(audit_event_text(e), 'UTF8')) as digest
          from audit_unsealed u join audit_event e on e.facility_id = u.facility_id and e.id = u.event_id
          order by u.event_id, u.facility_id limit max_events
        ), taken as (
          delete from audit_unsealed u using found f where u.event_id = f.id and u.facility_id = f.facility_id
        ), grouped as (
          select facility_id, array_agg(id order by id) as events, array_agg(digest order by id) as digests
          from found group by facility_id
        ), placed as materialized (
          -- A clock that went back does not take the chain back: the day never falls.
          select row(g.facility_id, uuidv7(moment - clock_timestamp()), greatest(c.day, today),
            case when c.day >= today then c.sequence + 1 else 1 end, this.sequence, g.events, g.digests,
            coalesce(c.hash, genesis), null)::audit_seal as seal
          from grouped g left join audit_chain c on c.facility_id = g.facility_id
        ), sealed as (
          insert into audit_seal (facility_id, id, day, sequence, round, events, digests, previous, hash)
          select (seal).facility_id, (seal).id, (seal).day, (seal).sequence, (seal).round, (seal).events,
            (seal).digests, (seal).previous, audit_seal_hash(seal)
          from placed
          returning facility_id, day, sequence, hash, cardinality(events) as size
        ), headed as (
          insert into audit_chain as c (facility_id, day, sequence, hash)
          select facility_id, day, sequence, hash from sealed
          on conflict (facility_id) do update set day = excluded.day, sequence = excluded.sequence, hash = excluded.hash
        )
        select count(*), coalesce(sum(size), 0),
          string_agg(facility_id || ' ' || encode(hash, 'hex'), E'\\n' order by facility_id)
        into this.seals, this.events, seal_list from sealed;
        if this.seals = 0 then return 0; end if;
        this.emptied := this.events < max_events;
        this.hash := audit_round_hash(this, seal_list);
        insert into audit_round select this.*;
        return this.events;
      end $$;

      -- What the worker may call: the moment is the database's own.
      create function seal_audit(max_events integer) returns integer language sql security definer
        set search_path = pg_catalog, public, pg_temp
        return seal_audit_at(max_events, clock_timestamp());
    `);

    this.addSql(`
      -- Refusals of callers that nobody knows, counted by minute, kind and address.
      create table refusal_count (
        minute timestamptz not null check (minute = date_trunc('minute', minute, 'UTC')),
        kind text not null check (length(kind) between 1 and 60),
        address text not null check (length(address) <= 60),
        count bigint not null check (count > 0),
        primary key (minute, kind, address)
      );
      -- Adds counts: [{minute, kind, address, count}]. Rows in one order, so that two processes cannot block each other.
      create function count_refusals(counts jsonb) returns void language sql security definer
        set search_path = pg_catalog, public, pg_temp
      begin atomic
        insert into refusal_count as known (minute, kind, address, count)
        select minute, kind, address, sum(count)
        from jsonb_to_recordset(counts) as added (minute timestamptz, kind text, address text, count bigint)
        group by minute, kind, address order by minute, kind, address
        on conflict (minute, kind, address) do update set count = known.count + excluded.count;
      end;
    `);

    this.addSql(`
      -- Rights: events are written without choosing their moment; seals are nobody's but the owner's.
      revoke insert on audit_event from his_app, his_export, his_identity;
      grant insert (facility_id, id, actor, action, subject_type, subject_id, purpose, request_id, detail, reason,
        changes, origin, flag, patient_id, acting_facility_id) on audit_event to his_app, his_export, his_identity;
      grant insert on audit_unsealed to his_app, his_export, his_identity;
      grant select on refusal_count to his_app;
      revoke execute on function record_audit, audit_event_text, audit_seal_hash, audit_round_hash, seal_audit_at, seal_audit,
        count_refusals from public;
      grant execute on function record_audit to his_app, his_export, his_identity;
      grant execute on function seal_audit to his_export;
      grant execute on function count_refusals to his_app, his_identity;

      -- A copy for another facility is written by the facility that acted.
      create policy audit_event_copy on audit_event for insert
        with check (acting_facility_id = coalesce(context_facility(), '00000000-0000-0000-0000-000000000000'));
      alter table audit_unsealed enable row level security;
      create policy audit_unsealed_add on audit_unsealed for insert with check (
        coalesce(acting_facility_id, facility_id) = coalesce(context_facility(), '00000000-0000-0000-0000-000000000000'));
      alter table audit_seal enable row level security;
      alter table audit_chain enable row level security;
      alter table audit_round enable row level security;
      alter table refusal_count enable row level security;
      create policy refusal_count_read on refusal_count for select using (context_reach() = 'audit');
    `);
  }
}
