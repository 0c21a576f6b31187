import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '../config.ts';
import type { Stops } from './stops.ts';

export interface RunningProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Settles when it is gone, whoever stopped it. */
  readonly ended: Promise<void>;
  /** What it said when it was ready: its addresses. */
  readonly details: Readonly<Record<string, string>>;
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>;
}

/** It ended, or did not get ready in time. `key` is a message; what it said itself is in the values. */
export class PartNotStarted extends Error {
  readonly key = 'cli.partNotStarted';
  readonly values: Readonly<Record<string, string>>;

  constructor(name: string, said: string) {
    super(`${name} did not start`);
    this.name = 'PartNotStarted';
    this.values = { name, said: said.trim() };
  }
}

const HIS = fileURLToPath(new URL('../his.js', import.meta.url));
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

/**
 * Starts one `his` command as its own process and waits until it says that it is ready. It stops by itself when we
 * are gone (its channel to us closes), so nothing is left behind even if we are killed.
 */
export async function startProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  options: { readonly quiet?: boolean; readonly stops?: Stops } = {},
): Promise<RunningProcess> {
  const name = args[0] ?? '';
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', HIS, ...args], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', options.quiet ? 'ignore' : 'inherit', options.quiet ? 'pipe' : 'inherit', 'ipc'],
    // Its own group: Ctrl-C reaches us alone, and we stop the others in order.
    detached: true,
  });
  const ended = new Promise<void>((gone) => child.once('exit', () => gone()));
  const stop = () => stopProcess(child, ended);
  options.stops?.add(stop);
  let last = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-2_000);
  });
  const details = await new Promise<Record<string, string>>((ready, failed) => {
    const late = setTimeout(() => {
      // Nobody would ever stop it: the caller has never seen it.
      void stop();
      failed(new PartNotStarted(name, last));
    }, READY_LIMIT_MS);
    child.once('exit', () => {
      clearTimeout(late);
      failed(new PartNotStarted(name, last));
    });
    child.on('message', (message) => {
      const said = message as { ready?: boolean } & Record<string, string>;
      if (!said.ready) return;
      clearTimeout(late);
      ready(said);
    });
  });
  return { name, child, ended, details, stop };
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(force);
}
