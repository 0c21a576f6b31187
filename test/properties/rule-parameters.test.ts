import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@jest/globals';
import fc from 'fast-check';
import { claimsOf } from '../../src/assessment/check.ts';
import { claimOf } from '../../src/assessment/claim.ts';
import { ALL_RULES, builtInsOf } from '../../src/assessment/index.ts';
import { type Parameters, wrongParameters } from '../../src/assessment/parameters.ts';
import type { Rule } from '../../src/assessment/rule.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { readClaimFile } from '../../src/claims/index.ts';

const golden = fileURLToPath(new URL('../golden/3176/', import.meta.url));
const files = readdirSync(golden)
  .filter((name) => name !== 'draft-in-progress')
  .map((name) => readClaimFile(readFileSync(join(golden, name, 'claim.xml'))));
const set = claimsOf(files);
const claims = files.map(({ facilityCode, records }) => claimOf(facilityCode, records[0]!));
const context = { builtIns: builtInsOf(loadPolicy()), checkTime: '202611242359', catalogues: {} };

/** Something of the kind of a default, or not. */
const any = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '0',
    '7',
    '0.5',
    '20260101',
    '20261301',
    '^A',
    '^(',
    '^[A-Z]+$',
    'major',
    'flat_rate',
    'x',
  ),
  fc.constantFrom<unknown>(0, 1, 5, 100_000, -1, 0.5, true, false, null),
);
const anyValue = fc.oneof(
  any,
  fc.array(any, { maxLength: 4 }),
  fc.dictionary(
    fc.constantFrom('1', 'XML2', 'HO_TEN', 'DUONG_DUNG'),
    fc.oneof(any, fc.array(any, { maxLength: 3 })),
    { maxKeys: 3 },
  ),
);
/** The default with one part exchanged: what is more often taken over than anything at all. */
const near = (usual: unknown): fc.Arbitrary<unknown> => {
  if (Array.isArray(usual)) return fc.subarray(usual).map((some) => [...some, ...some.slice(0, 1)]);
  if (usual !== null && typeof usual === 'object')
    return fc.subarray(Object.entries(usual)).map((some) => Object.fromEntries(some));
  return typeof usual === 'string' && /^\d/.test(usual) ? fc.constantFrom('0', '1', '999', '0.01') : anyValue;
};

const tunable = (ALL_RULES as unknown as readonly Rule<Parameters>[]).filter(
  ({ params, needs = [] }) => Object.keys(params).length > 0 && needs.length === 0,
);

test.each(tunable.map((rule) => [rule.id, rule] as const))(
  '%s: no parameter that may be set makes it fail',
  (_, rule) => {
    const names = Object.keys(rule.params);
    const one = fc
      .constantFrom(...names)
      .chain((name) => fc.oneof(anyValue, near(rule.params[name])).map((value) => ({ [name]: value })));
    fc.assert(
      fc.property(one, (given) => {
        if (wrongParameters(rule.params, given).length > 0) return;
        const params = { ...rule.params, ...given };
        for (const [index, claim] of claims.entries())
          rule.check(claim, params, { ...context, neighbours: set.at(index) });
      }),
      { numRuns: 30, examples: names.map((name) => [{ [name]: rule.params[name] }]) },
    );
  },
);
