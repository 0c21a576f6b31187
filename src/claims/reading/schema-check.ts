import { ParseOption, XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { CURRENT_EDITION, dictionary } from '../dictionary.ts';
import type { EditionId } from '../editions.ts';
import { schemaFiles } from '../schema/index.ts';
import { paperSchemaFiles } from '../schema/papers-xsd.ts';
import type { StructureProblem } from './structure.ts';

/** Documents against the generated XML Schemas, as libxml2 understands them. */
export interface SchemaCheck {
  /** The document inside of a dossier. @returns null when it is as its schema says, or has none */
  table(edition: EditionId, code: string, bytes: Uint8Array): StructureProblem | null;
  /** A whole file. */
  file(edition: EditionId, bytes: Uint8Array, isCheckIn: boolean): StructureProblem | null;
  /** A package of papers, or one of them by its code. */
  paper(name: string, bytes: Uint8Array): StructureProblem | null;
  /** The schemas lie outside of the memory that is cleaned by itself. */
  dispose(): void;
}

/** Sizes are limited by the reader, which has seen these bytes before. */
const PARSING = {
  option: ParseOption.XML_PARSE_HUGE | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET,
};

export function schemaCheck(): SchemaCheck {
  const validators = new Map<string, XsdValidator>();
  const validatorOf = (edition: EditionId | 'papers', name: string): XsdValidator | null => {
    const known = validators.get(`${edition}/${name}`);
    if (known) return known;
    const files = edition === 'papers' ? paperSchemaFiles() : schemaFiles(edition);
    const source = files[`${name}.xsd`];
    if (source === undefined) return null;
    const document = XmlDocument.fromString(source);
    const validator = XsdValidator.fromDoc(document);
    document.dispose();
    validators.set(`${edition}/${name}`, validator);
    return validator;
  };
  const check = (
    edition: EditionId | 'papers',
    name: string,
    bytes: Uint8Array,
    table: string | null,
  ): StructureProblem | null => {
    const validator = validatorOf(edition, name);
    if (!validator) return null;
    const document = XmlDocument.fromBuffer(bytes, PARSING);
    try {
      validator.validate(document);
      return null;
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      return problemOf(error, table);
    } finally {
      document.dispose();
    }
  };
  return {
    table: (edition, code, bytes) => check(edition, code.toLowerCase(), bytes, code),
    file(edition, bytes, isCheckIn) {
      const { checkIn } = dictionary(CURRENT_EDITION).envelope;
      return isCheckIn
        ? check(edition, checkIn.table.toLowerCase(), bytes, checkIn.table)
        : check(edition, 'envelope', bytes, null);
    },
    paper: (name, bytes) => check('papers', name.toLowerCase(), bytes, name === 'hschungtu' ? null : name),
    dispose() {
      for (const validator of validators.values()) validator.dispose();
      validators.clear();
    },
  };
}

/** The first complaint: which element, on which line. Its words quote the text of the file, so they are not passed on. */
function problemOf({ details }: XmlValidateError, table: string | null): StructureProblem {
  const [first] = details;
  const field = /^Element '([^']{1,60})'/.exec(first?.message ?? '')?.[1] ?? null;
  return {
    table,
    row: null,
    field,
    kind: 'schema',
    values: { line: first?.line ?? 1, count: details.length },
  };
}
