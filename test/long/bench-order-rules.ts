import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newId } from '../../src/platform/ids.ts';
import { startTestCluster } from '../harness/cluster.ts';
import type { TestDatabase } from '../harness/database.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { at, HOSPITAL, line, type OpenVisit, openVisit } from '../harness/visit.ts';
import type { LongResult } from './page.ts';

const VISITS = 3_000_000;
/** Visits that are open while it is measured, each with a past at several facilities. */
const OPEN = 200;
const PAST_OF_EACH = 12;
const VISITS_OF_EACH = 6;
/** Rules look at lines of a person's other visits no further back. */
const DAYS_OF_LINES = 100;
const CALLS_PER_VISIT = 6;
const AIM_MS = 30;
/** More than the cores can do shows how the wait grows; the aim is for what comes: 8,000 visits a day are one order in two seconds. */
const AS_FAST = '4 at once, as fast as it goes';
const LOADS: readonly (readonly [name: string, lanes: number, perSecond: number | null])[] = [
  ['one after the other', 1, null],
  ['20 a second', 8, 20],
  [AS_FAST, 4, null],
];

/**
 * Orders are saved and answered with what the rules say, among the stored visits of a province. Shown at the API: from the call
 * to the whole answer, in the process that serves it, beside the database on the same cores.
 */
export async function benchOrderRules(visits = VISITS, open = OPEN): Promise<LongResult> {
  const cluster = await startTestCluster();
  process.env.HIS_TEST_SUPERUSER_URL = cluster.server.superuserUrl;
  try {
    const server = await startTestServer({ as: HOSPITAL });
    const failures: string[] = [];
    const figures: Record<string, string | number> = {};
    try {
      const opened: OpenVisit[] = [];
      for (let number = 0; number < open; number += 1) opened.push(await openVisit(server, somebody(number)));
      for (const { path } of opened.slice(0, 1)) {
        await server.call('POST', `${path}/conditions`, {
          body: { conditions: [{ role: 'primary', code: 'J00' }] },
        });
        await server.call('POST', `${path}/orders`, { body: { lines: linesOf(0) } });
      }
      await makePast(server.database, visits, opened);
      const [stored] = await server.database.query<{ visits: number; lines: number }>(
        'select (select count(*) from encounter)::int as visits, (select count(*) from charge_line)::int as lines',
      );
      figures['visit heads stored'] = stored!.visits;
      figures['charge lines stored'] = stored!.lines;
      if (stored!.visits < visits) failures.push(`only ${stored!.visits} visits are stored`);
      await saveOrders(server, opened.slice(0, Math.ceil(open / 10)), 1);
      for (const [name, lanes, perSecond] of LOADS) {
        const took = await saveOrders(server, opened, lanes, perSecond);
        const p95 = percentile(took.ms, 95);
        figures[`${name}: calls`] = took.ms.length;
        figures[`${name}: findings answered`] = took.findings;
        figures[`${name}: median, ms`] = percentile(took.ms, 50).toFixed(1);
        figures[`${name}: p95, ms`] = p95.toFixed(1);
        figures[`${name}: slowest, ms`] = percentile(took.ms, 100).toFixed(1);
        if (took.findings === 0) failures.push(`${name}: the rules said nothing at all`);
        if (name !== AS_FAST && p95 >= AIM_MS)
          failures.push(`${name}: p95 of ${p95.toFixed(1)} ms is not below ${AIM_MS} ms`);
      }
    } finally {
      await server.stop();
    }
    return { failures, figures };
  } finally {
    await cluster.stop();
  }
}

function somebody(number: number) {
  const tail = String(number).padStart(6, '0');
  return {
    person: { name: 'Trần Mẫu Mực', nationalId: `040190${tail}` },
    card: { cardNumber: `DN440009${tail}1` },
  };
}

/**
 * Stored visits of the last year at all facilities, each a copy of one that was recorded over the API but for place, person, card
 * and day; lines where rules may look for them. Triggers and references rest meanwhile.
 */
