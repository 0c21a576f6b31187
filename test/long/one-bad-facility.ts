import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '../../src/demo/client.ts';
import { recordDay } from '../../src/demo/record.ts';
import { planDay } from '../../src/demo/visits/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { startProcess } from '../../src/runtime/processes.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { freshDatabase, openCluster, rounded, startHis } from '../bench/places.ts';
import type { TestDatabase } from '../harness/database.ts';
import { plantClaims } from '../harness/planted-claims.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import type { LongResult } from './page.ts';

const CLAIMS = 8_000;
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';
const TOKEN_PATH = '/api/token/take';
/** A token lives ten minutes and is renewed one before its end. */
const TOKEN_MINUTES = 9;
const ANSWER_MS = 50;
const SLOW_MS = 30_000;
const MOST_RATIO = 1.2;
/** Nothing arrives for so long: it is stuck. */
const STUCK_MS = 60_000;

/** @param claims of the whole province, the same number at each facility */
export async function oneBadFacility(claims = CLAIMS): Promise<LongResult> {
  const cluster = await openCluster();
  const codes = demoProvince().facilities.map(({ code }) => code);
  const each = Math.ceil(claims / codes.length);
  // In the order of the run: facility by facility, the bad ones first.
  const [slow, refusing] = [codes[0]!, codes[1]!];
  try {
    const alone = await oneRun(codes, each, null);
    const beside = await oneRun(codes, each, { slow, refusing });
    const ratio = rounded(beside.seconds / alone.seconds, 2);
    const failures = [
      ...unfair('all alike', alone),
      ...unfair('two bad', beside),
      ...(ratio <= MOST_RATIO ? [] : [`the others took ${ratio} times as long, at most ${MOST_RATIO}`]),
      ...(beside.refusingCalls <= 20
        ? []
        : [`${beside.refusingCalls} calls for the facility that is refused`]),
      ...(beside.lost === 0 ? [] : [`${beside.lost} claims of the bad facilities neither arrived nor wait`]),
    ];
    return {
      failures,
      figures: {
        facilities: codes.length,
        claims: codes.length * each,
        'answer of the gateway, ms': ANSWER_MS,
        'all answer alike: seconds for the 470 others': alone.seconds,
        'one answers in 30 s, one always refuses: seconds for the 470 others': beside.seconds,
        ratio,
        'all answer alike: facilities that finished, of 470': alone.finished,
        'one slow, one refused: facilities that finished, of 470': beside.finished,
        'all answer alike: token calls': `${alone.tokenCalls}, at most ${alone.mostTokenCalls}`,
        'one slow, one refused: token calls': `${beside.tokenCalls}, at most ${beside.mostTokenCalls}`,
        'calls for the slow one meanwhile': beside.slowCalls,
        'calls for the refused one meanwhile': beside.refusingCalls,
      },
    };
  } finally {
    await cluster.stop();
  }
}

/** G30: nobody waits for ever beside the others, and a token serves for its whole life. */
function unfair(run: string, { finished, others, tokenCalls, mostTokenCalls }: Run): string[] {
  return [
    ...(finished === others ? [] : [`${run}: ${others - finished} facilities have not got through`]),
    ...(tokenCalls <= mostTokenCalls ? [] : [`${run}: ${tokenCalls} token calls, at most ${mostTokenCalls}`]),
  ];
}

type Run = Awaited<ReturnType<typeof oneRun>>;
interface Bad {
  readonly slow: string;
  readonly refusing: string;
}

