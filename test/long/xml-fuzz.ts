import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { randomFrom } from '../../src/demo/visits/random.ts';
import { mutated } from './mutations.ts';
import type { LongResult } from './page.ts';

const INPUTS = 20_000;
/** More than any input may take; far beyond what the slowest honest one takes. */
const SLOW_MS = 3_000;
const HANG_MS = 20_000;
const GOLDEN = new URL('../golden/3176/', import.meta.url);

export type Verdict =
  | { readonly kind: 'read' | 'broken'; readonly ms: number; readonly told: string }
  | { readonly kind: 'refused'; readonly ms: number; readonly told: string };

/**
 * Feeds the reader and the rules with mutated and hostile claim files, in a thread that is watched from outside: each
 * input ends in time, as a file or as a refusal that is named, and changes nothing of the program.
 */
export async function xmlFuzz(seed: number): Promise<LongResult> {
  const samples = readdirSync(GOLDEN).map((name) => readFileSync(new URL(`${name}/claim.xml`, GOLDEN)));
  const random = randomFrom('xml-fuzz', seed);
  const failures: string[] = [];
  const refusals = new Map<string, number>();
  let [read, slowest, bytes] = [0, 0, 0];
  let reader = startReader();
  const fail = (index: number, input: Uint8Array, why: string) => {
    const file = join(tmpdir(), `xml-fuzz-${seed}-${index}.xml`);
    writeFileSync(file, input);
    failures.push(`input ${index}: ${why} (${file})`);
  };
  for (let index = 0; index < INPUTS; index += 1) {
    const input = mutated(samples, random, index);
    bytes += input.length;
    const verdict = await Promise.race([reader.judge(input), sleep(HANG_MS, null, { ref: false })]);
    if (verdict === null || verdict.kind === 'broken') {
      fail(index, input, verdict === null ? 'hangs' : verdict.told);
      await reader.stop();
      reader = startReader();
      continue;
    }
    slowest = Math.max(slowest, verdict.ms);
    if (verdict.ms > SLOW_MS) fail(index, input, `took ${Math.round(verdict.ms)} ms`);
    if (verdict.kind === 'read') read += 1;
    else refusals.set(verdict.told, (refusals.get(verdict.told) ?? 0) + 1);
    if (index % 1_000 === 999) process.stderr.write(`${index + 1}/${INPUTS}\n`);
  }
  await reader.stop();
  return {
    failures,
    figures: {
      inputs: INPUTS,
      'MB in all': Math.round(bytes / 1e6),
      read,
      'slowest input, ms': Math.round(slowest),
      ...Object.fromEntries(
        [...refusals]
          .toSorted(([, a], [, b]) => b - a)
          .map(([finding, count]) => [`refused: ${finding}`, count]),
      ),
    },
  };
}

function startReader() {
  const thread = new Worker(new URL('./xml-fuzz.thread.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let tell: (verdict: Verdict) => void = () => undefined;
  thread.on('message', (verdict: Verdict) => tell(verdict));
  thread.on('error', (error) => tell({ kind: 'broken', ms: 0, told: `ends the thread: ${error.message}` }));
  return {
    judge(input: Uint8Array): Promise<Verdict> {
      return new Promise((told) => {
        tell = told;
        thread.postMessage(input);
      });
    },
    stop: () => thread.terminate(),
  };
}