async function makePast(database: TestDatabase, visits: number, opened: readonly OpenVisit[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    const copy = async (table: string, from: string, values: Readonly<Record<string, string>>) =>
      client.query(await copySql(client, table, from, values));
    await client.query(`set session_replication_role = replica; set search_path = public`);
    await client.query(`select ensure_month_partitions((now() - interval '13 months')::date, now()::date)`);
    await client.query(
      `create temp table past_person as select uuidv7() as id, uuidv7() as card, n, null::uuid as own
       from generate_series(1, ${Math.ceil(visits / VISITS_OF_EACH)}) n`,
    );
    await copy('patient', 'past_person p', {
      id: 'p.id',
      national_id: `lpad(p.n::text, 12, '9')`,
      name: `'Nguyễn Văn ' || translate(md5(p.n::text), '0123456789', 'ghiklmnopq')`,
    });
    await copy('coverage', 'past_person p', {
      id: 'p.card',
      patient_id: 'p.id',
      card_number: `'DN440' || lpad(p.n::text, 10, '0')`,
    });
    await client.query(
      `insert into past_person select patient_id, coverage_id, -row_number() over (), patient_id
       from unnest($1::uuid[], $2::uuid[]) as o (patient_id, coverage_id)`,
      [opened.map(({ patientId }) => patientId), opened.map(({ coverageId }) => coverageId)],
    );
    await client.query(
      `create temp table past as select p.id as patient_id, p.card, f.id as facility_id, v.id, v.at
       from past_person p
       cross join lateral generate_series(1, case when p.own is null then ${VISITS_OF_EACH} else ${PAST_OF_EACH} end) turn
       cross join lateral (select make_interval(secs => 86400 * (2 + (abs(p.n)::bigint * 7919 + turn * 104729) % 370)) as ago) a
       cross join lateral (select uuidv7(-a.ago) as id, now() - a.ago as at) v
       join (select id, row_number() over (order by code) - 1 as number, count(*) over () as of from facility) f
         on f.number = (abs(p.n) + turn * 31) % f.of`,
    );
    await copy('encounter', 'past p', {
      facility_id: 'p.facility_id',
      id: 'p.id',
      patient_id: 'p.patient_id',
      claim_key: `left(t.claim_key, -32) || replace(p.id::text, '-', '')`,
      record_number: `'BA' || replace(p.id::text, '-', '')`,
      arrived_at: 'p.at',
      ended_at: `p.at + interval '2 hours'`,
      settled_at: `p.at + interval '3 hours'`,
      state: `'settled'`,
      settlement_version: '1',
    });
    const ofVisit = { facility_id: 'p.facility_id', encounter_id: 'p.id' };
    await copy('encounter_coverage', 'past p', { ...ofVisit, coverage_id: 'p.card', presented_at: 'p.at' });
    await copy('condition', 'past p', { ...ofVisit, id: 'uuidv7()', recorded_at: 'p.at' });
    await copy('charge_line', `past p where p.at > now() - interval '${DAYS_OF_LINES} days'`, {
      ...ofVisit,
      id: 'uuidv7()',
      ordered_at: 'p.at',
    });
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

/** Copies of the first row that stands in a table, with other values in some columns. */
async function copySql(
  client: pg.Client,
  table: string,
  from: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
     and attgenerated = '' order by attnum`,
    [table],
  );
  const [source, where = ''] = from.split(' where ');
  const columns = rows.map(({ name }) => `"${name}"`).join(', ');
  const chosen = rows.map(({ name }) => values[name] ?? `t."${name}"`).join(', ');
  return `insert into ${table} (${columns}) select ${chosen} from ${source}, (select * from ${table} limit 1) t
    ${where && `where ${where}`}`;
}

/** Examination, drug and service orders of each visit, the drugs some with a dose that cannot be read. */
async function saveOrders(
  server: TestServer,
  visits: readonly OpenVisit[],
  lanes: number,
  perSecond: number | null = null,
) {
  const ms: number[] = [];
  let findings = 0;
  const waiting = Array.from({ length: CALLS_PER_VISIT }, (_, turn) =>
    visits.map((visit) => [visit, turn] as const),
  )
    .flat()
    .values();
  const begunAt = performance.now();
  let begun = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const [visit, turn] of waiting) {
        if (perSecond) await sleep(Math.max(0, begunAt + (begun++ * 1_000) / perSecond - performance.now()));
        const startedAt = performance.now();
        const answer = await server.call('POST', `${visit.path}/orders`, { body: { lines: linesOf(turn) } });
        ms.push(performance.now() - startedAt);
        if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
        findings += (answer.body as { findings: readonly unknown[] }).findings.length;
      }
    }),
  );
  return { ms, findings };
}

const linesOf = (turn: number) => [
  turn % 3 === 0
    ? line({ orderedAt: at(`08:${10 + turn}`) })
    : line({
        id: newId(),
        itemCode: 'T01',
        quantity: '10',
        orderedAt: at(`09:${10 + turn}`),
        dose: turn % 3 === 1 ? 'uống khi sốt' : '1 viên/lần * 2 lần/ngày * 5 ngày',
      }),
];

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)]!;
}
