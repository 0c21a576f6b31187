import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FullDayBench {
  readonly encounters: number;
  readonly totalSeconds: number;
  readonly stages: Readonly<Record<string, number>>;
}

/** `npm run demo` as a user starts it, from nothing to the money counted three times. */
export async function benchFullDay(encounters = 8_000): Promise<FullDayBench> {
  const out = mkdtempSync(join(tmpdir(), 'his-day-'));
  const startedAt = performance.now();
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const demo = spawn(
    process.execPath,
    [join(root, 'src/his.js'), 'demo', '--json', '--encounters', String(encounters), '--out', out],
    { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let said = '';
  demo.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((done) => demo.once('exit', done));
  const totalSeconds = Number(((performance.now() - startedAt) / 1_000).toFixed(1));
  rmSync(out, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the demo ended with ${code}: ${said.slice(-500)}`);
  const { seconds } = JSON.parse(said.trim().split('\n').at(-1) ?? '{}') as {
    seconds: Record<string, number>;
  };
  return { encounters, totalSeconds, stages: seconds };
}
