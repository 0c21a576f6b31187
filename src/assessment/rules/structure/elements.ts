import { dictionary, type TableCode } from '../../../claims/dictionary.ts';
import { type AnyRule, type Claim, inRow, inTable, type PlacedRow, rule, value } from '../../rule.ts';

/** XML12 is typed in on the portal: what it holds is not ours to judge. */
const NOT_JUDGED = ['XML12'];

interface Present {
  readonly code: string;
  readonly rows: readonly PlacedRow[];
  /** Its elements in the order of the dictionary. */
  readonly known: readonly string[];
}

/** The tables of the claim that have rows and that the dictionary knows. */
function presentIn(claim: Claim, isAsked = (_code: string) => true): readonly Present[] {
  return claim.tables.flatMap((code) => {
    const table = dictionary().tables.get(code as TableCode);
    if (!table || !claim.has(code) || NOT_JUDGED.includes(code) || !isAsked(code)) return [];
    return [{ code, rows: claim.rows(code), known: namesOf(code as TableCode) }];
  });
}

const named = new Map<TableCode, readonly string[]>();

function namesOf(code: TableCode): readonly string[] {
  let found = named.get(code);
  if (!found) {
    found = dictionary()
      .tables.get(code)!
      .fields.map(({ name }) => name);
    named.set(code, found);
  }
  return found;
}

const LISTS = ['XML2', 'XML3', 'XML4', 'XML5', 'XML9', 'XML15'];

/** Which elements a table has, and that its rows belong to the claim. What is missing or strange is said once per table. */
export const elements: readonly AnyRule[] = [
  rule({
    id: 'STR_EMPTY_TABLE',
    severity: 'warning',
    stage: 'export',
    params: {},
    check: (claim) => {
      const lists = claim.tables.filter((code) => LISTS.includes(code));
      if (lists.length === 0) return 'not-applicable';
      return lists.filter((code) => !claim.has(code)).map((code) => inTable(code, null));
    },
  }),
  rule({
    id: 'STR_UNKNOWN_TAG',
    severity: 'warning',
    stage: 'export',
    ofCheckIns: true,
    params: {},
    check: (claim) =>
      presentIn(claim).flatMap(({ code, rows, known }) => {
        const isKnown = new Set(known);
        const strange = new Set(
          rows.flatMap(({ values }) => Object.keys(values).filter((tag) => !isKnown.has(tag))),
        );
        return [...strange].map((tag) => inTable(code, null, { tag }));
      }),
  }),
  rule({
    id: 'STR_MISSING_TAG',
    severity: 'warning',
    stage: 'export',
    ofCheckIns: true,
    params: {},
    check: (claim) =>
      presentIn(claim).flatMap(({ code, rows, known }) => {
        const absent = known.filter((tag) => rows.some(({ values }) => values[tag] === undefined));
        return absent.length === 0 ? [] : [inTable(code, null, { tags: absent.join(', ') })];
      }),
  }),
  rule({
    id: 'STR_FIELD_ORDER',
    severity: 'warning',
    stage: 'export',
    isOffByDefault: true,
    params: {},
    check: (claim) => {
      const present = presentIn(claim, (code) => ['XML1', 'XML2', 'XML3'].includes(code));
      if (present.length === 0) return 'not-applicable';
      return present.flatMap(({ code, rows, known }) => {
        const place = new Map(known.map((tag, index) => [tag, index]));
        const tag = rows.map(({ values }) => firstOutOfPlace(Object.keys(values), place)).find(Boolean);
        return tag ? [inTable(code, null, { tag })] : [];
      });
    },
  }),
  rule({
    id: 'STR_MA_LK_MISMATCH',
    severity: 'error',
    stage: 'export',
    params: {},
    // No other rule asks for the key of a row, so a blank one is found here.
    check: (claim) => {
      const expected = value(claim.xml1, 'MA_LK');
      const rows = presentIn(claim, (code) => code !== 'XML1').flatMap((table) => table.rows);
      if (expected === '' || rows.length === 0) return 'not-applicable';
      return rows
        .filter(({ values }) => value(values, 'MA_LK') !== expected)
        .map((row) => inRow(row, 'MA_LK', { expected, row: String(row.row) }));
    },
  }),
];

function firstOutOfPlace(tags: readonly string[], place: ReadonlyMap<string, number>): string | undefined {
  let last = -1;
  for (const tag of tags) {
    const at = place.get(tag);
    if (at === undefined) continue;
    if (at < last) return tag;
    last = at;
  }
  return undefined;
}
