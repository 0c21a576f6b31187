import { countedForm, formOf } from '../forms.ts';
import type { Dictionary, Field, Table } from '../shape.ts';
import { type Markup, markup, xmlText } from './markup.ts';

/**
 * XML Schemas of the official tables, made from the dictionary. They say what the writer guarantees: every element,
 * in order, with its type and length. A value may be empty, because when one is required depends on the visit; closed
 * lists and patterns are judged by rules, because lists change between editions and sources differ.
 */

const SIGNATURE_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';

/** The inner document of a table; for the check-in table the whole file with its signature. */
export function tableXsd(table: Table, { about, envelope: { checkIn } }: Dictionary): string {
  const fields = sequence(table.fields.map(fieldElement));
  const content =
    table.list === null
      ? fields
      : sequence([
          element(table.list, sequence([many(table.row, fields)])),
          ...(table.code === checkIn.table ? [signature(checkIn.signature)] : []),
        ]);
  const title = `${table.code}: ${table.names.en} (${table.names.vi}). ${about.names.en}.`;
  return schema(title, [element(table.root, content), ...namedTypes(table.fields)]);
}

/** The file `GIAMDINHHS`; the inner documents stand in it as base64. */
export function envelopeXsd({ about, envelope }: Dictionary): string {
  const { root, facility, dossiers: d, fileOrder } = envelope;
  const codes = fileOrder.map((code) => markup('xs:enumeration', { value: code }));
  const file = sequence([
    element(d.table, restriction(codes)),
    markup('xs:element', { name: d.content, type: 'xs:base64Binary' }),
  ]);
  const list = sequence([many(d.dossier, sequence([many(d.file, file)]))]);
  const content = sequence([
    element(facility.group, sequence([textElement(facility.code, facility.pattern.slice(1, -1))])),
    element(
      d.group,
      sequence([
        textElement(d.madeOn, '[0-9]{8}'),
        textElement(d.count, '[0-9]{1,6}'),
        element(d.list, list),
      ]),
    ),
    signature(envelope.signature),
  ]);
  return schema(`The claim file. ${about.names.en}.`, [element(root, content)]);
}

export function schema(about: string, parts: readonly Markup[]): string {
  const attributes = { 'xmlns:xs': 'http://www.w3.org/2001/XMLSchema', elementFormDefault: 'qualified' };
  return xmlText(markup('xs:schema', attributes, [documentation(about), ...parts]));
}

const documentation = (text: string): Markup =>
  markup('xs:annotation', {}, [markup('xs:documentation', {}, text)]);

export const element = (name: string, content: Markup): Markup => markup('xs:element', { name }, [content]);
export const many = (name: string, content: Markup): Markup =>
  markup('xs:element', { name, maxOccurs: 'unbounded' }, [content]);
export const textElement = (name: string, form: string): Markup =>
  element(name, restriction([pattern(form)]));
export const sequence = (children: readonly Markup[]): Markup =>
  markup('xs:complexType', {}, [markup('xs:sequence', {}, children)]);

/** Empty, or one XML signature. */
export const signature = (name: string): Markup =>
  element(
    name,
    markup('xs:complexType', { mixed: 'true' }, [
      markup('xs:sequence', {}, [
        markup('xs:any', { namespace: SIGNATURE_NAMESPACE, processContents: 'skip', minOccurs: '0' }),
      ]),
    ]),
  );

const pattern = (value: string): Markup => markup('xs:pattern', { value });
export const restriction = (facets: readonly Markup[], name?: string): Markup =>
  markup('xs:simpleType', name === undefined ? {} : { name }, [
    markup('xs:restriction', { base: 'xs:string' }, facets),
  ]);

export const fieldElement = (field: Field): Markup =>
  markup('xs:element', { name: field.name, type: typeName(field) }, [documentation(field.meaning)]);

/** `text.100`, `decimal.15.2`, `list.100.12-items`: fields of the same form share one type. */
function typeName({ type, maxLength, decimals, maxItems }: Field): string {
  if (type === 'date8' || type === 'datetime12') return type;
  const kind = type === 'string' || type === 'code' || (type === 'list' && !maxItems) ? 'text' : type;
  const limits = [
    maxLength ?? 'any',
    ...(decimals ? [decimals] : []),
    ...(maxItems ? [`${maxItems}-items`] : []),
  ];
  return [kind, ...limits].join('.');
}

export function namedTypes(fields: readonly Field[]): Markup[] {
  const types = new Map(fields.map((field) => [typeName(field), field]));
  return [...types.keys()].sort().map((name) => {
    const field = types.get(name)!;
    const form = formOf(field) ?? countedForm(field);
    const facets = [
      ...(form === null ? [] : [pattern(form)]),
      ...(field.maxLength === null ? [] : [markup('xs:maxLength', { value: String(field.maxLength) })]),
    ];
    return restriction(facets, name);
  });
}
