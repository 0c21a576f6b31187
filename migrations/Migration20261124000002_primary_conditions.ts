import { Migration } from '@mikro-orm/migrations';

/** Of several primary diagnoses, which calls at the same moment could leave on an open visit, the last one counts. */
export class Migration20261124000002_primary_conditions extends Migration {
  override up(): void {
    this.addSql(`
      update condition c set removed_at = now()
      where c.role = 'primary' and c.removed_at is null and exists (
        select from condition later
        where later.facility_id = c.facility_id and later.encounter_id = c.encounter_id
          and later.role = 'primary' and later.removed_at is null
          and (later.recorded_at, later.id) > (c.recorded_at, c.id))`);
  }
}
