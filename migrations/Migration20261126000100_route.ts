import { Migration } from '@mikro-orm/migrations';

/** How a visit came to its object code: what was known at the door, what the facts propose, why another was chosen. */
export class Migration20261126000100_route extends Migration {
  override up(): void {
    this.addSql(`
      alter table encounter add column route_facts jsonb not null default '{}',
        add column proposed_route_code text,
        add column route_reason nfc_text check (route_reason <> '');
      grant update (route_facts, proposed_route_code, route_reason) on encounter to his_app;
    `);
  }
}
