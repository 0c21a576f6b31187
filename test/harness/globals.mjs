/** What `@jest/globals` gives to test files that Node loads: always of the file that runs now. */
export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test;

export function useGlobals(globals) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals);
}
