import { checkedEnvelope, checkedTable } from './dictionary-check.ts';
import { changedEnums, changedTable, type Differences } from './differences.ts';
import {
  CURRENT_EDITION,
  EDITIONS,
  type EditionId,
  type ReadJson,
  readSchema,
  WHOLE_EDITION,
} from './editions.ts';
import { type Dictionary, type Envelope, TABLE_CODES, type Table, type TableCode } from './shape.ts';

export { CURRENT_EDITION, type EditionId, editionOn } from './editions.ts';
export {
  type Envelope,
  type Field,
  type FieldType,
  TABLE_CODES,
  type Table,
  type TableCode,
} from './shape.ts';

const loaded = new Map<EditionId, Dictionary>();

/** The dictionary of an edition, read once from `schemas/claim/`, checked and frozen. */
export function dictionary(edition: EditionId = CURRENT_EDITION): Dictionary {
  let found = loaded.get(edition);
  if (!found) {
    found = deepFreeze(loadDictionary(edition));
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

/**
 * @param read where the files of `schemas/claim/` come from
 * @throws Error naming edition, table and field: a dictionary with a hole must never write a claim
 */
export function loadDictionary(edition: EditionId, read: ReadJson = readSchema): Dictionary {
  const about = EDITIONS.find((one) => one.edition === edition)!;
  const { tables, envelope, enums } =
    about.basedOn === undefined ? readWhole(edition, read) : readChanged(about.basedOn, edition, read);
  for (const table of tables.values()) checkedTable(table, edition, enums);
  checkedEnvelope(envelope, edition, tables);
  return { edition, about, tables, envelope, enums };
}

type Parts = Pick<Dictionary, 'tables' | 'envelope' | 'enums'>;

function readWhole(edition: EditionId, read: ReadJson): Parts {
  if (edition !== WHOLE_EDITION) throw new Error(`dictionary ${edition}: says not what it is based on`);
  const tables = TABLE_CODES.map((code) => {
    const table = read(`${edition}/${code.toLowerCase()}`) as Table;
    if (table.code !== code) throw new Error(`dictionary ${edition}/${code}: the file says ${table.code}`);
    return [code, table] as const;
  });
  return {
    tables: new Map(tables),
    envelope: read(`${edition}/envelope`) as Envelope,
    enums: read(`${edition}/enums`) as Dictionary['enums'],
  };
}

function readChanged(basedOn: EditionId, edition: EditionId, read: ReadJson): Parts {
  const base = loadDictionary(basedOn, read);
  const changes = read(`${edition}/edition`) as Differences;
  const unknown = Object.keys(changes.tables ?? {}).find((code) => !base.tables.has(code as TableCode));
  if (unknown) throw new Error(`dictionary ${edition}/${unknown}: a change of a table that is not there`);
  const tables = new Map<TableCode, Table>();
  for (const [code, table] of base.tables) {
    const found = changedTable(table, edition, changes.tables?.[code]);
    if (found) tables.set(code, found);
  }
  const fileOrder = base.envelope.fileOrder.filter((code) => tables.has(code));
  return {
    tables,
    envelope: { ...base.envelope, fileOrder },
    enums: changedEnums(base.enums, edition, changes.enums),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    const inside = value instanceof Map ? value.values() : Object.values(value);
    for (const part of inside) deepFreeze(part);
  }
  return value;
}
