import { buildBatch, type ExportDependencies } from '../../src/exports/index.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { workerParts } from '../../src/runtime/workers.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { demoProvince, TEST_KEY } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { UNSIGNED } from '../harness/unsigned.ts';
import {
  arrival,
  at,
  card,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  person,
  STATION,
  wholeVisit,
} from '../harness/visit.ts';
import { CALLERS, makeAccounts, refreshSession, refreshSessions, signerOf } from './callers.ts';

const KINDS = [
  'patient',
  'coverage',
  'encounter',
  'line',
  'run',
  'account',
  'duty',
  'licence',
  'payment',
  'transfer',
  'shift',
] as const;
type Kind = (typeof KINDS)[number];
const NOBODY = '018f0000-0000-7000-8000-00000000dead';
const MOST_OF_A_KIND = 40;

/** A text that only this facility may read: of its charts, and of a person who never went elsewhere. */
export const markOf = (code: string) => `OnlyOf${code}`;

/** A small province in use: two facilities with people, visits in every state, an export run, staff. */
export interface World {
  readonly server: TestServer;
  /** Failures that the server logged, by request id. */
  readonly failures: ReadonlyMap<string, string>;
  /** Names that no answer may hold: tables and constraints. */
  readonly inner: readonly string[];
  /** An id for `{{kind:whose:n}}` as this caller means it. @param path where it goes */
  idFor(caller: string, path: string, kind: string, whose: string, place: number): string;
  versionOf(path: string): string;
  /** Learns from an answer: new ids, new versions. */
  learn(
    caller: string,
    method: string,
    path: string,
    answer: { status: number; body: unknown; etag: string | null },
  ): void;
  /** Sessions as at the beginning: of one caller, or of everybody. */
  refresh(caller?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const failures = new Map<string, string>();
  const log = createLogger('error', {
    write(text: string) {
      const { requestId } = JSON.parse(text) as { requestId?: string };
      failures.set(requestId ?? 'elsewhere', text.trim());
    },
  });
  const settings = { ACCOUNT_CALLS_PER_MINUTE: 1_000_000, UNRECOGNISED_CALLS_PER_MINUTE: 1_000_000 };
  const server = await startTestServer({ as: HOSPITAL, settings, log });
  await makeAccounts(server.database);
  const pools = new Map<string, Record<Kind, string[]>>();
  const guarded = new Map<string, string>();
  const versions = new Map<string, string>();
  /** By visit, so that many requests name a line of the visit they are about. */
  const lineOf = new Map<string, string>();
  for (const code of [HOSPITAL, STATION]) {
    const { ids, guardedPatient } = await populate(server, code, { versions, lineOf });
    pools.set(code, ids);
    guarded.set(code, guardedPatient);
  }
  await refreshSessions(server.database);
  const inner = await innerNames(server);
  const facilityOf = (caller: string) => CALLERS[caller]?.facility ?? HOSPITAL;

  return {
    server,
    failures,
    inner,
    idFor(caller, path, kind, whose, place) {
      const own = facilityOf(caller);
      if (whose === 'nobody' || !KINDS.includes(kind as Kind)) return NOBODY;
      const code = whose === 'own' ? own : own === HOSPITAL ? STATION : HOSPITAL;
      const pool = pools.get(code)![kind as Kind];
      const itsLine = kind === 'line' && whose === 'own' ? lineOf.get(subjectOf(path)) : undefined;
      if (itsLine && place % 4 > 0) return itsLine;
      // Whoever comes to a facility, or is there in an emergency, is known to it from then on: rightly.
      const leadsThere = /^\/api\/v1\/encounters(\/whole)?\/?(\?|$)|emergency-access/.test(path);
      if (kind === 'patient' && whose === 'other' && !leadsThere && place % 2 === 0)
        return guarded.get(code)!;
      return pool[place % Math.max(1, pool.length)] ?? NOBODY;
    },
    versionOf: (path) => versions.get(subjectOf(path)) ?? '"1"',
    learn(caller, method, path, { status, body, etag }) {
      if (etag) versions.set(subjectOf(path), etag);
      if (method !== 'POST' || status < 200 || status > 299) return;
      const place = path.split('?')[0]!;
      const kind = KIND_MADE[place] ?? KIND_MADE[`…/${place.split('/').at(-1)}`];
      const { id, account, payment } = (body ?? {}) as Record<'account' | 'payment', { id: string }> & {
        id?: string;
      };
      const made = kind === 'account' ? account?.id : kind === 'payment' ? payment?.id : id;
      // What the province's office opens belongs to no facility.
      const pool = kind && pools.get(CALLERS[caller]?.facility ?? '')?.[kind];
      if (!made || !pool) return;
      pool.push(made);
      // The first ones stay: visits in every state.
      if (pool.length > MOST_OF_A_KIND) pool.splice(10, 1);
      if (etag) versions.set(made, etag);
    },
    refresh: (caller) =>
      caller === undefined ? refreshSessions(server.database) : refreshSession(server.database, caller),
    stop: () => server.stop(),
  };
}

const KIND_MADE: Readonly<Record<string, Kind>> = {
  '/api/v1/patients': 'patient',
  '/api/v1/encounters': 'encounter',
  '/api/v1/encounters/whole': 'encounter',
  '/api/v1/export-runs': 'run',
  '/api/v1/accounts': 'account',
  '/api/v1/shifts': 'shift',
  '…/coverages': 'coverage',
  '…/payments': 'payment',
  '…/deposits': 'payment',
  '…/refunds': 'payment',
  '…/transfer-requests': 'transfer',
};
const subjectOf = (path: string) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(path)?.[0] ?? path;

const licencesOf = (code: string) =>
  demoProvince()
    .practitioners.filter((one) => one.facilityCode === code)
    .slice(0, 4)
    .map((one) => one.licenceNumber);

async function populate(
  server: TestServer,
  code: string,
  known: { readonly versions: Map<string, string>; readonly lineOf: Map<string, string> },
) {
  const ids: Record<Kind, string[]> = {
    patient: [],
    coverage: [],
    encounter: [],
    line: [],
    run: [],
    account: [signerOf(code).accountId],
    duty: [signerOf(code).dutyId],
    licence: licencesOf(code),
    payment: [],
    transfer: [],
    shift: [],
  };
  const mark = markOf(code);
  const doctor = doctorOf(code);
  const call = async (path: string, body: unknown, etag?: string | null) => {
    const headers: Record<string, string> = etag ? { 'If-Match': etag } : {};
    const answer = await server.call('POST', `/api/v1/${path}`, { as: code, body, headers });
    if (answer.status > 299) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return { id: (answer.body as { id: string }).id, etag: answer.etag };
  };
  const register = async (more: object = {}, number = 1) => {
    const { id } = await call('patients', person(more));
    const cardNumber = `DN440000${code}0${number}`;
    const coverage = await call(`patients/${id}/coverages`, card({ cardNumber }));
    return { id, coverage: coverage.id };
  };
  // One person whom no request brings to the other facility, and whom nobody here gives a card that is known there.
  const guarded = await register({ name: mark, address: mark }, 9);
  for (const [number, state] of ['open', 'ordered', 'discharged', 'settled', 'settled'].entries()) {
    const { id: patientId, coverage } = await register({}, number);
    ids.patient.push(patientId);
    ids.coverage.push(coverage);
    const visit = { reason: mark, provisionalDiagnosis: mark, coverageIds: [coverage] };
    const { id } = await call('encounters', arrival(patientId, visit));
    ids.encounter.push(id);
    const note = { at: at('08:20'), text: mark, authorLicence: doctor };
    await call(`encounters/${id}/notes`, { notes: [note] });
    await call(`encounters/${id}/conditions`, { conditions: [{ role: 'primary', code: 'J00' }] });
    if (state === 'open') continue;
    const ordered = line({ orderedByLicence: doctor });
    let { etag } = await call(`encounters/${id}/orders`, { lines: [ordered] });
    ids.line.push(ordered.id);
    known.lineOf.set(id, ordered.id);
    if (etag) known.versions.set(id, etag);
    if (state === 'ordered') continue;
    ({ etag } = await call(`encounters/${id}/discharge`, leaving(), etag));
    if (etag) known.versions.set(id, etag);
    if (state === 'settled') await call(`encounters/${id}/settlement`, {}, etag);
  }
  await fillDesk();
  ids.run.push((await call('export-runs', {})).id);
  await build(server, ids.run[0]!);
  return { ids, guardedPatient: guarded.id };

  /** Somebody without insurance who paid a part and will transfer another; the cashier's shift is open. */
  async function fillDesk(): Promise<void> {
    const { database } = server;
    const facility = facilityIdOf(code);
    const account = ['970418', '123456', 'BENH VIEN MAU'];
    await database.query('insert into desk_setting values ($1, 500, $2, $3, $4)', [facility, ...account]);
    const { id: patientId } = await register({}, 8);
    const visit = wholeVisit(patientId, code);
    const { id } = await call('encounters/whole', visit);
    ids.encounter.push(id);
    const owed = (await server.call('GET', `/api/v1/encounters/${id}/balance`, { as: code })).body;
    const { balance } = owed as { balance: string };
    const card = { amount: '1000.00', method: 'card', reference: 'T1', expectedBalance: balance };
    const paid = await server.call('POST', `/api/v1/encounters/${id}/payments`, { as: code, body: card });
    ids.payment.push((paid.body as { payment: { id: string } }).payment.id);
    ids.transfer.push((await call(`encounters/${id}/transfer-requests`, { amount: '1000.00' })).id);
    const [shift] = await database.query<{ id: string }>(
      `insert into cashier_shift (facility_id, id, cashier, opened_at, opening_float)
       select $1, uuidv7(), account_id, now(), 0 from account_duty where facility_id = $1 and role = 'cashier' limit 1
       returning id`,
      [facility],
    );
    ids.shift.push(shift!.id);
  }
}

/** Builds the claims of a run as a worker would. */
async function build(server: TestServer, runId: string): Promise<void> {
  const database = openDatabase(server.database.urls.his_export, 2, () => undefined);
  const settings = {
    GATEWAY_URL: 'http://127.0.0.1:1',
    GATEWAY_TIMEOUT_MS: 1_000,
    GATEWAY_CONCURRENCY: 1,
    GATEWAY_FACILITY_CONCURRENCY: 1,
    GATEWAY_FACILITY_PER_MINUTE: 600,
    GATEWAY_LOCAL_ADDRESS: null,
    SEND_LEASE_MARGIN_MS: 1_000,
    SEND_QUIET_MS: 0,
    REFUSAL_COUNT_DAYS: 365,
    RULE_STOP_SHARE: 20,
    RULE_STOP_CLAIMS: 50,
    CLAIM_CHECK_DAYS: 30,
    RESULT_QUERY_DAYS: 0,
    BENEFIT_CONTRACT: null,
    CLAIM_SUPPLY_CEILING: 'edition' as const,
    CLAIM_INSURER_SHARE: 'rows' as const,
    EXPORT_DIR: null,
    EXPORT_TIME: '23:59',
    STRICTER_DEADLINE_FROM: null,
    QUEUE_LOCK_MS: 1_000,
    SWEEP_EVERY_MS: 30_000,
    REDIS_URL: null,
    ...UNSIGNED,
  };
  const parts: ExportDependencies & { gateway: { close(): unknown } } = workerParts(
    settings,
    database,
    createSecretBox(TEST_KEY),
    createLogger('silent'),
  );
  try {
    const batches = await server.database.query<{ id: string }>(
      'select facility_id as id from export_batch where run_id = $1',
      [runId],
    );
    for (const { id } of batches) await buildBatch(parts, runId, id);
  } finally {
    parts.gateway.close();
    await database.close();
  }
}

async function innerNames(server: TestServer): Promise<string[]> {
  const rows = await server.database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relname like '%\\_%'
     union select conname from pg_constraint where conname like '%\\_%'
     union select proname from pg_proc where pronamespace = 'public'::regnamespace and proname like '%\\_%'`,
  );
  return rows
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('gin_') && !name.startsWith('gtrgm_'));
}
