import type { Transaction } from '../platform/database/index.ts';
import { type Directory, directoryFrom, type Facility } from './directory.ts';

const VALID = `'from', lower(valid), 'to', upper(valid)`;

/** Reads the whole directory: 472 facilities are about a megabyte. */
export async function loadDirectory(tx: Transaction): Promise<Directory> {
  const rows = await tx.query<Facility>(`
    select f.id, f.code, f.name, coalesce(s.mode, 'nightly') as "exportMode", to_char(s.at, 'HH24:MI') as "exportAt",
      coalesce((select json_agg(json_build_object('kind', kind, 'value', value, ${VALID}))
        from facility_fact x where x.facility_id = f.id), '[]') as facts,
      coalesce((select json_agg(json_build_object('code', code, 'name', name, ${VALID}))
        from department x where x.facility_id = f.id), '[]') as departments,
      coalesce((select json_agg(json_build_object('licenceNumber', licence_number, 'name', name, 'title', title, ${VALID}))
        from practitioner x where x.facility_id = f.id), '[]') as practitioners
    from facility f left join export_setting s on s.facility_id = f.id order by f.code`);
  return directoryFrom(rows);
}
