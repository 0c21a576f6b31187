import { Migration } from '@mikro-orm/migrations';

/** Whoever lost the phone and the recovery codes is let in again by an administrator, on record. */
export class Migration20261126000110_second_factor extends Migration {
  override up(): void {
    this.addSql(`
      -- The application may take a second factor away and never sees one. Whom the caller may manage at all is asked by
      -- the account itself: a colleague here who works nowhere else, or anybody for the province's office.
      create function remove_second_factor(person uuid) returns boolean
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      begin
        if person = context_user() or not (context_reach() = 'province' or (
          exists (select from account_duty d where d.account_id = person and d.facility_id = context_facility())
          and not account_works_elsewhere(person))) then return false; end if;
        delete from recovery_code where account_id = person;
        update credential set totp_sealed = null, totp_pending_sealed = null, totp_confirmed_at = null,
          totp_last_step = null where account_id = person;
        update session set ended_at = now(), end_reason = 'second-factor-removed'
          where account_id = person and ended_at is null;
        return true;
      end $$;
      revoke execute on function remove_second_factor from public;
      grant execute on function remove_second_factor to his_app;
    `);
  }
}
