import {
  CURRENT_EDITION,
  dictionary,
  type EditionId,
  editionOn,
  type TableCode,
} from '../dictionary.ts';
import type { ClaimTables } from '../tables.ts';

const READABLE: readonly EditionId[] = [CURRENT_EDITION];

/**
 * The edition a dossier was written in, by what it holds: tables and elements of its rows. Where several fit equally
 * well, the day on which the visit ended decides, then the newest.
 */
export function recogniseEdition(tables: ClaimTables): EditionId {
  const byDay = editionOn(endOf(tables) ?? '');
  const ranked = READABLE.map((edition, age) => ({
    edition,
    strangers: strangersIn(tables, edition),
    byDay: edition === byDay ? 0 : 1,
    age,
  })).toSorted((a, b) => a.strangers - b.strangers || a.byDay - b.byDay || b.age - a.age);
  return ranked[0]!.edition;
}

/** Elements that the edition does not know or that are not there, over all tables; one row of each tells. */
function strangersIn(tables: ClaimTables, edition: EditionId): number {
  const known = dictionary(edition).tables;
  let count = 0;
  for (const [code, rows] of Object.entries(tables)) {
    const table = known.get(code as TableCode);
    const names = new Set(Object.keys(rows[0] ?? {}));
    if (!table) count += Math.max(1, names.size);
    else if (names.size > 0)
      count += names.symmetricDifference(new Set(table.fields.map(({ name }) => name))).size;
  }
  return count;
}

/** The day on which the visit ended; null when the dossier does not say. */
export function endOf(tables: ClaimTables): string | null {
  const found = /^(\d{4})(\d{2})(\d{2})\d{4}$/.exec(tables.XML1?.[0]?.NGAY_RA?.trim() ?? '');
  return found ? `${found[1]}-${found[2]}-${found[3]}` : null;
}
