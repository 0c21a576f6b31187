import { explore } from '../model/explore.ts';
import { ledgerModel, REAL } from '../model/ledger.ts';

/** Explores the ledger's model with everything at once; `npm test` does so with smaller bounds. */
export function exploreLedger(): { failures: string[]; figures: Record<string, number> } {
  const bounds = { reopenings: 2, holds: 2, decisions: 1, rejects: false };
  const { states, steps, counterexample } = explore(ledgerModel(REAL, bounds));
  const failures =
    counterexample === null ? [] : [`${counterexample.trace.join('; ')} → ${counterexample.broken}`];
  return { failures, figures: { states, steps } };
}
