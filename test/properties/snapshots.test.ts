import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { sameAsBuilt } from '../../src/claims/compare.ts';
import { dictionary, type TableCode } from '../../src/claims/dictionary.ts';
import { buildCheckInFile, buildClaimFile } from '../../src/claims/files.ts';
import { buildPaperPackage, projectPapers } from '../../src/claims/papers/package.ts';
import { PROJECTIONS, projectCheckIn, projectClaim } from '../../src/claims/project.ts';
import { readCheckInFile, readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimRow } from '../../src/claims/tables.ts';
import { rowTotals, totals } from '../../src/claims/totals.ts';
import { money, moneyText, sumText } from '../../src/platform/money.ts';
import { anyVisit, type GeneratedVisit } from './snapshots.ts';

const runs = { numRuns: 200, seed: 20_261_126 };
const MADE_ON = '2026-09-15';

const headOf = ({ snapshot }: GeneratedVisit) => ({
  facilityCode: snapshot.visit.facility.code,
  madeOn: MADE_ON,
});
const built = ({ snapshot, edition }: GeneratedVisit) =>
  buildClaimFile([projectClaim(snapshot, { edition })], headOf({ snapshot, edition }), edition);

/** The writer composes text to NFC; nothing else changes. */
const composed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'string' ? part.normalize('NFC') : part,
  ) as T;

describe('generated visits, over all tables and editions', () => {
  test('parse(build(x)) = x', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyVisit, (visit) => {
        const { snapshot, edition } = visit;
        const tables = projectClaim(snapshot, { edition });
        const bytes = built(visit);
        expect(sameAsBuilt(bytes, [tables], edition)).toBe(true);
        expect(readClaimFile(bytes)).toEqual({ ...headOf(visit), records: [composed(tables)] });
        for (const code of Object.keys(tables)) seen.add(`${edition} ${code}`);
      }),
      runs,
    );
    const all = ['130', '4750', '3176', '1931'].flatMap((edition) =>
      PROJECTIONS.filter(({ table }) => dictionary(edition as '130').tables.has(table)).map(
        ({ table }) => `${edition} ${table}`,
      ),
    );
    expect(all.filter((one) => !seen.has(one))).toEqual([]);
  });

  test('the same visit gives the same bytes, whatever the order in which its parts were read', () => {
    const reordered = anyVisit.chain((visit) => {
      const { lines, observations, notes } = visit.snapshot.visit;
      const any = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
      return fc
        .record({ lines: any(lines), observations: any(observations), notes: any(notes) })
        .map((parts) => {
          const other = structuredClone(visit);
          return {
            visit,
            other: {
              ...other,
              snapshot: { ...other.snapshot, visit: { ...other.snapshot.visit, ...parts } },
            },
          };
        });
    });
    fc.assert(
      fc.property(reordered, ({ visit, other }) => {
        expect(built(other).equals(built(visit))).toBe(true);
      }),
      runs,
    );
  });

  test('rows have exactly the elements of their edition, in its order', () => {
    fc.assert(
      fc.property(anyVisit, ({ snapshot, edition }) => {
        const tables = {
          XML0: projectCheckIn(snapshot, { edition }),
          ...projectClaim(snapshot, { edition }),
        };
        for (const [code, rows] of Object.entries(tables)) {
          const { fields } = dictionary(edition).tables.get(code as TableCode)!;
          const names = fields.map((field) => field.name);
          for (const row of rows) expect(Object.keys(row)).toEqual(names);
        }
      }),
      runs,
    );
  });

  test('XML1 adds up what the rows say, to the last cent; each row is what its payers pay', () => {
    fc.assert(
      fc.property(anyVisit, ({ snapshot, edition }) => {
        fc.pre(snapshot.settlement !== null);
        const tables = projectClaim(snapshot, { edition });
        expect(rowTotals([tables])).toEqual(totals([tables]));
        const { T_THUOC, T_VTYT } = tables.XML1![0]!;
        const gross = (rows: readonly ClaimRow[] = []) => sumText(rows.map((row) => row.THANH_TIEN_BV!));
        expect(moneyText(money(T_THUOC!))).toBe(gross(tables.XML2));
        expect(moneyText(money(T_VTYT!))).toBe(gross(tables.XML3?.filter((row) => row.MA_VAT_TU !== '')));
      }),
      runs,
    );
  });

  test('check-in: read back as projected', () => {
    fc.assert(
      fc.property(anyVisit, ({ snapshot, edition }) => {
        const rows = projectCheckIn(snapshot, { edition });
        expect(readCheckInFile(buildCheckInFile(rows, MADE_ON, edition))).toEqual(composed(rows));
      }),
      runs,
    );
  });

  test('papers of the social insurance: read back as projected', () => {
    const parser = new XMLParser({
      parseTagValue: false,
      trimValues: false,
      processEntities: true,
      htmlEntities: true,
    });
    let seen = 0;
    fc.assert(
      fc.property(anyVisit, (visit) => {
        const papers = projectPapers(visit.snapshot);
        const xml = buildPaperPackage([papers], {
          ...headOf(visit),
          id: visit.snapshot.visit.encounter.claimKey,
        }).toString();
        const inner = [...xml.matchAll(/<LOAIHOSO>(\w+)<\/LOAIHOSO><NOIDUNGFILE>([^<]*)/g)].map(
          ([, code, text]) => {
            const document = parser.parse(Buffer.from(text!, 'base64').toString('utf8')) as Record<
              string,
              unknown
            >;
            return [code, document[code!]];
          },
        );
        expect(Object.fromEntries(inner)).toEqual(composed(papers));
        seen += inner.length;
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(50);
  });
});
