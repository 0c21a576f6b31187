import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProcess } from '../../src/runtime/processes.ts';

/** Keeps one process running, as a service manager does. */
export interface Keeper {
  isUp(): Promise<void>;
  /** Without warning; resolves when the next one is up. Nothing happens to one that is down already. */
  kill(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

const BACK_AFTER_MS = 200;

/**
 * @param start one more process, ready
 * @param onEnd told of each that ended, or did not start, though nobody killed it; `performance.now()` when its start, or
 * its end, began
 */
export function keep(
  name: string,
  start: () => Promise<RunningProcess>,
  onEnd: (what: string, begunAt: number) => void,
): Keeper {
  let running: RunningProcess | null = null;
  let isStopping = false;
  let downMs: number | null = null;
  const waiting: (() => void)[] = [];
  const once = async () => {
    running = await start();
    if (isStopping) await running.stop();
    for (const told of waiting.splice(0)) told();
    await running.ended;
    const { exitCode, signalCode } = running.child;
    running = null;
    if (downMs === null && !isStopping)
      onEnd(`${name} ended by itself: ${exitCode ?? signalCode}`, performance.now());
  };
  const loop = (async () => {
    while (!isStopping) {
      const begunAt = performance.now();
      await once().catch((error: unknown) => onEnd(`${name}: ${describe(error)}`, begunAt));
      const pauseMs = downMs ?? BACK_AFTER_MS;
      downMs = null;
      if (!isStopping) await sleep(pauseMs);
    }
    for (const told of waiting.splice(0)) told();
  })();
  const isUp = () => (running ? Promise.resolve() : new Promise<void>((told) => waiting.push(told)));
  return {
    isUp,
    async kill(pauseMs) {
      if (!running) return;
      downMs = pauseMs;
      running.child.kill('SIGKILL');
      await running.ended;
      await isUp();
    },
    async stop() {
      isStopping = true;
      await running?.stop();
      await loop;
    },
  };
}

function describe(error: unknown): string {
  const { message, values } = error as Error & { values?: { said?: string } };
  return `${message} ${values?.said?.slice(-300) ?? ''}`;
}
