import pg from 'pg';
import { type ApiClient, createApiClient } from '../../src/demo/client.ts';
import { type RoleUrls, withDatabase } from '../../src/platform/database/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import type { RunningProcess } from '../../src/runtime/processes.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer } from '../harness/server.ts';
import { copyOf, median, rounded, startHis } from './places.ts';
import { plansOfDifferentPeople, rateOf, registerPeople, WHOLE } from './whole-visit.ts';

interface Price {
  readonly isolatedPerSecond: number;
  readonly bypassPerSecond: number;
  /** How much faster it is without row-level security; 1 = it costs nothing. */
  readonly ratio: number;
}
export interface IsolationBench {
  readonly visits: number;
  readonly wholeVisit: Price;
  readonly dayList: Price;
}

const ROUNDS = 9;
const FACILITIES = 12;
const BYPASS = 'his_bypass';

interface Place {
  readonly server: RunningProcess;
  readonly api: ApiClient;
}

/**
 * The same requests to two servers of the same code: one whose role is held by row-level security, one whose role is
 * not. Each has its own copy of the same database; who comes first changes from round to round.
 */
export async function benchIsolation(perRound = 100): Promise<IsolationBench> {
  const plans = plansOfDifferentPeople(perRound * ROUNDS, FACILITIES);
  const prepared = await startTestServer({ as: null });
  const bodies = await registerPeople(prepared, plans);
  const bypass = await bypassUrl(prepared.database.superuserUrl);
  const isolatedUrls = await copyOf(prepared.database, 'bench_isolated');
  const bypassUrls = await copyOf(prepared.database, 'bench_bypass');
  await prepared.stop();
  const freeUrls = { ...bypassUrls, his_app: withDatabase(bypass, 'bench_bypass') };
  await mustDiffer(isolatedUrls.his_app, freeUrls.his_app);
  const isolated = await startPlace(isolatedUrls);
  const free = await startPlace(freeUrls);
  const work = plans.map((plan, index) => ({ plan, body: bodies[index] }));
  const day = addDays(localDate(new Date()), -1);
  const codes = [...new Set(plans.map((plan) => plan.facilityCode))];
  const post = ({ api }: Place, { plan, body }: (typeof work)[number]) =>
    expecting(
      201,
      api.call('POST', WHOLE, tokenFor(plan.facilityCode), body, { 'Idempotency-Key': plan.id }),
    );
  const list = ({ api }: Place, code: string) =>
    expecting(200, api.call('GET', `/api/v1/encounters?day=${day}`, tokenFor(code)));
  const [posts, lists] = [createPairs(), createPairs()];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const share = work.slice(round * perRound, (round + 1) * perRound);
      const asked = Array.from({ length: perRound * 3 }, (_, index) => codes[index % codes.length]!);
      const places = round % 2 === 0 ? [isolated, free] : [free, isolated];
      for (const place of places)
        posts.add(place === isolated, await rateOf(share, async (one) => void (await post(place, one))));
      for (const place of places)
        lists.add(place === isolated, await rateOf(asked, async (code) => void (await list(place, code))));
    }
    for (const code of codes) {
      const [one, other] = await Promise.all([list(isolated, code), list(free, code)]);
      if (idsIn(one) !== idsIn(other)) throw new Error(`${code}: the two servers list different visits`);
    }
  } finally {
    for (const { api, server } of [isolated, free]) {
      api.close();
      await server.stop();
    }
  }
  return { visits: plans.length, wholeVisit: posts.price(), dayList: lists.price() };
}

async function startPlace(urls: RoleUrls): Promise<Place> {
  const settings = { ACCOUNT_CALLS_PER_MINUTE: '1000000' };
  const server = await startHis('serve', urls, settings);
  return { server, api: createApiClient(server.details.url ?? '', 8) };
}

/** A role that has whatever his_app has, and that no policy holds. */
async function bypassUrl(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`drop role if exists ${BYPASS}`);
    await client.query(`create role ${BYPASS} login inherit bypassrls password 'bypass' in role his_app`);
  } finally {
    await client.end();
  }
  const url = new URL(superuserUrl);
  url.username = BYPASS;
  url.password = 'bypass';
  return url.href;
}

/** Without a context one sees nobody and the other everybody, else nothing would be compared. */
async function mustDiffer(isolated: string, free: string): Promise<void> {
  const count = async (connectionString: string) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from patient');
    await client.end();
    return rows[0]!.n;
  };
  const [none, all] = [await count(isolated), await count(free)];
  if (none !== 0 || all === 0) throw new Error(`isolated sees ${none}, free sees ${all}`);
}

async function expecting(status: number, answered: ReturnType<ApiClient['call']>): Promise<unknown> {
  const answer = await answered;
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const idsIn = (body: unknown) =>
  JSON.stringify((body as { items: { id: string }[] }).items.map(({ id }) => id));

/** Rates of both, round by round. Each ratio is of one round, in which both met the same noise. */
function createPairs() {
  const rates = { isolated: [] as number[], bypass: [] as number[] };
  return {
    add: (isIsolated: boolean, rate: number) => rates[isIsolated ? 'isolated' : 'bypass'].push(rate),
    price(): Price {
      // The first round warms both up.
      const [isolated, bypass] = [rates.isolated.slice(1), rates.bypass.slice(1)];
      return {
        isolatedPerSecond: rounded(median(isolated)),
        bypassPerSecond: rounded(median(bypass)),
        ratio: rounded(median(bypass.map((rate, round) => rate / isolated[round]!)), 2),
      };
    },
  };
}
