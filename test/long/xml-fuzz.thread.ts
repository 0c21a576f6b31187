import { parentPort } from 'node:worker_threads';
import { builtInsOf, checkFile } from '../../src/assessment/index.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { ClaimReadError, READ_FINDINGS } from '../../src/claims/errors.ts';
import { readClaimFile } from '../../src/claims/reader.ts';
import type { Verdict } from './xml-fuzz.ts';

const builtIns = builtInsOf(loadPolicy());
const prototype = Object.getOwnPropertyNames(Object.prototype).length;

parentPort?.on('message', (input: Uint8Array) => {
  const startedAt = performance.now();
  const { kind, told } = verdictOf(input);
  parentPort?.postMessage({ kind, told, ms: performance.now() - startedAt } satisfies Verdict);
});

function verdictOf(input: Uint8Array): { kind: Verdict['kind']; told: string } {
  try {
    const file = readClaimFile(input);
    checkFile(file, { builtIns });
    if (Object.getOwnPropertyNames(Object.prototype).length !== prototype)
      return { kind: 'broken', told: 'changes Object.prototype' };
    return { kind: 'read', told: '' };
  } catch (error) {
    if (!(error instanceof ClaimReadError)) return { kind: 'broken', told: `throws ${String(error)}` };
    if (!READ_FINDINGS.includes(error.finding)) return { kind: 'broken', told: `unknown ${error.finding}` };
    const words = error.explain('vi');
    if (/\{[a-z]\w*\}/i.test(words)) return { kind: 'broken', told: `refuses in half a sentence: ${words}` };
    return { kind: 'refused', told: error.finding };
  }
}
