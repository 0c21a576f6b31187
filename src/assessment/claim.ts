import type { Claim, PlacedRow, Row } from './rule.ts';

/** The tables of one claim: code → rows, as the claims reader gives them. */
export type Tables = Readonly<Record<string, readonly Row[] | undefined>>;

export const NO_KEYS: ReadonlySet<string> = new Set();

/** Indexes the tables of one claim for the rules. */
export function claimOf(facilityCode: string, tables: Tables, earlierKeys = NO_KEYS): Claim {
  const known = new Map<string, readonly PlacedRow[]>();
  const placed = (table: string): readonly PlacedRow[] => {
    let rows = known.get(table);
    if (!rows) {
      rows = (tables[table] ?? []).map((values, index) => ({ table, row: index + 1, values }));
      known.set(table, rows);
    }
    return rows;
  };
  const xml2 = placed('XML2');
  const xml3 = placed('XML3');
  return {
    facilityCode,
    xml1: tables.XML1?.[0] ?? {},
    xml2,
    xml3,
    xml4: placed('XML4'),
    xml5: placed('XML5'),
    chargeRows: [...xml2, ...xml3],
    earlierKeys,
    rows: placed,
    tables: Object.keys(tables).filter((code) => tables[code] !== undefined),
    has: (table) => (tables[table]?.length ?? 0) > 0,
    count: (table) => tables[table]?.length ?? 0,
  };
}

/** What of a claim comes from which tables; the rest of it is asked for by the code of a table. */
const READS: Readonly<Record<string, readonly string[]>> = {
  xml1: ['XML1'],
  xml2: ['XML2'],
  xml3: ['XML3'],
  xml4: ['XML4'],
  xml5: ['XML5'],
  chargeRows: ['XML2', 'XML3'],
};

/** A claim of which some tables could not be read, and whether anybody has looked at one of these. */
export function watched(
  claim: Claim,
  broken: readonly string[],
): { readonly claim: Claim; readonly looked: () => boolean; readonly forget: () => void } {
  let hasLooked = false;
  const look = (codes: readonly string[]) => {
    if (codes.some((code) => broken.includes(code))) hasLooked = true;
  };
  const asks =
    <T>(ask: (table: string) => T) =>
    (table: string): T => {
      look([table]);
      return ask(table);
    };
  const watching: Claim = {
    ...claim,
    rows: asks(claim.rows),
    has: asks(claim.has),
    count: asks(claim.count),
  };
  for (const [name, codes] of Object.entries(READS))
    Object.defineProperty(watching, name, {
      get: () => {
        look(codes);
        return claim[name as keyof Claim];
      },
    });
  return {
    claim: watching,
    looked: () => hasLooked,
    forget: () => {
      hasLooked = false;
    },
  };
}
