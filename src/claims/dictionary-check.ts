import { type EditionId, isIn } from './editions.ts';
import { type Dictionary, type Envelope, FIELD_TYPES, type Field, type Table } from './shape.ts';

/** Names that stand in XML as they are, and in file names and patterns without escaping. */
const NAME = /^[A-Z][A-Z0-9_]*$/;
const REQUIRED: readonly unknown[] = ['always', 'optional', 'conditional'];
const PROPERTIES: ReadonlySet<string> = new Set<keyof Field>([
  'position',
  'name',
  'type',
  'maxLength',
  'decimals',
  'required',
  'requiredWhen',
  'pattern',
  'separator',
  'itemLength',
  'maxItems',
  'enum',
  'codeSystem',
  'meaning',
  'note',
  'since',
  'gateway4750',
  'origins',
  'widestSeen',
]);

type Fail = (what: string) => never;

/** @throws Error naming edition, table and field */
export function checkedTable(table: Table, edition: EditionId, enums: Dictionary['enums']): Table {
  const fail: Fail = (what) => {
    throw new Error(`dictionary ${edition}/${table.code}: ${what}`);
  };
  if (table.edition !== edition) fail(`says that it belongs to edition ${table.edition}`);
  if (!isIn(edition, table.since)) fail(`came with ${table.since}, which is no edition up to this one`);
  if ((table.rows === 'one') !== (table.list === null)) fail('a table of one row has no list element');
  for (const name of [table.root, table.row, table.list ?? table.root])
    if (!NAME.test(name)) fail(`${name} cannot be the name of an element`);
  if (!table.names.vi || !table.names.en || !table.sentWhen)
    fail('has no name or does not say when it is sent');
  const names = new Set<string>();
  table.fields.forEach((field, index) => {
    if (field.position !== index + 1) fail(`${field.name} stands at ${index + 1}, says ${field.position}`);
    if (names.has(field.name)) fail(`${field.name} occurs twice`);
    names.add(field.name);
    checkField(field, edition, enums, fail);
  });
  if (table.fields[0]?.name !== 'MA_LK' && table.code !== 'XML12')
    fail('the first field is not the claim key');
  return table;
}

function checkField(field: Field, edition: EditionId, enums: Dictionary['enums'], failed: Fail): void {
  const fail: Fail = (what) => failed(`${field.name} ${what}`);
  const stray = Object.keys(field).find((property) => !PROPERTIES.has(property));
  if (stray !== undefined) fail(`has the unknown property ${stray}`);
  if (!NAME.test(field.name)) fail('cannot be the name of an element');
  if (!FIELD_TYPES.includes(field.type)) fail(`has the unknown type ${field.type}`);
  if (!isIn(edition, field.since)) fail(`came with ${field.since}, which is no edition up to this one`);
  if (!field.meaning) fail('has no meaning');
  if (!REQUIRED.includes(field.required)) fail(`is required ${field.required}`);
  if ((field.required === 'conditional') !== (field.requiredWhen !== undefined))
    fail('must say when it is required if, and only if, that depends');
  checkLimits(field, fail);
  if (field.pattern !== undefined && !isPattern(field.pattern)) fail('has a pattern that is none');
  if (field.enum !== undefined && !enums[field.enum]) fail(`names the unknown list ${field.enum}`);
}

function checkLimits({ type, maxLength, decimals, ...field }: Field, fail: Fail): void {
  if (maxLength !== null && !(Number.isInteger(maxLength) && maxLength > 0)) fail(`is ${maxLength} long`);
  if (type === 'date8' && maxLength !== 8) fail('is a day of other than eight digits');
  if (type === 'datetime12' && maxLength !== 12) fail('is a minute of other than twelve digits');
  if (type === 'decimal' && !decimals) fail('is a decimal without decimals');
  if (type !== 'decimal' && decimals) fail('has decimals and is no decimal');
  if ((type === 'list') !== (field.separator !== undefined))
    fail('must have a separator if, and only if, it is a list');
  if ((field.itemLength ?? field.maxItems) !== undefined && type !== 'list') fail('has items and is no list');
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source.startsWith('^');
  } catch {
    return false;
  }
}

/** @throws Error naming the edition */
export function checkedEnvelope(envelope: Envelope, edition: EditionId, tables: Dictionary['tables']): void {
  for (const code of [...envelope.fileOrder, envelope.checkIn.table])
    if (!tables.has(code)) throw new Error(`envelope ${edition} names the unknown table ${code}`);
  const { root, facility, dossiers, signature } = envelope;
  for (const name of [root, facility.group, facility.code, ...Object.values(dossiers), signature])
    if (!NAME.test(name)) throw new Error(`envelope ${edition}: ${name} cannot be the name of an element`);
}
