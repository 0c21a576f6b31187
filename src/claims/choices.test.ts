import { expect, test } from '@jest/globals';
import { readConfig } from '../config.ts';
import { claimChoices, DEFAULT_CHOICES } from './choices.ts';

test('without settings the ceiling follows the edition and T_BHTT is the sum of the rows', () => {
  expect(claimChoices(readConfig({}))).toEqual(DEFAULT_CHOICES);
  expect(DEFAULT_CHOICES).toEqual({
    supplyCeiling: { '130': 'package', '4750': 'package', '3176': 'item', '1931': 'item' },
    insurerShare: 'rows',
  });
});

test('both can be chosen otherwise, and nothing else', () => {
  const choices = claimChoices(
    readConfig({ CLAIM_SUPPLY_CEILING: 'package', CLAIM_INSURER_SHARE: 'subtraction' }),
  );
  expect(choices.insurerShare).toBe('subtraction');
  expect(new Set(Object.values(choices.supplyCeiling))).toEqual(new Set(['package']));
  expect(() => readConfig({ CLAIM_SUPPLY_CEILING: 'whatever' })).toThrow('CLAIM_SUPPLY_CEILING');
  expect(() => readConfig({ CLAIM_INSURER_SHARE: 'difference' })).toThrow('CLAIM_INSURER_SHARE');
});