async function oneRun(codes: readonly string[], each: number, bad: Bad | null) {
  const database = await freshDatabase();
  await recordModel(database, codes[2]!);
  const claims = await plantClaims(
    database,
    codes.flatMap((code) => Array.from({ length: each }, () => code)),
  );
  const others = new Set(codes.slice(2).map(facilityIdOf));
  const wanted = claims.filter(({ facilityId }) => others.has(facilityId)).length;
  const simulator = await startProcess(
    ['simulate-gateway'],
    { SIMULATOR_PORT: '0', SIMULATOR_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
    { quiet: true },
  );
  const control = (path: string, body?: unknown) => controlOf(simulator.details.controlUrl ?? '', path, body);
  const fault = (more: object, action: object) =>
    control('faults', { match: { path: CLAIM_PATH, ...more }, when: 'after-auth', action });
  await fault({}, { type: 'delay', ms: ANSWER_MS });
  if (bad) {
    await fault({ maCSKCB: bad.slow }, { type: 'delay', ms: SLOW_MS });
    await fault({ maCSKCB: bad.refusing }, { type: 'status', status: 503 });
  }
  const openedAt = performance.now();
  const worker = await startHis('work', database.urls, { GATEWAY_URL: simulator.details.url ?? '' });
  try {
    const startedAt = performance.now();
    await untilArrived(database, [...others], wanted);
    const seconds = rounded((performance.now() - startedAt) / 1_000, 2);
    const calls = (await control(`calls?limit=50000&path=${CLAIM_PATH}`)) as { maCSKCB: string }[];
    const callsOf = (code: string | undefined) => calls.filter(({ maCSKCB }) => maCSKCB === code).length;
    const [rest] = await database.query<{ n: number }>(
      `select (select count(*) from export_work) + (select count(*) from claim_event where type = 'received') as n`,
    );
    const minutes = (performance.now() - openedAt) / 60_000;
    const report = (await control('report')) as { calls: Readonly<Record<string, number>> };
    return {
      seconds,
      others: others.size,
      finished: await finishedOf(database, [...others], each),
      tokenCalls: report.calls[TOKEN_PATH] ?? 0,
      mostTokenCalls: Math.floor(codes.length * (minutes / TOKEN_MINUTES + 1)),
      slowCalls: callsOf(bad?.slow),
      refusingCalls: callsOf(bad?.refusing),
      lost: Math.max(0, claims.length - Number(rest!.n)),
    };
  } finally {
    await worker.stop();
    await simulator.stop();
    await database.drop();
  }
}

/** One settled visit of which all others are copies. */
async function recordModel(database: TestDatabase, code: string): Promise<void> {
  const server = await startHis('serve', database.urls);
  const api = createApiClient(server.details.url ?? '', 2);
  try {
    const date = addDays(localDate(new Date()), -1);
    const days = planDay({ seed: 7, date, province: demoProvince(), facilities: [code], count: 3 });
    await recordDay(days, { api, tokenOf: tokenFor, atWork: 1 });
  } finally {
    api.close();
    await server.stop();
  }
  for (const table of ['outbox', 'export_work']) await database.query(`delete from ${table}`);
}

/** How many of these facilities have had all their claims received. */
async function finishedOf(database: TestDatabase, facilities: readonly string[], each: number) {
  const rows = await database.query<{ n: number }>(
    `select count(distinct encounter_id)::int as n from claim_event
     where type = 'received' and facility_id = any($1::uuid[]) group by facility_id`,
    [facilities],
  );
  return rows.filter(({ n }) => n >= each).length;
}

async function untilArrived(database: TestDatabase, facilities: readonly string[], wanted: number) {
  let seen = -1;
  let movedAt = Date.now();
  for (;;) {
    const [row] = await database.query<{ n: number }>(
      `select count(*)::int as n from claim_event where type = 'received' and facility_id = any($1::uuid[])`,
      [facilities],
    );
    const arrived = row?.n ?? 0;
    if (arrived >= wanted) return;
    if (arrived !== seen) movedAt = Date.now();
    else if (Date.now() - movedAt > STUCK_MS) throw new Error(`stuck: ${arrived} of ${wanted} arrived`);
    seen = arrived;
    await sleep(250);
  }
}

async function controlOf(url: string, path: string, body?: unknown): Promise<unknown> {
  const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${url}/__sim/${path}`, request);
  if (!answer.ok) throw new Error(`simulator ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
