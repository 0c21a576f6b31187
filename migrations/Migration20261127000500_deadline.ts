import { Migration } from '@mikro-orm/migrations';

/** When the visit ended stands on the work list: the deadline counts from it, and the province's office sees no visits. */
export class Migration20261127000500_deadline extends Migration {
  override up(): void {
    this.addSql(`
      alter table export_work add column ended_at timestamptz;
      create index export_work_ended on export_work (ended_at, encounter_id);
    `);
  }
}
