import pg from 'pg';
import { createApiClient } from '../../src/demo/client.ts';
import { planDay, type VisitPlan, wholeVisit } from '../../src/demo/visits/index.ts';
import type { RoleUrls } from '../../src/platform/database/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { copyOf, median, rounded, startHis } from './places.ts';

export interface WholeVisitBench {
  readonly visits: number;
  readonly inFlight: number;
  readonly postsPerSecond: number;
  readonly databaseOnlyPerSecond: number;
  /** POST over HTTP ÷ the same transactions by pg alone. */
  readonly ratio: number;
}

/** One statement as it went over the wire. */
type Statement = string | { readonly name?: string; readonly text: string; readonly values?: unknown[] };
interface Sent {
  readonly plan: VisitPlan;
  readonly body: unknown;
  readonly transaction: readonly Statement[];
}

export const WHOLE = '/api/v1/encounters/whole';
const IN_FLIGHT = 8;
const ROUNDS = 5;

/**
 * The same visits twice: posted to a running server, and as the bare statements of the very same transactions (context,
 * idempotency, audit and outbox included), which were listened to once and are sent again by pg on a copy of the
 * database. Rounds alternate, so that both meet the same noise.
 */
export async function benchWholeVisit(perRound = 200): Promise<WholeVisitBench> {
  const { sent, prepared, http, bare } = await listen(plansOfDifferentPeople(perRound * ROUNDS));
  const server = await startHis('serve', http);
  const api = createApiClient(server.details.url ?? '', IN_FLIGHT);
  const pool = new pg.Pool({ connectionString: bare.his_app, max: IN_FLIGHT });
  pool.on('connect', (client) => {
    for (const statement of prepared) void client.query(statement);
  });
  const post = async ({ plan, body }: Sent) => {
    const key = { 'Idempotency-Key': plan.id };
    const answer = await api.call('POST', WHOLE, tokenFor(plan.facilityCode), body, key);
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const replay = async ({ transaction }: Sent) => {
    const client = await pool.connect();
    for (const statement of transaction) await client.query(statement as pg.QueryConfig);
    client.release();
  };
  const rates = { http: [] as number[], bare: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const share = sent.slice(round * perRound, (round + 1) * perRound);
      rates.bare.push(await rateOf(share, replay));
      rates.http.push(await rateOf(share, post));
    }
  } finally {
    api.close();
    await server.stop();
    await pool.end();
  }
  // The first round warms both up.
  const [posts, only] = [median(rates.http.slice(1)), median(rates.bare.slice(1))];
  return {
    visits: perRound * ROUNDS,
    inFlight: IN_FLIGHT,
    postsPerSecond: rounded(posts),
    databaseOnlyPerSecond: rounded(only),
    ratio: rounded(posts / only, 2),
  };
}

/** Visits of different people, so that the order in which they are written does not matter. */
export function plansOfDifferentPeople(count: number, at = 120): VisitPlan[] {
  const province = demoProvince();
  const facilities = province.facilities.slice(0, at).map((line) => line.code);
  const date = addDays(localDate(new Date()), -1);
  const days = planDay({ seed: 3, date, province, facilities, count: count * 2 });
  const byPerson = new Map(days.flatMap((day) => [...day.visits()]).map((plan) => [plan.patientId, plan]));
  const found = [...byPerson.values()].slice(0, count);
  if (found.length < count) throw new Error(`only ${found.length} visits of different people`);
  return found;
}

/** Registers the people of these visits. @returns the visits themselves, ready to be posted whole */
export async function registerPeople(server: TestServer, visits: readonly VisitPlan[]): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (const plan of visits) {
    const { id, patient, coverages, patientId, ...visit } = wholeVisit(plan);
    const create = async (path: string, body: unknown) => {
      const answer = await server.call('POST', path, { as: plan.facilityCode, body });
      if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    };
    if (patient) await create('/api/v1/patients', patient);
    const person = patientId ?? plan.patientId;
    for (const card of coverages ?? []) await create(`/api/v1/patients/${person}/coverages`, card);
    bodies.push({ id, ...visit, patientId: person, coverageIds: (coverages ?? []).map((card) => card.id) });
  }
  return bodies;
}

/** Registers the people, copies the database twice, then posts every visit once and writes down what pg is sent. */
async function listen(
  visits: readonly VisitPlan[],
): Promise<{ sent: Sent[]; prepared: string[]; http: RoleUrls; bare: RoleUrls }> {
  const heard = new Map<VisitPlan, Statement[]>();
  const prepared = new Set<string>();
  const driver = pg.Client.prototype as unknown as Driver;
  const query = driver.query;
  let current: Statement[] = [];
  driver.query = function listening(...given) {
    const [statement] = given as [Statement];
    if (typeof statement !== 'string') current.push({ ...statement });
    else if (statement.startsWith('prepare ')) for (const one of statement.split('; ')) prepared.add(one);
    else current.push(statement);
    return query.apply(this, given);
  };
  let server: TestServer | undefined;
  try {
    server = await startTestServer({ as: null });
    const bodies = await registerPeople(server, visits);
    const http = await copyOf(server.database, 'bench_http');
    const bare = await copyOf(server.database, 'bench_bare');
    for (const [index, plan] of visits.entries()) {
      current = [];
      const headers = { 'Idempotency-Key': plan.id };
      const answer = await server.call('POST', WHOLE, {
        as: plan.facilityCode,
        body: bodies[index],
        headers,
      });
      if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      heard.set(plan, current);
    }
    const sent = visits.map((plan, index) => ({
      plan,
      body: bodies[index],
      transaction: own(heard.get(plan) ?? []),
    }));
    return { sent, prepared: [...prepared], http, bare };
  } finally {
    driver.query = query;
    await server?.stop();
  }
}

/** The driver's own method, seen as a property that can be replaced while we listen. */
interface Driver {
  query: (this: Driver, ...given: unknown[]) => unknown;
}

/** From the last `begin` on: what came before it is the sign-in or reference data being read. */
function own(statements: readonly Statement[]): readonly Statement[] {
  const textOf = (statement: Statement) => (typeof statement === 'string' ? statement : statement.text);
  const start = statements.findLastIndex((statement) => /^begin\b/i.test(textOf(statement)));
  const transaction = statements.slice(start);
  if (start < 0 || !/commit$/i.test(textOf(transaction.at(-1) ?? '')))
    throw new Error('no whole transaction was heard');
  return transaction;
}

/** Pieces of work done in a second, so many of them under way at once. */
export async function rateOf<T>(share: readonly T[], work: (one: T) => Promise<void>): Promise<number> {
  const queue = share.values();
  const startedAt = performance.now();
  const worker = async () => {
    for (const one of queue) await work(one);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (share.length * 1_000) / (performance.now() - startedAt);
}
