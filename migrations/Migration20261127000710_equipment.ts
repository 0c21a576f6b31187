import { Migration } from '@mikro-orm/migrations';

/** Machines of facilities, as their claims name them (MA_MAY) and form 06/DM lists them. */
export class Migration20261127000710_equipment extends Migration {
  override up(): void {
    this.addSql(`
      create table equipment (
        facility_id uuid not null references facility,
        id uuid not null,
        code text not null,
        name nfc_text not null,
        group_code text not null,
        valid daterange not null check (not isempty(valid)),
        primary key (facility_id, id),
        exclude using gist (facility_id with =, code with =, valid with &&)
      );
      grant select on equipment to his_app, his_export;
    `);
  }
}
