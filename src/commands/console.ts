import { currentLanguage } from '../config.ts';
import { type MessageValues, text } from '../messages/index.ts';

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

/** Runs `stop` once on Ctrl-C or a stop signal, or when the process that started us goes away; then exits. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const once = () => {
    if (stopping) return;
    stopping = true;
    say('stopping');
    stop().then(
      () => {
        say('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', once);
  process.on('SIGTERM', once);
  if (process.send) process.on('disconnect', once);
}

/** Tells the process that started us (if one did) that we are ready. */
export function ready(details: Readonly<Record<string, string>>): void {
  process.send?.({ ready: true, ...details });
}
