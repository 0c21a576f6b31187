import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from './database.ts';

/** What a file of results may hold at least. */
export const RESULT_FILE = Buffer.from('Mã giao dịch;Trạng thái\nKHONG-CO;Lỗi\n');

/** An import that was read, with one row, and an open task about a version of that visit's claim. */
export async function plantResults(
  database: TestDatabase,
  facilityCode: string,
  encounterId: string,
): Promise<{ importId: string; correctionId: string }> {
  const [facilityId, importId, correctionId] = [facilityIdOf(facilityCode), newId(), newId()];
  await database.query(
    `insert into result_import (facility_id, id, source, name, sha256, size, state, unmatched, given_at, given_by,
       touched_at, finished_at)
     values ($1, $2, 'file', 'kq.csv', repeat('a', 64), 1, 'read', 1, now(), $2, now(), now())`,
    [facilityId, importId],
  );
  await database.query(
    `insert into result_row (facility_id, import_id, position, unreadable, verdict, reason, appended)
     values ($1, $2, 1, '{}', 'unmatched', 'no-id', '{}')`,
    [facilityId, importId],
  );
  await database.query(
    `insert into correction_task (facility_id, id, encounter_id, number, claim_key, cause, code, said, opened_at, due_at)
     select $1, $2, id, 1, claim_key, 'refused', '205', 'x', now(), now() + interval '2 days' from encounter
     where id = $3`,
    [facilityId, correctionId, encounterId],
  );
  return { importId, correctionId };
}
