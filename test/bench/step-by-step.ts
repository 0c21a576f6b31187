import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '../../src/demo/client.ts';
import { recordVisit } from '../../src/demo/record.ts';
import { planDay, type VisitPlan } from '../../src/demo/visits/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import { freshDatabase, percentile, rounded, startHis } from './places.ts';

export interface StepBench {
  readonly visits: number;
  /** Visits that began in each second. */
  readonly offeredPerSecond: number;
  readonly visitsPerSecond: number;
  /** Milliseconds by step, and over all of them. */
  readonly steps: Readonly<Record<string, { calls: number; p50: number; p95: number; p99: number }>>;
}

/** Visits begin at a fixed pace, whether the earlier ones have ended or not, and each is recorded step by step. */
export async function benchSteps(perSecond = 10, seconds = 30): Promise<StepBench> {
  const database = await freshDatabase();
  const server = await startHis('serve', database.urls);
  const api = createApiClient(server.details.url ?? '', 64);
  const took = new Map<string, number[]>();
  const visit = (plan: VisitPlan, measured: boolean) =>
    recordVisit(
      plan,
      {
        api,
        tokenOf: tokenFor,
        atWork: 1,
        onCall: (step, ms) => {
          if (measured) for (const name of [step, 'all']) took.set(name, [...(took.get(name) ?? []), ms]);
        },
      },
      () => undefined,
    );
  try {
    const [warming, measured] = visitsFor(50, perSecond * seconds);
    for (const plan of warming) await visit(plan, false);
    const startedAt = performance.now();
    const running = measured.map(async (plan, index) => {
      await sleep((index * 1_000) / perSecond);
      await visit(plan, true);
    });
    await Promise.all(running);
    const elapsed = (performance.now() - startedAt) / 1_000;
    const steps = [...took].map(([name, ms]) => [
      name,
      {
        calls: ms.length,
        p50: rounded(percentile(ms, 50)),
        p95: rounded(percentile(ms, 95)),
        p99: rounded(percentile(ms, 99)),
      },
    ]);
    return {
      visits: measured.length,
      offeredPerSecond: perSecond,
      visitsPerSecond: rounded(measured.length / elapsed),
      steps: Object.fromEntries(steps) as StepBench['steps'],
    };
  } finally {
    api.close();
    await server.stop();
    await database.drop();
  }
}

function visitsFor(warming: number, measured: number): [VisitPlan[], VisitPlan[]] {
  const province = demoProvince();
  const facilities = province.facilities.map((line) => line.code);
  const date = addDays(localDate(new Date()), -1);
  const days = planDay({ seed: 5, date, province, facilities, count: warming + measured });
  const all = days.flatMap((day) => [...day.visits()]);
  return [all.slice(0, warming), all.slice(warming)];
}
