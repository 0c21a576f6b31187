import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '../exports/index.ts';
import type { ApiClient, Credential } from './client.ts';

export interface Exported {
  readonly claims: number;
  readonly setAside: number;
  /** Claim versions by state once the run has come to rest. */
  readonly states: Readonly<Record<string, number>>;
}

const LOOK_EVERY_MS = 500;
/** Looking costs the server as long as it takes: of a large run it is to be a small part of the work. */
const REST_PER_LOOK = 20;
/** A run that does not move for so long is stuck. */
const STUCK_AFTER_MS = 60_000;

/** Asks for the nightly run over the API and watches it until every claim rests. */
export async function exportDay(
  api: ApiClient,
  token: Credential,
  day: string,
  seed: number,
  onProgress: (built: number, done: number, found: number) => void,
): Promise<Exported> {
  const headers = { 'Idempotency-Key': `demo-run-${day}-${seed}` };
  const started = await api.call('POST', '/api/v1/export-runs', token, { day }, headers);
  if (started.status !== 202)
    throw new Error(`export run: ${started.status} ${JSON.stringify(started.body)}`);
  const { id } = started.body as { id: string };
  let seen = '';
  let movedAt = Date.now();
  for (;;) {
    const lookedAt = performance.now();
    const answer = await api.call('GET', `/api/v1/export-runs/${id}`, token);
    const tookMs = performance.now() - lookedAt;
    if (answer.status !== 200) throw new Error(`export run: ${answer.status} ${JSON.stringify(answer.body)}`);
    const run = answer.body as RunView;
    const { built, found, setAside } = run.visits;
    const resting = ['received', 'refused', 'parked', 'held'].reduce(
      (sum, state) => sum + (run.claims[state] ?? 0),
      0,
    );
    onProgress(built, resting, found);
    if (run.finished && resting === built && built + setAside === found)
      return { claims: built, setAside, states: run.claims };
    const now = JSON.stringify(run);
    if (now !== seen) movedAt = Date.now();
    else if (Date.now() - movedAt > STUCK_AFTER_MS) throw new Error(`export run ${id} does not move: ${now}`);
    seen = now;
    await sleep(Math.max(LOOK_EVERY_MS, tookMs * REST_PER_LOOK));
  }
}
