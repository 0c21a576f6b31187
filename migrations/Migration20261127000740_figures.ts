import { Migration } from '@mikro-orm/migrations';

/** What is counted again and again for alerts is found without reading everything. */
export class Migration20261127000740_figures extends Migration {
  override up(): void {
    this.addSql(`
      create index claim_event_without_reference on claim_event (at) where cause = 'received-without-reference';

      -- Facilities that the insurer shut out from co-payment look-ups today. Look-ups themselves are nobody else's.
      create function copay_restricted() returns table (facility text, seconds double precision)
        language sql stable security definer set search_path = pg_catalog, public, pg_temp
        begin atomic
          select f.code, extract(epoch from now() - min(e.at))::float8
          from card_lookup_event e join facility f on f.id = e.facility_id
          where e.trouble = 'restricted' and context_reach() = 'province'
            and e.at >= date_trunc('day', now() at time zone 'Asia/Ho_Chi_Minh') at time zone 'Asia/Ho_Chi_Minh'
          group by f.code;
        end;
      revoke execute on function copay_restricted from public;
      grant execute on function copay_restricted to his_app;
    `);
  }
}
