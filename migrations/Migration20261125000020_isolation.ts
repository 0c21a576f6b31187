import { Migration } from '@mikro-orm/migrations';

/**
 * Row-level security: what a transaction sees is decided by its context (facility, reach), not by its queries. Every
 * table has a policy here or a written exemption in test/database/isolation.table.ts. Three kinds of tables:
 * charts (their facility alone), figures and work lists (their facility, and the province as a whole), people (the
 * facilities they came to). What crosses these lines goes through the few functions at the end, each for one purpose.
 */
export class Migration20261125000020_isolation extends Migration {
  override up(): void {
    this.addSql(`
      drop table access_token;

      -- The claim's own key, so that lists of claims need no look into a visit.
      alter table claim_version add column claim_key text;
      update claim_version c set claim_key = e.claim_key from encounter e
        where e.facility_id = c.facility_id and e.id = c.encounter_id;
      alter table claim_version alter column claim_key set not null;
      -- The work list says for itself what is due.
      alter table export_work add column settled_at timestamptz;
      update export_work w set settled_at = e.settled_at from encounter e
        where e.facility_id = w.facility_id and e.id = w.encounter_id;
      alter table export_work alter column settled_at set not null;
      alter table export_obstacle add column claim_key text;
      update export_obstacle o set claim_key = e.claim_key from encounter e
        where e.facility_id = o.facility_id and e.id = o.encounter_id;
      alter table export_obstacle alter column claim_key set not null;

      -- Emergency access to the record of a person who never came here: for a few hours, with a reason, flagged.
      create table emergency_access (
        facility_id uuid not null references facility,
        id uuid not null,
        patient_id uuid not null references patient,
        account_id uuid not null references account,
        reason nfc_text not null check (reason <> ''),
        granted_at timestamptz not null,
        expires_at timestamptz not null check (expires_at > granted_at),
        primary key (facility_id, id)
      );
      create index emergency_access_patient on emergency_access (facility_id, patient_id, expires_at);
      grant select, insert on emergency_access to his_app;
    `);

    this.addSql(`
      do $$
      declare name text;
      begin
        -- Charts and what belongs to one facility alone.
        foreach name in array array['encounter', 'encounter_coverage', 'condition', 'charge_line', 'observation',
          'clinical_note', 'settlement_line', 'claim_document', 'gateway_account'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
        end loop;
        -- Figures and work lists: ids, states, times and sums, nothing about a person.
        foreach name in array array['settlement', 'claim_version', 'claim_event', 'export_work', 'export_batch',
          'export_obstacle', 'check_in', 'check_in_attempt'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
          execute format('create policy province_figures on %I for select using (context_reach() = ''province'')', name);
        end loop;
      end $$;

      -- A run of the whole province opens a batch in each facility; its work is then done facility by facility.
      create policy province_opens on export_batch for insert with check (context_reach() = 'province');
      alter table export_run enable row level security;
      create policy own_facility on export_run for select using (facility_id = context_facility()
        or exists (select from export_batch b where b.run_id = export_run.id and b.facility_id = context_facility()));
      create policy own_facility_add on export_run for insert with check (facility_id = context_facility());
      create policy province on export_run using (context_reach() = 'province') with check (context_reach() = 'province');

      alter table export_setting enable row level security;
      create policy everybody_reads on export_setting for select using (true);
      create policy own_facility on export_setting using (facility_id = context_facility())
        with check (facility_id = context_facility());

      -- People: seen by the facilities they came to, and for a while by whoever declared an emergency.
      alter table patient enable row level security;
      create policy related on patient for select using (created_by_facility_id = context_facility()
        or exists (select from patient_facility l where l.patient_id = patient.id and l.facility_id = context_facility()));
      alter table emergency_access enable row level security;
      create policy own_facility on emergency_access for select using (facility_id = context_facility());
      create policy declared on emergency_access for insert
        with check (facility_id = context_facility() and account_id = context_user());
      -- Seen by whoever declared it, not by all who work there.
      create policy emergency on patient for select to his_app
        using (exists (select from emergency_access a where a.patient_id = patient.id
          and a.facility_id = context_facility() and a.account_id = context_user() and a.expires_at > now()));
      create policy registered_here on patient for insert with check (created_by_facility_id = context_facility());
      create policy related_change on patient for update using (exists (select from patient_facility l
        where l.patient_id = patient.id and l.facility_id = context_facility()));
      -- Who knows whom: whoever is registered here is known here; everybody else is admitted, by admit_patient below.
      alter table patient_facility enable row level security;
      create policy own_facility on patient_facility for select using (facility_id = context_facility());
      create policy registered_here on patient_facility for insert with check (facility_id = context_facility()
        and exists (select from patient p where p.id = patient_id and p.created_by_facility_id = context_facility()));
      revoke update on patient_facility from his_app;
      do $$
      declare name text;
      begin
        foreach name in array array['coverage', 'patient_fact'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy related on %1$I using (exists (select from patient_facility l
            where l.patient_id = %1$I.patient_id and l.facility_id = context_facility()))', name);
        end loop;
      end $$;

      alter table idempotency enable row level security;
      create policy own_account on idempotency using (account_id = context_user()) with check (account_id = context_user());

      alter table audit_event enable row level security;
      create policy own_acts on audit_event for insert
        with check (facility_id = coalesce(context_facility(), '00000000-0000-0000-0000-000000000000'));
      create policy own_facility on audit_event for select using (facility_id = context_facility());
      create policy auditor on audit_event for select using (context_reach() = 'audit');
    `);

    this.addSql(`
      -- Accounts: the people who work here, oneself, and for the province's office everybody.
      alter table account enable row level security;
      alter table account_duty enable row level security;
      create policy door on account to his_identity using (true) with check (true);
      create policy door on account_duty to his_identity using (true) with check (true);
      create policy visible on account for select to his_app using (id = context_user()
        or context_reach() in ('province', 'audit')
        or exists (select from account_duty d where d.account_id = account.id and d.facility_id = context_facility()));
      create policy made on account for insert to his_app with check (context_reach() in ('facility', 'province'));
      create policy changed on account for update to his_app using (context_reach() = 'province'
        or exists (select from account_duty d where d.account_id = account.id and d.facility_id = context_facility()));
      create policy visible on account_duty for select to his_app
        using (facility_id = context_facility() or context_reach() in ('province', 'audit'));
      create policy given on account_duty for insert to his_app
        with check (facility_id = context_facility() or context_reach() = 'province');
      create policy ended on account_duty for update to his_app
        using (facility_id = context_facility() or context_reach() = 'province');

      alter table practitioner enable row level security;
      create policy everybody_reads on practitioner for select using (true);
      create policy own_facility on practitioner for update to his_app
        using (facility_id = context_facility() or context_reach() = 'province');
      alter table sign_in_setting enable row level security;
      create policy everybody_reads on sign_in_setting for select using (true);
      create policy own_facility on sign_in_setting for insert to his_app
        with check (facility_id = context_facility() or context_reach() = 'province');
      create policy own_facility_change on sign_in_setting for update to his_app
        using (facility_id = context_facility() or context_reach() = 'province');

      -- Given by administrators, read by the door alone.
      do $$
      declare name text;
      begin
        foreach name in array array['one_time_password', 'machine_secret'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy door on %I to his_identity using (true) with check (true)', name);
          execute format('create policy given on %1$I for insert to his_app
            with check (exists (select from account a where a.id = %1$I.account_id))', name);
        end loop;
        foreach name in array array['credential', 'recovery_code', 'external_identity', 'session', 'session_token',
          'sign_in_failure', 'known_address', 'oidc_flow', 'bearer_token'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy door on %I to his_identity using (true) with check (true)', name);
        end loop;
      end $$;
    `);

    this.addSql(`
      -- Reference data is everybody's to read and the owner's to load.
      revoke insert, update on facility, facility_fact, department, ward, diagnosis_code, catalogue_item,
        catalogue_price, reference_revision from his_app;
      revoke insert, update on practitioner from his_app;
      grant update (account_id) on practitioner to his_app;
      -- Wishes are written by everybody and read by the relay.
      revoke select, delete on outbox from his_app;
      -- The export role reads what a claim is made of; people are not its business beyond that.
      revoke select on idempotency, patient_fact, export_setting from his_export;
      grant select on export_setting to his_export;
    `);

    this.addSql(`
      -- People of this facility by a part of their name (search_text of it, % and _ escaped) or their phone. A function,
      -- because under row-level security LIKE would not use the trigram index (it is not leakproof); planned for what
      -- is searched, because a plan for any part, or none, would read everybody (connections ask for such plans).
      create function search_patients(part text, phone_number text, most integer)
        returns table (person patient, patient_number text)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
        set plan_cache_mode = force_custom_plan
      begin atomic
        select p, l.patient_number from patient p
        join patient_facility l on l.patient_id = p.id and l.facility_id = context_facility()
        where (part is null or p.name_search like '%' || part || '%')
          and (phone_number is null or p.phone = phone_number)
        order by p.name_search, p.id limit most;
      end;

      -- Whoever holds the paper may be found by it: exact national id or card number, in the whole province. Only for a
      -- facility; the call is audited by whoever makes it.
      create function find_person(id_number text, card text)
        returns table (person patient, patient_number text)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
        set plan_cache_mode = force_custom_plan
      begin atomic
        select p, l.patient_number from patient p
        left join patient_facility l on l.patient_id = p.id and l.facility_id = context_facility()
        where context_facility() is not null and (id_number is not null or card is not null)
          and (id_number is null or p.national_id = id_number)
          and (card is null or p.id = any (array(select c.patient_id from coverage c where c.card_number = card)))
        order by p.id limit 20;
      end;

      -- The person comes to this facility: from the next statement on it sees them, under the first of these numbers
      -- that nobody has there. False when there is no such person.
      create function admit_patient(person uuid, numbers text[]) returns boolean
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      declare facility constant uuid := context_facility();
      begin
        if facility is null then return false; end if;
        if exists (select from patient_facility where facility_id = facility and patient_id = person) then
          return true;
        end if;
        insert into patient_facility (facility_id, patient_id, patient_number, basis)
        select facility, p.id, free.number, 'visit' from patient p, lateral (
          select n.number from unnest(numbers) with ordinality as n (number, place)
          where not exists (select from patient_facility f where f.facility_id = facility and f.patient_number = n.number)
          order by n.place limit 1) free
        where p.id = person
        on conflict (facility_id, patient_id) do nothing;
        return exists (select from patient_facility where facility_id = facility and patient_id = person);
      end $$;

      -- Visits elsewhere of a person who is being treated here: newest first, what another clinician must know. Empty
      -- without a relation (or a declared emergency) and without a purpose of care.
      create function patient_history(person uuid, most integer)
        returns table (facility_id uuid, facility_code text, facility_name text, encounter_id uuid, summary json)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select e.facility_id, f.code, f.name, e.id, json_build_object('arrivedAt', e.arrived_at, 'endedAt', e.ended_at,
          'classCode', e.class_code, 'finalDiagnosis', e.final_diagnosis, 'outcomeCode', e.outcome_code,
          'treatment', e.treatment, 'advice', e.advice,
          'conditions', coalesce((select json_agg(json_build_object('role', c.role, 'code', c.code, 'name', c.name)
            order by c.recorded_at, c.id) from condition c where c.facility_id = e.facility_id
            and c.encounter_id = e.id and c.removed_at is null), '[]'),
          'drugs', coalesce((select json_agg(json_build_object('name', l.name, 'quantity', trim_scale(l.quantity)::text,
            'unit', l.unit, 'dose', l.dose) order by l.ordered_at, l.id) from charge_line l
            where l.facility_id = e.facility_id and l.encounter_id = e.id and l.kind = 'drug'
            and l.cancelled_at is null), '[]'),
          'results', coalesce((select json_agg(json_build_object('name', o.name, 'value', o.value, 'unit', o.unit,
            'conclusion', o.conclusion, 'resultAt', o.result_at) order by o.result_at, o.id) from observation o
            where o.facility_id = e.facility_id and o.encounter_id = e.id), '[]'))
        from encounter e join facility f on f.id = e.facility_id
        where e.patient_id = person and e.facility_id <> context_facility()
          and context_purpose() in ('treatment', 'referral')
          and (exists (select from patient_facility l where l.patient_id = person and l.facility_id = context_facility())
            or exists (select from emergency_access a where a.patient_id = person and a.facility_id = context_facility()
              and a.account_id = context_user() and a.expires_at > now()))
        order by e.arrived_at desc, e.id desc limit most;
      end;

      -- The facilities that know a person: whom a look at the record from elsewhere is shown to.
      create function facilities_of_patient(person uuid) returns setof uuid
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select facility_id from patient_facility where patient_id = person and context_facility() is not null;
      end;

      -- Who can send at all, without a look at the accounts themselves.
      create function facilities_with_gateway_account() returns setof uuid
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select facility_id from gateway_account where context_reach() = 'province';
      end;

      -- Counts of visits, for the first page.
      create function encounter_figures(day_from timestamptz, day_to timestamptz, out arrived integer, out settled integer)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select (select count(*)::int from encounter where arrived_at >= day_from and arrived_at < day_to),
          (select count(*)::int from encounter where settled_at >= day_from and settled_at < day_to)
        where context_reach() = 'province';
      end;
      create function outbox_figures() returns table (queue text, waiting integer)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select o.queue, count(*)::int from outbox o group by o.queue;
      end;

      -- Answers of idempotency keys that nobody will ask for any more.
      create function forget_answers(older_than interval) returns integer
        language sql volatile security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        with gone as (delete from idempotency where created_at < now() - greatest(older_than, interval '1 day') returning 1)
        select count(*)::int from gone;
      end;

      -- Does somebody of this facility have duties outside of it, too?
      create function account_works_elsewhere(person uuid) returns boolean
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select exists (select from account_duty d where d.account_id = person
          and d.facility_id is distinct from context_facility() and (upper(d.valid) is null or upper(d.valid) > current_date));
      end;

      -- Who somebody in the audit trail is, also when they work elsewhere: the trail must name them.
      create function account_label(wanted uuid) returns table (name text, username text)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
      begin atomic
        select a.name, a.username from account a
        where a.id = wanted and (context_reach() = 'audit' or context_facility() is not null);
      end;

      -- Named last, so that nobody's temporary table stands before ours.
      alter function ensure_month_partitions set search_path = pg_catalog, public, pg_temp;

      revoke execute on function account_label, search_patients, find_person, admit_patient, patient_history, facilities_of_patient,
        facilities_with_gateway_account, encounter_figures, outbox_figures, forget_answers, account_works_elsewhere from public;
      grant execute on function account_label, search_patients, find_person, admit_patient, patient_history, facilities_of_patient,
        encounter_figures, outbox_figures, account_works_elsewhere to his_app;
      grant execute on function forget_answers, facilities_with_gateway_account to his_export;
    `);
  }
}
