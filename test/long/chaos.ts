import { readFileSync, writeFileSync } from 'node:fs';
import { planOf } from '../chaos/plan.ts';
import { startKillablePostgres } from '../chaos/postgres.ts';
import { type SeedReport, withSeed } from '../chaos/report.ts';
import { type ChaosResult, runChaos } from '../chaos/run.ts';
import { BACKENDS, type BackendKind } from '../harness/plant.ts';
import type { LongResult } from './page.ts';

const PAGE = new URL('../../docs/reliability.md', import.meta.url);

/** Runs these seeds one after the other and keeps what came of them in docs/reliability.md, seed by seed. */
export async function chaos(
  seeds: readonly number[],
  backend: BackendKind,
  about: Pick<SeedReport, 'commit' | 'date'>,
): Promise<LongResult> {
  if (!BACKENDS.includes(backend)) return { failures: [`${backend}: there is no redis-server`], figures: {} };
  const results = new Map<number, ChaosResult>();
  const postgres = await startKillablePostgres();
  process.env.HIS_TEST_SUPERUSER_URL = postgres.superuserUrl;
  try {
    for (const seed of seeds) {
      const startedAt = performance.now();
      const result = await runChaos(planOf(seed, backend), postgres).catch(broken);
      results.set(seed, result);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      tell(seed, seconds, result);
      // What broke off has no figures, and stands in the output alone.
      if (Object.keys(result.figures).length > 0)
        writeFileSync(
          PAGE,
          withSeed(readFileSync(PAGE, 'utf8'), { ...about, ...result, backend, seed, seconds }),
        );
    }
  } finally {
    await postgres.stop();
  }
  return {
    failures: [...results].flatMap(([seed, { failures }]) =>
      failures.map((failure) => `seed ${seed}: ${failure}`),
    ),
    figures: results.size === 1 ? [...results.values()][0]!.figures : {},
  };
}

/** The harness itself could not go on: a refusal that nobody expected, a part that never came back. */
function broken(error: unknown): ChaosResult {
  return { failures: [`broke off: ${(error as Error).stack ?? String(error)}`], figures: {} };
}

function tell(seed: number, seconds: number, { failures }: ChaosResult): void {
  const verdict = failures.length === 0 ? 'holds' : `does not hold: ${failures.join('\n  ')}`;
  process.stderr.write(`seed ${seed} (${seconds} s): ${verdict}\n`);
}
