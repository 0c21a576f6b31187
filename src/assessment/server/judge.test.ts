import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyVisit } from '../../../test/properties/snapshots.ts';
import { loadPolicy } from '../../benefits/index.ts';
import type { Catalogue } from '../../catalogues/index.ts';
import { claimChoices, projectClaim } from '../../claims/index.ts';
import type { Directory } from '../../facilities/index.ts';
import type { Id } from '../../platform/ids.ts';
import { claimOf } from '../claim.ts';
import type { Neighbours } from '../encounter.ts';
import { rule } from '../rule.ts';
import { type Assessing, judge } from './judge.ts';

const failures: unknown[] = [];
const assessing: Assessing = {
  directory: { facilities: [], profileOn: () => undefined } as unknown as Directory,
  catalogue: { items: [], wards: [] } as unknown as Catalogue,
  law: loadPolicy(),
  settings: [],
  choices: claimChoices({ CLAIM_SUPPLY_CEILING: 'edition', CLAIM_INSURER_SHARE: 'rows' }),
  now: new Date('2026-11-26T05:00:00Z'),
  onFailure: (error) => failures.push(error),
};
const here = { id: '00000000-0000-7000-8000-000000000001' as Id, code: '40021' };

const { snapshot } = fc.sample(anyVisit, { numRuns: 1, seed: 1 })[0]!;
const judged = { visit: snapshot.visit, claim: claimOf(here.code, projectClaim(snapshot)) };
const speaking = rule({
  id: 'STR_KCB_TYPE',
  severity: 'error',
  stage: 'order',
  params: {},
  check: () => [{ table: 'XML1', row: 1, field: 'MA_LK', values: {} }],
});
const failing = rule({
  id: 'STR_DECIMALS',
  severity: 'error',
  stage: 'order',
  params: {},
  check: () => {
    throw new RangeError('no such day');
  },
});

test('a rule that fails is told to whoever runs the system; the others speak, and nothing it found before is cleared', () => {
  const rules = [failing, speaking];
  const selected = { rules, speaking: new Set(rules.map(({ id }) => id)) };
  const found = judge('order', assessing, here, judged, () => ({}) as Neighbours, selected);
  expect(found.findings.map((one) => one.rule)).toEqual(['STR_KCB_TYPE']);
  expect([...found.asked]).toEqual(['STR_KCB_TYPE']);
  expect(failures).toEqual([new RangeError('no such day')]);
});

test('what cannot be looked at at all is told, too, and is no finding: nothing was asked', () => {
  failures.length = 0;
  const broken = () => {
    throw new Error('neighbours');
  };
  const found = judge('order', assessing, here, judged, broken);
  expect([found.findings, [...found.asked], failures]).toEqual([[], [], [new Error('neighbours')]]);
});
