import { type Bytes, createBytes } from './bytes.ts';
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
import { formOf } from './forms.ts';
import type { ClaimRow } from './tables.ts';
import { DIGIT_UNITS, elementText, PLAIN_UNITS } from './text.ts';

/**
 * Inner documents, compiled once per table and edition from the dictionary: the tags between two values are ready
 * bytes, each value is judged while it is written. Same rows = same bytes. Byte-equal to fast-xml-parser's builder
 * (held by a property test).
 */
interface CompiledTable {
  readonly table: Table;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly columns: readonly Column[];
  readonly rowEnd: Uint8Array;
}

interface Column {
  readonly name: string;
  /** Everything between the previous value and this one. */
  readonly tags: Uint8Array;
  readonly field: Field;
  readonly maxLength: number;
  /** Days and minutes: how many digits; else 0. */
  readonly digits: number;
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
    const form = formOf(field);
    return {
      name: field.name,
      tags: bytesOf(`${previous ? `</${previous.name}>` : `<${table.row}>`}<${field.name}>`),
      field,
      maxLength: field.maxLength ?? Number.POSITIVE_INFINITY,
      digits: field.type === 'date8' || field.type === 'datetime12' ? field.maxLength! : 0,
      form: form === null ? null : new RegExp(`^${form}$`),
    };
  });
  return {
    table,
    columns,
    before: bytesOf(table.list === null ? declaration : `${declaration}<${table.root}><${table.list}>`),
    after: bytesOf(table.list === null ? '' : `</${table.list}></${table.root}>`),
    rowEnd: bytesOf(`</${table.fields.at(-1)!.name}></${table.row}>`),
  };
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));

/** Written into by one document at a time: nothing in here waits. */
const document = createBytes();

/**
 * One inner document with its XML declaration.
 * @throws ClaimWriteError naming table, row and field; never the value
 */
export function tableXml(
  code: TableCode,
  rows: readonly ClaimRow[],
  edition: EditionId = CURRENT_EDITION,
): Buffer {
  writeTable(compiledTable(code, edition), rows, document);
  return document.taken();
}

/** The same as it stands in the envelope. */
export function tableBase64(code: TableCode, rows: readonly ClaimRow[], edition: EditionId): string {
  writeTable(compiledTable(code, edition), rows, document);
  return document.base64();
}

function writeTable(target: CompiledTable, rows: readonly ClaimRow[], out: Bytes): void {
  const { code, rows: allowed } = target.table;
  if (rows.length === 0 || (allowed === 'one' && rows.length > 1)) {
    throw new ClaimWriteError('wrong-row-count', { table: code }, { expected: 1, count: rows.length });
  }
  out.clear();
  out.put(target.before);
  for (let index = 0; index < rows.length; index += 1) writeRow(target, rows[index]!, index + 1, out);
  out.put(target.after);
}

function writeRow(
  { table, columns, rowEnd }: CompiledTable,
  row: ClaimRow,
  position: number,
  out: Bytes,
): void {
  for (const column of columns) {
    const value = row[column.name];
    if (value === undefined) throw at('missing-field', table, position, column);
    out.put(column.tags);
    if (value !== '') writeValue(value, column, table, position, out);
  }
  if (Object.keys(row).length !== columns.length) unknownField(table, columns, row, position);
  out.put(rowEnd);
}

function writeValue(value: string, column: Column, table: Table, position: number, out: Bytes): void {
  const { digits, form, maxLength, field } = column;
  if (form !== null) {
    const isLengthRight = digits === 0 ? value.length <= maxLength : value.length === digits;
    if (isLengthRight && out.putAllowed(value, DIGIT_UNITS)) return;
    if (!form.test(value)) throw at('bad-format', table, position, column, { form: formName(column) });
    if (value.length > maxLength)
      throw at('too-long', table, position, column, { max: maxLength, length: value.length });
    out.putText(value);
    return;
  }
  if (field.maxItems !== undefined) {
    const count = value.split(field.separator ?? ';').length;
    if (count > field.maxItems)
      throw at('too-many-items', table, position, column, { max: field.maxItems, count });
  }
  if (value.length <= maxLength && out.putAllowed(value, PLAIN_UNITS)) return;
  out.putText(
    elementText(value, maxLength, (finding, values) => {
      throw at(finding, table, position, column, values);
    }),
  );
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
