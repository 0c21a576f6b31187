import { Migration } from '@mikro-orm/migrations';

/** Visits that waited before the column was there. */
export class Migration20261127000501_deadline_of_waiting extends Migration {
  override up(): void {
    this.addSql(`
      update export_work w set ended_at = coalesce(e.ended_at, w.settled_at) from encounter e
        where e.facility_id = w.facility_id and e.id = w.encounter_id and w.ended_at is null;
      alter table export_work alter column ended_at set not null;
    `);
  }
}
