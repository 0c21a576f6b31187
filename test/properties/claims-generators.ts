import fc from 'fast-check';
import { dictionary, type Field, type TableCode, tableOf } from '../../src/claims/dictionary.ts';
import { CURRENT_EDITION, type EditionId } from '../../src/claims/editions.ts';
import type { ClaimRow, ClaimTables } from '../../src/claims/tables.ts';
import { codePoints } from '../../src/claims/text.ts';

/** Pieces that break careless XML code, glued in any order. */
const hostile = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('<', '>', '&', '"', "'", ']]>', '<![CDATA[', '&amp;', '&#13;', '&lt;'),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('\r', '\n', '\r\n', '\t', ' ', '\u00a0', '\u202e', '\u200d', '\ufeff'),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('👶', '🏥', 'e\u0302\u0301', 'Nguye\u0302\u0303n', 'đ', 'ự', '𠮷'),
      },
      { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('<!DOCTYPE x>', '<?xml?>', '<!--', '-->', '__proto__', 'constructor'),
      },
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join('').replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))
  .filter((text) => text.isWellFormed());

const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  date8: ['', '20260810', '19000101'],
  datetime12: ['', '202608100830', '195700000000'],
  digits: ['', '0', '007'],
  integer: ['', '0', '7'],
  decimal: ['', '0', '47.5', '1234.5', '351000'],
};

/** The values that a number, day or digits may have here; undefined for text. */
const numbersFor = ({ type, maxLength }: Field): readonly string[] | undefined =>
  NUMBERS[type]?.filter((value) => value.length <= (maxLength ?? 99));

function fitting(text: string, { maxLength, maxItems }: Field): string {
  const max = maxLength ?? 60;
  const oneItem = maxItems === undefined ? text : text.replaceAll(';', ',');
  let composed = oneItem.normalize('NFC');
  while (codePoints(composed) > max) composed = Array.from(composed).slice(0, max).join('').normalize('NFC');
  return composed === oneItem.normalize('NFC') ? oneItem : composed;
}

const anyValue = (field: Field): fc.Arbitrary<string> => {
  const numbers = numbersFor(field);
  return numbers ? fc.constantFrom(...numbers) : hostile.map((text) => fitting(text, field));
};

export function rowOf(code: TableCode, edition: EditionId = CURRENT_EDITION): fc.Arbitrary<ClaimRow> {
  return fc.record(
    Object.fromEntries(tableOf(code, edition).fields.map((field) => [field.name, anyValue(field)])),
  ) as fc.Arbitrary<ClaimRow>;
}

const optionalTables = dictionary().envelope.fileOrder.filter((code) => code !== 'XML1');

/** A dossier: XML1 and up to three further tables. */
export const record: fc.Arbitrary<ClaimTables> = fc
  .tuple(rowOf('XML1'), fc.subarray([...optionalTables], { maxLength: 3 }))
  .chain(([main, codes]) =>
    fc
      .record(
        Object.fromEntries(
          codes.map((code) => {
            const maxLength = tableOf(code).rows === 'one' ? 1 : 3;
            return [code, fc.array(rowOf(code), { minLength: 1, maxLength })];
          }),
        ),
      )
      .map((others) => ({ XML1: [main], ...others }) as ClaimTables),
  );
export const records = fc.array(record, { minLength: 1, maxLength: 3 });

/** Rows of every table that an edition has, made from a number: quicker by far than to let every value shrink. */
export function everyTable(seed: number, edition: EditionId): ReadonlyMap<TableCode, readonly ClaimRow[]> {
  const next = randomNumbers(seed);
  const anyText = (field: Field): string => {
    const numbers = numbersFor(field);
    if (numbers) return numbers[next(numbers.length)]!;
    return next(4) === 0 ? '' : fitting(POOL[next(POOL.length)]!, field);
  };
  const row = (fields: readonly Field[]): ClaimRow =>
    Object.fromEntries(fields.map((field) => [field.name, anyText(field)]));
  return new Map(
    [...dictionary(edition).tables].map(([code, { rows, fields }]) => [
      code,
      Array.from({ length: rows === 'one' ? 1 : 1 + next(2) }, () => row(fields)),
    ]),
  );
}

const POOL = fc.sample(hostile, { numRuns: 800, seed: 20_261_126 });

/** Numbers below a limit, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
