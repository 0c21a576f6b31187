import { type Language, text } from '../../messages/index.ts';
import { dictionary, type EditionId, type Field, type Table, type TableCode } from '../dictionary.ts';
import type { ClaimRow, ClaimTables } from '../tables.ts';
import { codePoints } from '../text.ts';
import { tableEntries } from './edition.ts';
import type { ReadRecord, UnknownPart } from './record.ts';

const KINDS = [
  'missing',
  'unknown',
  'order',
  'too-long',
  'too-many-items',
  'day',
  'minute',
  'digits',
  'integer',
  'decimal',
  'not-in-edition',
  'not-sent',
  'table-order',
  'one-row',
  'schema',
] as const;

/** Where a file is not as the dictionary says. Its values are limits and counts, never what stands in the file. */
export interface StructureProblem {
  readonly table: string | null;
  /** 1-based. */
  readonly row: number | null;
  readonly field: string | null;
  readonly kind: (typeof KINDS)[number];
  readonly values: Readonly<Record<string, string | number>>;
}

export function problemText(language: Language, { kind, values }: StructureProblem): string {
  return text(language, `claims.structure.${kind}`, values);
}

/** Nobody reads more of them; a document of another standard has as many as it has elements. */
const MOST_PROBLEMS = 1_000;

/**
 * A dossier against the dictionary of its edition: tables and their order, elements and their order, lengths and forms.
 * What the values mean is for the rules to say.
 * @returns at most the first thousand
 */
export function structureProblems(record: ReadRecord, edition: EditionId): readonly StructureProblem[] {
  const problems: StructureProblem[] = [];
  for (const problem of problemsOf(record, edition)) {
    problems.push(problem);
    if (problems.length === MOST_PROBLEMS) break;
  }
  return problems;
}

function* problemsOf({ tables, unknown }: ReadRecord, edition: EditionId): Generator<StructureProblem> {
  yield* unknown.map(strange);
  yield* tableProblems(tables, edition);
  for (const [code, rows] of tableEntries(tables)) {
    const table = dictionary(edition).tables.get(code);
    if (table) for (const [index, row] of rows.entries()) yield* rowProblems(table, row, index + 1);
  }
}

/** Elements inside of rows that their table does not have in this edition, with their text. */
export function unknownFields(tables: ClaimTables, edition: EditionId): UnknownPart[] {
  return tableEntries(tables).flatMap(([code, rows]) => {
    const table = dictionary(edition).tables.get(code);
    const known = new Set(table?.fields.map(({ name }) => name));
    return rows.flatMap((row, index) =>
      Object.entries(row)
        .filter(([name]) => !known.has(name))
        .map(([field, value]) => ({ table: code, row: index + 1, field, value })),
    );
  });
}

export function strange({ table, row, field }: UnknownPart): StructureProblem {
  return { table, row, field, kind: 'unknown', values: {} };
}

function tableProblems(tables: ClaimTables, edition: EditionId): StructureProblem[] {
  const { tables: known, envelope } = dictionary(edition);
  const of = (table: string, kind: StructureProblem['kind']): StructureProblem => ({
    table,
    row: null,
    field: null,
    kind,
    values: {},
  });
  const codes = Object.keys(tables) as TableCode[];
  const order: readonly TableCode[] = codes.includes(envelope.checkIn.table)
    ? [envelope.checkIn.table]
    : envelope.fileOrder;
  const foreign = codes.filter((code) => !known.has(code) || !order.includes(code));
  const placed = codes.filter((code) => !foreign.includes(code));
  const misplaced = placed.find((code, at) => at > 0 && order.indexOf(code) < order.indexOf(placed[at - 1]!));
  const isClaim = order.length > 1;
  return [
    ...foreign.map((code) => of(code, known.has(code) ? 'not-sent' : 'not-in-edition')),
    ...(misplaced ? [of(misplaced, 'table-order')] : []),
    ...(isClaim && tables.XML1?.length !== 1 ? [of('XML1', 'one-row')] : []),
  ];
}

function rowProblems(table: Table, row: ClaimRow, position: number): StructureProblem[] {
  const problems: StructureProblem[] = [];
  const add = (field: string, kind: StructureProblem['kind'], values: StructureProblem['values'] = {}) =>
    problems.push({ table: table.code, row: position, field, kind, values });
  const places = new Map(table.fields.map((field) => [field.name, field]));
  let last = 0;
  for (const [name, value] of Object.entries(row)) {
    const field = places.get(name);
    if (!field) {
      add(name, 'unknown');
      continue;
    }
    if (field.position < last) add(name, 'order');
    last = Math.max(last, field.position);
    const found = valueProblem(field, value);
    if (found) add(name, found.kind, found.values);
  }
  for (const { name } of table.fields) if (!Object.hasOwn(row, name)) add(name, 'missing');
  return problems;
}

function valueProblem(field: Field, value: string): Pick<StructureProblem, 'kind' | 'values'> | null {
  if (value === '') return null;
  const { type, maxLength, decimals = 0 } = field;
  if (!hasForm(type, decimals, value)) return { kind: FORM_KINDS[type] ?? 'decimal', values: { decimals } };
  if (maxLength !== null && value.length > maxLength) {
    const length = codePoints(value);
    if (length > maxLength) return { kind: 'too-long', values: { length, max: maxLength } };
  }
  if (field.maxItems !== undefined) {
    const count = value.split(field.separator ?? ';').length;
    if (count > field.maxItems) return { kind: 'too-many-items', values: { count, max: field.maxItems } };
  }
  return null;
}

const FORM_KINDS: Readonly<Partial<Record<Field['type'], StructureProblem['kind']>>> = {
  date8: 'day',
  datetime12: 'minute',
  digits: 'digits',
  integer: 'integer',
};

function hasForm(type: Field['type'], decimals: number, value: string): boolean {
  switch (type) {
    case 'date8':
      return /^\d{8}$/.test(value);
    case 'datetime12':
      return /^\d{12}$/.test(value);
    case 'digits':
      return /^\d+$/.test(value);
    case 'integer':
      return /^-?\d+$/.test(value);
    case 'decimal':
      return /^-?\d+(?:\.\d+)?$/.test(value) && (value.split('.')[1] ?? '').length <= decimals;
    default:
      return true;
  }
}
