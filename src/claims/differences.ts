import { type EditionId, isIn } from './editions.ts';
import type { CodeList, Field, Table } from './shape.ts';

/** What an edition changes in a field of the edition that it is based on; null takes a property away. */
type FieldChange = { readonly [P in keyof Field]?: Field[P] | null };

interface InsertedField extends Omit<Field, 'position'> {
  readonly after: string;
}

/** What an edition changes in a table: fields by the name they have there, and fields that only it has. */
interface TableChange {
  readonly fields?: Readonly<Record<string, FieldChange>>;
  readonly inserted?: readonly InsertedField[];
}

/** A closed list replaced, or some of its values taken away. */
type ListChange = Partial<CodeList> & { readonly without?: readonly string[] };

/** The differences in `schemas/claim/<edition>/edition.json`. */
export interface Differences {
  readonly tables?: Readonly<Record<string, TableChange>>;
  readonly enums?: Readonly<Record<string, ListChange>>;
}

/**
 * A table as another edition has it: changes applied, what came later left out, positions counted anew.
 * @returns undefined when that edition does not have the table
 * @throws Error for a change of a field that is not there
 */
export function changedTable(table: Table, edition: EditionId, change: TableChange = {}): Table | undefined {
  if (!isIn(edition, table.since)) return undefined;
  const { fields: changes = {}, inserted = [] } = change;
  for (const name of [...Object.keys(changes), ...inserted.map((field) => field.after)]) {
    if (![...table.fields, ...inserted].some((field) => field.name === name))
      throw new Error(`dictionary ${edition}/${table.code}: a change of ${name}, which is not there`);
  }
  const follow = (name: string): Omit<Field, 'position'>[] =>
    inserted
      .filter((field) => field.after === name)
      .flatMap((field) => [changed(field, { after: null }), ...follow(field.name)]);
  const fields = table.fields
    .flatMap((field) => [changed(field, changes[field.name]), ...follow(field.name)])
    .filter((field) => isIn(edition, field.since))
    .map((field, index): Field => ({ ...field, position: index + 1 }));
  return { ...table, edition, fields };
}

function changed<F extends object>(field: F, change: object = {}): F {
  const kept = Object.entries({ ...field, ...change }).filter(
    ([name, value]) => value !== null || name === 'maxLength', // there null says: no limit
  );
  return Object.fromEntries(kept) as unknown as F;
}

/** The closed lists as another edition has them. @throws Error for a change of a list or value that is not there */
export function changedEnums(
  enums: Readonly<Record<string, CodeList>>,
  edition: EditionId,
  changes: Differences['enums'] = {},
): Readonly<Record<string, CodeList>> {
  const result = { ...enums };
  for (const [name, { without = [], ...rest }] of Object.entries(changes)) {
    const list = { ...enums[name]!, ...rest };
    const missing = without.find((value) => !(value in (list.values ?? {})));
    if (!enums[name] || missing !== undefined)
      throw new Error(
        `dictionary ${edition}: a change of the list ${name} ${missing ?? ''}, which is not there`,
      );
    const values = Object.entries(list.values).filter(([value]) => !without.includes(value));
    result[name] = { ...list, values: Object.fromEntries(values) };
  }
  return result;
}
