import { type AnyRule, eachRow, inRow, type PlacedRow, rule, value } from '../../rule.ts';

/** STT without leading zeros; null when it is not a positive whole number. */
const positionOf = ({ values }: PlacedRow): string | null =>
  /^0*([1-9]\d{0,9})$/.exec(value(values, 'STT'))?.[1] ?? null;

/** How the rows of XML2 to XML5 are numbered. */
export const numbering: readonly AnyRule[] = [
  // No other rule asks for STT in these tables, so a blank one is found here.
  rule({
    id: 'STR_STT_INTEGER',
    severity: 'error',
    stage: 'export',
    params: {},
    check: ({ xml2, xml3, xml4, xml5 }) =>
      eachRow([...xml2, ...xml3, ...xml4, ...xml5], 'STT', (_, row) => positionOf(row) !== null),
  }),
  rule({
    id: 'STR_STT_DUPLICATE',
    severity: 'error',
    stage: 'export',
    params: {},
    check: ({ xml2, xml3, xml4, xml5 }) => {
      const tables = [xml2, xml3, xml4, xml5];
      return tables.every((rows) => rows.length === 0) ? 'not-applicable' : tables.flatMap(repeated);
    },
  }),
];

/** The second and later rows with the same position. */
function repeated(rows: readonly PlacedRow[]) {
  const byPosition = Map.groupBy(rows, positionOf);
  return rows.flatMap((row) => {
    const position = positionOf(row);
    const same = position === null ? [] : (byPosition.get(position) ?? []);
    return same.length < 2 || same[0] === row ? [] : [inRow(row, 'STT', { count: String(same.length) })];
  });
}
