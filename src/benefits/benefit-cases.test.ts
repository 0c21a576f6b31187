import { describe, expect, test } from '@jest/globals';
import { readCaseFiles, toVisit } from '../../fixtures/benefit-cases/reader.ts';
import { decimalText, type Money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { assessVisit, type BenefitResult, loadPolicy, type Totals } from './index.ts';

/** Runs every file of fixtures/benefit-cases; the README there says how to read them. All that a case may assert, so that a misspelt name in a file fails instead of asserting nothing. */
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

describe.each(readCaseFiles())('benefit cases: $name', ({ cases }) => {
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
