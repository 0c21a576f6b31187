import { Migration } from '@mikro-orm/migrations';

/** One primary diagnosis for a visit: a new one retires the one before. */
export class Migration20261125000000_visit_rules extends Migration {
  override up(): void {
    this.addSql(`
      create unique index condition_primary on condition (facility_id, encounter_id)
      where role = 'primary' and removed_at is null`);
  }
}
