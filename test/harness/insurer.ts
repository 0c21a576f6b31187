import { newId, sha256 } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from './database.ts';

/** A card look-up of a facility that waits for its answer. */
export async function plantLookup(database: TestDatabase, code: string): Promise<string> {
  const id = newId();
  await database.query(
    `insert into card_lookup (facility_id, id, kind, card_number, name, birth, asked_by, asked_at)
     values ($1, $2, 'card', 'DN4990000000000', 'Người Mẫu', '1990', $1, now())`,
    [facilityIdOf(code), id],
  );
  return id;
}

/** A paper of a facility whose answer was lost. */
export async function plantUnclearPaper(database: TestDatabase, code: string): Promise<string> {
  const id = newId();
  await database.query(
    `insert into insurer_paper (facility_id, id, kind, content_sha256, state, made_at, made_by)
     values ($1, $2, 'certificates', $3, 'unclear', now(), $1)`,
    [facilityIdOf(code), id, sha256(id)],
  );
  await database.query(
    `insert into insurer_paper_event (facility_id, paper_id, sequence, type, at, cause)
     values ($1, $2, 1, 'unclear', now(), 'no-outcome-recorded')`,
    [facilityIdOf(code), id],
  );
  return id;
}

/** Says that the insurer took a claim, for those who need one in a month; and lets the month be handed in again. */
export async function takeClaim(database: TestDatabase, encounterId: string): Promise<void> {
  for (const type of ['sending', 'received'])
    await database.query(
      `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause)
       select facility_id, encounter_id, number, max(sequence) + 1, $2, now(), 'test' from claim_event
       where encounter_id = $1 group by facility_id, encounter_id, number
       having not bool_or(type = 'received')`,
      [encounterId, type],
    );
  await database.query(
    `update insurer_paper set content_sha256 = encode(sha256((id::text || clock_timestamp())::bytea), 'hex')
     where kind = 'monthlySummary'`,
  );
}

/** The claim of a settled visit went out, and the gateway answered what nobody understands. */
export async function parkClaim(database: TestDatabase, encounterId: string): Promise<void> {
  await database.query('delete from export_work where encounter_id = $1', [encounterId]);
  await database.query(
    `insert into claim_version (facility_id, encounter_id, number, claim_key, reason, settlement_version, edition, created_at)
     select facility_id, id, 1, claim_key, 'first', settlement_version, '3176', now() from encounter where id = $1`,
    [encounterId],
  );
  await database.query(
    `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause)
     select e.facility_id, e.id, 1, s.sequence, s.type, now(), 'test'
     from encounter e, unnest(array['built', 'sending', 'parked']) with ordinality as s(type, sequence) where e.id = $1
     order by s.sequence`,
    [encounterId],
  );
}
