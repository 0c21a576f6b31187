import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiAnswer, type ApiClient, type Credential, createApiClient } from '../../src/demo/client.ts';
import { recordVisit } from '../../src/demo/record.ts';
import { planDay, type VisitPlan, type VisitStep, wholeVisit } from '../../src/demo/visits/index.ts';
import { randomFrom } from '../../src/demo/visits/random.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import type { TestDatabase } from '../harness/database.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import type { ChaosPlan, Return } from './plan.ts';

/** What people were told of an insured visit, and so rely on. */
export interface Outcome {
  readonly encounterId: string;
  readonly facilityCode: string;
  /** Taken up again and not settled since. */
  readonly isOpen: boolean;
  /** Of the last settlement, in VND. */
  readonly insurerPays: string;
}

export interface People {
  /** Records the whole day, takes visits up again and settles them anew. */
  live(): Promise<Outcome[]>;
  /** The province's office asks for an export. */
  askForExport(): Promise<void>;
  register(facility: string, pem: string): Promise<void>;
  leave(): void;
}

const DAY = addDays(localDate(new Date()), -1);
const AT_WORK = 4;
/** Visits that are recorded in one call; the others step by step. */
const AT_ONCE_SHARE = 0.75;
const PATIENCE_MS = 90_000;
const AGAIN_AFTER_MS = 150;
const REASON = 'Kết quả về muộn';
type Who = 'insurance-officer' | 'cashier' | 'clinician';
const WHO: readonly Who[] = ['insurance-officer', 'cashier', 'clinician'];

