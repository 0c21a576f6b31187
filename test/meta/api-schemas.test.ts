import { describe, expect, test } from '@jest/globals';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { createValidation } from '../../src/platform/http/validation.ts';
import { Problem } from '../../src/platform/problem.ts';

/** Servers compile a schema when it is first needed: that none of them fails then is shown here. */
describe('the schemas of the API', () => {
  const ids = Object.keys(API_SCHEMAS);
  const validation = createValidation(API_SCHEMAS, ids);

  test.each(ids)('%s compiles, and refuses what is no value at all', (id) => {
    for (const bytes of [1, 1_000_000])
      expect(() => validation.check(id, undefined, 'invalid-body', bytes)).toThrow(Problem);
  });

  test('a name without a schema is noticed when the server starts', () => {
    expect(() => createValidation(API_SCHEMAS, ['NoSuchThing'])).toThrow('NoSuchThing');
  });
});
