import type { ClaimRow } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { CatalogueChange, CatalogueForm } from './catalogue.ts';

/** The newest row of each key that was handed in and not refused, unless it was closed. */
export async function sentRows(
  tx: Transaction,
  facilityId: Id,
  form: CatalogueForm,
): Promise<Map<string, ClaimRow>> {
  const rows = await tx.query<{ key: string; content: ClaimRow; isClosing: boolean }>(
    `select distinct on (r.row_key) r.row_key as key, r.content, r.is_closing as "isClosing"
     from insurer_catalogue_row r join insurer_paper p on p.facility_id = r.facility_id and p.id = r.paper_id
     where r.facility_id = $1 and r.form = $2 and p.state not in ('refused', 'withdrawn')
     order by r.row_key, r.paper_id desc, r.position desc`,
    [facilityId, form],
  );
  return new Map(rows.filter((row) => !row.isClosing).map((row) => [row.key, row.content]));
}

export async function insertRows(
  tx: Transaction,
  facilityId: Id,
  paperId: Id,
  form: CatalogueForm,
  changes: readonly CatalogueChange[],
): Promise<void> {
  await tx.query(
    `insert into insurer_catalogue_row (facility_id, paper_id, position, form, row_key, is_closing, content)
     select $1, $2, r.position, $3, r.key, r."isClosing", r.content
     from jsonb_to_recordset($4::jsonb) as r(position integer, key text, "isClosing" boolean, content jsonb)`,
    [
      facilityId,
      paperId,
      form,
      JSON.stringify(changes.map((change, index) => ({ ...change, position: index + 1 }))),
    ],
  );
}

export interface CatalogueRowView {
  readonly form: CatalogueForm;
  readonly key: string;
  readonly isClosing: boolean;
  readonly content: ClaimRow;
  readonly paperId: Id;
  readonly state: string;
  /** Whether the insurer took the paper in which it stands: only then may claims use it. */
  readonly isAccepted: boolean;
}

/** The newest first. @param form null = all */
export async function listRows(
  tx: Transaction,
  facilityId: Id,
  form: CatalogueForm | null,
  accepted: boolean | null,
): Promise<CatalogueRowView[]> {
  return tx.query<CatalogueRowView & Record<string, unknown>>(
    `select r.form, r.row_key as key, r.is_closing as "isClosing", r.content, r.paper_id as "paperId", p.state,
       p.state = 'received' as "isAccepted"
     from insurer_catalogue_row r join insurer_paper p on p.facility_id = r.facility_id and p.id = r.paper_id
     where r.facility_id = $1 and ($2::text is null or r.form = $2)
       and ($3::boolean is null or (p.state = 'received') = $3)
     order by r.paper_id desc, r.position limit 5000`,
    [facilityId, form, accepted],
  );
}
