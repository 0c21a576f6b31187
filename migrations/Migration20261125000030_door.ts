import { Migration } from '@mikro-orm/migrations';

/** What ends with a lock ends for good, and an account's sessions are found by an index. */
export class Migration20261125000030_door extends Migration {
  override up(): void {
    this.addSql(`
      -- Sign-in asks where the account worked last; the sessions of a year are many.
      create index session_of_account on session (account_id, last_seen_at);

      -- The application's role cannot touch sessions. Without this, a session that was stolen would be alive again as
      -- soon as the account is unlocked.
      create function end_all_of_account() returns trigger
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      begin
        update session set ended_at = now(), end_reason = 'locked' where account_id = new.id and ended_at is null;
        update bearer_token set revoked_at = now() where account_id = new.id and revoked_at is null;
        return null;
      end $$;
      create trigger account_locked after update of state on account for each row when (new.state = 'locked')
        execute function end_all_of_account();
      revoke execute on function end_all_of_account from public;
    `);
  }
}
