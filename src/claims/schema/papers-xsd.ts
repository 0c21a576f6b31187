import { type PaperForm, paperPackage } from '../papers/paper-form.ts';
import type { Field } from '../shape.ts';
import { markup } from './markup.ts';
import {
  element,
  fieldElement,
  many,
  namedTypes,
  restriction,
  schema,
  sequence,
  signature,
  textElement,
} from './xsd.ts';

/** XML Schemas of the papers for the social insurance, by file name: one for each, and one for the package. */
export function paperSchemaFiles(): Readonly<Record<string, string>> {
  const papers = paperPackage().papers.map((form) => [`${form.code.toLowerCase()}.xsd`, paperXsd(form)]);
  return { 'hschungtu.xsd': packageXsd(), ...Object.fromEntries(papers) };
}

function paperXsd({ code, names, fields: named }: PaperForm): string {
  const fields = named.map(
    ({ name, type, note }, index): Field => ({
      position: index + 1,
      name,
      type,
      maxLength: null,
      required: 'optional',
      since: '3176',
      meaning: note ?? name,
    }),
  );
  const content = sequence(fields.map(fieldElement));
  return schema(`${code}: ${names.en} (${names.vi}).`, [element(code, content), ...namedTypes(fields)]);
}

/** The file `HSCHUNGTU`; the papers stand in it as base64, the signature covers the element with the Id. */
function packageXsd(): string {
  const { envelope, papers } = paperPackage();
  const codes = papers.map(({ code }) => markup('xs:enumeration', { value: code }));
  const file = sequence([
    element('LOAIHOSO', restriction(codes)),
    markup('xs:element', { name: 'NOIDUNGFILE', type: 'xs:base64Binary' }),
  ]);
  const list = sequence([many('HOSO', sequence([many('FILEHOSO', file)]))]);
  const id = markup('xs:attribute', { name: 'Id', type: 'xs:ID', use: 'required' });
  const signed = markup('xs:complexType', {}, [
    markup('xs:sequence', {}, [
      textElement('NGAYLAP', '[0-9]{8}'),
      textElement('SOLUONGHOSO', '[0-9]{1,6}'),
      element('DANHSACHHOSO', list),
    ]),
    id,
  ]);
  const content = sequence([
    element('THONGTINDONVI', sequence([textElement('MACSKCB', '[0-9A-Z]{5}')])),
    element(envelope.signedElement, signed),
    signature(envelope.signature),
  ]);
  return schema('The package of papers for the social insurance.', [element(envelope.root, content)]);
}
