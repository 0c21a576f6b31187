import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { assessVisit, loadPolicy } from '../../src/benefits/index.ts';
import { benefitVisit, type SettlementAnswer } from '../../src/billing/index.ts';
import { settlementAnswer } from '../../src/billing/settle.service.ts';
import { sameAsBuilt } from '../../src/claims/compare.ts';
import { buildCheckInFile, buildClaimFile } from '../../src/claims/files.ts';
import { projectCheckIn, projectClaim } from '../../src/claims/project.ts';
import { readCheckInFile, readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimSnapshot } from '../../src/claims/snapshot.ts';
import { rowTotals, totals } from '../../src/claims/totals.ts';
import { localDate } from '../../src/platform/dates.ts';
import { decimal } from '../../src/platform/money.ts';

/**
 * `3176/<case>/input.json` (a snapshot with its settlement written out) against the exact bytes of `claim.xml` and
 * `check-in.xml`. `readable/` holds the inner documents, one element per line, so that a diff can be read.
 * `npm run golden:update` writes them anew; then read the diff.
 */
const folder = new URL('3176/', import.meta.url);
const isUpdate = process.env.GOLDEN_UPDATE === '1';
const MADE_ON = '2026-08-15';

const read = (name: string): ClaimSnapshot =>
  JSON.parse(readFileSync(new URL(`${name}/input.json`, folder), 'utf8')) as ClaimSnapshot;

function filesOf(snapshot: ClaimSnapshot): Map<string, Buffer> {
  const { encounter, facility } = snapshot.visit;
  const claim = buildClaimFile([projectClaim(snapshot)], { facilityCode: facility.code, madeOn: MADE_ON });
  const checkIn = buildCheckInFile(projectCheckIn(snapshot), localDate(encounter.arrivedAt));
  const files = new Map([
    ['claim.xml', claim],
    ['check-in.xml', checkIn],
  ]);
  const held = claim.toString().matchAll(/<LOAIHOSO>(\w+)<\/LOAIHOSO><NOIDUNGFILE>([^<]+)/g);
  for (const [, code, content] of held) {
    const inner = Buffer.from(content!, 'base64').toString('utf8');
    const lines = inner.replace(/(<\/\w+>|\?>)(?=<)|(<\w+>)(?=<\w)/g, '$1$2\n');
    files.set(`readable/${code}.xml`, Buffer.from(`${lines}\n`));
  }
  return files;
}

const cases = readdirSync(folder);

describe('golden claims', () => {
  test('there are cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(8);
  });

  test.each(cases)('%s', (name) => {
    const built = filesOf(read(name));
    if (isUpdate) rmSync(new URL(`${name}/readable/`, folder), { recursive: true, force: true });
    mkdirSync(new URL(`${name}/readable/`, folder), { recursive: true });
    for (const [file, bytes] of built) {
      const path = new URL(`${name}/${file}`, folder);
      if (isUpdate) writeFileSync(path, bytes);
      expect(readFileSync(path, 'utf8')).toBe(bytes.toString('utf8'));
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }
    const expected = [
      'claim.xml',
      'check-in.xml',
      ...readdirSync(new URL(`${name}/readable/`, folder)).map((f) => `readable/${f}`),
    ];
    expect([...built.keys()].toSorted()).toEqual(expected.toSorted());
  });

  test.each(cases)('%s: reads back as it was projected', (name) => {
    const snapshot = read(name);
    const path = (file: string) => readFileSync(new URL(`${name}/${file}`, folder));
    const tables = projectClaim(snapshot);
    expect(sameAsBuilt(path('claim.xml'), [tables])).toBe(true);
    const file = readClaimFile(path('claim.xml'));
    expect(file.facilityCode).toBe(snapshot.visit.facility.code);
    expect(file.madeOn).toBe(MADE_ON);
    expect(file.records).toEqual([composed(tables)]);
    expect(readCheckInFile(path('check-in.xml'))).toEqual(composed(projectCheckIn(snapshot)));
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
  test.each(cases.filter((name) => read(name).settlement))('%s', (name) => {
    const { visit, settlement } = read(name);
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
