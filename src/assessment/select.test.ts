import { expect, test } from '@jest/globals';
import { selectRules, UnknownRule } from './select.ts';

const ids = (...asked: string[]) => selectRules(asked).rules.map(({ id }) => id);

test('all that are on by default', () => {
  const { rules, fileRules, isAsked } = selectRules();
  expect(rules.some(({ isOffByDefault }) => isOffByDefault)).toBe(false);
  expect(fileRules).toContain('STR_HOSO_COUNT');
  expect(fileRules).not.toContain('STR_ONE_RECORD_PER_FILE');
  expect(isAsked('MON_SUM_BHTT')).toBe(true);
});

test('some, with all that stand above them; only they speak', () => {
  const { isAsked } = selectRules(['BEN_CHILD_COPAY']);
  expect(ids('BEN_CHILD_COPAY').toSorted()).toEqual([
    'BEN_CARD_LEVEL',
    'BEN_CHILD_COPAY',
    'BEN_FULL_CARD_COPAY',
    'STR_XML1_PRESENT',
  ]);
  expect(isAsked('BEN_CHILD_COPAY')).toBe(true);
  expect(isAsked('BEN_CARD_LEVEL')).toBe(false);
});

test('rules of files', () => {
  expect(selectRules(['STR_ONE_RECORD_PER_FILE']).fileRules).toEqual(['STR_ONE_RECORD_PER_FILE']);
  expect(selectRules(['MON_SUM_BHTT']).fileRules).toEqual([]);
});

test('what is no rule', () => {
  expect(() => selectRules(['MON_SUM_BHTT', 'NOPE'])).toThrow(UnknownRule);
});
