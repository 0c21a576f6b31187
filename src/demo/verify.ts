import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { add, type Money, money, zero } from '../platform/money.ts';
import type { Share } from './verify.thread.ts';

export interface Verified {
  readonly files: number;
  readonly insurerPays: Money;
  /** `claim rule`: every error, and what only a planted mistake makes speak. */
  readonly told: ReadonlySet<string>;
}

/** A thread per core, but no more than pay for their start. */
const MOST_THREADS = 4;
const FEWEST_FILES = 200;

/** Every claim file under the folder, read back from disk: its money, and what the error rules say of it. */
export async function verifyFiles(dir: string, onFile: () => void): Promise<Verified> {
  const paths = [...claimFiles(dir)];
  const wanted = Math.min(MOST_THREADS, availableParallelism(), Math.ceil(paths.length / FEWEST_FILES));
  const threads = Math.max(1, wanted);
  const shares = await Promise.all(
    Array.from({ length: threads }, (_, turn) =>
      verifyShare(
        paths.filter((_path, index) => index % threads === turn),
        onFile,
      ),
    ),
  );
  return {
    files: shares.reduce((sum, share) => sum + share.files, 0),
    insurerPays: add(zero, ...shares.map((share) => money(share.insurerPays))),
    told: new Set(shares.flatMap((share) => share.told)),
  };
}

function verifyShare(paths: readonly string[], onFile: () => void): Promise<Share> {
  const thread = new Worker(new URL('./verify.thread.ts', import.meta.url), { workerData: paths });
  return new Promise((resolve, reject) => {
    let share: Share | undefined;
    thread.on('message', (message: 'file' | Share) => {
      if (message === 'file') onFile();
      else share = message;
    });
    thread.on('error', reject);
    thread.on('exit', (code) =>
      share ? resolve(share) : reject(new Error(`the reading thread ended with ${code}`)),
    );
  });
}

export function* claimFiles(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* claimFiles(path);
    else if (entry.name.endsWith('.xml')) yield path;
  }
}
