import { Migration } from '@mikro-orm/migrations';

/** When the visit ended stands on the work list: the deadline counts from it, and the province's office sees no visits. */
export class Migration20261127000500_deadline extends Migration {
  override up(): void {
    this.addSql(`
      alter table export_work add column ended_at timestamptz;
      update export_work w set ended_at = coalesce(e.ended_at, w.settled_at) from encounter e
        where e.facility_id = w.facility_id and e.id = w.encounter_id;
      alter table export_work alter column ended_at set not null;
      create index export_work_ended on export_work (ended_at, encounter_id);
    `);
  }
}