export async function gatherPeople(plan: ChaosPlan, database: TestDatabase, apiUrl: string): Promise<People> {
  const api = patient(createApiClient(apiUrl, 16));
  const sessions = new Map<string, Credential>();
  for (const facility of plan.facilities)
    for (const who of WHO)
      sessions.set(
        `${who} ${facility}`,
        await addSession(database, await addAccount(database, who, facility)),
      );
  const ask = async (as: Credential, method: string, path: string, body?: unknown, etag?: string | null) => {
    const headers: Record<string, string> = {
      ...(method === 'POST' ? { 'Idempotency-Key': newId() } : {}),
      ...(etag ? { 'If-Match': etag } : {}),
    };
    const answer = await api.call(method, path, as, body, headers);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const takeUp = async (visit: VisitPlan, { afterMs, how }: Return): Promise<string | null> => {
    await sleep(afterMs);
    const by = (who: Who) => sessions.get(`${who} ${visit.facilityCode}`)!;
    const one = (rest = '') => `/api/v1/encounters/${visit.id}${rest}`;
    const now = async () => (await ask(by('cashier'), 'GET', one())).etag;
    await ask(by('insurance-officer'), 'POST', one('/reopen'), { reason: REASON }, await now());
    if (how === 'leftOpen') return null;
    if (how === 'withMore') {
      await ask(by('clinician'), 'POST', one('/discharge/undo'), { reason: REASON }, await now());
      await ask(by('clinician'), 'POST', one('/orders'), { lines: [oneMore(visit)] });
      await ask(by('clinician'), 'POST', one('/discharge'), bodyOf(visit, 'discharge'), await now());
    }
    const { body } = await ask(by('cashier'), 'POST', one('/settlement'), {}, await now());
    return (body as { totals: { insurerPays: string } }).totals.insurerPays;
  };
  const outcomeOf = async (visit: VisitPlan): Promise<Outcome> => {
    const isWhole = randomFrom('chaos-whole', plan.seed, visit.id).chance(AT_ONCE_SHARE);
    const settled = (isWhole ? await recordWhole(api, visit) : null) ?? (await recordSteps(api, visit));
    let outcome = { isOpen: false, insurerPays: settled.totals.insurerPays };
    if (visit.routeCode !== '9')
      for (const again of plan.returnsOf(visit.id)) {
        const insurerPays = await takeUp(visit, again);
        outcome = { isOpen: insurerPays === null, insurerPays: insurerPays ?? outcome.insurerPays };
      }
    return { encounterId: visit.id, facilityCode: visit.facilityCode, ...outcome };
  };
  return {
    async live() {
      const visits = visitsOf(plan);
      const outcomes: Promise<Outcome>[] = [];
      const clinician = async () => {
        for (let visit = visits.shift(); visit; visit = visits.shift()) {
          const outcome = outcomeOf(visit);
          if (visit.routeCode !== '9') outcomes.push(outcome);
          outcome.catch(() => undefined); // told at the end
          // Who comes back does not keep the next one waiting.
          await (plan.returnsOf(visit.id).length > 0 ? sleep(100) : outcome);
        }
      };
      await Promise.all(Array.from({ length: AT_WORK }, clinician));
      return Promise.all(outcomes);
    },
    async askForExport() {
      await ask(tokenFor(null), 'POST', '/api/v1/export-runs', {});
    },
    async register(facility, pem) {
      await ask(sessions.get(`insurance-officer ${facility}`)!, 'POST', '/api/v1/facility-certificates', {
        pem,
      });
    },
    leave: () => api.close(),
  };
}

interface Settled {
  readonly totals: { readonly insurerPays: string };
}

/** In one call, as a station that was offline does. @returns null when the person came before: then step by step */
async function recordWhole(api: ApiClient, visit: VisitPlan): Promise<Settled | null> {
  const [token, key] = [tokenFor(visit.facilityCode), { 'Idempotency-Key': visit.id }];
  const { status, body } = await api.call('POST', '/api/v1/encounters/whole', token, wholeVisit(visit), key);
  if (status === 409) return null;
  if (status !== 201) throw new Error(`${visit.id}: ${status} ${JSON.stringify(body)}`);
  return (body as { settlement: Settled }).settlement;
}

async function recordSteps(api: ApiClient, visit: VisitPlan): Promise<Settled> {
  return (await recordVisit(visit, { api, tokenOf: tokenFor, atWork: AT_WORK }, () => undefined))!;
}

/** As a screen does: what got no answer, or no good one, is asked again with the same key. */
function patient(api: ApiClient): ApiClient {
  const isPassing = ({ status, body }: ApiAnswer) =>
    status >= 500 ||
    status === 429 ||
    (body as { type?: string })?.type === '/problems/idempotency-in-flight';
  return {
    close: () => api.close(),
    async call(...asked) {
      for (const end = performance.now() + PATIENCE_MS; ; await sleep(AGAIN_AFTER_MS)) {
        const answer = await api.call(...asked).catch((error: unknown) => error as Error);
        const isGood = !(answer instanceof Error) && !isPassing(answer);
        if (isGood) return answer;
        if (performance.now() > end)
          throw answer instanceof Error ? answer : new Error(`${asked[1]}: ${answer.status} for too long`);
      }
    },
  };
}

/** One visit of each facility, then the second of each … */
function visitsOf({ seed, visits, facilities }: ChaosPlan): VisitPlan[] {
  const days = planDay({ seed, date: DAY, province: demoProvince(), facilities, count: visits, wrong: 0 });
  const lists = days.map((day) => [...day.visits()]);
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}

function bodyOf<K extends VisitStep['kind']>({ steps }: VisitPlan, kind: K) {
  return (steps.find((step) => step.kind === kind) as Extract<VisitStep, { kind: K }>).body;
}

/** A line once more: one that is done when it is ordered. */
function oneMore({ steps }: VisitPlan): object {
  const results = steps.flatMap((step) => (step.kind === 'results' ? step.body.results : []));
  const withResult = new Set(results.map(({ lineId }) => lineId));
  const lines = steps.flatMap((step) => (step.kind === 'orders' ? step.body.lines : []));
  return { ...(lines.find(({ id }) => !withResult.has(id)) ?? lines[0]!), id: newId() };
}
