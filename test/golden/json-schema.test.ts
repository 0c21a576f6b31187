import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { tableOf } from '../../src/claims/dictionary.ts';
import { EDITION_IDS, type EditionId, editionOn } from '../../src/claims/editions.ts';
import { readCheckInFile, readClaimFile } from '../../src/claims/reader.ts';
import { endOf, recogniseEdition } from '../../src/claims/reading/edition.ts';
import type { TableCode } from '../../src/claims/shape.ts';
import type { ClaimRow } from '../../src/claims/tables.ts';

/** The generated JSON Schemas, as somebody else's program would use them. */
const ajv = new Ajv2020({ strict: true, strictRequired: false });
const committed = (edition: EditionId) =>
  JSON.parse(
    readFileSync(
      new URL(`../../schemas/claim/${edition}/generated/claim.schema.json`, import.meta.url),
      'utf8',
    ),
  ) as { $id: string };
const schemas = new Map(EDITION_IDS.map((edition) => [edition, committed(edition)]));
for (const schema of schemas.values()) ajv.addSchema(schema);

const complaints = (edition: EditionId, part: string, given: unknown): string => {
  const validate = ajv.getSchema(`${schemas.get(edition)!.$id}${part}`)!;
  return validate(given) === true ? '' : ajv.errorsText(validate.errors);
};

const golden = new URL('./', import.meta.url);
const goldenFiles = (name: string) =>
  EDITION_IDS.flatMap((edition) =>
    readdirSync(new URL(`${edition}/`, golden), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(`/${name}`))
      .map((path) => [edition, path, readFileSync(new URL(`${edition}/${path}`, golden))] as const),
  );

describe('the golden files', () => {
  test.each(goldenFiles('claim.xml'))('%s %s is valid, and known for its edition', (edition, _, bytes) => {
    for (const record of readClaimFile(bytes).records) {
      expect(complaints(edition, '', record)).toBe('');
      // The tables of 3176 are those of 1931: there the day on which the visit ended decides.
      const end = endOf(record);
      const isOlder = edition === '130' || edition === '4750';
      if (isOlder) expect(recogniseEdition(record)).toBe(edition);
      else if (end !== null) expect(recogniseEdition(record)).toBe(editionOn(end));
    }
  });

  test.each(goldenFiles('check-in.xml'))('%s %s is valid', (edition, _, bytes) => {
    expect(complaints(edition, '#/$defs/XML0', readCheckInFile(bytes))).toBe('');
  });
});

const emptyRow = (code: TableCode, edition: EditionId): ClaimRow =>
  Object.fromEntries(tableOf(code, edition).fields.map(({ name }) => [name, '']));

describe('what the schemas refuse', () => {
  const main = emptyRow('XML1', '1931');
  const drug = emptyRow('XML2', '1931');
  const { STT: _, ...incomplete } = drug;

  test.each<[string, EditionId, object, RegExp]>([
    ['nothing of what is right', '1931', { XML1: [main], XML2: [{ ...drug, MUC_HUONG: '47.5' }] }, /^$/],
    [
      'half a point before 2026-07-01',
      '3176',
      { XML1: [main], XML2: [{ ...drug, MUC_HUONG: '47.5' }] },
      /MUC_HUONG/,
    ],
    ['no summary', '1931', { XML2: [drug] }, /XML1/],
    ['two summaries', '1931', { XML1: [main, main] }, /fewer|more than/],
    ['a field that is missing', '1931', { XML1: [main], XML2: [incomplete] }, /STT/],
    ['a field that is none', '1931', { XML1: [main], XML2: [{ ...drug, X: '' }] }, /additional/],
    ['a text that is too long', '1931', { XML1: [{ ...main, MA_LK: 'x'.repeat(101) }] }, /MA_LK.*100/],
    ['a number for a text', '1931', { XML1: [{ ...main, STT: 1 }] }, /STT.*string/],
    ['a table that is not sent', '1931', { XML1: [main], XML12: [] }, /additional/],
    ['a table of later', '130', { XML1: [emptyRow('XML1', '130')], XML15: [] }, /additional/],
  ])('%s', (_name, edition, record, expected) => {
    expect(complaints(edition, '', record)).toMatch(expected);
  });

  test('the table of medical councils has its part', () => {
    const row = emptyRow('XML12', '3176');
    expect(complaints('3176', '#/$defs/XML12', [row])).toBe('');
    expect(complaints('3176', '#/$defs/XML12', [{ ...row, X: '' }])).toContain('additional');
  });
});
