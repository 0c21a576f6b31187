import { Migration } from '@mikro-orm/migrations';

/**
 * The assessment in the server: how rules are set, what they found, what people decided of it, trials over the past.
 * What a rule must know of other visits of a person is read in the whole province by `his_assessor`, a role that
 * nobody signs in as: it owns two functions that answer questions about visits of the acting facility.
 */
export class Migration20261126000500_assessment extends Migration {
  override up(): void {
    this.addSql(`
      -- Above what the code says: facility_id null = the province. Append-only: in force on a day is the highest number
      -- whose days contain it; what is null, or absent of params and exempt, is as the level above has it.
      create table rule_setting (
        id uuid primary key,
        facility_id uuid references facility,
        rule text not null,
        number integer not null check (number > 0),
        valid_from date not null,
        valid_to date check (valid_to > valid_from),
        is_enabled boolean,
        effect text check (effect in ('block', 'warn', 'count')),
        params jsonb not null default '{}',
        exempt jsonb not null default '{}',
        reason nfc_text not null check (reason <> ''),
        -- null = the system itself, which stopped a rule
        set_by uuid,
        set_at timestamptz not null,
        unique nulls not distinct (facility_id, rule, number)
      );

      -- What the newest run found. A run that no longer finds it clears it; one that finds it again leaves found_at.
      create table finding (
        facility_id uuid not null references facility,
        encounter_id uuid not null,
        key text not null,
        value_hash text not null,
        rule text not null,
        rule_version integer not null,
        params jsonb not null,
        severity text not null check (severity in ('error', 'warning')),
        effect text not null check (effect in ('block', 'warn', 'count')),
        official_table text not null,
        row_number integer,
        field text,
        -- đồng that the fund would pay for the row, else for the claim
        amount numeric(18, 2),
        cause_kind text,
        cause_key text,
        stage text not null check (stage in ('order', 'discharge', 'settlement', 'export')),
        found_at timestamptz not null,
        cleared_at timestamptz check (cleared_at >= found_at),
        primary key (facility_id, encounter_id, key, found_at),
        foreign key (facility_id, encounter_id) references encounter,
        check ((cause_kind is null) = (cause_key is null))
      );
      create unique index finding_open on finding (facility_id, encounter_id, key) where cleared_at is null;
      create index finding_list on finding (facility_id, found_at desc, encounter_id desc, key desc) where cleared_at is null;
      create index finding_rule on finding (rule, facility_id) where cleared_at is null;
      create index finding_cause on finding (facility_id, cause_kind, cause_key)
        where cleared_at is null and cause_kind is not null;

      -- What it showed of the chart.
      create table finding_content (
        facility_id uuid not null,
        encounter_id uuid not null,
        key text not null,
        found_at timestamptz not null,
        shown jsonb not null,
        row_key text not null,
        primary key (facility_id, encounter_id, key, found_at),
        foreign key (facility_id, encounter_id, key, found_at) references finding
      );

      -- Append-only: the newest of a key holds while the value stays the same.
      create table finding_decision (
        facility_id uuid not null,
        encounter_id uuid not null,
        finding_key text not null,
        value_hash text not null,
        decision text not null check (decision in ('accepted', 'falsePositive', 'reopened')),
        reason nfc_text not null check (reason <> ''),
        decided_by uuid not null,
        decided_at timestamptz not null,
        primary key (facility_id, encounter_id, finding_key, decided_at),
        foreign key (facility_id, encounter_id) references encounter
      );

      -- The newest run over a claim, so that shares can be told: of how many it was.
      create table assessment (
        facility_id uuid not null,
        encounter_id uuid not null,
        stage text not null check (stage in ('order', 'discharge', 'settlement', 'export')),
        visit_version integer not null,
        rules_hash text not null,
        at timestamptz not null,
        findings integer not null check (findings >= 0),
        blocking integer not null check (blocking between 0 and findings),
        -- đồng that stand behind the blocking ones
        amount numeric(18, 2) not null,
        primary key (facility_id, encounter_id),
        foreign key (facility_id, encounter_id) references encounter
      ) partition by range (encounter_id);
      create table assessment_default partition of assessment default;

      -- A set of rules tried on the past; facility_id null = on the whole province.
      create table rule_trial (
        id uuid primary key,
        facility_id uuid references facility,
        asked_by uuid not null,
        asked_at timestamptz not null,
        rules jsonb not null,
        from_day date not null,
        to_day date not null check (to_day > from_day),
        state text not null check (state in ('waiting', 'running', 'done', 'failed')),
        done integer not null default 0,
        total integer,
        result jsonb,
        finished_at timestamptz,
        check ((state in ('done', 'failed')) = (finished_at is not null))
      );
      create index rule_trial_list on rule_trial (facility_id, asked_at desc, id desc);
    `);

    this.addSql(`
      do $$
      declare name text;
      begin
        foreach name in array array['finding', 'finding_content', 'finding_decision', 'assessment', 'rule_setting',
          'rule_trial'] loop
          execute format('alter table %I enable row level security', name);
          execute format('create policy own_facility on %I using (facility_id = context_facility())
            with check (facility_id = context_facility())', name);
        end loop;
        foreach name in array array['finding', 'assessment', 'rule_setting', 'rule_trial'] loop
          execute format('create policy province_figures on %I for select using (context_reach() = ''province'')', name);
        end loop;
        -- What is set or tried for the whole province is the office's.
        foreach name in array array['rule_setting', 'rule_trial'] loop
          execute format('create policy office on %I using (facility_id is null and context_reach() = ''province'')
            with check (facility_id is null and context_reach() = ''province'')', name);
        end loop;
      end $$;
      -- It holds in every facility, so each of them reads it.
      create policy of_the_province on rule_setting for select
        using (facility_id is null and context_facility() is not null);

      grant select, insert on rule_setting, finding, finding_content, finding_decision, assessment, rule_trial to his_app;
      grant select, insert on rule_setting, finding, finding_content, assessment to his_export;
      grant select on finding_decision, rule_trial to his_export;
      grant update (stage, visit_version, rules_hash, at, findings, blocking, amount) on assessment to his_app, his_export;
      grant update (value_hash, rule_version, params, severity, effect, row_number, amount, cause_kind, cause_key, stage,
        cleared_at) on finding to his_app, his_export;
      grant update (shown) on finding_content to his_app, his_export;
      grant update (state, done, total, result, finished_at) on rule_trial to his_export;
    `);

    this.addSql(`
      -- By what neighbours of a visit are found. Those of a person: encounter_patient. None begins with the facility as
      -- it is: a plan made while a month is young would take it for reading one visit, and read all of the facility.
      create index charge_line_orderer on charge_line (ordered_by_licence, ordered_at);
      create index charge_line_performed on charge_line ((facility_id::text), performed_at)
        where performed_at is not null;
      create index charge_line_bed on charge_line (department_code, bed_code, ordered_at) where bed_code is not null;
      create index coverage_card_tail on coverage (right(card_number, 10));
      create index practitioner_licence on practitioner (licence_number);

      grant usage on schema public to his_assessor;
      grant select on facility to his_assessor;
      grant select (facility_id, licence_number) on practitioner to his_assessor;
      grant select (id, name, birth_date, birth_time, birth_precision, national_id) on patient to his_assessor;
      grant select (facility_id, patient_id, patient_number) on patient_facility to his_assessor;
      grant select (id, patient_id, card_number, free_copay_from) on coverage to his_assessor;
      grant select (facility_id, id, claim_key, patient_id, arrived_at, ended_at, class_code, route_code, outcome_code,
        discharge_code, referral_from, destination_facility_code, follow_up_dates) on encounter to his_assessor;
      grant select (facility_id, encounter_id, coverage_id, position) on encounter_coverage to his_assessor;
      grant select (facility_id, encounter_id, role, code, removed_at) on condition to his_assessor;
      grant select (facility_id, encounter_id, id, kind, code, cost_group_code, ordered_at, performed_at, result_at,
        ordered_by_licence, performed_by_licences, department_code, dose, cancelled_at) on charge_line to his_assessor;
      grant select (facility_id, encounter_id, version, gross_amount, insurer_pays, copay) on settlement to his_assessor;
      do $$
      declare name text;
      begin
        foreach name in array array['practitioner', 'patient', 'patient_facility', 'coverage', 'encounter',
          'encounter_coverage', 'condition', 'charge_line', 'settlement'] loop
          execute format('create policy assessor on %I for select to his_assessor using (true)', name);
        end loop;
      end $$;
    `);

    this.addSql(`
      -- Other visits, at any facility, of whoever may be the person of a visit of the acting facility: the same record,
      -- national id or card. The rules decide who it is. Of a stranger elsewhere (another record with the same id or
      -- card) name and birth are told as the same or as another, never as they are.
      -- with_lines: what was handed out and done in the hundred days before; with_sums: what was settled.
      create function neighbours_of_person(visit uuid, with_lines boolean, with_sums boolean) returns json
        language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        here constant uuid := context_facility();
        me record;
        other record;
        people uuid[];
        part json;
        lines json;
        sums json;
        others json[] := '{}';
        sender boolean := false;
      begin
        select e.patient_id, e.arrived_at, e.referral_from, p.name, p.birth_date, p.national_id into me
        from encounter e join patient p on p.id = e.patient_id where e.facility_id = here and e.id = visit;
        if not found then return null; end if;
        people := array(
          select me.patient_id
          union select p.id from patient p where p.national_id = me.national_id
          union select c.patient_id from encounter_coverage v join coverage mine on mine.id = v.coverage_id
            join coverage c on right(c.card_number, 10) = right(mine.card_number, 10)
            where v.facility_id = here and v.encounter_id = visit);
        -- Most people have no other visit: that is seen sooner than by the long question.
        if exists (select from encounter e where e.patient_id = any (people)
          and not (e.facility_id = here and e.id = visit)) then
        for other in
          select e.facility_id, e.id, e.arrived_at, f.code as facility, e.claim_key, l.patient_number, p.national_id,
            case when s.is_stranger and lower(p.name) <> lower(me.name) then s.mark
              when s.is_stranger then me.name else p.name end as name,
            case when s.is_stranger and p.birth_date <> me.birth_date then s.mark
              else p.birth_date::text end as birth_date,
            to_char(p.birth_time, 'HH24:MI') as birth_time, p.birth_precision, e.ended_at, e.class_code, e.route_code,
            e.outcome_code, e.discharge_code, e.referral_from, e.destination_facility_code, e.follow_up_dates
          from encounter e join facility f on f.id = e.facility_id join patient p on p.id = e.patient_id
          left join patient_facility l on l.facility_id = e.facility_id and l.patient_id = e.patient_id,
          lateral (select e.facility_id <> here and e.patient_id <> me.patient_id as is_stranger,
            left(encode(sha256(convert_to(p.id::text, 'UTF8')), 'hex'), 12) as mark) s
          where e.patient_id = any (people) and not (e.facility_id = here and e.id = visit)
          order by e.arrived_at desc, e.id desc limit 500
        loop
          lines := null;
          sums := null;
          select json_build_object(
            'cards', coalesce((select json_agg(c.card_number order by v.position) from encounter_coverage v
              join coverage c on c.id = v.coverage_id where v.facility_id = other.facility_id
              and v.encounter_id = other.id), '[]'),
            'freeCopayFrom', (select max(c.free_copay_from) from encounter_coverage v
              join coverage c on c.id = v.coverage_id where v.facility_id = other.facility_id
              and v.encounter_id = other.id),
            'diagnosis', (select c.code from condition c where c.facility_id = other.facility_id
              and c.encounter_id = other.id and c.role = 'primary' and c.removed_at is null)) into part;
          if with_lines and other.arrived_at > me.arrived_at - interval '100 days' then
            select json_agg(json_build_object('kind', l.kind, 'code', l.code, 'group', l.cost_group_code,
              'department', l.department_code, 'orderedAt', l.ordered_at, 'resultAt', l.result_at, 'dose', l.dose)
              order by l.ordered_at, l.id) into lines
            from charge_line l where l.facility_id = other.facility_id and l.encounter_id = other.id
              and l.cancelled_at is null and l.kind in ('drug', 'exam', 'service', 'surgery');
          end if;
          if with_sums then
            select json_build_object('cost', trim_scale(s.gross_amount)::text,
              'insured', trim_scale(s.insurer_pays)::text, 'copay', trim_scale(s.copay)::text) into sums
            from settlement s where s.facility_id = other.facility_id and s.encounter_id = other.id
            order by s.version desc limit 1;
          end if;
          others := others || json_build_object('id', other.id, 'facility', other.facility, 'claimKey', other.claim_key,
            'patientNumber', other.patient_number, 'nationalId', other.national_id, 'name', other.name,
            'birthDate', other.birth_date, 'birthTime', other.birth_time, 'birthPrecision', other.birth_precision,
            'arrivedAt', other.arrived_at, 'endedAt', other.ended_at, 'classCode', other.class_code,
            'routeCode', other.route_code, 'outcomeCode', other.outcome_code, 'dischargeCode', other.discharge_code,
            'cameFrom', other.referral_from, 'wentTo', other.destination_facility_code,
            'followUpDates', other.follow_up_dates, 'more', part, 'lines', lines, 'sums', sums);
        end loop;
        end if;
        if me.referral_from is not null then
          -- Whether the place that sent somebody here records its visits with us at all.
          select exists (select from encounter e join facility f on f.id = e.facility_id and f.code = me.referral_from
            where e.arrived_at <= me.arrived_at and e.arrived_at > me.arrived_at - interval '30 days') into sender;
        end if;
        return json_build_object('visits', array_to_json(others), 'knowsSender', sender);
      end $$;

      -- When the practitioners of these visits of the acting facility ordered or did something elsewhere on the same
      -- days: who, where and when. Nobody is registered elsewhere, mostly; then nothing more is read.
      create function practitioners_elsewhere(visits uuid[])
        returns table (licence text, facility text, at timestamptz, act text)
        language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        here constant uuid := context_facility();
        one record;
        first_id uuid;
      begin
        for one in
          select distinct w.licence, w.day, r.facility_id, f.code from (
            select l.ordered_by_licence as licence, date_trunc('day', l.ordered_at, 'Asia/Ho_Chi_Minh') as day
            from charge_line l where l.facility_id = here and l.encounter_id = any (visits) and l.cancelled_at is null
            union
            select p.licence, date_trunc('day', l.performed_at, 'Asia/Ho_Chi_Minh')
            from charge_line l, unnest(l.performed_by_licences) as p (licence)
            where l.facility_id = here and l.encounter_id = any (visits) and l.cancelled_at is null
              and l.performed_at is not null) w
          join practitioner r on r.licence_number = w.licence and r.facility_id <> here
          join facility f on f.id = r.facility_id
        loop
          -- Acts of that day belong to visits that began at most so long before.
          first_id := first_id_of((one.day - interval '100 days')::date);
          return query
            select one.licence, one.code, l.ordered_at, 'ordered' from charge_line l
            where l.facility_id = one.facility_id and l.encounter_id >= first_id and l.ordered_by_licence = one.licence
              and l.ordered_at >= one.day and l.ordered_at < one.day + interval '1 day' and l.cancelled_at is null
            union all
            select one.licence, one.code, l.performed_at, 'done' from charge_line l
            where l.facility_id = one.facility_id and l.facility_id::text = one.facility_id::text
              and l.encounter_id >= first_id and one.licence = any (l.performed_by_licences)
              and l.performed_at >= one.day and l.performed_at < one.day + interval '1 day' and l.cancelled_at is null;
        end loop;
      end $$;

      revoke execute on function neighbours_of_person, practitioners_elsewhere from public;
      grant execute on function neighbours_of_person, practitioners_elsewhere to his_app, his_export;
      grant create on schema public to his_assessor;
      alter function neighbours_of_person owner to his_assessor;
      alter function practitioners_elsewhere owner to his_assessor;
      revoke create on schema public from his_assessor;
    `);
  }
}
