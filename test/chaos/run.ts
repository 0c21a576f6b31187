import { setTimeout as sleep } from 'node:timers/promises';
import { type Facts, judge, type VisitFacts } from './judge.ts';
import { gatherPeople, type Outcome, type People } from './people.ts';
import { AT_ONCE, type ChaosPlan, type Disturbance } from './plan.ts';
import type { KillablePostgres } from './postgres.ts';
import { openStage, type Stage } from './stage.ts';

export interface ChaosResult {
  readonly failures: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const EXPORT_EVERY_MS = 2_500;
const REST_LIMIT_MS = 90_000;
/** When nothing has moved for so long, the clocks go on: pauses of minutes and hours need not be waited for. */
const STILL_MS = 2_000;
const STEP_MS = 20 * 60_000;

/** One day under one plan. */
export async function runChaos(plan: ChaosPlan, postgres: KillablePostgres): Promise<ChaosResult> {
  const stage = await openStage(plan, postgres);
  try {
    await stage.database.query(
      `insert into export_setting (facility_id, mode) select id, 'immediate' from facility where code = $1`,
      [AT_ONCE],
    );
    await stage.database.query('update reference_revision set revision = revision + 1');
    const people = await gatherPeople(plan, stage.database, stage.apiUrl);
    for (const [facility, pem] of stage.certificates) await people.register(facility, pem);
    let isOver = false;
    const exports = exportAgainAndAgain(people, () => isOver);
    exports.catch(() => undefined); // told below
    const day = { isRecorded: false };
    const living = people.live().finally(() => {
      day.isRecorded = true;
    });
    const [outcomes] = await Promise.all([living, trouble(plan, stage, people, day)]);
    isOver = true;
    await exports;
    await calm(stage);
    const rest = await comeToRest(stage, people);
    people.leave();
    const facts = await gather(stage, outcomes);
    return {
      failures: [...rest.failures, ...stage.endedByThemselves, ...judge(facts)],
      figures: { ...figuresOf(plan, stage, facts), 'clock pushed on, minutes': rest.pushedMs / 60_000 },
    };
  } finally {
    await stage.stop();
  }
}

async function exportAgainAndAgain(people: People, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await people.askForExport();
    await sleep(EXPORT_EVERY_MS);
  }
}

/** All disturbances at their time; one does not wait for another. A day that comes no further is over. */
async function trouble(
  plan: ChaosPlan,
  stage: Stage,
  people: People,
  day: { readonly isRecorded: boolean },
): Promise<void> {
  const carryOut = async (disturbance: Disturbance) => {
    if (disturbance.kind === 'kill') return stage.kill(disturbance.who, disturbance.downMs);
    if (disturbance.kind === 'clock') return stage.setClock(disturbance.who, disturbance.offsetMs);
    return people.register(disturbance.facility, await stage.rotateKey(disturbance.facility));
  };
  const left = [...plan.disturbances];
  const under: Promise<void>[] = [];
  let [come, movedAt] = [0, performance.now()];
  while (left.length > 0) {
    const now = await progress(plan, stage).catch(() => come);
    if (now > come) [come, movedAt] = [now, performance.now()];
    const isOver = day.isRecorded && performance.now() - movedAt > STILL_MS;
    while (left[0] && (left[0].at <= come || isOver)) under.push(carryOut(left.shift()!));
    await sleep(100);
  }
  await Promise.all(under);
}

/** 0 to 1; recording is the longer half of the day. */
async function progress(plan: ChaosPlan, { database }: Stage): Promise<number> {
  const [row] = await database.query<{ settled: number; received: number }>(
    `select count(distinct encounter_id)::int as settled,
       (select count(*)::int from claim_event where type = 'received') as received from settlement`,
  );
  return Math.min(1, (0.6 * row!.settled) / plan.visits + (0.4 * row!.received) / plan.visits);
}

/** Everything runs again, clocks are right, the network and the gateway do what they should. */
async function calm(stage: Stage): Promise<void> {
  stage.network.calm();
  stage.setClock('all', 0);
  await stage.control('DELETE', 'faults');
}

async function comeToRest(stage: Stage, people: People): Promise<{ failures: string[]; pushedMs: number }> {
  let pushedMs = 0;
  let left = { toBuild: -1, toSend: -1, moves: '' };
  let movedAt = performance.now();
  for (const end = performance.now() + REST_LIMIT_MS; performance.now() < end; await sleep(400)) {
    const before = left.moves;
    left = await waiting(stage);
    if (left.toBuild + left.toSend === 0) return { failures: [], pushedMs };
    if (left.moves !== before) movedAt = performance.now();
    if (performance.now() - movedAt < STILL_MS) continue;
    movedAt = performance.now();
    pushedMs += STEP_MS;
    stage.setClock('all', pushedMs);
    await letPass(stage, STEP_MS);
    if (left.toBuild > 0) await people.askForExport();
  }
  const why = [`not at rest: ${left.toBuild} to build, ${left.toSend} to send`, ...(await stuck(stage))];
  return { failures: why, pushedMs };
}

