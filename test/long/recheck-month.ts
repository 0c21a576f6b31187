import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { monthCatalogueFile } from '../harness/month.ts';
import type { LongResult } from './page.ts';
import { WRONG_EVERY } from './recheck-month.make.ts';

const CLAIMS = 240_000;
const MOST_SECONDS = 15 * 60;
const MOST_MB = 1_000;
const THREADS = 2;
const MAKER = fileURLToPath(new URL('./recheck-month.make.ts', import.meta.url));
const HIS = fileURLToPath(new URL('../../src/his.js', import.meta.url));
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;

/** A month of the province as files, one for each facility, checked by `his check` in two threads as one set. */
export async function recheckMonth(claims = CLAIMS): Promise<LongResult> {
  const folder = mkdtempSync(join(tmpdir(), 'his-month-'));
  try {
    const files = join(folder, 'claims');
    await Promise.all([0, 1].map((part) => made([files, String(claims), String(part), '2'])));
    const catalogues = join(folder, 'catalogues.json');
    writeFileSync(catalogues, monthCatalogueFile());
    const output = join(folder, 'found.csv');
    const startedAt = performance.now();
    const { said, peakMb } = await watched([
      'check',
      files,
      '--catalogues',
      catalogues,
      '--threads',
      String(THREADS),
      '--format',
      'csv',
      '--output',
      output,
    ]);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const found = readFileSync(output, 'utf8');
    const wrong = found.match(/,MON_SUM_BHTT,/g)?.length ?? 0;
    const checked = Number(/(\d+) claims,/.exec(said)?.[1] ?? 0);
    const planted = Math.ceil((claims - 1) / WRONG_EVERY);
    return {
      failures: [
        ...(checked === claims ? [] : [`${checked} claims were checked: ${said}`]),
        ...(wrong === planted ? [] : [`${wrong} of ${planted} wrong totals were found`]),
        ...(seconds < MOST_SECONDS ? [] : [`it took ${seconds} s`]),
        ...(peakMb < MOST_MB ? [] : [`the process held ${peakMb} MB`]),
      ],
      figures: {
        claims: checked,
        threads: THREADS,
        seconds,
        'claims/s': Math.round(claims / seconds),
        'highest memory of the process, MB': peakMb,
        findings: found.split('\r\n').length - 2,
        'wrong totals planted and found': wrong,
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function made(args: readonly string[]): Promise<void> {
  const child = spawn(NODE[0], [NODE[1], MAKER, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the files could not be made (${code})`);
}

/** Runs `his`, and looks twice a second at how much memory its process has held at most (Linux tells). */
async function watched(args: readonly string[]): Promise<{ said: string; peakMb: number }> {
  const child = spawn(NODE[0], [NODE[1], HIS, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LANGUAGE: 'en' },
  });
  let peakMb = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakMb = Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024);
    } catch {
      // It has just ended.
    }
  }, 500);
  const said = await text(child.stderr);
  clearInterval(look);
  process.stderr.write(said);
  return { said, peakMb };
}
