import { countedForm, formOf } from '../forms.ts';
import type { Dictionary, Field, Table } from '../shape.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * JSON Schema of the tables of one dossier as text, the form in which `his claims show` prints them: an array of rows
 * for each table, each element with its exact text. It says what the XML Schemas say, but for the order of elements.
 */
export function claimJsonSchema({ edition, about, tables, envelope }: Dictionary): Json {
  const definitions = [...tables.values()].map((table) => [table.code, tableSchema(table)]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://lienthong-his.example/schemas/claim/${edition}/claim.schema.json`,
    title: `The tables of one dossier. ${about.names.en}.`,
    type: 'object',
    required: ['XML1'],
    properties: Object.fromEntries(envelope.fileOrder.map((code) => [code, { $ref: `#/$defs/${code}` }])),
    additionalProperties: false,
    $defs: Object.fromEntries(definitions),
  };
}

function tableSchema({ names, sentWhen, rows, fields }: Table): Json {
  return {
    title: `${names.en} (${names.vi})`,
    description: `Sent: ${sentWhen}.`,
    type: 'array',
    minItems: 1,
    ...(rows === 'one' && { maxItems: 1 }),
    items: {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
      required: fields.map(({ name }) => name),
      additionalProperties: false,
    },
  };
}

function fieldSchema(field: Field): Json {
  const form = formOf(field) ?? countedForm(field);
  return {
    type: 'string',
    ...(field.maxLength !== null && { maxLength: field.maxLength }),
    ...(form !== null && { pattern: `^${form}$` }),
    description: field.meaning,
  };
}
