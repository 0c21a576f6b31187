import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sameAsBuilt } from '../../src/claims/compare.ts';
import {
  CURRENT_EDITION,
  dictionary,
  type Field,
  type TableCode,
  tableOf,
} from '../../src/claims/dictionary.ts';
import { ClaimWriteError } from '../../src/claims/errors.ts';
import { buildCheckInFile, buildClaimFile, joinClaimFiles, streamClaimFile } from '../../src/claims/files.ts';
import { projectCheckIn, projectClaim } from '../../src/claims/project.ts';
import { readCheckInFile, readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimSnapshot } from '../../src/claims/snapshot.ts';
import type { ClaimRow, ClaimTables } from '../../src/claims/tables.ts';
import { codePoints } from '../../src/claims/text.ts';
import { rowTotals, totals } from '../../src/claims/totals.ts';
import { add, money, moneyText } from '../../src/platform/money.ts';
import { referenceCheckInFile, referenceClaimFile } from './claims-reference-builder.ts';

const HEAD = { facilityCode: '40101', madeOn: '2026-08-15' };
const runs = { numRuns: 150, seed: 20_261_124 };

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

const cut = (text: string, max: number): string => {
  let composed = text.normalize('NFC');
  while (codePoints(composed) > max) composed = Array.from(composed).slice(0, max).join('').normalize('NFC');
  return composed === text.normalize('NFC') ? text : composed;
};

function anyValue(field: Field): fc.Arbitrary<string> {
  const max = field.maxLength ?? 60;
  if (field.type === 'date8') return fc.constantFrom('', '20260810', '19000101');
  if (field.type === 'datetime12') return fc.constantFrom('', '202608100830', '195700000000');
  if (field.type === 'integer') return fc.constantFrom('', '0', '7');
  if (field.type === 'decimal')
    return fc.constantFrom('', '0', '47.5', ...(max > 5 ? ['1234.5', '351000'] : []));
  const text = hostile.map((value) => cut(value, max));
  return field.maxItems === undefined ? text : text.map((value) => value.replaceAll(';', ','));
}

function rowOf(code: TableCode): fc.Arbitrary<ClaimRow> {
  return fc.record(
    Object.fromEntries(tableOf(code).fields.map((field) => [field.name, anyValue(field)])),
  ) as fc.Arbitrary<ClaimRow>;
}

const optionalTables = dictionary().envelope.fileOrder.filter((code) => code !== 'XML1');

/** A dossier: XML1 and up to three further tables. */
const record: fc.Arbitrary<ClaimTables> = fc
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
const records = fc.array(record, { minLength: 1, maxLength: 3 });

/** The writer composes text to NFC; nothing else changes. */
const composed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'string' ? part.normalize('NFC') : part,
  ) as T;

async function all(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const piece of pieces) found.push(piece);
  return Buffer.concat(found);
}

