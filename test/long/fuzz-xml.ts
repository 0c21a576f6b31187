import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { randomFrom } from '../../src/demo/visits/random.ts';
import { HOSTILE } from '../hostile-xml/corpus.ts';
import { mutated } from './mutations.ts';
import type { LongResult } from './page.ts';

/** More than any input may take; far beyond what the slowest honest one takes, also on a busy machine. */
const HANG_MS = 30_000;
const GOLDEN = new URL('../golden/3176/', import.meta.url);
const LARGEST_SAMPLE = 200_000;
const MOST_SAMPLES = 2_000;

export interface Verdict {
  readonly kind: 'read' | 'refused' | 'broken';
  readonly ms: number;
  readonly told: string;
  /** Places of the reader's code that no input before has reached. */
  readonly reached: number;
}

/**
 * Feeds reader, rules and rewriting with mutated and hostile claim files, in a thread that is watched from outside: each
 * input ends in time, as a file or as a refusal that is named, and changes nothing of the program. What the thread
 * compares besides stands there. Guided by coverage: an input that reaches code which none before has reached is kept,
 * and others are made from it.
 */
export async function fuzzXml(seed: number, seconds: number): Promise<LongResult> {
  const honest = readdirSync(GOLDEN)
    .toSorted()
    .map((name) => readFileSync(new URL(`${name}/claim.xml`, GOLDEN)));
  const hostile = HOSTILE.map(({ bytes }) => bytes()).filter(({ length }) => length < LARGEST_SAMPLE);
  // Mostly honest files: a hostile one is refused at its first fault, whatever else is changed in it.
  const samples = [
    ...hostile,
    ...Array.from({ length: hostile.length * 4 }, (_, at) => honest[at % honest.length]!),
  ];
  const given = samples.length;
  const random = randomFrom('fuzz-xml', seed);
  const failures: string[] = [];
  const refusals = new Map<string, number>();
  let [index, read, slowest, bytes, reached] = [0, 0, 0, 0, 0];
  let reader = startReader();
  const fail = (input: Uint8Array, why: string) => {
    const file = join(tmpdir(), `fuzz-xml-${seed}-${index}.xml`);
    writeFileSync(file, input);
    failures.push(`input ${index}: ${why} (${file})`);
  };
  const endsAt = Date.now() + seconds * 1_000;
  for (; Date.now() < endsAt; index += 1) {
    const input = index < given ? samples[index]! : mutated(samples, random, index);
    bytes += input.length;
    const verdict = await Promise.race([reader.judge(input), sleep(HANG_MS, null, { ref: false })]);
    if (verdict === null || verdict.kind === 'broken') {
      fail(input, verdict === null ? 'hangs' : verdict.told);
      await reader.stop();
      reader = startReader();
      continue;
    }
    slowest = Math.max(slowest, verdict.ms);
    reached += verdict.reached;
    if (
      index >= given &&
      verdict.reached > 0 &&
      input.length < LARGEST_SAMPLE &&
      samples.length < MOST_SAMPLES
    )
      samples.push(input);
    if (verdict.kind === 'read') read += 1;
    else refusals.set(verdict.told, (refusals.get(verdict.told) ?? 0) + 1);
    if (index % 2_000 === 1_999)
      process.stderr.write(`${index + 1} inputs, ${Math.round((endsAt - Date.now()) / 1_000)} s left\n`);
  }
  await reader.stop();
  return {
    failures,
    figures: {
      inputs: index,
      'MB in all': Math.round(bytes / 1e6),
      'places of code reached': reached,
      'inputs kept because they reached a new one': samples.length - given,
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
  const thread = new Worker(new URL('./fuzz-xml.thread.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let tell: (verdict: Verdict) => void = () => undefined;
  thread.on('message', (verdict: Verdict) => tell(verdict));
  thread.on('error', (error) =>
    tell({ kind: 'broken', ms: 0, told: `ends the thread: ${error.message}`, reached: 0 }),
  );
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
