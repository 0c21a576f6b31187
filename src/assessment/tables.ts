import { dictionary, type TableCode } from '../claims/dictionary.ts';
import type { ReadRecord } from '../claims/foreign.ts';
import { FILE_RULES, fileFinding, findingOf } from './envelope.ts';
import type { Finding } from './rule.ts';

const PORTAL_TABLE = 'XML12';
const takesPortalTable = () =>
  FILE_RULES.find(({ id }) => id === 'STR_LOAIHOSO_KNOWN')?.params.allowXml12 === true;

/**
 * Tables of a dossier that nobody knows, that stand there twice, or whose content is not theirs.
 * @returns the findings, and which tables are not as they were meant
 */
export function innerFindings(
  record: ReadRecord,
  maLk: string | null,
): { readonly findings: readonly Finding[]; readonly broken: readonly string[] } {
  const { tables, broken } = record;
  const unknown = [
    ...record.unknown.flatMap(({ table, field }) => (table !== null && field === null ? [table] : [])),
    ...(tables[PORTAL_TABLE] && !takesPortalTable() ? [PORTAL_TABLE] : []),
  ];
  const repeated = Map.groupBy(
    broken.filter(({ finding }) => finding === 'repeated-table'),
    ({ place }) => place.table!,
  );
  const misnamed = misnamedIn(record);
  return {
    findings: [
      ...unknown.map((table) =>
        fileFinding('STR_LOAIHOSO_KNOWN', { field: 'LOAIHOSO', values: { value: table.slice(0, 20) }, maLk }),
      ),
      ...[...repeated].map(([table, again]) =>
        fileFinding('STR_LOAIHOSO_UNIQUE', {
          table,
          field: 'LOAIHOSO',
          values: { loai: table, count: String(again.length + 1) },
          maLk,
        }),
      ),
      ...broken.filter(({ finding }) => finding !== 'repeated-table').map((error) => findingOf(error, maLk)),
      ...misnamed.map(({ table, ...values }) =>
        fileFinding('STR_INNER_ROOT', { table, values: { loai: table, ...values }, maLk }),
      ),
    ],
    broken: [...new Set([...broken.map(({ place }) => place.table!), ...misnamed.map(({ table }) => table)])],
  };
}

/** Lists without a row of the right name that hold something else instead. */
function misnamedIn({ tables, unknown }: ReadRecord) {
  return Object.entries(tables).flatMap(([table, rows]) => {
    const other = unknown.find((part) => part.table === table && part.row === null && part.field !== null);
    const expected = dictionary().tables.get(table as TableCode)?.row;
    if (!rows || rows.length > 0 || !other || !expected) return [];
    return [{ table, actual: other.field!.slice(0, 60), expected }];
  });
}