/** What rests by the clock of the database, which nobody sets, has rested so much longer. */
async function letPass({ database }: Stage, ms: number): Promise<void> {
  await database.query(
    `with work as (update export_work set not_before = not_before - $1 * interval '1 millisecond' where not_before < 'infinity')
     update gateway_channel set open_until = open_until - $1 * interval '1 millisecond'`,
    [ms],
  );
}

/** The first of those that wait, with what a person would look at. */
async function stuck({ database }: Stage): Promise<string[]> {
  const rows = await database.query<{ told: string }>(
    `select concat_ws(' ', f.code, w.encounter_id, 'version', w.number, 'not before', w.not_before, 'now', now(), 'channel',
       (select string_agg(concat_ws('/', family, state, reason, open_until), ',') from gateway_channel c
        where c.facility_id = w.facility_id), 'events', (select string_agg(type || ':' || cause, ',' order by number, sequence)
        from claim_event e where e.facility_id = w.facility_id and e.encounter_id = w.encounter_id)) as told
     from export_work w join facility f on f.id = w.facility_id where w.held_at is null order by w.not_before limit 6`,
  );
  return rows.map(({ told }) => `waits: ${told}`);
}

/** What the insurer waits for and no person has to do first. */
async function waiting({ database }: Stage) {
  const [row] = await database.query<{ toBuild: number; toSend: number; moves: string }>(
    `select count(*) filter (where number = 0)::int as "toBuild", count(*) filter (where number > 0)::int as "toSend",
       (select count(*)::text from claim_event) || ' ' || count(*) as moves
     from export_work w where held_at is null and not exists (select from export_obstacle o
       where o.facility_id = w.facility_id and o.encounter_id = w.encounter_id)`,
  );
  return row!;
}

interface SimRecord {
  readonly maLk: string;
  readonly versions: readonly {
    readonly state: 'active' | 'replaced';
    readonly sha256: string;
    readonly money: { readonly T_BHTT: string };
  }[];
}

async function gather(stage: Stage, outcomes: readonly Outcome[]): Promise<Facts> {
  const versions = await stage.database.query<{
    encounterId: string;
    number: number;
    sequences: number[];
    types: string[];
    sent: string[];
  }>(
    `select encounter_id as "encounterId", number, array_agg(sequence::int order by sequence) as sequences,
       array_agg(type order by sequence) as types,
       coalesce(array_agg(document_sha256 order by sequence) filter (where type = 'sending'), '{}') as sent
     from claim_event group by 1, 2 order by 1, 2`,
  );
  const visits = await stage.database.query<{ id: string; key: string; isKept: boolean }>(
    `select e.id, e.claim_key as key, exists (select from export_work w left join export_obstacle o
         on o.facility_id = w.facility_id and o.encounter_id = w.encounter_id
       where w.facility_id = e.facility_id and w.encounter_id = e.id
         and (w.held_at is not null or o.encounter_id is not null)) as "isKept"
     from encounter e where e.claim_key is not null`,
  );
  const records = await stage.control<SimRecord[]>('GET', 'records');
  const report = await stage.control<{ money: { T_BHTT: string } }>('GET', 'report');
  const known = new Map(visits.map((visit) => [visit.id, visit]));
  const keys = new Set(outcomes.map(({ encounterId }) => known.get(encounterId)?.key));
  return {
    gatewayMoney: report.money.T_BHTT,
    strays: records.filter(({ maLk }) => !keys.has(maLk)).map(({ maLk }) => maLk),
    visits: outcomes.map((outcome): VisitFacts => {
      const { key, isKept } = known.get(outcome.encounterId)!;
      const own = versions.filter(({ encounterId }) => encounterId === outcome.encounterId);
      const arrivals = records.filter(({ maLk }) => maLk === key).flatMap((record) => record.versions);
      const files = new Set(own.flatMap(({ sent }) => sent));
      return {
        key,
        isKept,
        isOpen: outcome.isOpen,
        insurerPays: outcome.insurerPays,
        versions: own,
        arrivals: arrivals.map(({ sha256, state, money }) => ({
          sha256,
          isActive: state === 'active',
          insurerPays: money.T_BHTT,
        })),
        calls: Object.fromEntries([...files].map((sha256) => [sha256, stage.network.callsWith(sha256)])),
      };
    }),
  };
}

function figuresOf(plan: ChaosPlan, stage: Stage, { visits }: Facts): Record<string, number> {
  const types = visits.flatMap(({ versions }) => versions.flatMap((version) => version.types));
  const count = (wanted: string) => types.filter((type) => type === wanted).length;
  const mishaps = Object.entries(stage.network.counts).filter(([kind]) => kind !== 'none');
  return {
    'insured visits': visits.length,
    'claim versions': visits.reduce((sum, { versions }) => sum + versions.length, 0),
    'visits kept for a person': visits.filter(({ isKept }) => isKept).length,
    'visits left open': visits.filter(({ isOpen }) => isOpen).length,
    'attempts to send': count('sending'),
    'outcomes unclear': count('unknown'),
    'records replaced': visits.flatMap(({ arrivals }) => arrivals).filter(({ isActive }) => !isActive).length,
    'processes killed': plan.disturbances.filter(({ kind }) => kind === 'kill').length,
    'mishaps on the way': mishaps.reduce((sum, [, times]) => sum + times, 0),
  };
}
