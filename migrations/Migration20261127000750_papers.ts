import { Migration } from '@mikro-orm/migrations';

/** Papers whose answer came late, or that a restored database has forgotten; check-ins by the time they were made. */
export class Migration20261127000750_papers extends Migration {
  override up(): void {
    this.addSql(`
      -- The way of a paper. What is unclear moves by a person's decision, or by the answer of the call that was given up.
      create or replace function insurer_paper_step() returns trigger language plpgsql as $$
      declare
        is_legal boolean := new.state = any(case old.state
          when 'built' then array['signed', 'notSigned', 'sending', 'withdrawn']
          when 'notSigned' then array['signed', 'withdrawn']
          when 'signed' then array['sending', 'withdrawn']
          when 'sending' then array['received', 'refused', 'unclear', 'notSent']
          when 'notSent' then array['signed', 'notSigned', 'sending', 'withdrawn']
          when 'unclear' then array['resend', 'received']
          when 'resend' then array['signed', 'notSigned', 'sending']
          else array[]::text[] end);
      begin
        if current_user = 'his_export' and (old.state = 'unclear' or old.state = 'resend' and new.state = 'received') then
          -- Workers are no persons: they know an answer only where one may still come.
          is_legal := new.state in ('received', 'refused', 'notSent') and 'no-outcome-recorded' = (
            select e.cause from insurer_paper_event e
            where e.facility_id = old.facility_id and e.paper_id = old.id and e.type = 'unclear'
            order by e.sequence desc limit 1);
        elsif new.state = 'unclear' and old.state in ('built', 'signed', 'notSigned', 'notSent', 'resend') then
          -- Only papers_after_restore does this.
          is_legal := current_user not in ('his_app', 'his_export');
        end if;
        if is_legal then return new; end if;
        raise exception 'a paper cannot go from % to %', old.state, new.state using errcode = 'check_violation';
      end $$;

      -- A database that was put back to an earlier moment does not know what was sent since: what it would sign or send
      -- is unclear, and a person decides. For the owner or above, before anybody works. Returns how many papers that are.
      create function papers_after_restore() returns integer language plpgsql as $$
      declare
        papers integer;
      begin
        with held as (
          update insurer_paper set state = 'unclear'
          where state in ('built', 'signed', 'notSigned', 'sending', 'notSent', 'resend')
          returning facility_id, id)
        insert into insurer_paper_event (facility_id, paper_id, sequence, type, at, cause)
        select h.facility_id, h.id, coalesce(max(e.sequence), 0) + 1, 'unclear', clock_timestamp(), 'restored'
        from held h left join insurer_paper_event e on e.facility_id = h.facility_id and e.paper_id = h.id
        group by h.facility_id, h.id;
        get diagnostics papers = row_count;
        delete from insurer_work where kind = 'paper';
        return papers;
      end $$;
      revoke execute on function papers_after_restore() from public;

      -- For the sweep, which wants those of one day.
      create index check_in_created on check_in (created_at);
    `);
  }
}
