import { readFileSync } from 'node:fs';
import {
  ClaimReadError,
  foreignRecords,
  onlySource,
  recogniseEdition,
  scanFile,
  sourcesInFile,
  structureProblems,
} from '../../src/claims/foreign.ts';

/** What was said of one file. `records` counts those that were read. */
export interface Said {
  readonly finding: string | null;
  readonly of: 'file' | 'record' | null;
  readonly records: number;
  readonly words: string;
}

/**
 * A process of its own: reads the files that it is named, one line of JSON each, then its highest memory in MB. What one file
 * left behind is collected before the next (`--expose-gc`): what counts is what a file needs, not when Node cleans up.
 */
for (const path of process.argv.slice(2)) {
  process.stdout.write(`${JSON.stringify(await judge(path))}\n`);
  globalThis.gc?.();
}
// Not `maxRSS`: Linux hands on to it the peak of the process that started this one.
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
process.stdout.write(`${Math.round(Number(peak) / 1024)}\n`);

async function judge(path: string): Promise<Said> {
  let records = 0;
  try {
    const source = onlySource(await sourcesInFile(path));
    const scanned = await scanFile(source);
    for await (const { record, error } of foreignRecords(source, scanned)) {
      if (error) return { finding: error.finding, of: 'record', records, words: error.explain('vi') };
      structureProblems(record, recogniseEdition(record.tables));
      records += 1;
    }
    return { finding: null, of: null, records, words: '' };
  } catch (error) {
    if (!(error instanceof ClaimReadError)) throw error;
    return { finding: error.finding, of: 'file', records, words: error.explain('vi') };
  }
}
