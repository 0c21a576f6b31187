import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { builtInsOf, checkClaimFile } from '../assessment/files.ts';
import { loadPolicy } from '../benefits/index.ts';
import { totals } from '../claims/totals.ts';
import { add, type Money, money, moneyText, zero } from '../platform/money.ts';

/** What one thread found in its share of the files: plain data. */
export interface Share {
  readonly files: number;
  readonly insurerPays: string;
  readonly findings: Readonly<Record<string, number>>;
}

function verify(paths: readonly string[], onFile: () => void): Share {
  const builtIns = builtInsOf(loadPolicy());
  const findings: Record<string, number> = {};
  let insurerPays: Money = zero;
  for (const path of paths) {
    const { file, findings: found } = checkClaimFile(readFileSync(path), { builtIns });
    for (const { rule, severity } of found)
      if (severity === 'error') findings[rule] = (findings[rule] ?? 0) + 1;
    if (file) insurerPays = add(insurerPays, money(totals(file.records).insurerPays));
    onFile();
  }
  return { files: paths.length, insurerPays: moneyText(insurerPays), findings };
}

parentPort?.postMessage(verify(workerData as string[], () => parentPort?.postMessage('file')));
