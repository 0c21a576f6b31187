/** Column → SQL type of the rows that one statement writes, in the order of writing. */
export type RowShape = Readonly<Record<string, string>>;

/**
 * `insert into T (…) select … from jsonb_to_recordset(source)`: the fastest way to write many rows of one table that
 * still is one prepared statement, whatever their number.
 * @param source SQL of a jsonb array of objects whose keys are the column names
 */
export function rowsFrom(table: string, shape: RowShape, source: string): string {
  const columns = Object.keys(shape).join(', ');
  const typed = Object.entries(shape)
    .map(([column, type]) => `${column} ${type}`)
    .join(', ');
  return `insert into ${table} (${columns}) select ${columns} from jsonb_to_recordset(${source}) as r(${typed})`;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * One statement that writes rows of several tables from one jsonb parameter, `$1 = { table: rows }`; foreign keys
 * between them are checked at its end.
 * @param first a CTE that runs before and whose columns the statement answers, e.g. `bumped as (update … returning version)`
 */
export function writeStatement(
  shapes: Readonly<Record<string, RowShape>>,
  tables: readonly string[],
  first?: string,
): string {
  const parts = tables.map(
    (table) => `w_${table} as (${rowsFrom(table, shapes[table] ?? {}, `$1::jsonb->'${table}'`)})`,
  );
  if (first) parts.unshift(first);
  return `with ${parts.join(',\n')} select ${first ? `* from ${first.split(' ')[0]}` : '1'}`;
}

/** Tables of the object that have rows. */
export function tablesIn(rows: Readonly<Record<string, readonly Row[] | undefined>>): string[] {
  return Object.keys(rows).filter((table) => (rows[table]?.length ?? 0) > 0);
}
