import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { streamClaimFile } from '../../src/claims/files.ts';
import { readClaimFile } from '../../src/claims/reader.ts';
import type { ClaimTables } from '../../src/claims/tables.ts';
import type { LongResult } from './page.ts';

const RECORDS = 5_000;
const BYTES_PER_RECORD = 24_000;
const MOST_MB = 300;
const SAMPLE = new URL('../golden/3176/commune-tests-and-notes/claim.xml', import.meta.url);
const READER = fileURLToPath(new URL('../hostile-xml/read.ts', import.meta.url));

/** Makes the file, reads it in a process of its own, and asks that process for its highest memory. */
export async function readLarge(): Promise<LongResult> {
  const folder = mkdtempSync(join(tmpdir(), 'his-large-'));
  const path = join(folder, 'large.xml');
  try {
    await pipeline(
      streamClaimFile(dossiers(), { facilityCode: '40101', madeOn: '2026-08-15', recordCount: RECORDS }),
      createWriteStream(path),
    );
    const size = Math.round(statSync(path).size / 1e6);
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', READER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said = '{}', memory = ''] = (await text(child.stdout)).trim().split('\n');
    const seconds = (performance.now() - startedAt) / 1_000;
    const { records } = JSON.parse(said) as { records?: number };
    const failures = [
      ...(size < 200 ? [`the file has ${size} MB only`] : []),
      ...(records === RECORDS ? [] : [`${records} dossiers read, ${said}`]),
      ...(Number(memory) < MOST_MB ? [] : [`the process held ${memory} MB`]),
    ];
    return {
      failures,
      figures: {
        'file, MB': size,
        dossiers: records ?? 0,
        'highest memory of the process, MB': Number(memory),
        'MB/s, looked through and read': Math.round(size / seconds),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One dossier with as many rows as the size wants, under five thousand keys. */
function* dossiers(): Generator<ClaimTables> {
  const [sample] = readClaimFile(readFileSync(SAMPLE)).records;
  const { XML1, XML3 } = sample!;
  const rowBytes = (JSON.stringify(XML3![0]).length * 4) / 3;
  const rows = Math.ceil(BYTES_PER_RECORD / rowBytes);
  for (let at = 0; at < RECORDS; at += 1) {
    const key = `40101.${String(at).padStart(32, '0')}`;
    yield {
      ...sample!,
      XML1: [{ ...XML1![0]!, MA_LK: key }],
      XML3: Array.from({ length: rows }, (_, row) => ({
        ...XML3![row % XML3!.length]!,
        MA_LK: key,
        STT: String(row + 1),
      })),
    };
  }
}
