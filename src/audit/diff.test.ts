import { describe, expect, test } from '@jest/globals';
import { minimalDiff } from './diff.ts';

describe('a minimal diff', () => {
  const cases: [string, object, object, object][] = [
    ['nothing changed', { name: 'A', phone: null }, { name: 'A', phone: null }, {}],
    ['one of two fields', { name: 'A', sex: '1' }, { name: 'B', sex: '1' }, { name: ['A', 'B'] }],
    [
      'a field that the patch does not name stays',
      { name: 'A', sex: '1' },
      { sex: '2' },
      { sex: ['1', '2'] },
    ],
    ['a field that was empty', { phone: null }, { phone: '09' }, { phone: [null, '09'] }],
    ['a field that is emptied', { phone: '09' }, { phone: null }, { phone: ['09', null] }],
    ['undefined empties like null', { phone: '09' }, { phone: undefined }, { phone: ['09', null] }],
    ['absent and null are the same', {}, { phone: null }, {}],
    ['0, false and an empty text are values', { a: null }, { a: 0 }, { a: [null, 0] }],
    [
      'a list is one value',
      { codes: ['a', 'b'] },
      { codes: ['b', 'a'] },
      {
        codes: [
          ['a', 'b'],
          ['b', 'a'],
        ],
      },
    ],
    ['an equal list is no change', { codes: ['a', 'b'] }, { codes: ['a', 'b'] }, {}],
    ['the order of keys inside a value is no change', { at: { x: 1, y: 2 } }, { at: { y: 2, x: 1 } }, {}],
    ['a number is not its text', { n: 1 }, { n: '1' }, { n: [1, '1'] }],
    [
      'moments are compared and shown as text',
      { at: new Date(0) },
      { at: '1970-01-01T00:00:00.001Z' },
      { at: ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z'] },
    ],
    ['an equal moment is no change', { at: new Date(0) }, { at: new Date(0).toISOString() }, {}],
  ];
  test.each(cases)('%s', (_name, before, after, changes) => {
    expect(minimalDiff(before, after)).toEqual(changes);
  });
});
