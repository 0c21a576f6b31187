import type { LocalDate } from '../platform/dates.ts';
import {
  CURRENT_EDITION,
  dictionary,
  type EditionId,
  type Field,
  limitsOn,
  type Table,
  type TableCode,
  tableOf,
} from './dictionary.ts';
import { ClaimWriteError, type ValueForm } from './errors.ts';
import type { ClaimRow } from './tables.ts';
import { elementText, isPlain } from './text.ts';

/**
 * Inner documents, compiled once per table from the dictionary: the tags between two values are one string, each
 * field has one check. Same rows = same bytes. Byte-equal to fast-xml-parser's builder (held by a property test).
 */
interface CompiledTable {
  readonly table: Table;
  readonly before: string;
  readonly after: string;
  readonly columns: readonly Column[];
  readonly rowEnd: string;
}

interface Column {
  readonly name: string;
  /** Everything between the previous value and this one. */
  readonly tags: string;
  readonly field: Field;
  readonly maxLength: number;
  /** Numbers and times: what a value must look like; null for free text. */
  readonly form: RegExp | null;
}

/** A table is compiled once for each set of limits: `changeDays` are the days on which they change. */
interface Variants {
  readonly table: Table;
  readonly changeDays: readonly LocalDate[];
  readonly byChangesInForce: (CompiledTable | undefined)[];
}
const variants = new Map<EditionId, Map<TableCode, Variants>>();

function compile(code: TableCode, edition: EditionId, limitsDay: LocalDate): CompiledTable {
  let ofEdition = variants.get(edition);
  if (!ofEdition) {
    ofEdition = new Map();
    variants.set(edition, ofEdition);
  }
  let found = ofEdition.get(code);
  if (!found) {
    const table = tableOf(code, edition);
    const days = table.fields.flatMap((field) => field.changes?.map((change) => change.from) ?? []);
    found = { table, changeDays: [...new Set(days)], byChangesInForce: [] };
    ofEdition.set(code, found);
  }
  let inForce = 0;
  for (const day of found.changeDays) if (day <= limitsDay) inForce += 1;
  const ready = found.byChangesInForce[inForce] ?? build(found.table, limitsDay);
  found.byChangesInForce[inForce] = ready;
  return ready;
}

function build(table: Table, limitsDay: LocalDate): CompiledTable {
  const { declaration } = dictionary(table.edition).envelope;
  const columns = table.fields.map((field, index): Column => {
    const limits = limitsOn(field, limitsDay);
    const previous = table.fields[index - 1];
    return {
      name: field.name,
      tags: `${previous ? `</${previous.name}>` : `<${table.row}>`}<${field.name}>`,
      field,
      maxLength: limits.maxLength ?? Number.POSITIVE_INFINITY,
      form: formOf(field, limits.decimals ?? 0),
    };
  });
  return {
    table,
    columns,
    before: table.list === null ? declaration : `${declaration}<${table.root}><${table.list}>`,
    after: table.list === null ? '' : `</${table.list}></${table.root}>`,
    rowEnd: `</${table.fields.at(-1)!.name}></${table.row}>`,
  };
}

function formOf(field: Field, decimals: number): RegExp | null {
  if (field.type === 'date8') return /^(?:\d{8})?$/;
  if (field.type === 'datetime12') return /^(?:\d{12})?$/;
  if (field.type !== 'integer' && field.type !== 'decimal') return null;
  return decimals === 0 ? /^(?:-?\d+)?$/ : new RegExp(`^(?:-?\\d+(?:\\.\\d{1,${decimals}})?)?$`);
}

/**
 * One inner document with its XML declaration.
 * @param limitsDay the day the visit ended, which selects the limits of the fields
 * @throws ClaimWriteError naming table, row and field; never the value
 */
export function tableXml(
  code: TableCode,
  rows: readonly ClaimRow[],
  limitsDay: LocalDate,
  edition: EditionId = CURRENT_EDITION,
): string {
  const target = compile(code, edition, limitsDay);
  if (rows.length === 0 || (target.table.rows === 'one' && rows.length > 1)) {
    throw new ClaimWriteError('wrong-row-count', { table: code }, { expected: 1, count: rows.length });
  }
  let xml = target.before;
  for (let index = 0; index < rows.length; index += 1) xml += rowXml(target, rows[index]!, index + 1);
  return xml + target.after;
}

function rowXml({ table, columns, rowEnd }: CompiledTable, row: ClaimRow, position: number): string {
  let xml = '';
  for (const column of columns) {
    const value = row[column.name];
    if (value === '') xml += column.tags;
    else if (value === undefined) throw at('missing-field', table, position, column);
    else xml += column.tags + valueXml(value, column, table, position);
  }
  if (Object.keys(row).length !== columns.length) unknownField(table, columns, row, position);
  return xml + rowEnd;
}

function valueXml(value: string, column: Column, table: Table, position: number): string {
  if (column.form === null) {
    const { maxItems, separator } = column.field;
    if (maxItems === undefined && value.length <= column.maxLength && isPlain(value)) return value;
    if (maxItems !== undefined) {
      const count = value.split(separator ?? ';').length;
      if (count > maxItems) throw at('too-many-items', table, position, column, { max: maxItems, count });
    }
    return elementText(value, column.maxLength, (finding, values) => {
      throw at(finding, table, position, column, values);
    });
  }
  if (!column.form.test(value)) {
    throw at('bad-format', table, position, column, { form: formName(column) });
  }
  if (value.length > column.maxLength) {
    throw at('too-long', table, position, column, { max: column.maxLength, length: value.length });
  }
  return value;
}

function at(
  finding: ConstructorParameters<typeof ClaimWriteError>[0],
  table: Table,
  row: number,
  column: Column,
  values?: Readonly<Record<string, string | number>>,
): ClaimWriteError {
  return new ClaimWriteError(finding, { table: table.code, row, field: column.name }, values);
}

function unknownField(table: Table, columns: readonly Column[], row: ClaimRow, position: number): never {
  const known = new Set(columns.map((column) => column.name));
  const field = Object.keys(row).find((name) => !known.has(name));
  throw new ClaimWriteError('unknown-field', { table: table.code, row: position, ...(field && { field }) });
}

function formName({ field, form }: Column): ValueForm {
  if (field.type === 'date8') return 'day';
  if (field.type === 'datetime12') return 'minute';
  return /\\\./.test(form?.source ?? '') ? 'decimal' : 'integer';
}
