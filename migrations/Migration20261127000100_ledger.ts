import { Migration } from '@mikro-orm/migrations';

/** The ledger of claim versions: more states, and the database refuses a history that cannot have happened. */
export class Migration20261127000100_ledger extends Migration {
  override up(): void {
    this.addSql(`
      alter table claim_event drop constraint claim_event_type_check;
      alter table claim_event add constraint claim_event_type_check check (type in (
        'built', 'checked', 'signed', 'notSigned', 'queued', 'sending', 'notSent', 'unknown', 'held',
        'released', 'parked', 'refused', 'received', 'confirmed', 'faulty', 'rejected', 'paymentRequested',
        'settled', 'withdrawn', 'replaced'));

      -- What may follow what; 'none' = before the first event. The same list stands in src/claims/transitions.ts.
      create table claim_transition (
        from_type text not null,
        to_type text not null,
        primary key (from_type, to_type)
      );
      grant select on claim_transition to his_app, his_export;
      insert into claim_transition (from_type, to_type)
      select r.from_type, t.to_type from (values
        ('none', '{built}'),
        ('built', '{checked,queued,signed,notSigned,sending,held,withdrawn}'),
        ('checked', '{queued,signed,notSigned,sending,held,withdrawn}'),
        ('signed', '{queued,sending,held,withdrawn,replaced}'),
        ('notSigned', '{signed,notSigned,sending,held,withdrawn,replaced}'),
        ('queued', '{signed,notSigned,sending,held,withdrawn,replaced}'),
        ('sending', '{received,refused,unknown,notSent,parked}'),
        ('notSent', '{signed,notSigned,sending,held,withdrawn,replaced}'),
        ('unknown', '{received,refused,notSent,parked,signed,notSigned,sending,held,replaced}'),
        ('held', '{released,withdrawn,replaced}'),
        ('released', '{queued,signed,notSigned,sending,held,withdrawn,replaced}'),
        ('parked', '{received,released,replaced}'),
        ('refused', '{received,replaced}'),
        ('received', '{confirmed,faulty,rejected,paymentRequested,settled,replaced}'),
        ('confirmed', '{faulty,rejected,paymentRequested,settled,replaced}'),
        ('faulty', '{confirmed,rejected,replaced}'),
        ('rejected', '{confirmed,paymentRequested,settled,replaced}'),
        ('paymentRequested', '{rejected,settled,replaced}'),
        ('settled', '{rejected,replaced}'))
        as r(from_type, to_types), unnest(r.to_types::text[]) as t(to_type);
    `);

    this.addSql(`
      -- No gap, no illegal step, no version overtaken. 23505 = another writer appended first, as the key says it too.
      create function claim_event_follows() returns trigger language plpgsql as $$
      declare
        last_sequence smallint;
        last_type text;
      begin
        select e.sequence, e.type into last_sequence, last_type from claim_event e
          where e.facility_id = new.facility_id and e.encounter_id = new.encounter_id and e.number = new.number
          order by e.sequence desc limit 1;
        if new.sequence <= last_sequence then
          raise exception 'claim version % has moved on', new.number using errcode = '23505',
            constraint = 'claim_event_pkey', table = 'claim_event';
        end if;
        if new.sequence > coalesce(last_sequence, 0) + 1 then
          raise exception 'claim event % after %', new.sequence, coalesce(last_sequence, 0) using errcode = '23514',
            constraint = 'claim_event_gap', table = 'claim_event';
        end if;
        if not exists (select from claim_transition t
            where t.from_type = coalesce(last_type, 'none') and t.to_type = new.type) then
          raise exception 'claim event % after %', new.type, coalesce(last_type, 'none') using errcode = '23514',
            constraint = 'claim_event_transition', table = 'claim_event';
        end if;
        if new.type = 'sending' then
          -- Of two versions that begin at once, the second waits here and then sees the first.
          perform pg_advisory_xact_lock(hashtextextended(new.encounter_id::text, 27));
          if exists (select from claim_event e
              where e.facility_id = new.facility_id and e.encounter_id = new.encounter_id
                and (e.number > new.number and e.type in ('sending', 'received')
                  or e.number < new.number and e.type = 'sending' and not exists (select from claim_event o
                    where o.facility_id = e.facility_id and o.encounter_id = e.encounter_id and o.number = e.number
                      and o.sequence = e.sequence + 1))) then
            raise exception 'claim version % is out of order', new.number using errcode = '23514',
              constraint = 'claim_event_order', table = 'claim_event';
          end if;
        end if;
        return new;
      end $$;
      create trigger claim_event_follows before insert on claim_event
        for each row execute function claim_event_follows();
    `);
  }
}
