import { parentPort, workerData } from 'node:worker_threads';
import { type Block, blocksByKey, lookAtBlock } from '../assessment/files.ts';
import { type CheckSetup, checkSetup, openPath } from './check-setup.ts';
import type { Order, Told } from './check-threads.ts';
import { CommandFailure } from './failure.ts';

/** A thread of `his check`: does what it is told, one thing after the other, and keeps the blocks that it looked at. */
const { options } = checkSetup(workerData as CheckSetup, () => undefined);
const blocks = new Map<number, Block>();
const tell = (told: Told, transfer: ArrayBuffer[] = []) => parentPort!.postMessage(told, transfer);

parentPort!.on('message', (order: Order) => {
  done(order).then(
    () => tell({ kind: 'done' }),
    (error: unknown) => {
      if (error instanceof CommandFailure)
        tell({ kind: 'failed', message: error.message, exitCode: error.exitCode });
      // Whoever started this thread gets the error itself.
      else
        queueMicrotask(() => {
          throw error;
        });
    },
  );
});

async function done(order: Order): Promise<void> {
  switch (order.kind) {
    case 'look': {
      const sources = [];
      for (const path of order.paths) sources.push(...(await openPath(path)));
      const { looked, block } = await lookAtBlock(sources, (count) => {
        if (count % TELL_EVERY === 0) tell({ kind: 'progress', count });
      });
      blocks.set(order.block, block);
      return tell({ kind: 'looked', looked }, [looked.keys.buffer as ArrayBuffer]);
    }
    case 'share': {
      const byKey = blocksByKey(order.shared);
      for (const [at, block] of blocks)
        for (const guests of block.guests(byKey, at, order.firsts[at]!)) tell({ kind: 'guests', guests });
      return;
    }
    case 'check': {
      const block = blocks.get(order.block)!;
      for await (const part of block.check(order.whole, { ...options, claimsInPart: TELL_EVERY }))
        tell({ kind: 'part', part });
      blocks.delete(order.block);
      return;
    }
    case 'stop':
      parentPort!.close();
  }
}

const TELL_EVERY = 200;
