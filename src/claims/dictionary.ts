import { readFileSync } from 'node:fs';
import type { LocalDate } from '../platform/dates.ts';

/** An edition of the official table standard. Which one applies is chosen by the day the visit ended. */
export type EditionId = '3176';

/** Oldest first; each holds until the next one starts. Visits of an earlier day are not ours to write. */
const EDITIONS: readonly { readonly id: EditionId; readonly from: LocalDate; readonly source: string }[] = [
  { id: '3176', from: '2025-01-01', source: 'QĐ 3176/QĐ-BYT, 29/10/2024' },
];
export const CURRENT_EDITION: EditionId = EDITIONS.at(-1)!.id;

/** @returns undefined for a day before the first edition that we can write */
export function editionOn(day: LocalDate): EditionId | undefined {
  return EDITIONS.findLast((edition) => edition.from <= day)?.id;
}

export type TableCode = `XML${number}`;
/** XML0 to XML15. */
export const TABLE_CODES: readonly TableCode[] = Array.from({ length: 16 }, (_, n): TableCode => `XML${n}`);

export type FieldType = 'string' | 'code' | 'list' | 'integer' | 'decimal' | 'date8' | 'datetime12';

/** What a field may hold. `maxLength` counts code points, null = no limit stated; `decimals` only for numbers. */
interface FieldLimits {
  readonly maxLength: number | null;
  readonly decimals?: number;
}

export interface Field extends FieldLimits {
  readonly position: number;
  readonly name: string;
  readonly type: FieldType;
  readonly required: 'always' | 'optional' | 'conditional';
  readonly requiredWhen?: string;
  readonly pattern?: string;
  /** Lists: the separator, and the length of one item where it is fixed. */
  readonly separator?: string;
  readonly itemLength?: number;
  readonly maxItems?: number;
  /** Name of a closed list in `enums.json`. */
  readonly enum?: string;
  readonly codeSystem?: string;
  readonly meaning: string;
  readonly note?: string;
  readonly since: string;
  /** The largest length that some reader or writer in use has; for tolerant reading only. */
  readonly widestSeen?: number;
  /** New limits from a day on, within this edition. */
  readonly changes?: readonly (FieldLimits & { readonly from: LocalDate; readonly source: string })[];
}

export interface Table {
  readonly edition: EditionId;
  readonly code: TableCode;
  readonly names: { readonly vi: string; readonly en: string };
  readonly root: string;
  /** The element between root and rows; null when the fields stand directly under the root. */
  readonly list: string | null;
  readonly row: string;
  readonly rows: 'one' | 'many';
  readonly sentWhen: string;
  readonly since: string;
  readonly fields: readonly Field[];
}

export interface Envelope {
  readonly declaration: string;
  readonly root: string;
  readonly facility: { readonly group: string; readonly code: string; readonly pattern: string };
  readonly dossiers: Readonly<
    Record<'group' | 'madeOn' | 'count' | 'list' | 'dossier' | 'file' | 'table' | 'content', string>
  >;
  readonly signature: string;
  /** Tables that travel in this envelope, in the order in which they are written. */
  readonly fileOrder: readonly TableCode[];
  readonly checkIn: { readonly table: TableCode; readonly signature: string };
}

interface CodeList {
  readonly values: Readonly<Record<string, string>>;
  readonly status: string;
  readonly note?: string;
}

interface Dictionary {
  readonly edition: EditionId;
  readonly tables: ReadonlyMap<TableCode, Table>;
  readonly envelope: Envelope;
  readonly enums: Readonly<Record<string, CodeList>>;
}

const loaded = new Map<EditionId, Dictionary>();

/** The dictionary of an edition, read once from `schemas/claim/<edition>/`, checked and frozen. */
export function dictionary(edition: EditionId = CURRENT_EDITION): Dictionary {
  let found = loaded.get(edition);
  if (!found) {
    found = load(edition);
    loaded.set(edition, found);
  }
  return found;
}

/** @throws RangeError for a table that this edition does not have. */
export function tableOf(code: TableCode, edition: EditionId = CURRENT_EDITION): Table {
  const table = dictionary(edition).tables.get(code);
  if (!table) throw new RangeError(`edition ${edition} has no table ${code}`);
  return table;
}

/** The limits of a field on a day: the last change that had come into force by then, else the original ones. */
export function limitsOn(field: Field, date: LocalDate): FieldLimits {
  return field.changes?.findLast((change) => change.from <= date) ?? field;
}

function load(edition: EditionId): Dictionary {
  const folder = new URL(`../../schemas/claim/${edition}/`, import.meta.url);
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  const enums = read('enums') as Dictionary['enums'];
  const tables = new Map(
    TABLE_CODES.map((code) => [
      code as TableCode,
      checked(read(code.toLowerCase()) as Table, edition, code, enums),
    ]),
  );
  const envelope = read('envelope') as Envelope;
  for (const code of envelope.fileOrder) {
    if (!tables.has(code)) throw new Error(`envelope ${edition} names the unknown table ${code}`);
  }
  return deepFreeze({ edition, tables, envelope, enums });
}

/** @throws Error naming table and field: a dictionary with a hole must never write a claim. */
function checked(table: Table, edition: EditionId, code: string, enums: Dictionary['enums']): Table {
  const fail = (what: string): never => {
    throw new Error(`dictionary ${edition}/${code}: ${what}`);
  };
  if (table.code !== code || table.edition !== edition) fail('code or edition does not match the file name');
  if ((table.rows === 'one') !== (table.list === null)) fail('a table of one row has no list element');
  const names = new Set<string>();
  table.fields.forEach((field, index) => {
    if (field.position !== index + 1) fail(`${field.name} stands at ${index + 1}, says ${field.position}`);
    if (names.has(field.name)) fail(`${field.name} occurs twice`);
    names.add(field.name);
    if (field.enum !== undefined && !enums[field.enum])
      fail(`${field.name} names the unknown list ${field.enum}`);
    if (field.type === 'decimal' && !field.decimals) fail(`${field.name} is a decimal without decimals`);
    const days = field.changes?.map((change) => change.from) ?? [];
    if (days.some((day, at) => at > 0 && day <= days[at - 1]!))
      fail(`${field.name} has changes out of order`);
  });
  if (table.fields[0]?.name !== 'MA_LK' && code !== 'XML12') fail('the first field is not the claim key');
  return table;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    const inside = value instanceof Map ? value.values() : Object.values(value);
    for (const part of inside) deepFreeze(part);
  }
  return value;
}