describe('claim files of any content', () => {
  test('parse(build(x)) = x', () => {
    fc.assert(
      fc.property(records, (given) => {
        const file = readClaimFile(buildClaimFile(given, HEAD, CURRENT_EDITION));
        expect(file).toEqual({ ...HEAD, records: composed(given) });
      }),
      runs,
    );
  });

  test('the compiled writer and the reference builder give the same bytes', () => {
    fc.assert(
      fc.property(records, (given) => {
        const built = buildClaimFile(given, HEAD, CURRENT_EDITION);
        expect(built.toString('latin1')).toBe(referenceClaimFile(given, HEAD).toString('latin1'));
        expect(buildClaimFile(given, HEAD, CURRENT_EDITION).equals(built)).toBe(true);
      }),
      runs,
    );
  });

  test('check-in files: same bytes as the reference builder, and read back', () => {
    fc.assert(
      fc.property(fc.array(rowOf('XML0'), { minLength: 1, maxLength: 3 }), (rows) => {
        const built = buildCheckInFile(rows, HEAD.madeOn);
        expect(built.equals(referenceCheckInFile(rows))).toBe(true);
        expect(readCheckInFile(built)).toEqual(composed(rows));
      }),
      runs,
    );
  });

  test('in one piece, streamed, or joined from single files: the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        const whole = buildClaimFile(given, HEAD, CURRENT_EDITION);
        const head = { ...HEAD, recordCount: given.length };
        expect((await all(streamClaimFile(given, head, CURRENT_EDITION))).equals(whole)).toBe(true);
        const singles = given.map((one) =>
          buildClaimFile([one], { ...HEAD, madeOn: '2026-08-14' }, CURRENT_EDITION),
        );
        expect((await all(joinClaimFiles(singles, head))).equals(whole)).toBe(true);
      }),
      { ...runs, numRuns: 40 },
    );
  });

  test('sameAsBuilt: true for what was written, false when any one value, row or table differs', () => {
    const change = fc.tuple(record, fc.nat(), fc.nat(), fc.constantFrom('value', 'row', 'table', 'field'));
    fc.assert(
      fc.property(change, ([given, tableAt, fieldAt, kind]) => {
        const bytes = buildClaimFile([given], HEAD, CURRENT_EDITION);
        expect(sameAsBuilt(bytes, [given])).toBe(true);
        const codes = Object.keys(given) as TableCode[];
        const code = codes[tableAt % codes.length]!;
        const [first, ...rest] = given[code]!;
        const field = tableOf(code).fields[fieldAt % tableOf(code).fields.length]!.name;
        const { [field]: _, ...lacking } = first!;
        const others = {
          value: { ...given, [code]: [{ ...first!, [field]: `${first![field]}x` }, ...rest] },
          row: { ...given, [code]: [first!, ...given[code]!] },
          table: Object.fromEntries(Object.entries(given).filter(([name]) => name !== code)),
          field: { ...given, [code]: [lacking, ...rest] },
        };
        expect(sameAsBuilt(bytes, [others[kind]])).toBe(false);
      }),
      runs,
    );
  });

  test('a character XML cannot hold is refused with table, row and field, wherever it stands', () => {
    const bad = fc.constantFrom(
      '\u0000',
      '\u0001',
      '\u000b',
      '\u001f',
      '\ufffe',
      '\uffff',
      '\ud800',
      '\udc00',
    );
    const text = tableOf('XML2').fields.filter((field) => field.type === 'string' && field.name !== 'MA_LK');
    fc.assert(
      fc.property(record, rowOf('XML2'), fc.constantFrom(...text), bad, (given, row, field, character) => {
        const spoiled = { ...row, [field.name]: `ễ${character} <`.slice(0, field.maxLength ?? 9) };
        const before = { ...row, [field.name]: '' };
        const build = () => buildClaimFile([{ ...given, XML2: [before, spoiled] }], HEAD, CURRENT_EDITION);
        expect(build).toThrow(ClaimWriteError);
        try {
          build();
        } catch (error) {
          expect((error as ClaimWriteError).place).toEqual({ table: 'XML2', row: 2, field: field.name });
          expect((error as ClaimWriteError).finding).toMatch(/control-character|lone-surrogate/);
        }
      }),
      runs,
    );
  });
});

const golden = new URL('../golden/3176/', import.meta.url);
const snapshots = readdirSync(golden).map(
  (name) => JSON.parse(readFileSync(new URL(`${name}/input.json`, golden), 'utf8')) as ClaimSnapshot,
);

describe('projections of a visit', () => {
  test('the order in which rows were read changes nothing', () => {
    const shuffled = fc.constantFrom(...snapshots).chain((snapshot) => {
      const { visit } = snapshot;
      const any = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
      return fc
        .tuple(any(visit.lines), any(visit.observations), any(visit.notes))
        .map(([lines, observations, notes]) => ({
          snapshot,
          other: { ...snapshot, visit: { ...visit, lines, observations, notes } },
        }));
    });
    fc.assert(
      fc.property(shuffled, ({ snapshot, other }) => {
        expect(projectClaim(other)).toEqual(projectClaim(snapshot));
        expect(projectCheckIn(other)).toEqual(projectCheckIn(snapshot));
      }),
      runs,
    );
  });

  test('parts make the whole: XML1 equals the rows; each row equals its payers', () => {
    for (const snapshot of snapshots.filter((s) => s.settlement)) {
      const tables = projectClaim(snapshot);
      expect(rowTotals([tables])).toEqual(totals([tables]));
      for (const row of [...(tables.XML2 ?? []), ...(tables.XML3 ?? [])]) {
        const payers = ['T_BHTT', 'T_BNCCT', 'T_BNTT', 'T_NGUONKHAC'].map((name) => money(row[name]!));
        expect(moneyText(add(...payers))).toBe(moneyText(money(row.THANH_TIEN_BV!)));
      }
    }
  });
});
