import type { Session } from '../../src/demo/client.ts';
import { newId } from '../../src/platform/ids.ts';
import { addAccount, addSession, type TestAccount } from './accounts.ts';
import { type StillClock, stillClock } from './clock.ts';
import { startTestServer, type TestServer } from './server.ts';
import { at, dischargedVisit, HOSPITAL, leaving, line, openVisit } from './visit.ts';

export interface DeskAnswer {
  readonly status: number;
  /** Of a refusal, its type without `/problems/`. */
  readonly problem: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into any answer
  readonly etag: string | null;
}

/** A facility's cash desk: two cashiers, an administrator, an insurance officer, on a clock that tests move. */
export interface Desk {
  readonly server: TestServer;
  readonly clock: StillClock;
  readonly accounts: Readonly<Record<Person, TestAccount>>;
  by(
    who: Person | 'machine',
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<DeskAnswer>;
  stop(): Promise<void>;
}
const PEOPLE = {
  hoa: 'cashier',
  lan: 'cashier',
  boss: 'facility-admin',
  officer: 'insurance-officer',
  desk: 'receptionist',
  doctor: 'clinician',
} as const;
export type Person = keyof typeof PEOPLE;

export async function startDesk(): Promise<Desk> {
  const clock = stillClock();
  const server = await startTestServer({
    as: HOSPITAL,
    clock,
    settings: { ACCOUNT_CALLS_PER_MINUTE: 1_000_000 },
  });
  const accounts: Partial<Record<Person, TestAccount>> = {};
  const sessions = new Map<string, Session>();
  for (const [name, role] of Object.entries(PEOPLE)) {
    const account = await addAccount(server.database, role, HOSPITAL, { username: name });
    accounts[name as Person] = account;
    sessions.set(name, await addSession(server.database, account));
  }
  return {
    server,
    clock,
    accounts: accounts as Record<Person, TestAccount>,
    async by(who, method, path, body, headers = {}) {
      const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
      const answer =
        who === 'machine'
          ? await server.call(method, `/api/v1${path}`, { body, headers })
          : await server.api.call(method, `/api/v1${path}`, sessions.get(who)!, body, { ...key, ...headers });
      const problem =
        answer.status >= 400
          ? String((answer.body as { type: string }).type).replace('/problems/', '')
          : null;
      return { ...answer, problem };
    },
    stop: () => server.stop(),
  };
}

/** One examination (48.600 đ) and 3,33 tablets of 245 đ of somebody without insurance: 49.415,85 đ in all. */
export const OWED = '49415.85';
const selfPaid = { arrival: { coverageIds: [], routeCode: '9' } };
const lines = () => [
  line(),
  line({ itemCode: 'T01', quantity: '3.33', dose: '1 viên/lần * 3 lần/ngày * 1 ngày' }),
];

let cards = 2_000_000_000;
const freshCard = () => {
  cards += 1;
  return { cardNumber: `DN440${cards}` };
};

/** A visit that owes `OWED` as soon as it is settled. */
export async function unsettledVisit(
  desk: Desk,
): Promise<{ id: string; path: string; patientId: string; etag: string }> {
  const { id, etag, patientId } = await dischargedVisit(desk.server, lines(), {
    ...selfPaid,
    card: freshCard(),
  });
  return { id, path: `/encounters/${id}`, patientId, etag };
}

export async function settledVisit(desk: Desk): Promise<{ id: string; path: string; patientId: string }> {
  const visit = await unsettledVisit(desk);
  await settle(desk, visit.path);
  return visit;
}

export async function settle(desk: Desk, path: string): Promise<DeskAnswer> {
  const { etag } = await desk.by('machine', 'GET', path);
  return desk.by('machine', 'POST', `${path}/settlement`, {}, { 'If-Match': etag! });
}

export async function reopen(desk: Desk, path: string): Promise<DeskAnswer> {
  const { etag } = await desk.by('machine', 'GET', path);
  return desk.by('officer', 'POST', `${path}/reopen`, { reason: 'kết quả về trễ' }, { 'If-Match': etag! });
}

/** Somebody lies in the ward, without insurance; nothing is settled. */
export async function inpatientVisit(desk: Desk): Promise<{ id: string; path: string; patientId: string }> {
  const { id, patientId } = await openVisit(desk.server, {
    card: freshCard(),
    arrival: { ...selfPaid.arrival, classCode: '03', admittedAt: at('08:05'), admissionReason: 'Mổ' },
  });
  return { id, path: `/encounters/${id}`, patientId };
}

/** Ordered, discharged and settled: what the in-patient owes is known. */
export async function endStay(desk: Desk, path: string): Promise<void> {
  await leaveWard(desk, path);
  await settle(desk, path);
}

/** Ordered and discharged. */
export async function leaveWard(desk: Desk, path: string): Promise<void> {
  const post = async (part: string, body: object, etag?: string | null) => {
    const answer = await desk.by('machine', 'POST', `${path}${part}`, body, etag ? { 'If-Match': etag } : {});
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer;
  };
  await post('/conditions', { conditions: [{ role: 'primary', code: 'J00' }] });
  const { etag } = await post('/orders', { lines: lines() });
  await post('/discharge', leaving({ treatment: 'Nghỉ ngơi', advice: 'Tái khám' }), etag);
}

/** The visit's balance as the desk shows it. */
export async function balance(desk: Desk, path: string): Promise<DeskAnswer['body']> {
  return (await desk.by('hoa', 'GET', `${path}/balance`)).body;
}

/** Takes that much in cash, whatever the balance is. */
export async function payCash(
  desk: Desk,
  path: string,
  amount: string,
  who: Person = 'hoa',
): Promise<DeskAnswer> {
  const { balance: expectedBalance } = await balance(desk, path);
  return desk.by(who, 'POST', `${path}/payments`, { amount, method: 'cash', expectedBalance });
}
