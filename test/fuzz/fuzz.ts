import { Agent } from 'node:http';
import fc from 'fast-check';
import { createJudge } from './judge.ts';
import { type ApiDocument, type Draft, requests } from './requests.ts';
import { onTheWire, send, sendRaw, type Wire } from './send.ts';
import { startWorld, type World } from './world.ts';

export interface Finding {
  readonly number: number;
  readonly draft: Draft;
  readonly wrong: readonly string[];
  /** The request as it was sent, shortened. */
  readonly sent: string;
}
export interface FuzzResult {
  readonly seed: number;
  readonly requests: number;
  readonly findings: readonly Finding[];
  readonly statuses: Readonly<Record<string, number>>;
  /** How many operations of the document were asked, and how many answered well at least once. */
  readonly operations: {
    readonly all: number;
    readonly asked: number;
    readonly answeredWell: readonly string[];
  };
  readonly slowestMs: number;
  readonly seconds: number;
}

const BATCH = 250;

/**
 * Asks a living province things made up from its API document. The same seed asks the same in the same order.
 * @param options.lanes requests under way at once: with one, a seed repeats a run exactly
 */
export async function fuzz(options: {
  readonly seed: number;
  readonly requests: number;
  readonly lanes?: number;
}): Promise<FuzzResult> {
  const { seed, lanes = 1 } = options;
  const startedAt = performance.now();
  const world = await startWorld();
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  try {
    const document = (await (await fetch(`${world.server.url}/openapi.json`)).json()) as ApiDocument;
    const arbitrary = requests(document);
    const judge = createJudge(document, world);
    const tally = createTally(document);
    for (let from = 0; from < options.requests; from += BATCH) {
      const numRuns = Math.min(BATCH, options.requests - from);
      const drafts = fc.sample(arbitrary, { seed: seed * 1_000_003 + from, numRuns }).entries();
      await world.refresh();
      const lane = async () => {
        for (const [index, draft] of drafts) {
          const wire = onTheWire(world, draft);
          const answer =
            draft.raw === undefined
              ? await send(agent, world.server.url, wire)
              : await sendRaw(world.server.url, draft.raw);
          tally.add(from + index, draft, wire, answer, judge(draft, wire, answer));
          if (answer.failed === null) learn(world, draft, wire, answer);
          // A session that moved on or ended begins again, else soon nobody is signed in.
          if (answer.headers['set-cookie']) await world.refresh(draft.caller);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    }
    const alive = await fetch(`${world.server.url}/readyz`);
    if (alive.status !== 200) throw new Error('the server is not well after the fuzz');
    return { seed, ...tally.result(), seconds: Math.round((performance.now() - startedAt) / 1_000) };
  } finally {
    agent.destroy();
    await world.stop();
  }
}

function learn(
  world: World,
  { caller, method }: Draft,
  { path }: Wire,
  { status, text, headers }: { status: number; text: string; headers: Readonly<Record<string, unknown>> },
): void {
  if (status >= 400) return;
  const etag = typeof headers.etag === 'string' ? headers.etag : null;
  const isJson = String(headers['content-type']).startsWith('application/json');
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
  world.learn(caller, method, path, { status, body, etag });
}

function createTally(document: ApiDocument) {
  const findings: Finding[] = [];
  const statuses: Record<string, number> = {};
  const [asked, answeredWell] = [new Set<string>(), new Set<string>()];
  const all = Object.values(document.paths).flatMap((path) => Object.values(path)).length;
  let [requestsSent, slowestMs] = [0, 0];
  return {
    add(
      number: number,
      draft: Draft,
      wire: Wire,
      answer: { status: number; ms: number; failed: string | null; text: string },
      wrong: readonly string[],
    ) {
      requestsSent += 1;
      const key = answer.status === 0 ? (answer.failed ?? 'closed') : String(answer.status);
      statuses[key] = (statuses[key] ?? 0) + 1;
      slowestMs = Math.max(slowestMs, Math.round(answer.ms));
      if (draft.operationId) asked.add(draft.operationId);
      if (draft.operationId && answer.status > 0 && answer.status < 400) answeredWell.add(draft.operationId);
      if (wrong.length === 0) return;
      const shown = [
        draft.caller,
        wire.method,
        wire.path.slice(0, 300),
        JSON.stringify(wire.headers).slice(0, 600),
        (draft.raw ?? wire.body?.toString('utf8') ?? '').slice(0, 1_500),
        `-> ${answer.status} ${answer.text.slice(0, 500)}`,
      ];
      findings.push({ number, draft, wrong, sent: shown.join(' ') });
    },
    result: () => ({
      requests: requestsSent,
      findings,
      statuses,
      operations: { all, asked: asked.size, answeredWell: [...answeredWell].toSorted() },
      slowestMs,
    }),
  };
}

/** One line for a person who wants to repeat it. */
export const told = (seed: number, { number, wrong, sent }: Finding) =>
  `seed ${seed}, request ${number}: ${wrong.join('; ')}\n  ${sent}`;
