import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { assessVisit, loadPolicy } from '../../src/benefits/index.ts';
import { benefitVisit, type SettlementAnswer } from '../../src/billing/index.ts';
import { settlementAnswer } from '../../src/billing/settle.service.ts';
import { sameAsBuilt } from '../../src/claims/compare.ts';
import { dictionary, tableOf } from '../../src/claims/dictionary.ts';
import { EDITION_IDS, type EditionId, isIn } from '../../src/claims/editions.ts';
import { buildCheckInFile, buildClaimFile } from '../../src/claims/files.ts';
import { buildPaperPackage, projectPapers } from '../../src/claims/papers/package.ts';
import { alwaysEmpty, PROJECTIONS, projectCheckIn, projectClaim } from '../../src/claims/project.ts';
import { xml0 } from '../../src/claims/projection/xml0.ts';
import { readCheckInFile, readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimSnapshot } from '../../src/claims/snapshot.ts';
import { rowTotals, totals } from '../../src/claims/totals.ts';
import { localDate } from '../../src/platform/dates.ts';
import { decimal } from '../../src/platform/money.ts';

/**
 * `<edition>/<case>/input.json` (a snapshot with its settlement written out) against the exact bytes of `claim.xml`,
 * `check-in.xml` and, where papers for the social insurance were issued, `papers.xml`. `readable/` holds the inner
 * documents, one element per line, so that a diff can be read. `npm run golden:update` writes them anew; then read the
 * diff. Editions that ended before 2025 are not written any more: their files show what they looked like.
 */
const home = new URL('./', import.meta.url);
const isUpdate = process.env.GOLDEN_UPDATE === '1';
const MADE_ON = '2026-08-15';

interface Case {
  readonly edition: EditionId;
  readonly name: string;
}

const read = ({ edition, name }: Case): ClaimSnapshot =>
  JSON.parse(readFileSync(pathOf({ edition, name }, 'input.json'), 'utf8')) as ClaimSnapshot;
const pathOf = ({ edition, name }: Case, file: string) => new URL(`${edition}/${name}/${file}`, home);

function filesOf(snapshot: ClaimSnapshot, edition: EditionId): Map<string, Buffer> {
  const { encounter, facility } = snapshot.visit;
  const head = { facilityCode: facility.code, madeOn: MADE_ON };
  const claim = buildClaimFile([projectClaim(snapshot, { edition })], head, edition);
  const rows = projectCheckIn(snapshot, { edition });
  const papers = projectPapers(snapshot);
  const files = new Map([
    ['claim.xml', claim],
    ['check-in.xml', buildCheckInFile(rows, localDate(encounter.arrivedAt), edition)],
  ]);
  const hasPapers = isIn(edition, '3176') && Object.keys(papers).length > 0;
  if (hasPapers) files.set('papers.xml', buildPaperPackage([papers], { ...head, id: encounter.claimKey }));
  for (const file of ['claim.xml', 'papers.xml']) {
    const held = (files.get(file)?.toString() ?? '').matchAll(
      /<LOAIHOSO>(\w+)<\/LOAIHOSO><NOIDUNGFILE>([^<]+)/g,
    );
    for (const [, code, content] of held) {
      const inner = Buffer.from(content!, 'base64').toString('utf8');
      const lines = inner.replace(/(<\/\w+>|\?>)(?=<)|(<\w+>)(?=<\w)/g, '$1$2\n');
      files.set(`readable/${code}.xml`, Buffer.from(`${lines}\n`));
    }
  }
  return files;
}

const cases: readonly Case[] = EDITION_IDS.flatMap((edition) =>
  readdirSync(new URL(`${edition}/`, home)).map((name) => ({ edition, name })),
);

