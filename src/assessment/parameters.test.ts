import { expect, test } from '@jest/globals';
import { isSafePattern, type Parameters, wrongParameters } from './parameters.ts';
import type { Rule } from './rule.ts';
import { ALL_RULES } from './rules/index.ts';

const rules = ALL_RULES as unknown as readonly Rule<Parameters>[];

test.each(rules.map((rule) => [rule.id, rule.params] as const))(
  '%s: its own defaults are what may be set',
  (_, defaults) => expect(wrongParameters(defaults, defaults)).toEqual([]),
);

const DEFAULTS = {
  tol: '1',
  days: 7,
  allowLower: true,
  firstDay: '20250101',
  codes: ['40.17'],
  none: [],
  weeks: [1, 42],
  rates: ['100', '30'],
  pattern: '^A$',
  patterns: ['^A$'],
  samePerson: ['SO_CCCD', 'MA_BN'],
  minLevel: 'contraindicated',
  minMinutes: { '1': 3 },
  exempt: { MUC_HUONG: ['12'] },
  fields: { HO_TEN: 'name', NGAY_VAO: 'one-of' },
  branches: {},
};

test.each<readonly [string, unknown, string | null]>([
  ['tol', '2.5', null],
  ['tol', 2.5, 'otherKind'],
  ['tol', 'two', 'otherKind'],
  ['tol', '-1', 'otherKind'],
  ['days', 0, null],
  ['days', -1, 'otherKind'],
  ['days', 1.5, 'otherKind'],
  ['days', '7', 'otherKind'],
  ['days', null, 'otherKind'],
  ['allowLower', false, null],
  ['allowLower', 'false', 'otherKind'],
  ['firstDay', '20260228', null],
  ['firstDay', '20260230', 'otherKind'],
  ['codes', [], null],
  ['codes', ['05V', '02.0085.1778'], null],
  ['codes', '40.17', 'otherKind'],
  ['codes', [7], 'otherKind'],
  ['codes', ['<x>'], 'otherKind'],
  ['none', ['K01'], null],
  ['weeks', [2, 40], null],
  ['weeks', [40, 2], 'otherLength'],
  ['weeks', [2], 'otherLength'],
  ['rates', ['100'], null],
  ['rates', [], 'otherLength'],
  ['rates', ['all'], 'otherKind'],
  ['pattern', '^[A-Z]{2}\\d+$', null],
  ['pattern', '^(', 'unsafePattern'],
  ['pattern', 'A', 'unsafePattern'],
  ['patterns', ['^A', '^(a+)+$'], 'unsafePattern'],
  ['samePerson', ['MA_THE_BHYT'], null],
  ['samePerson', [], 'notAChoice'],
  ['samePerson', ['HO_TEN'], 'notAChoice'],
  ['minLevel', 'major', null],
  ['minLevel', 'huge', 'notAChoice'],
  ['minMinutes', { '1': 5, '18': 10 }, null],
  ['minMinutes', { '1': '5' }, 'otherKind'],
  ['minMinutes', [3], 'otherKind'],
  ['exempt', { DON_VI_TINH: ['13'] }, null],
  ['exempt', { DON_VI_TINH: '13' }, 'otherKind'],
  ['exempt', JSON.parse('{"__proto__": []}'), 'otherKind'],
  ['fields', { HO_TEN: 'name' }, null],
  ['fields', { HO_TEN: 'loosely' }, 'notAChoice'],
  ['branches', { '40021': '40022' }, null],
  ['nobodyKnows', 1, 'unknownParameter'],
  ['constructor', 1, 'unknownParameter'],
])('%s = %j: %s', (name, value, what) => {
  expect(wrongParameters(DEFAULTS, { [name]: value })).toEqual(what === null ? [] : [{ name, what }]);
});

test.each([
  ['^[HTCK]\\d{3}$', true],
  ['^.*A.*$', true],
  ['^.*.*.*$', false],
  ['^(a|b)+$', false],
  ['^(a)\\1$', false],
  ['^a{1000}$', false],
  [`^${'a'.repeat(200)}`, false],
])('the pattern %s is safe: %s', (pattern, expected) => expect(isSafePattern(pattern)).toBe(expected));
