import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';
import { createStops, type Stops } from '../runtime/stops.ts';
import { explainFailure } from './failure.ts';

/** One line for the person at the terminal, in their language. Standard output stays for results. */
export function say(key: string, values?: MessageValues): void {
  process.stderr.write(`${words(key, values)}\n`);
}

/** The database's account cannot enter our folder: say where the data lies instead. */
export function sayElsewhere(place: string): void {
  process.stderr.write(`${text(currentLanguage(), 'embedded.elsewhere', { place })}\n`);
}

export function words(key: string, values?: MessageValues): string {
  return text(currentLanguage(), `cli.${key}`, values);
}

/**
 * Runs a command that opens things, and stops them when its work is done or fails, or at any moment on Ctrl-C, a stop
 * signal, or when the process that started us goes away: from before the first thing is opened.
 */
export async function untilDone(work: (stops: Stops) => Promise<void>): Promise<void> {
  await stoppable(work, INTERRUPTED);
}

/** The same for a server: once `start` is done it stays, until it is told to stop. */
export async function untilStopped(start: (stops: Stops) => Promise<void>): Promise<void> {
  await stoppable(async (stops) => {
    await start(stops);
    await NEVER;
  }, 0);
}

const INTERRUPTED = 130;
const END_LIMIT_MS = 2_000;
const NEVER = new Promise<never>(() => {});
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function stoppable(work: (stops: Stops) => Promise<void>, stoppedCode: number): Promise<void> {
  const stops = createStops();
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // What is cut in the middle fails, some of it where nobody listens: that is no news to whoever cut it.
    process.on('uncaughtException', () => undefined);
    say('stopping');
    stops.run().then(
      () => {
        say('stopped');
        process.exit(stoppedCode);
      },
      (error: unknown) => {
        process.stderr.write(`${explainFailure(error, currentLanguage()).message}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  if (process.send) process.on('disconnect', stop);
  try {
    await work(stops);
  } catch (error) {
    if (stopping) await NEVER;
    await stops.run().catch(() => undefined);
    // Connections that were being made when it failed may hold on; a service manager waits for the end.
    setTimeout(() => process.exit(), END_LIMIT_MS).unref();
    throw error;
  }
  if (stopping) await NEVER;
  await stops.run();
  for (const signal of SIGNALS) process.off(signal, stop);
  process.off('disconnect', stop);
}

/** Tells the process that started us (if one did) that we are ready. */
export function ready(details: Readonly<Record<string, string>>): void {
  process.send?.({ ready: true, ...details });
}
