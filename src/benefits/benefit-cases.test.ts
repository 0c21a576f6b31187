import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { addDays } from '../platform/dates.ts';
import { decimal, decimalText, type Money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import {
  assessVisit,
  type BenefitLine,
  type BenefitResult,
  type BenefitVisit,
  loadPolicy,
  type Totals,
} from './index.ts';

/** Runs every file of fixtures/benefit-cases; the README there says how to read them. */
const folder = new URL('../../fixtures/benefit-cases/', import.meta.url);

interface CaseCard {
  readonly number: string;
  readonly from?: string;
  readonly lastDay?: string;
  readonly area?: 'K1' | 'K2' | 'K3';
  readonly shownAt?: string;
  readonly freeCopayFrom?: string;
}
interface CaseLine {
  readonly item?: BenefitLine['kind'];
  readonly price: string;
  readonly quantity?: string;
  readonly insuredPrice?: string;
  readonly ceiling?: string;
  readonly scope?: string;
  readonly ratio?: string;
  readonly on?: string;
  readonly at?: string;
  readonly examination?: number;
  readonly sameDayReturn?: boolean;
  readonly role?: NonNullable<BenefitLine['surgeryRole']>;
  readonly people?: number;
  readonly package?: string;
}
interface CaseVisit {
  readonly arrivedOn: string;
  readonly kindOfCare: string;
  readonly route: string | null;
  readonly legacyRoute?: NonNullable<BenefitVisit['legacyRoute']>;
  readonly formerTier?: BenefitVisit['facility']['formerTier'];
  readonly chronicDispensing?: boolean;
  readonly birthDate?: string;
  readonly cards: readonly CaseCard[];
  readonly lines: readonly CaseLine[];
}
type Expected = Readonly<Record<string, unknown>> & { readonly refused?: string; readonly place?: string };
interface CaseFile {
  readonly title: string;
  readonly cases: readonly {
    readonly title: string;
    readonly visit: CaseVisit;
    readonly expected: Expected;
  }[];
}

function toVisit(given: CaseVisit): BenefitVisit {
  return {
    policyDate: given.arrivedOn,
    classCode: given.kindOfCare,
    routeCode: given.route,
    ...(given.legacyRoute ? { legacyRoute: given.legacyRoute } : {}),
    isChronicDispensing: given.chronicDispensing ?? false,
    birthDate: given.birthDate ?? null,
    facility: {
      level: 'basic',
      points: 45,
      formerTier: given.formerTier === undefined ? 'district' : given.formerTier,
    },
    coverages: given.cards.map((card) => ({
      cardNumber: card.number,
      from: card.from ?? '2015-01-01',
      to: card.lastDay === undefined ? null : addDays(card.lastDay, 1),
      areaCode: card.area ?? null,
      freeCopayFrom: card.freeCopayFrom ?? null,
      presentedAt: card.shownAt ?? null,
    })),
    lines: given.lines.map((line, index) => toLine(line, index, given.arrivedOn)),
  };
}

function toLine(line: CaseLine, index: number, arrivedOn: string): BenefitLine {
  return {
    id: `line-${index + 1}`,
    kind: line.item ?? 'service',
    date: line.on ?? arrivedOn,
    ...(line.at === undefined ? {} : { performedAt: line.at }),
    quantity: decimal(line.quantity ?? '1'),
    unitPrice: decimal(line.price),
    insuredUnitPrice: decimal(line.insuredPrice ?? line.price),
    unitCeiling: line.ceiling === undefined ? null : decimal(line.ceiling),
    scopeCode: line.scope ?? '1',
    catalogueRate: decimal(line.ratio ?? '100'),
    ...(line.examination === undefined ? {} : { examOrdinal: line.examination }),
    ...(line.sameDayReturn === undefined ? {} : { sameDayReturn: line.sameDayReturn }),
    ...(line.role === undefined ? {} : { surgeryRole: line.role }),
    ...(line.people === undefined ? {} : { bedOccupants: line.people }),
    packageCode: line.package ?? null,
  };
}

/** All that a case may assert, so that a misspelt name in a file fails instead of asserting nothing. */
function outcome(result: BenefitResult): Record<string, unknown> {
  const { lines } = result;
  const totals = Object.entries(result.totals) as [keyof Totals, Money][];
  return {
    ...Object.fromEntries(totals.map(([name, amount]) => [name, moneyText(amount)])),
    isLowCostVisit: result.isLowCostVisit,
    benefitRates: lines.map((line) => decimalText(line.benefitRate)),
    scopeRates: lines.map((line) => decimalText(line.scopeRate)),
    serviceRates: lines.map((line) => decimalText(line.serviceRate)),
    insuredAmounts: lines.map((line) => moneyText(line.insuredAmount)),
    rules: [...new Set(lines.flatMap((line) => line.because.map(({ rule }) => rule)))],
  };
}

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const law = loadPolicy();

describe.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('benefit cases: %s', (name) => {
  const { cases } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CaseFile;
  test.each(cases.map((it) => [it.title, it] as const))('%s', (_title, { visit, expected }) => {
    const { refused, place, ...asserted } = expected;
    if (refused !== undefined) {
      const problem = problemOf(() => assessVisit(toVisit(visit), law));
      expect([problem.type, problem.places[0]?.message]).toEqual([refused, place]);
      return;
    }
    const actual = outcome(assessVisit(toVisit(visit), law));
    expect(Object.keys(asserted).length).toBeGreaterThan(0);
    expect(Object.fromEntries(Object.keys(asserted).map((key) => [key, actual[key]]))).toEqual(asserted);
  });
});
