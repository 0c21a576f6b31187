import { dictionary } from '../dictionary.ts';
import { EDITION_IDS, type EditionId } from '../editions.ts';
import { claimJsonSchema } from './json-schema.ts';
import { paperSchemaFiles } from './papers-xsd.ts';
import { envelopeXsd, tableXsd } from './xsd.ts';

/** Every schema of an edition, by file name: one XSD for each table, one for the claim file, and the JSON Schema. */
export function schemaFiles(edition: EditionId): Readonly<Record<string, string>> {
  const found = dictionary(edition);
  const tables = [...found.tables.values()].map((table) => [
    `${table.code.toLowerCase()}.xsd`,
    tableXsd(table, found),
  ]);
  return {
    'envelope.xsd': envelopeXsd(found),
    ...Object.fromEntries(tables),
    'claim.schema.json': `${JSON.stringify(claimJsonSchema(found), null, 1)}\n`,
  };
}

/** The schemas that are kept in the repository, by path. */
export function generatedSchemas(): Readonly<Record<string, string>> {
  const folders = [
    ...EDITION_IDS.map((edition) => [`schemas/claim/${edition}`, schemaFiles(edition)] as const),
    ['schemas/certificates', paperSchemaFiles()] as const,
  ];
  return Object.fromEntries(
    folders.flatMap(([folder, files]) =>
      Object.entries(files).map(([name, content]) => [`${folder}/generated/${name}`, content]),
    ),
  );
}
