import {
  CURRENT_EDITION,
  dictionary,
  type EditionId,
  type Field,
  type Table,
  type TableCode,
  tableOf,
} from './dictionary.ts';
import { ClaimWriteError, type ValueForm } from './errors.ts';
import type { ClaimRow } from './tables.ts';
import { elementText, isPlain } from './text.ts';

/**
 * Inner documents, compiled once per table and edition from the dictionary: the tags between two values are one string, each
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
  /** Digits, numbers and times: what a value must look like; null for free text. */
  readonly form: RegExp | null;
}

const compiled = new Map<EditionId, Map<TableCode, CompiledTable>>();

function compiledTable(code: TableCode, edition: EditionId): CompiledTable {
  let ofEdition = compiled.get(edition);
  if (!ofEdition) {
    ofEdition = new Map();
    compiled.set(edition, ofEdition);
  }
  let found = ofEdition.get(code);
  if (!found) {
    found = compile(tableOf(code, edition));
    ofEdition.set(code, found);
  }
  return found;
}

function compile(table: Table): CompiledTable {
  const { declaration } = dictionary(table.edition).envelope;
  const columns = table.fields.map((field, index): Column => {
    const previous = table.fields[index - 1];
    return {
      name: field.name,
      tags: `${previous ? `</${previous.name}>` : `<${table.row}>`}<${field.name}>`,
      field,
      maxLength: field.maxLength ?? Number.POSITIVE_INFINITY,
      form: formOf(field),
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

function formOf({ type, decimals }: Field): RegExp | null {
  switch (type) {
    case 'date8':
      return /^(?:\d{8})?$/;
    case 'datetime12':
      return /^(?:\d{12})?$/;
    case 'digits':
      return /^\d*$/;
    case 'integer':
      return /^(?:-?\d+)?$/;
    case 'decimal':
      return new RegExp(`^(?:-?\\d+(?:\\.\\d{1,${decimals}})?)?$`);
    default:
      return null;
  }
}

/**
 * One inner document with its XML declaration.
 * @throws ClaimWriteError naming table, row and field; never the value
 */
export function tableXml(
  code: TableCode,
  rows: readonly ClaimRow[],
  edition: EditionId = CURRENT_EDITION,
): string {
  const target = compiledTable(code, edition);
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

function formName({ field: { type } }: Column): ValueForm {
  if (type === 'date8') return 'day';
  if (type === 'datetime12') return 'minute';
  return type === 'decimal' ? 'decimal' : 'integer';
}
