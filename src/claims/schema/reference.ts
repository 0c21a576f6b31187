import { LANGUAGES, text } from '../../messages/index.ts';
import { CURRENT_EDITION, dictionary } from '../dictionary.ts';
import type { Differences } from '../differences.ts';
import { EDITIONS, type Edition, type EditionId, isIn, readSchema } from '../editions.ts';
import { alwaysEmpty } from '../project.ts';
import type { CodeList, Field, Table, TableCode } from '../shape.ts';

/** docs/claim-tables.md: every table and field for people to look up, made from the dictionary. */
export function claimTablesPage(): string {
  const { tables, enums } = dictionary();
  return [
    `# ${both('title')}`,
    ...LANGUAGES.map((language) => text(language, 'claims.page.intro')),
    `## ${both('editions')}`,
    grid(['edition', 'decision', 'from', 'written', 'basedOn', 'grade', 'source'], EDITIONS.map(editionRow)),
    `## ${both('tables')}`,
    ...[...tables.values()].flatMap(tablePart),
    `## ${both('differences')}`,
    ...LANGUAGES.map((language) => text(language, 'claims.page.differencesIntro')),
    ...EDITIONS.flatMap(differencesPart),
    `## ${both('empty')}`,
    ...LANGUAGES.map((language) => text(language, 'claims.page.emptyIntro')),
    grid(
      ['table', 'field', 'reason'],
      alwaysEmpty(CURRENT_EDITION).map(({ table, field, reason }) => [
        table,
        field === null ? both('wholeTable') : code(field),
        reason,
      ]),
    ),
    `## ${both('lists')}`,
    grid(['list', 'values', 'checked'], Object.entries(enums).map(listRow)),
  ]
    .join('\n\n')
    .concat('\n');
}

const both = (key: string): string =>
  LANGUAGES.map((language) => text(language, `claims.page.${key}`)).join(' · ');
const code = (name: string): string => `\`${name}\``;
const cell = (content: string): string => content.replaceAll('|', '\\|').replaceAll('\n', ' ');

function grid(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(columns.map((name) => both(`column.${name}`))),
    line(columns.map(() => '---')),
    ...rows.map(line),
  ].join('\n');
}

const editionRow = ({ edition, names, from, written, basedOn, grade, source }: Edition): string[] => [
  edition,
  `${names.vi} · ${names.en}`,
  from,
  both(written ? 'yes' : 'readOnly'),
  basedOn ?? '–',
  grade,
  source,
];

function tablePart(table: Table): string[] {
  const elements = [table.root, table.list, table.row].filter(
    (name, at, all) => name && all.indexOf(name) === at,
  );
  const about = [
    elements.map((name) => code(name!)).join(' / '),
    both(table.rows === 'one' ? 'oneRow' : 'manyRows'),
    `${both('sentWhen')}: ${table.sentWhen}`,
    `${both('since')}: ${table.since}`,
    ...(table.note ? [table.note] : []),
  ];
  return [
    `### ${table.code}: ${table.names.vi} · ${table.names.en}`,
    about.map((line) => `- ${line}`).join('\n'),
    grid(
      ['position', 'field', 'form', 'required', 'gateway', 'origins', 'since', 'meaning'],
      table.fields.map(fieldRow),
    ),
  ];
}

const fieldRow = (field: Field): string[] => [
  String(field.position),
  code(field.name),
  formText(field),
  field.requiredWhen === undefined ? both(`required.${field.required}`) : field.requiredWhen,
  field.gateway4750 ?? '–',
  field.origins === undefined ? '–' : String(field.origins),
  field.since,
  [field.meaning, listText(field), field.codeSystem, field.note].filter(Boolean).join('. '),
];

function listText({ enum: list, separator, maxItems }: Field): string {
  const items = maxItems === undefined ? '' : ` ≤ ${maxItems}`;
  return [
    list && `${both('list')} ${code(list)}`,
    separator && `${both('separator')} ${code(separator)}${items}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** `string ≤ 255`, `decimal ≤ 15, 2 decimals`; without a number no limit is stated. */
function formText({ type, maxLength, decimals }: Pick<Field, 'type' | 'maxLength' | 'decimals'>): string {
  const length = maxLength === null ? '' : ` ≤ ${maxLength}`;
  return `${type}${length}${decimals ? `, ${decimals} ${both('decimals')}` : ''}`;
}

const listRow = ([name, { values, status, note }]: readonly [string, CodeList]): string[] => [
  code(name),
  Object.entries(values)
    .map(([value, meaning]) => `${value === '' ? '∅' : code(value)} ${meaning}`)
    .join('; '),
  [status, note].filter(Boolean).join('. '),
];

/** What an edition has otherwise than the one it is based on. */
function differencesPart({ edition, basedOn }: Edition): string[] {
  if (basedOn === undefined) return [];
  const base = dictionary(basedOn);
  const changes = readSchema(`${edition}/edition`) as Differences;
  const rows = [...base.tables].flatMap(([name, table]) =>
    isIn(edition, table.since)
      ? fieldDifferences(edition, name, table, changes.tables?.[name] ?? {})
      : [[name, '', both('absentTable'), '']],
  );
  const lists = Object.keys(changes.enums ?? {}).map((name) => [
    both('list'),
    code(name),
    Object.keys(dictionary(edition).enums[name]!.values).join(' '),
    Object.keys(base.enums[name]!.values).join(' '),
  ]);
  return [`### ${edition} ← ${basedOn}`, grid(['table', 'field', 'here', 'there'], [...rows, ...lists])];
}

type TableChange = NonNullable<Differences['tables']>[string];

function fieldDifferences(
  edition: EditionId,
  name: TableCode,
  table: Table,
  { fields = {}, inserted = [] }: TableChange,
): string[][] {
  const mine = dictionary(edition).tables.get(name)!.fields;
  const existing = table.fields.flatMap((field) => {
    const change = fields[field.name];
    if (!change) return isIn(edition, field.since) ? [] : [[name, code(field.name), both('absentField'), '']];
    const here = mine.find((one) => one.name === (change.name ?? field.name))!;
    const said = [change.name && code(change.name), formText(here), change.note].filter(Boolean);
    return [[name, code(field.name), said.join('. '), formText(field)]];
  });
  return [
    ...existing,
    ...inserted.map((field) => [name, code(field.name), formText(field), both('absentField')]),
  ];
}
