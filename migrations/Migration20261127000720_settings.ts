import { Migration } from '@mikro-orm/migrations';

/** A setting that nothing ever read. */
export class Migration20261127000720_settings extends Migration {
  override up(): void {
    this.addSql('alter table insurer_setting drop column needs_accepted_rows');
  }
}