describe('golden claims', () => {
  test('there are cases for every edition', () => {
    for (const edition of EDITION_IDS)
      expect(cases.filter((one) => one.edition === edition).length).toBeGreaterThanOrEqual(5);
    expect(cases.length).toBeGreaterThanOrEqual(28);
  });

  test.each(cases)('$edition $name', (one) => {
    const built = filesOf(read(one), one.edition);
    const folder = pathOf(one, 'readable/');
    if (isUpdate) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [file, bytes] of built) {
      const path = pathOf(one, file);
      if (isUpdate) writeFileSync(path, bytes);
      expect(readFileSync(path, 'utf8')).toBe(bytes.toString('utf8'));
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }
    const found = readdirSync(pathOf(one, ''), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? readdirSync(folder).map((file) => `readable/${file}`) : [entry.name],
    );
    expect([...built.keys(), 'input.json'].toSorted()).toEqual(found.toSorted());
  });

  test.each(cases)('$edition $name: reads back as it was projected', (one) => {
    const snapshot = read(one);
    const { edition } = one;
    const tables = projectClaim(snapshot, { edition });
    expect(sameAsBuilt(readFileSync(pathOf(one, 'claim.xml')), [tables], edition)).toBe(true);
    const file = readClaimFile(readFileSync(pathOf(one, 'claim.xml')));
    expect(file.facilityCode).toBe(snapshot.visit.facility.code);
    expect(file.madeOn).toBe(MADE_ON);
    expect(file.records).toEqual([composed(tables)]);
    const checkIn = projectCheckIn(snapshot, { edition });
    expect(readCheckInFile(readFileSync(pathOf(one, 'check-in.xml')))).toEqual(composed(checkIn));
  });

  test.each(EDITION_IDS)(
    '%s: every table and every element holds a value in some case, or has a reason',
    (edition) => {
      const tables = cases
        .filter((one) => one.edition === edition)
        .map(read)
        .flatMap((snapshot) =>
          Object.entries({
            XML0: projectCheckIn(snapshot, { edition }),
            ...projectClaim(snapshot, { edition }),
          }),
        );
      const filled = new Set(
        tables.flatMap(([code, rows]) =>
          rows.flatMap((row) =>
            Object.keys(row).flatMap((name) => (row[name] === '' ? [] : [`${code} ${name}`])),
          ),
        ),
      );
      const without = [...dictionary(edition).tables.values()]
        .filter(({ code }) => code !== 'XML12')
        .flatMap(({ code, fields }) => fields.map(({ name }) => `${code} ${name}`))
        .filter((field) => !filled.has(field));
      const reasons = [xml0, ...PROJECTIONS].flatMap(({ table, empty }) =>
        Object.keys(empty).map((name) => `${table} ${name}`),
      );
      expect(without.filter((field) => !reasons.includes(field))).toEqual([]);
      expect(reasons.filter((field) => filled.has(field))).toEqual([]);
    },
  );

  test('of what the database gives, exactly that stays empty which is said to', () => {
    const filled = new Set<string>();
    for (const one of cases.filter(({ edition }) => isIn(edition, '3176'))) {
      const { clinical: _, ...bare } = read(one);
      const tables = { XML0: projectCheckIn(bare), ...projectClaim(bare) };
      for (const [code, rows] of Object.entries(tables))
        for (const row of rows)
          for (const [name, value] of Object.entries(row)) if (value !== '') filled.add(`${code} ${name}`);
    }
    const found = [xml0, ...PROJECTIONS].flatMap(({ table }) => {
      const names = tableOf(table).fields.map(({ name }) => name);
      const without = names.filter((name) => !filled.has(`${table} ${name}`));
      return without.length === names.length ? [`${table} null`] : without.map((name) => `${table} ${name}`);
    });
    expect(alwaysEmpty().map(({ table, field }) => `${table} ${field}`)).toEqual(found);
  });

  test('the edition that a visit of today selects gives the same bytes', () => {
    const one = { edition: '1931', name: 'delivery-of-twins' } as const;
    const { facility } = read(one).visit;
    const head = { facilityCode: facility.code, madeOn: MADE_ON };
    const bytes = buildClaimFile([projectClaim(read(one))], head);
    expect(bytes.equals(readFileSync(pathOf(one, 'claim.xml')))).toBe(true);
  });
});

/** The writer composes text to NFC; everything else comes back as it was. */
const composed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'string' ? part.normalize('NFC') : part,
  ) as T;

/** Neither trailing zeros of rates nor the order of lines say anything; the rule ids are not kept in a snapshot. */
function comparable({
  policyDate,
  totals: sums,
  lines,
}: Pick<SettlementAnswer, 'policyDate' | 'totals' | 'lines'>) {
  const plain = lines.map(({ lineId, because: _because, ...values }) => {
    const numbers = Object.entries(values).map(([name, text]) => [name, decimal(String(text)).toFixed()]);
    return [lineId, Object.fromEntries(numbers)] as const;
  });
  return { policyDate, totals: sums, lines: Object.fromEntries(plain) };
}

describe('the settlement in a golden input is what the law says', () => {
  const law = loadPolicy();
  const underLaw = cases.filter((one) => isIn(one.edition, '3176') && read(one).settlement);
  test.each(underLaw)('$edition $name', (one) => {
    const { visit, settlement } = read(one);
    const { encounter, patient, facility, coverages, lines } = visit;
    const billed = { ...encounter, birthDate: patient.birthDate, facility, coverages, lines };
    const { version, settledAt, ...stored } = settlement!;
    const assessed = settlementAnswer(assessVisit(benefitVisit(billed, law), law), version, settledAt);
    expect(comparable(assessed)).toEqual(
      comparable({
        ...stored,
        totals: { ...stored.totals },
        lines: stored.lines.map((line) => ({ ...line, because: [] })),
      }),
    );
  });
});

/** Totals known from the benefits reference, section 11; the last two added up by hand. */
const KNOWN: Record<string, readonly [gross: string, insurerPays: string, copay: string, selfPay: string]> = {
  'example-01-low-cost': ['220000.00', '220000.00', '0.00', '0.00'],
  'example-02-copay': ['500000.00', '400000.00', '100000.00', '0.00'],
  'example-03-exactly-the-limit': ['379500.00', '303600.00', '75900.00', '0.00'],
  'example-13-fractions': ['504114.81', '403291.85', '100822.96', '0.00'],
  'inpatient-referred-out': ['7429603.00', '5243682.40', '1185920.60', '1000000.00'],
  'commune-tests-and-notes': ['146801.25', '146801.25', '0.00', '0.00'],
};

const folder = new URL('3176/', home);

describe('money in the golden files', () => {
  test.each(Object.entries(KNOWN))('%s', (name, [grossAmount, insurerPays, copay, selfPay]) => {
    const { records } = readClaimFile(readFileSync(new URL(`${name}/claim.xml`, folder)));
    expect(totals(records)).toMatchObject({ grossAmount, insurerPays, copay, selfPay, otherPayers: '0.00' });
    expect(rowTotals(records)).toEqual(totals(records));
    expect(existsSync(new URL(`${name}/check-in.xml`, folder))).toBe(true);
  });

  test('example 13: the drug row itself', () => {
    const { records } = readClaimFile(readFileSync(new URL('example-13-fractions/claim.xml', folder)));
    expect(records[0]?.XML2).toMatchObject([
      {
        SO_LUONG: '3.333',
        DON_GIA: '1234.567',
        THANH_TIEN_BV: '4114.81',
        T_BHTT: '3291.85',
        T_BNCCT: '822.96',
        MUC_HUONG: '80',
      },
    ]);
  });
});
