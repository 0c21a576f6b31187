import { dictionary, type TableCode } from '../dictionary.ts';
import { EDITION_IDS, type EditionId, editionOn } from '../editions.ts';
import type { ClaimRow, ClaimTables } from '../tables.ts';

/**
 * The edition a dossier was written in, by what it holds: its tables and the elements of their rows. Where several fit
 * equally well, the day on which the visit ended decides.
 */
export function recogniseEdition(tables: ClaimTables): EditionId {
  const strangers = EDITION_IDS.map((edition) => strangersIn(tables, edition));
  const fewest = Math.min(...strangers);
  const fitting = EDITION_IDS.filter((_, at) => strangers[at] === fewest);
  const end = endOf(tables);
  const byDay = end === null ? undefined : editionOn(end);
  if (byDay && fitting.includes(byDay)) return byDay;
  const isBefore = end !== null && EDITION_IDS.indexOf(byDay ?? '130') < EDITION_IDS.indexOf(fitting[0]!);
  return isBefore ? fitting[0]! : fitting.at(-1)!;
}

/** Elements that the edition does not know, or knows and that are not there, over all tables; a first row tells. */
function strangersIn(tables: ClaimTables, edition: EditionId): number {
  const known = dictionary(edition).tables;
  let count = 0;
  for (const [code, rows] of tableEntries(tables)) {
    const names = Object.keys(rows[0] ?? {});
    const fields = new Set(known.get(code)?.fields.map(({ name }) => name));
    const common = names.filter((name) => fields.has(name)).length;
    if (names.length > 0) count += names.length + fields.size - 2 * common;
  }
  return count;
}

/** The day on which the visit ended, `yyyy-MM-dd`; null when the dossier does not say. */
export function endOf(tables: ClaimTables): string | null {
  const found = /^(\d{4})(\d{2})(\d{2})\d{4}$/.exec(tables.XML1?.[0]?.NGAY_RA?.trim() ?? '');
  return found ? `${found[1]}-${found[2]}-${found[3]}` : null;
}

/** In file order. */
export function tableEntries(tables: ClaimTables): readonly (readonly [TableCode, readonly ClaimRow[]])[] {
  return Object.entries(tables) as (readonly [TableCode, readonly ClaimRow[]])[];
}
