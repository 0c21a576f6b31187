import type { Transaction } from '../platform/database/index.ts';
import type { Period } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/** A machine that examines or treats. */
export interface Equipment extends Period {
  /** Group, source of money and serial, as results name it. */
  readonly code: string;
  readonly name: string;
  readonly groupCode: string;
}

/** All that a facility has or had, by code. */
export async function listEquipment(tx: Transaction, facilityId: Id): Promise<Equipment[]> {
  return tx.query<Equipment & Record<string, unknown>>(
    `select code, name, group_code as "groupCode", lower(valid)::text as from, upper(valid)::text as to from equipment
     where facility_id = $1 order by code, lower(valid)`,
    [facilityId],
    'list-equipment',
  );
}
