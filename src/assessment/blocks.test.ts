import { describe, expect, test } from '@jest/globals';
import {
  findingsIn,
  findingsInBlocks,
  goldenClaims,
  hostileFiles,
  spoiltClaims,
  writtenAnyhow,
} from '../../test/harness/findings.ts';

describe('a set in blocks has the findings of the whole set, in their order', () => {
  // Persons, practitioners and machines of each of them come again in files far apart.
  const claims = [...spoiltClaims(60, 7), ...spoiltClaims(20, 8)];
  const files = claims.map(
    (claim, at) => [`${at}.xml`, writtenAnyhow([claim], claim.XML1![0]!.MA_CSKCB!)] as const,
  );
  const together = Array.from({ length: 8 }, (_, at) => {
    const of = claims.slice(at * 10, at * 10 + 10);
    return [`${at}.xml`, writtenAnyhow(of, of[0]!.XML1![0]!.MA_CSKCB!)] as const;
  });

  test.each([
    ['one claim in each file', files, [1, 7, 40]],
    ['ten claims in each file', together, [1, 3]],
    ['golden files', goldenClaims(), [1, 4]],
    ['hostile files', hostileFiles(), [3]],
  ] as const)('%s', async (_name, set, sizes) => {
    const whole = await findingsIn(set);
    expect(whole.length).toBeGreaterThan(10);
    for (const size of sizes) {
      const { found } = await findingsInBlocks(set, size);
      expect(found).toEqual(whole);
    }
  });

  test('only what is near a block is sent to it', async () => {
    const far = spoiltClaims(40, 9).map((claim, at) => [
      `${at}.xml`,
      writtenAnyhow([claim], claim.XML1![0]!.MA_CSKCB!),
    ]) as [string, Buffer][];
    expect((await findingsInBlocks(far, 20)).guests).toBe(0);
    expect((await findingsInBlocks([...far, ...far], 40)).guests).toBe(2);
  });
});
