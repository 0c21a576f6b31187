import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInsOf, checkClaimFile } from '../assessment/index.ts';
import type { Law } from '../benefits/index.ts';
import { totals } from '../claims/totals.ts';
import { add, type Money, money, zero } from '../platform/money.ts';

export interface Verified {
  readonly files: number;
  readonly insurerPays: Money;
  /** Rule id → how often an error rule spoke. */
  readonly findings: Readonly<Record<string, number>>;
}

/** Papers that are not written yet, they come with the clinical record; claims of other software are held to them. */
export const PAPERS_TO_COME: ReadonlySet<string> = new Set(['XML7_REQUIRED', 'XML13_REQUIRED']);

/** Every claim file under the folder, read back from disk: its money, and what the error rules say of it. */
export function verifyFiles(dir: string, law: Law, onFile: () => void): Verified {
  const builtIns = builtInsOf(law);
  const findings: Record<string, number> = {};
  let files = 0;
  let insurerPays: Money = zero;
  for (const path of claimFiles(dir)) {
    const { file, findings: found } = checkClaimFile(readFileSync(path), { builtIns });
    for (const { rule, severity } of found)
      if (severity === 'error' && !PAPERS_TO_COME.has(rule)) findings[rule] = (findings[rule] ?? 0) + 1;
    if (file) insurerPays = add(insurerPays, money(totals(file.records).insurerPays));
    files += 1;
    onFile();
  }
  return { files, insurerPays, findings };
}

export function* claimFiles(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* claimFiles(path);
    else if (entry.name.endsWith('.xml')) yield path;
  }
}
