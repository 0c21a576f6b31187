/**
 * Runs one `his` command after the other in this process, as `his.ts` asks for them: a line of JSON each way. A process
 * of its own for each would spend most of its time on loading the same modules.
 */
import { enableCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Ended } from './his.ts';

export interface Wanted {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
const answer = process.stdout.write.bind(process.stdout);
// What holds on after a failed command ends with this process, and not this process with it.
process.exit = (() => undefined) as unknown as typeof process.exit;
// A command listens to it until its process ends, which here comes after many.
process.stdout.setMaxListeners(0);
const own = { ...process.env };

async function ended({ args, environment }: Wanted): Promise<Ended> {
  const said = { out: '', err: '' };
  process.stdout.write = taking((words) => {
    said.out += words;
  });
  process.stderr.write = taking((words) => {
    said.err += words;
  });
  process.env = { ...own, ...environment };
  process.exitCode = 0;
  const { run } = await import('../../src/main.ts');
  await run([process.execPath, 'his', ...args]);
  return { code: Number(process.exitCode), ...said };
}

function taking(take: (words: string) => void): typeof process.stdout.write {
  return (words: unknown, encoding?: unknown, done?: unknown) => {
    take(typeof words === 'string' ? words : Buffer.from(words as Uint8Array).toString());
    const told = typeof encoding === 'function' ? encoding : done;
    if (typeof told === 'function') process.nextTick(told);
    return true;
  };
}

for await (const line of createInterface({ input: process.stdin }))
  answer(`${JSON.stringify(await ended(JSON.parse(line) as Wanted))}\n`);
