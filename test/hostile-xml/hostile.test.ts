import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ClaimReadError, paperProblems, schemaCheck } from '../../src/claims/foreign.ts';
import { verifyClaimSignature } from '../../src/signatures/index.ts';
import { goldenKey } from '../signatures/keys.ts';
import { HOSTILE } from './corpus.ts';
import type { Said } from './read.ts';

/** JavaScript objects and what is outside of them; a program that held the gibibyte of a bomb would need more. */
const HEAP_MB = 256;
const MEMORY_MB = 512;
const KILL_AFTER_MS = 120_000;

const scratch = mkdtempSync(join(tmpdir(), 'his-hostile-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let said: readonly Said[];
let memoryMb: number;
beforeAll(async () => {
  const paths = HOSTILE.map(({ bytes }, index) => {
    const path = join(scratch, String(index));
    writeFileSync(path, bytes());
    return path;
  });
  const reader = fileURLToPath(new URL('read.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, '--expose-gc', reader, ...paths],
    {
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: KILL_AFTER_MS,
      killSignal: 'SIGKILL',
    },
  );
  const lines = (await text(child.stdout)).trim().split('\n');
  memoryMb = Number(lines.pop());
  said = lines.map((line) => JSON.parse(line) as Said);
}, KILL_AFTER_MS + 30_000);

test.each(HOSTILE.map((one, index) => [one.name, one.finding, one.of, index] as const))(
  '%s: %s of the %s',
  (_, finding, of, index) => {
    expect(said[index]).toMatchObject({ finding, of, records: 0 });
    // A whole sentence, and nothing of the file in it.
    expect(said[index]!.words).toMatch(/\.$/);
    expect(said[index]!.words).not.toMatch(/\{|<|passwd|Lê Văn/);
  },
);

describe('the other readers of files from outside', () => {
  const small = HOSTILE.map(({ name, bytes }) => [name, Buffer.from(bytes())] as const).filter(
    ([, bytes]) => bytes.length < 2 * 1024 * 1024,
  );
  const schemas = schemaCheck();
  afterAll(() => schemas.dispose());

  test.each(small)('papers: %s is refused by name, or is no package', (_name, bytes) => {
    let found: unknown;
    try {
      found = paperProblems(bytes, 64 * 1024 * 1024, schemas);
    } catch (error) {
      found = error;
    }
    if (found !== null) expect(found).toBeInstanceOf(ClaimReadError);
  });

  test.each(small)('signature: %s bears none that is valid', (_name, bytes) => {
    expect(['invalid', 'absent']).toContain(verifyClaimSignature(bytes, goldenKey()).state);
  });
});

test('all of it in one process of bounded memory', () => {
  expect(said).toHaveLength(HOSTILE.length);
  expect(memoryMb).toBeLessThan(MEMORY_MB);
});
