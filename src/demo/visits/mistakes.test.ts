import { describe, expect, test } from '@jest/globals';
import { readProvince } from '../../seed/province-files.ts';
import { compared, keyOf, plantedIn } from '../mistakes.ts';
import { PLANTED_RULES, planDay, type VisitPlan } from './index.ts';

const { province } = readProvince(new URL('../../../fixtures/province/', import.meta.url));
const days = (wrong: number) => planDay({ seed: 1, date: '2026-11-20', province, count: 1000, wrong });
const plans = (wrong: number): VisitPlan[] => days(wrong).flatMap((day) => [...day.visits()]);
const isWrong = ({ mistake }: VisitPlan) => mistake !== undefined;

describe('visits that are recorded wrongly', () => {
  const good = plans(0);
  const some = plans(0.03);

  test('are that share of the insured ones, the same each time', () => {
    const insured = some.filter(({ routeCode }) => routeCode !== '9');
    const share = insured.filter(isWrong).length / insured.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.04);
    expect(some.filter(isWrong).map(({ routeCode }) => routeCode)).not.toContain('9');
    expect(plans(0.03)).toEqual(some);
    expect(good.filter(isWrong)).toEqual([]);
  });

  test('leave the others as they are, and differ from what they would have been', () => {
    const byId = new Map(good.map((plan) => [plan.id, plan]));
    expect(some.filter((plan) => !isWrong(plan))).toEqual(
      some.filter((plan) => !isWrong(plan)).map(({ id }) => byId.get(id)),
    );
    const wrong = some.filter(isWrong);
    expect(
      wrong.filter(({ id, steps }) => JSON.stringify(steps) === JSON.stringify(byId.get(id)!.steps)),
    ).toEqual([]);
  });

  test('are of every kind', () => {
    const kinds = new Set(plans(1).map(({ mistake }) => mistake?.rule));
    expect(PLANTED_RULES.filter((rule) => !kinds.has(rule))).toEqual([]);
  });

  test('are listed before anything is recorded', () => {
    const wrong = some.filter(isWrong).map((plan) => ({ ...plan.mistake!, claimKey: keyOf(plan) }));
    expect(plantedIn(days(0.03))).toEqual(wrong);
  });
});

describe('both lists', () => {
  const planted = [
    { claimKey: 'A', rule: 'ICD_SEX_LIMIT', severity: 'error' },
    { claimKey: 'B', rule: 'DRG_DOSE_FORMAT', severity: 'warning' },
    { claimKey: 'C', rule: 'STF_ORDERING_RIGHTS', severity: 'warning' },
  ] as const;
  const server = ['A ICD_SEX_LIMIT', 'B DRG_DOSE_FORMAT', 'C STF_ORDERING_RIGHTS'];

  test('are equal: what is held is in no file, what needs a catalogue shows at the server only', () =>
    expect(compared(planted, { server: new Set(server), files: new Set(['B DRG_DOSE_FORMAT']) })).toEqual({
      planted: 3,
      held: 1,
      missed: [],
      unexpected: [],
    }));

  test('differ in either direction, at either place', () => {
    const found = {
      server: new Set([...server.slice(1), 'D MON_SUM_BHTT']),
      files: new Set(['A ICD_SEX_LIMIT']),
    };
    expect(compared(planted, found)).toMatchObject({
      missed: ['A ICD_SEX_LIMIT', 'B DRG_DOSE_FORMAT'],
      unexpected: ['D MON_SUM_BHTT', 'A ICD_SEX_LIMIT'],
    });
  });
});
