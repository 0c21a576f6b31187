import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import {
  type CheckedPart,
  type Guests,
  type Looked,
  type Shared,
  sharedKeys,
  type Whole,
} from '../assessment/files.ts';
import type { CheckSetup } from './check-setup.ts';
import { CommandFailure } from './failure.ts';

export type Order =
  | { readonly kind: 'look'; readonly block: number; readonly paths: readonly string[] }
  | { readonly kind: 'share'; readonly shared: Shared; readonly firsts: readonly number[] }
  | { readonly kind: 'check'; readonly block: number; readonly whole: Whole }
  | { readonly kind: 'stop' };

export type Told =
  | { readonly kind: 'progress'; readonly count: number }
  | { readonly kind: 'looked'; readonly looked: Looked }
  | { readonly kind: 'guests'; readonly guests: Guests }
  | { readonly kind: 'part'; readonly part: CheckedPart }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };

/** So far ahead of what is handed out a thread may check: what it has found waits in memory. */
const MOST_AHEAD = 6;

/**
 * Checks blocks of files in several threads; what they found comes in the order of the files, as from one thread.
 * @param onProgress claims looked through so far, then (with their number) claims checked
 */
export async function* checkInThreads(
  blocks: readonly (readonly string[])[],
  setup: CheckSetup,
  count: number,
  onProgress: (done: number, total: number | null) => void,
): AsyncGenerator<CheckedPart, void> {
  setFlagsFromString(SMALL_HEAPS);
  const threads = Array.from({ length: count }, () => startThread(setup));
  try {
    const { looked, owners } = await lookAtAll(threads, blocks, (done) => onProgress(done, null));
    const firsts: number[] = [];
    let total = 0;
    for (const { claims } of looked) {
      firsts.push(total);
      total += claims;
    }
    const guests = await shareAmong(threads, looked, firsts);
    const facilities = [...new Set(looked.flatMap((one) => one.facilities))];
    const wholeOf = (block: number): Whole => ({
      total,
      facilities,
      first: firsts[block]!,
      guests: guests.get(block) ?? [],
    });
    let done = total;
    for await (const part of inOrder(threads, owners, wholeOf)) {
      done += part.claims;
      if (part.claims > 0) onProgress(done, 2 * total);
      yield part;
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** Whoever is free takes the next block, and keeps what it saw of it. */
async function lookAtAll(
  threads: readonly Thread[],
  blocks: readonly (readonly string[])[],
  onProgress: (done: number) => void,
) {
  const looked: Looked[] = [];
  const owners: Thread[] = [];
  const waiting = blocks.entries();
  let done = 0;
  await Promise.all(
    threads.map(async (thread) => {
      for (const [block, paths] of waiting) {
        owners[block] = thread;
        await thread.do({ kind: 'look', block, paths }, (told) => {
          if (told.kind === 'progress') onProgress(done + told.count);
          if (told.kind !== 'looked') return;
          looked[block] = told.looked;
          done += told.looked.claims;
        });
      }
    }),
  );
  return { looked, owners };
}

async function shareAmong(threads: readonly Thread[], looked: readonly Looked[], firsts: readonly number[]) {
  const guests = new Map<number, Uint8Array[]>();
  const shared = sharedKeys(looked);
  await Promise.all(
    threads.map((thread) =>
      thread.do({ kind: 'share', shared, firsts }, (told) => {
        if (told.kind !== 'guests') return;
        const { to, packed } = told.guests;
        const known = guests.get(to);
        if (known) known.push(packed);
        else guests.set(to, [packed]);
      }),
    ),
  );
  return guests;
}

async function* inOrder(
  threads: readonly Thread[],
  owners: readonly Thread[],
  wholeOf: (block: number) => Whole,
): AsyncGenerator<CheckedPart, void> {
  const found = owners.map(() => channel<CheckedPart>());
  let [current, wake] = [0, () => {}];
  let moved = new Promise<void>((resolve) => (wake = resolve));
  for (const thread of threads) {
    const own = [...owners.keys()].filter((block) => owners[block] === thread);
    const work = async () => {
      for (const block of own) {
        while (block > current + MOST_AHEAD) await moved;
        await thread.do({ kind: 'check', block, whole: wholeOf(block) }, (told) => {
          if (told.kind === 'part') found[block]!.push(told.part);
        });
        found[block]!.end();
      }
    };
    work().catch((error: unknown) => {
      for (const one of found) one.end(error);
    });
  }
  for (const [block, parts] of found.entries()) {
    current = block;
    wake();
    moved = new Promise<void>((resolve) => (wake = resolve));
    yield* parts;
  }
}

/** What is read of a claim lives for a moment; more room for it is only more memory. */
const YOUNG_MB = 8;
/** Heaps are cleaned before they have grown by so much: several of them in one process, for a tenth more time. */
const SMALL_HEAPS = '--heap-growing-percent=40';

interface Thread {
  /** One order at a time. @throws CommandFailure, or what the thread broke by */
  do(order: Order, onTold: (told: Told) => void): Promise<void>;
  /** Ends the thread after its order: a thread ended while it loads modules takes the whole process along. */
  stop(): Promise<unknown>;
}

function startThread(setup: CheckSetup): Thread {
  const worker = new Worker(new URL('./check.thread.ts', import.meta.url), {
    workerData: setup,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  let broken: unknown;
  let settle: (told: Told | null) => void = () => {};
  worker.on('message', (told: Told) => settle(told));
  worker.on('error', (error) => {
    broken = error;
    settle(null);
  });
  return {
    do: (order, onTold) =>
      new Promise<void>((resolve, reject) => {
        settle = (told) => {
          if (told === null) reject(broken as Error);
          else if (told.kind === 'failed') reject(new CommandFailure(told.message, told.exitCode));
          else if (told.kind === 'done') resolve();
          else onTold(told);
        };
        if (broken) settle(null);
        else worker.postMessage(order);
      }),
    stop: () => {
      worker.postMessage({ kind: 'stop' } satisfies Order);
      return exited;
    },
  };
}

/** What one side puts in, the other takes out in that order. */
function channel<T>() {
  const waiting: T[] = [];
  let [wake, ended, failure] = [() => {}, false, undefined as unknown];
  return {
    push(one: T): void {
      waiting.push(one);
      wake();
    },
    end(error?: unknown): void {
      ended = true;
      failure ??= error;
      wake();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (failure) throw failure as Error;
        if (ended) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
