import { Migration } from '@mikro-orm/migrations';

/** A corrected version of a record that the insurer has assessed is kept back, and a person hands in form 09/BH. */
export class Migration20261127000700_adjustments extends Migration {
  override up(): void {
    this.addSql(`
      alter table correction_task drop constraint correction_task_cause_check;
      alter table correction_task add constraint correction_task_cause_check
        check (cause in ('refused', 'parked', 'stopped', 'faulty', 'rejected', 'assessed'));
    `);
  }
}
