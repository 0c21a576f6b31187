import { Migration } from '@mikro-orm/migrations';

/**
 * Whether this facility knows a person is asked by the person's key. Without `offset 0` the planner may hash all people
 * of the facility first: for one patient of a provincial hospital that reads half a million rows.
 */
export class Migration20261126000310_known_people extends Migration {
  override up(): void {
    const knownHere = (person: string) => `exists (select from patient_facility l
      where l.patient_id = ${person} and l.facility_id = context_facility() offset 0)`;
    this.addSql(`
      alter policy related on patient using (created_by_facility_id = context_facility() or ${knownHere('patient.id')});
      alter policy related_change on patient using (${knownHere('patient.id')});
      alter policy related on patient_fact using (${knownHere('patient_fact.patient_id')});
      alter policy related on coverage using (${knownHere('coverage.patient_id')});
      alter policy emergency on patient using (exists (select from emergency_access a
        where a.patient_id = patient.id and a.facility_id = context_facility() and a.account_id = context_user()
          and a.expires_at > now() offset 0));
    `);
  }
}
