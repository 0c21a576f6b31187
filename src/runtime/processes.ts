import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '../config.ts';

export interface RunningProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** What it said when it was ready: its addresses. */
  readonly details: Readonly<Record<string, string>>;
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>;
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
  options: { readonly quiet?: boolean } = {},
): Promise<RunningProcess> {
  const name = args.join(' ');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', HIS, ...args], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', options.quiet ? 'ignore' : 'inherit', options.quiet ? 'pipe' : 'inherit', 'ipc'],
    // Its own group: Ctrl-C reaches us alone, and we stop the others in order.
    detached: true,
  });
  let last = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-2_000);
  });
  const details = await new Promise<Record<string, string>>((ready, failed) => {
    const late = setTimeout(() => failed(new Error(`${name}: not ready\n${last}`)), READY_LIMIT_MS);
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      failed(new Error(`${name}: ended (${code ?? signal})\n${last}`));
    });
    child.on('message', (message) => {
      const said = message as { ready?: boolean } & Record<string, string>;
      if (!said.ready) return;
      clearTimeout(late);
      ready(said);
    });
  });
  return {
    name,
    child,
    details,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await gone;
      clearTimeout(force);
    },
  };
}
