import { Migration } from '@mikro-orm/migrations';

/**
 * A visit can be held before its claim is built, and an obstacle lifted; the stored answer of a key keeps its bytes;
 * what a visit is (facility, person, claim key, record number) can no longer be changed by the application.
 */
export class Migration20261125000001_export_hold extends Migration {
  override up(): void {
    this.addSql(`
      alter table export_work
        add column held_reason nfc_text,
        add column held_by uuid,
        add column held_at timestamptz,
        add check (num_nulls(held_reason, held_by, held_at) in (0, 3)),
        -- Once a version is built, its own events say whether it is held.
        add check (held_at is null or number = 0);
      grant update (held_reason, held_by, held_at) on export_work to his_app;
      grant delete on export_obstacle to his_app;

      -- json keeps the text as it was written; jsonb sorts the keys, and a repeated answer was another one.
      alter table idempotency alter column reply type json using reply::json;

      revoke update on encounter from his_app;
      grant update (version, state, department_code, class_code, route_code, arrived_at, admitted_at, ended_at,
        settled_at, reason, admission_reason, provisional_diagnosis, final_diagnosis, referral_from, referral_paper,
        destination_facility_code, injury_code, treatment, outcome_code, discharge_code, advice, weight_kg, height_cm,
        birth_weights_grams, follow_up_dates, procedure_codes, signer_licence) on encounter to his_app;
    `);
  }
}
