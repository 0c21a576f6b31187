import { type FuzzResult, fuzz, told } from '../fuzz/fuzz.ts';
import { startTestCluster } from '../harness/cluster.ts';
import type { LongResult } from './page.ts';

/** One request after the other, so that a seed repeats it exactly; then several at once, which meet each other. */
const PARTS = [
  { name: 'one after the other', requests: 20_000, lanes: 1 },
  { name: 'eight at once', requests: 5_000, lanes: 8 },
] as const;

export async function fuzzApi(seed: number): Promise<LongResult> {
  const cluster = await startTestCluster();
  process.env.HIS_TEST_SUPERUSER_URL = cluster.server.superuserUrl;
  const failures: string[] = [];
  const figures: Record<string, string | number> = {};
  try {
    for (const { name, requests, lanes } of PARTS) {
      const found = await fuzz({ seed, requests, lanes });
      failures.push(...found.findings.map((finding) => `${name}: ${told(seed, finding)}`));
      for (const [figure, value] of Object.entries(figuresOf(found))) figures[`${name}: ${figure}`] = value;
    }
  } finally {
    await cluster.stop();
  }
  return { failures, figures };
}

function figuresOf({ requests, statuses, operations, slowestMs }: FuzzResult) {
  const families = new Map<string, number>();
  for (const [status, count] of Object.entries(statuses)) {
    const family = /^\d/.test(status) ? `${status[0]}xx` : status;
    families.set(family, (families.get(family) ?? 0) + count);
  }
  const shown = [...families]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`);
  return {
    requests,
    answers: shown.join(', '),
    'operations asked, of those in the document': `${operations.asked} of ${operations.all}`,
    'operations that answered well': operations.answeredWell.length,
    'slowest answer, ms': slowestMs,
  };
}
