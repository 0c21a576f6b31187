import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { builtInsOf, checkClaimFile, PAPERS_TO_COME } from '../assessment/files.ts';
import { loadPolicy } from '../benefits/index.ts';
import { totals } from '../claims/totals.ts';
import { add, type Money, money, moneyText, zero } from '../platform/money.ts';
import { counts, toldOf } from './mistakes.ts';

/** What one thread found in its share of the files: plain data. */
export interface Share {
  readonly files: number;
  readonly insurerPays: string;
  /** `claim rule`: every error, and what only a planted mistake makes speak. */
  readonly told: readonly string[];
}

function verify(paths: readonly string[], onFile: () => void): Share {
  const builtIns = builtInsOf(loadPolicy());
  const told: string[] = [];
  let insurerPays: Money = zero;
  for (const path of paths) {
    const { file, findings: found } = checkClaimFile(readFileSync(path), { builtIns });
    for (const one of found)
      if (counts(one) && !PAPERS_TO_COME.has(one.rule)) told.push(toldOf(one.maLk ?? path, one.rule));
    if (file) insurerPays = add(insurerPays, money(totals(file.records).insurerPays));
    onFile();
  }
  return { files: paths.length, insurerPays: moneyText(insurerPays), told };
}

parentPort?.postMessage(verify(workerData as string[], () => parentPort?.postMessage('file')));
