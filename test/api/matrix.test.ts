import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NO_FACILITY } from '../../src/audit/index.ts';
import { type ClaimSnapshot, projectPapers } from '../../src/claims/index.ts';
import type { ApiAnswer, Credential } from '../../src/demo/client.ts';
import { buildBatch } from '../../src/exports/index.ts';
import type { Role } from '../../src/identity/index.ts';
import { localDate } from '../../src/platform/dates.ts';
import { ANYBODY, type RouteShape } from '../../src/platform/http/index.ts';
import { newId, sha256 } from '../../src/platform/ids.ts';
import { DOOR_ROUTES, ROUTES } from '../../src/runtime/api.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession, addToken, PASSWORD, type TestAccount } from '../harness/accounts.ts';
import { checkedFile } from '../harness/checks.ts';
import { foreignFile, takeIn } from '../harness/foreign.ts';
import { parkClaim, plantLookup, plantUnclearPaper, takeClaim } from '../harness/insurer.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { plantFinding } from '../harness/planted-findings.ts';
import { plantResults, RESULT_FILE } from '../harness/results.ts';
import {
  arrival,
  at,
  card,
  dischargedVisit,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  person,
  STATION,
  wholeVisit,
} from '../harness/visit.ts';
import { refusalNotes, requestIdOf, writtenRows } from '../harness/written.ts';
import { goldenKey } from '../signatures/keys.ts';
import { type Expected, LETTERS, MATRIX } from './matrix.table.ts';

/** Whose data a request is about: a district hospital's. The other facility is a station. */
const OWN = HOSPITAL;
const OTHER = STATION;
const OFFICE_ROLES: readonly Role[] = ['province-admin', 'auditor'];
const SECRET = 'the secret of a machine of the tests';

/** One caller of one route. */
interface Cell {
  readonly kind: 'own' | 'other' | 'office' | 'nobody' | 'expired' | 'locked' | 'noScope';
  readonly role: Role | null;
  readonly account: TestAccount | null;
}
interface Request {
  readonly path: string;
  readonly body?: object;
  readonly version?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

let plant: Plant;
const cells: Cell[] = [];
const credentials = new Map<Cell, Credential>();
/** Callers that nobody knows leave a count by kind of refusal. */
const counted: Record<string, number> = {};

beforeAll(async () => {
  plant = await startPlant('postgres', {}, { UNRECOGNISED_CALLS_PER_MINUTE: 100_000 });
  await makeCallers();
  await makeThings();
});
afterAll(() => plant.stop());

async function makeCallers(): Promise<void> {
  const { database } = plant.server;
  const add = async (kind: Cell['kind'], role: Role, facilityCode: string | null, state?: 'locked') => {
    const username = `${role}.${kind}`.toLowerCase();
    const account = await addAccount(database, role, facilityCode, { username, ...(state ? { state } : {}) });
    cells.push({ kind, role, account });
  };
  for (const role of Object.values(LETTERS)) {
    const isOffice = OFFICE_ROLES.includes(role);
    const facilityCode = isOffice ? null : OWN;
    await add(isOffice ? 'office' : 'own', role, facilityCode);
    if (!isOffice) await add('other', role, OTHER);
    await add('expired', role, facilityCode);
    await add('locked', role, facilityCode, 'locked');
  }
  await add('noScope', 'machine', OWN);
  cells.push({ kind: 'nobody', role: null, account: null });
  for (const cell of cells) credentials.set(cell, await credentialOf(cell));
  await database.query(
    `insert into machine_secret (account_id, secret_sha256, created_by, created_at)
     select id, $1, id, now() - interval '1 day' from account where kind = 'machine' and username like 'machine.%'`,
    [sha256(SECRET)],
  );
}

/** @param permission of the route that a machine without the scope wants; its token is good for another one */
async function credentialOf({ kind, role, account }: Cell, permission = ''): Promise<Credential> {
  if (!account) return '';
  const { database } = plant.server;
  const isOver = kind === 'expired';
  if (role !== 'machine') return addSession(database, account, isOver);
  const every = ROUTES.map((route) => route.permission);
  const scopes =
    kind === 'noScope' ? [permission === 'patient.read' ? 'encounter.read' : 'patient.read'] : every;
  return addToken(database, account, scopes, isOver);
}

// ---- what the requests are about --------------------------------------------------------------------------------

let things: {
  readonly patientId: string;
  readonly encounterId: string;
  readonly version: string;
  readonly lineId: string;
  /** Settled, its claim built. */
  readonly claimId: string;
  /** The same at the other facility. */
  readonly otherClaimId: string;
  readonly runId: string;
  readonly taskId: string;
  /** A file of other software, and the claim in it. */
  readonly foreignFileId: string;
  readonly foreignClaimId: string;
  readonly checkId: string;
  readonly importId: string;
  readonly correctionId: string;
  readonly lookupId: string;
  readonly paperId: string;
  /** A job that was given up. */
  readonly letterId: string;
  /** At the desk: a payment and its receipt, a transfer that is waited for, a shift. */
  readonly paymentId: string;
  readonly transferId: string;
  readonly shiftId: string;
  readonly bookId: string;
  /** Somebody who works at our facility. */
  readonly worker: TestAccount;
  /** What the rules found, what is checked again, and what is tried. */
  readonly findingKey: string;
  readonly recheckId: string;
  readonly trialId: string;
  /** Not the person above: who is admitted elsewhere, or has an emergency there, is known there from then on. */
  readonly travellerId: string;
};
/** Ids of our facility that no answer to another facility may hold. */
let secrets: readonly string[];

async function makeThings(): Promise<void> {
  const { server } = plant;
  const open = await openVisit(ours());
  const lineId = newId();
  const ordered = await ours().call('POST', `${open.path}/orders`, {
    body: { lines: [line({ id: lineId })] },
  });
  const { id: claimId } = await settledVisit();
  const run = await server.call('POST', '/api/v1/export-runs', { as: OWN, body: {} });
  const runId = (run.body as { id: string }).id;
  await buildBatch(plant.parts, runId, facilityIdOf(OWN));
  const worker = await addAccount(server.database, 'nurse', OWN, { username: 'worker' });
  await plant.server.database.query(
    `insert into desk_setting values ($1, 500, '970418', '1234567890', 'BENH VIEN MAU')`,
    [facilityIdOf(OWN)],
  );
  const paid = await paidBy(worker);
  const taken = await takeIn(server.database, OWN, foreignFile(OWN, 'K1'));
  const traveller = await ours().call('POST', '/api/v1/patients', { body: person({ name: 'Ngô Văn Xa' }) });
  things = {
    patientId: open.patientId,
    encounterId: open.id,
    version: ordered.etag!,
    lineId,
    claimId,
    runId,
    taskId: await freshTask(),
    foreignFileId: taken.id,
    foreignClaimId: taken.claimIds[0]!,
    checkId: await checkedFile(server.database, OWN, foreignFile(OWN, 'K1')),
    ...(await plantResults(server.database, OWN, claimId)),
    otherClaimId: await claimElsewhere(),
    lookupId: await plantLookup(server.database, OWN),
    paperId: await plantUnclearPaper(server.database, OWN),
    letterId: await freshLetter(),
    ...paid,
    transferId: await freshTransfer(),
    worker,
    travellerId: (traveller.body as { id: string }).id,
    ...(await assessed(open.id)),
  };
  secrets = [open.patientId, open.id, open.claimKey, lineId, claimId, runId, worker.id, worker.username];
  secrets = [...secrets, things.paymentId, things.transferId, things.shiftId, things.bookId];
  secrets = [...secrets, taken.id, ...taken.claimIds, things.recheckId, things.trialId];
  secrets = [...secrets, things.checkId, things.importId, things.correctionId];
  secrets = [...secrets, things.lookupId, things.paperId];
}

const RULE = 'DT_SHORT_VISIT';
const trialOf = (facilityCode: string) => ({
  rules: [{ id: RULE }],
  from: '2026-11-01',
  to: '2026-11-02',
  facilities: [facilityCode],
});

/** A finding of the visit, and what our officer asked for. */
async function assessed(encounterId: string) {
  const findingKey = await plantFinding(plant.server.database, OWN, encounterId, {
    cause: ['drug', '40.48'],
  });
  const officer = credentials.get(
    cells.find((cell) => cell.kind === 'own' && cell.role === 'insurance-officer')!,
  )!;
  const ask = async (path: string, body: object): Promise<string> => {
    const headers = { 'Idempotency-Key': newId() };
    const answer = await plant.server.api.call('POST', `/api/v1${path}`, officer, body, headers);
    return (answer.body as { id: string }).id;
  };
  return {
    findingKey,
    recheckId: await ask('/rechecks', { encounterIds: [encounterId] }),
    trialId: await ask('/rule-trials', trialOf(OWN)),
  };
}

/** The server, called with our facility's own token. */
function ours(): Plant['server'] {
  const { server } = plant;
  return { ...server, call: (method, path, more) => server.call(method, path, { as: OWN, ...more }) };
}

let cards = 1_000_000_000;
function freshCard() {
  cards += 1;
  return { cardNumber: `DN440${cards}` };
}

async function freshVisit() {
  const visit = await openVisit(ours(), { card: freshCard() });
  const lineId = newId();
  const ordered = await ours().call('POST', `${visit.path}/orders`, {
    body: { lines: [line({ id: lineId })] },
  });
  return { ...visit, lineId, version: ordered.etag! };
}

async function settledVisit() {
  const visit = await dischargedVisit(ours(), [line()], { card: freshCard() });
  const headers = { 'If-Match': visit.etag };
  const settled = await ours().call('POST', `${visit.path}/settlement`, { body: {}, headers });
  expect(settled.status).toBe(201);
  return { ...visit, etag: settled.etag! };
}

/** At the other facility, its claim built. */
async function claimElsewhere(): Promise<string> {
  const theirs: Plant['server'] = {
    ...plant.server,
    call: (method, path, more) => plant.server.call(method, path, { as: OTHER, ...more }),
  };
  const lines = [line({ orderedByLicence: doctorOf(OTHER) })];
  const { id, path, etag } = await dischargedVisit(theirs, lines, { card: freshCard() });
  await theirs.call('POST', `${path}/settlement`, { body: {}, headers: { 'If-Match': etag } });
  const run = await theirs.call('POST', '/api/v1/export-runs', { body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, facilityIdOf(OTHER));
  return id;
}

async function freshTask(): Promise<string> {
  const { path } = await settledVisit();
  const body = { kind: 'late-other', note: 'giấy tờ nộp sau' };
  return ((await ours().call('POST', `${path}/late-facts`, { body })).body as { id: string }).id;
}

/** A visit of somebody without insurance, settled: they owe what it costs. */
async function owingVisit(): Promise<string> {
  const more = { card: freshCard(), arrival: { coverageIds: [], routeCode: '9' } };
  const { path, etag } = await dischargedVisit(ours(), [line()], more);
  await ours().call('POST', `${path}/settlement`, { body: {}, headers: { 'If-Match': etag } });
  return path;
}
const OWED = '48600.00';
const byCard = { amount: OWED, method: 'card', reference: 'T1' };

async function inpatient(): Promise<string> {
  const arrived = { classCode: '03', admittedAt: at('08:05'), admissionReason: 'Mổ' };
  return (await openVisit(ours(), { card: freshCard(), arrival: arrived })).path;
}

async function freshTransfer(): Promise<string> {
  const path = `${await owingVisit()}/transfer-requests`;
  return ((await ours().call('POST', path, { body: { amount: OWED } })).body as { id: string }).id;
}

/** The caller's own open shift, new; the one before is closed. */
async function freshShift({ id }: TestAccount, facilityCode = OWN): Promise<string> {
  const [shift] = await plant.server.database.query<{ id: string }>(
    `with closed as (update cashier_shift set closed_at = opened_at, closed_by = cashier, counted_cash = 0, expected_cash = 0
       where cashier = $1 and closed_at is null)
     select uuidv7() as id`,
    [id],
  );
  await plant.server.database.query(
    'insert into cashier_shift (facility_id, id, cashier, opened_at, opening_float) values ($1, $2, $3, now(), 0)',
    [facilityIdOf(facilityCode), shift!.id, id],
  );
  return shift!.id;
}

/** A payment that this person took in their open shift. */
async function paidBy(account: TestAccount) {
  const body = { ...byCard, expectedBalance: OWED };
  const paid = await ours().call('POST', `${await owingVisit()}/payments`, { body });
  const { id, receipt } = (paid.body as { payment: { id: string; receipt: { bookId: string } } }).payment;
  const shiftId = await freshShift(account);
  await plant.server.database.query('update payment set recorded_by = $1, shift_id = $2 where id = $3', [
    account.id,
    shiftId,
    id,
  ]);
  return { paymentId: id, shiftId, bookId: receipt.bookId };
}

async function freshLetter(): Promise<string> {
  const [letter] = await plant.server.database.query<{ id: string }>(
    `insert into dead_letter (queue, job_id, name, data, error_kind, first_at, last_at)
     values ('settled', gen_random_uuid()::text, 'x', '{}', 'TypeError', now(), now()) returning id`,
  );
  return letter!.id;
}

const correction = () => `/api/v1/corrections/${things.correctionId}`;
const setTaskClosed = (isClosed: boolean) =>
  plant.server.database.query(
    `update correction_task set closed_at = case when $2 then now() end, closed_how = case when $2 then 'person' end,
       close_reason = case when $2 then 'x' end where id = $1`,
    [things.correctionId, isClosed],
  );
const asked = { cardNumber: 'DN4990000000000', name: 'Người Mẫu', birthDate: '1990' };
const certificate = projectPapers(
  JSON.parse(
    readFileSync(new URL('../golden/1931/sick-leave/input.json', import.meta.url), 'utf8'),
  ) as ClaimSnapshot,
).CT07!;

/** How a route is called when all is well. `fresh`: on something that was not used up by another caller. */
const REQUESTS: Readonly<Record<string, (cell: Cell, fresh: boolean) => Request | Promise<Request>>> = {
  registerPatient: () => ({ path: '/api/v1/patients', body: person({ name: 'Hồ Thị Mới' }) }),
  searchPatients: () => ({ path: '/api/v1/patients?name=tran+thi+mau' }),
  readPatient: () => ({ path: patient() }),
  changePatient: async (_cell, fresh) => ({
    path: patient(),
    body: { phone: '0912345678' },
    version: fresh ? (await ours().call('GET', patient())).etag : '"1"',
  }),
  addCoverage: () => ({ path: `${patient()}/coverages`, body: card(freshCard()) }),
  listCoverages: () => ({ path: `${patient()}/coverages` }),
  readHistory: () => ({ path: `${patient()}/history`, headers: { 'X-Purpose': 'treatment' } }),
  declareEmergency: () => ({
    path: `/api/v1/patients/${things.travellerId}/emergency-access`,
    body: { reason: 'bất tỉnh' },
  }),

  checkIn: () => ({ path: '/api/v1/encounters', body: arrival(things.travellerId, { routeCode: '9' }) }),
  recordWholeVisit: ({ kind }) => ({
    path: '/api/v1/encounters/whole',
    body: wholeVisit(things.travellerId, kind === 'other' ? OTHER : OWN),
  }),
  listEncounters: () => ({ path: '/api/v1/encounters' }),
  readEncounter: () => ({ path: visit() }),
  routeProposal: () => ({ path: `${visit()}/route-proposal` }),
  changeEncounter: async (_cell, fresh) => ({
    path: visit(),
    body: { reason: 'Ho' },
    version: fresh ? (await ours().call('GET', visit())).etag : things.version,
  }),
  recordConditions: onVisit('conditions', () => ({ conditions: [{ role: 'primary', code: 'J00' }] })),
  recordOrders: onVisit('orders', () => ({ lines: [line()] })),
  recordResults: onVisit('results', (lineId) => ({
    results: [
      {
        lineId,
        resultAt: at('09:00'),
        observations: [{ name: 'WBC', value: '7', readByLicence: doctorOf(OWN) }],
      },
    ],
  })),
  recordNotes: onVisit('notes', () => ({
    notes: [{ at: at('09:00'), text: 'Ổn', authorLicence: doctorOf(OWN) }],
  })),
  cancelLine: onVisit('orders/:lineId/cancel', () => ({ reason: 'ghi nhầm' })),
  discharge: async (_cell, fresh) => {
    if (!fresh) return { path: `${visit()}/discharge`, body: leaving(), version: things.version };
    const made = await freshVisit();
    const conditions = [{ role: 'primary', code: 'J00' }];
    const { etag } = await ours().call('POST', `${made.path}/conditions`, { body: { conditions } });
    return { path: `${made.path}/discharge`, body: leaving(), version: etag };
  },
  undoDischarge: onDischarged('discharge/undo', { reason: 'nhầm' }),
  settle: onDischarged('settlement', {}),
  previewSettlement: () => ({ path: `${visit()}/settlement/preview` }),
  readSettlement: () => ({ path: `/api/v1/encounters/${things.claimId}/settlement` }),
  compareSettlements: () => ({ path: `/api/v1/encounters/${things.claimId}/settlement/changes?from=1&to=1` }),
  explainSettlement: () => ({ path: `/api/v1/encounters/${things.claimId}/settlement/explanation` }),
  listSettlements: () => ({ path: `/api/v1/encounters/${things.claimId}/settlements` }),
  reopen: onSettled('reopen', { reason: 'kết quả về trễ' }),
  noteLateFact: onSettled('late-facts', { kind: 'late-result', note: 'kết quả về trễ' }),
  listBillingTasks: () => ({ path: '/api/v1/billing-tasks' }),
  closeBillingTask: async (_cell, fresh) => ({
    path: `/api/v1/billing-tasks/${fresh ? await freshTask() : things.taskId}/close`,
    body: { outcome: 'no-change', note: 'không đổi số tiền' },
  }),

  readBalance: () => ({ path: `${visit()}/balance` }),
  takePayment: atDesk('payments', owingVisit, { ...byCard, expectedBalance: OWED }),
  takeDeposit: atDesk('deposits', inpatient, { ...byCard, expectedBalance: '0.00' }),
  giveRefund: atDesk(
    'refunds',
    async () => {
      const path = await inpatient();
      await ours().call('POST', `${path}/deposits`, { body: { ...byCard, expectedBalance: '0.00' } });
      return path;
    },
    { ...byCard, expectedBalance: `-${OWED}` },
  ),
  voidPayment: async ({ account }, fresh) => {
    const { paymentId } = fresh ? await paidBy(account!) : things;
    return { path: `/api/v1/payments/${paymentId}/void`, body: { reason: 'ghi nhầm' } };
  },
  requestTransfer: atDesk('transfer-requests', owingVisit, { amount: OWED }),
  confirmTransfer: async (_cell, fresh) => ({
    path: `/api/v1/transfer-requests/${fresh ? await freshTransfer() : things.transferId}/confirm`,
    body: { bankReference: `FT${newId()}` },
  }),
  cancelTransfer: async (_cell, fresh) => ({
    path: `/api/v1/transfer-requests/${fresh ? await freshTransfer() : things.transferId}/cancel`,
    body: {},
  }),
  recordDebt: atDesk('debt', owingVisit, { expectedBalance: OWED, reason: 'x', promisedBy: 'y' }),
  listDebts: () => ({ path: '/api/v1/debts' }),
  openShift: async ({ account }, fresh) => {
    if (fresh)
      await plant.server.database.query(
        `update cashier_shift set closed_at = opened_at, closed_by = cashier, counted_cash = 0, expected_cash = 0
         where cashier = $1 and closed_at is null`,
        [account!.id],
      );
    return { path: '/api/v1/shifts', body: { float: '0.00' } };
  },
  readCurrentShift: async ({ account, kind }, fresh) => {
    if (fresh) await freshShift(account!, kind === 'other' ? OTHER : OWN);
    return { path: '/api/v1/shifts/current' };
  },
  readShift: () => ({ path: `/api/v1/shifts/${things.shiftId}` }),
  closeShift: async ({ account }, fresh) => ({
    path: `/api/v1/shifts/${fresh ? await freshShift(account!) : things.shiftId}/close`,
    body: { countedCash: '0.00' },
  }),
  listReceipts: () => ({ path: `/api/v1/receipts?book=${things.bookId}` }),
  readReceipt: () => ({ path: `/api/v1/receipts/${things.paymentId}` }),
  printReceipt: () => ({ path: `/api/v1/receipts/${things.paymentId}/print.html` }),
  downloadReceipt: () => ({ path: `/api/v1/receipts/${things.paymentId}/print.pdf` }),
  printTransferRequest: () => ({ path: `/api/v1/transfer-requests/${things.transferId}/print.html` }),
  downloadTransferRequest: () => ({ path: `/api/v1/transfer-requests/${things.transferId}/print.pdf` }),
  listReceiptBooks: () => ({ path: '/api/v1/receipt-books' }),
  openReceiptBook: () => ({
    path: '/api/v1/receipt-books',
    body: { kind: 'receipt', series: newId().slice(-12).toUpperCase() },
  }),
  readDeskSetting: () => ({ path: '/api/v1/settings/desk' }),
  setDeskSetting: () => ({ path: '/api/v1/settings/desk', body: { cashRounding: '1000', bank: null } }),
  readStatement: () => ({ path: `/api/v1/encounters/${things.claimId}/statement` }),
  printStatement: () => ({ path: `/api/v1/encounters/${things.claimId}/statement.html` }),
  downloadStatement: () => ({ path: `/api/v1/encounters/${things.claimId}/statement.pdf` }),

  listClaims: () => ({ path: `/api/v1/claims?facilityCode=${OWN}` }),
  readClaim: () => ({ path: `/api/v1/claims/${things.claimId}` }),
  downloadClaim: () => ({ path: `/api/v1/claims/${things.claimId}/xml` }),
  previewClaim: () => ({ path: `/api/v1/claims/${things.claimId}/preview` }),
  holdClaim: onClaim('hold', async () => undefined),
  releaseClaim: onClaim('release', async (claim) => {
    await ours().call('POST', `${claim}/hold`, { body: { reason: 'chờ giấy tờ' } });
  }),
  resolveClaim: async (_cell, fresh) => {
    const id = fresh ? (await settledVisit()).id : things.claimId;
    if (fresh) await parkClaim(plant.server.database, id);
    const body = { number: 1, decision: 'send-again', reason: 'cổng không có' };
    return { path: `/api/v1/claims/${id}/resolve`, body };
  },
  retryClaim: onClaim('retry', async (_claim, encounterId) => {
    await plant.server.database.query(
      `insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, at, reason, details)
       select facility_id, id, claim_key, 1, now(), 'too-long', '{}' from encounter where id = $1`,
      [encounterId],
    );
  }),
  readFindings: () => ({ path: `${visit()}/findings` }),
  listFindings: () => ({ path: `/api/v1/findings?facilityCode=${OWN}` }),
  listObstacles: () => ({ path: `/api/v1/export-obstacles?facilityCode=${OWN}` }),
  readDeadlines: () => ({ path: `/api/v1/deadlines?facilityCode=${OWN}` }),
  listCertificates: () => ({ path: `/api/v1/facility-certificates?facilityCode=${OWN}` }),
  registerCertificate: () => ({
    path: '/api/v1/facility-certificates',
    body: { pem: goldenKey().certificate },
  }),
  lookUpCard: () => ({ path: '/api/v1/card-lookups', body: asked }),
  lookUpHistory: () => ({ path: '/api/v1/history-lookups', body: asked }),
  lookUpCopay: () => ({ path: '/api/v1/copay-lookups', body: asked }),
  readCardLookup: () => ({ path: `/api/v1/card-lookups/${things.lookupId}` }),
  listCardLookups: () => ({ path: `${visit()}/card-lookups` }),
  readInsurerSetting: () => ({ path: '/api/v1/settings/insurer' }),
  setInsurerSetting: () => ({
    path: '/api/v1/settings/insurer',
    body: { staff: null, copay: { repeatMinutes: 15, dailyLimit: 200 }, asksResults: false },
  }),
  setInsurerStaff: () => ({
    path: '/api/v1/settings/insurer/staff',
    body: { accountId: things.worker.id, nationalId: '040190000001' },
  }),
  issuePaper: () => ({
    path: '/api/v1/papers',
    body: { encounterId: things.encounterId, papers: { CT07: { ...certificate, MA_CT: newId() } } },
  }),
  listPapers: () => ({ path: `/api/v1/papers?facilityCode=${OWN}` }),
  readPaper: () => ({ path: `/api/v1/papers/${things.paperId}` }),
  resolvePaper: async (_cell, fresh) => {
    const id = fresh ? await plantUnclearPaper(plant.server.database, OWN) : things.paperId;
    return { path: `/api/v1/papers/${id}/resolve`, body: { decision: 'resend', reason: 'cổng không có' } };
  },
  sendMonthlySummary: async (_cell, fresh) => {
    if (fresh)
      for (const id of [things.claimId, things.otherClaimId]) await takeClaim(plant.server.database, id);
    const period = localDate(new Date()).slice(0, 7).replace('-', '');
    return { path: '/api/v1/monthly-summaries', body: { period } };
  },
  sendCatalogues: () => ({ path: '/api/v1/catalogue-submissions', body: { forms: ['departments'] } }),
  listCatalogueRows: () => ({ path: '/api/v1/catalogue-rows' }),
  startRun: () => ({ path: '/api/v1/export-runs', body: { facilityCode: OWN } }),
  listRuns: () => ({ path: '/api/v1/export-runs' }),
  readRun: () => ({ path: `/api/v1/export-runs/${things.runId}` }),
  printRunReport: () => ({ path: `/api/v1/export-runs/${things.runId}/report.html` }),
  downloadRunReport: () => ({ path: `/api/v1/export-runs/${things.runId}/report.xlsx` }),
  listRunFiles: () => ({ path: `/api/v1/export-runs/${things.runId}/files` }),
  giveForeignFile: () => ({ path: '/api/v1/foreign-claim-files?name=a.xml', body: foreignFile(OWN, 'K2') }),
  listForeignFiles: () => ({ path: '/api/v1/foreign-claim-files' }),
  readForeignFile: () => ({ path: `/api/v1/foreign-claim-files/${things.foreignFileId}` }),
  listForeignClaims: () => ({ path: `/api/v1/foreign-claims?facilityCode=${OWN}` }),
  readForeignClaim: () => ({ path: `/api/v1/foreign-claims/${things.foreignClaimId}` }),
  giveClaimCheck: () => ({ path: '/api/v1/claim-checks?name=a.xml', body: foreignFile(OWN, 'K2') }),
  readClaimCheck: () => ({ path: `/api/v1/claim-checks/${things.checkId}` }),
  listClaimCheckFindings: () => ({ path: `/api/v1/claim-checks/${things.checkId}/findings` }),
  downloadClaimCheckCsv: () => ({ path: `/api/v1/claim-checks/${things.checkId}/findings.csv` }),
  downloadClaimCheckXlsx: () => ({ path: `/api/v1/claim-checks/${things.checkId}/findings.xlsx` }),

  giveResults: () => ({ path: '/api/v1/result-imports?name=kq.csv', body: RESULT_FILE }),
  listResultImports: () => ({ path: '/api/v1/result-imports' }),
  readResultImport: () => ({ path: `/api/v1/result-imports/${things.importId}` }),
  listResultRows: () => ({ path: `/api/v1/result-imports/${things.importId}/rows` }),
  listCorrections: () => ({ path: '/api/v1/corrections' }),
  readCorrection: () => ({ path: correction() }),
  assignCorrection: () => ({ path: `${correction()}/assign`, body: { accountId: null } }),
  closeCorrection: async (_cell, fresh) => {
    if (fresh) await setTaskClosed(false);
    return { path: `${correction()}/close`, body: { reason: 'đã sửa' } };
  },
  reopenCorrection: async (_cell, fresh) => {
    if (fresh) await setTaskClosed(true);
    return { path: `${correction()}/reopen`, body: { reason: 'chưa xong' } };
  },
  sendAdjustment: () => ({ path: `${correction()}/adjustment`, body: { reason: 'ghi sót' } }),
  downloadAdjustment: () => ({ path: `${correction()}/form-09bh?reason=x` }),
  compareClaimVersions: () => ({ path: `/api/v1/claims/${things.claimId}/versions/1/compare/1` }),

  listRules: () => ({ path: `/api/v1/rules?facilityCode=${OWN}` }),
  listRuleSettings: () => ({ path: `/api/v1/rules/${RULE}/settings?facilityCode=${OWN}` }),
  configureRule: () => ({
    path: `/api/v1/rules/${RULE}/settings`,
    body: { effect: 'count', reason: 'chờ danh mục mới' },
  }),
  undoRuleSetting: async (_cell, fresh) => {
    if (fresh)
      await plant.server.database.query(
        `insert into rule_setting (id, facility_id, rule, number, valid_from, reason, set_at)
         select uuidv7(), f, 'PAT_PHONE', 1, current_date, 'x', now() from unnest($1::uuid[]) f on conflict do nothing`,
        [[facilityIdOf(OWN), null]],
      );
    return { path: '/api/v1/rules/PAT_PHONE/settings/undo', body: { reason: 'nhầm' } };
  },
  decideOnFinding: async (_cell, fresh) => {
    const key = fresh
      ? await plantFinding(plant.server.database, OWN, things.encounterId, {
          key: newId().replaceAll('-', ''),
        })
      : things.findingKey;
    return { path: `${visit()}/findings/${key}/decision`, body: { decision: 'accepted', reason: 'đã xem' } };
  },
  listFindingCauses: () => ({ path: `/api/v1/finding-causes?facilityCode=${OWN}` }),
  listFindingCauseVisits: () => ({ path: `/api/v1/finding-causes/drug/40.48?facilityCode=${OWN}` }),
  askRecheck: () => ({ path: '/api/v1/rechecks', body: { encounterIds: [things.claimId] } }),
  readRecheck: () => ({ path: `/api/v1/rechecks/${things.recheckId}` }),
  askRuleTrial: () => ({ path: '/api/v1/rule-trials', body: trialOf(OWN) }),
  listRuleTrials: () => ({ path: '/api/v1/rule-trials' }),
  readRuleTrial: () => ({ path: `/api/v1/rule-trials/${things.trialId}` }),

  listAccounts: () => ({ path: '/api/v1/accounts' }),
  readAccount: () => ({ path: `/api/v1/accounts/${things.worker.id}` }),
  createAccount: () => ({
    path: '/api/v1/accounts',
    body: { username: `new.${newId()}`, name: 'Lê Thị Mới', duty: { role: 'nurse', facilityCode: OWN } },
  }),
  grantDuty: onAccount('duties', () => ({ role: 'cashier', facilityCode: OWN })),
  revokeDuty: onAccount('duties/:dutyId/revoke', () => ({ reason: 'chuyển khoa' })),
  lockAccount: onAccount('lock', () => ({ reason: 'nghỉ việc' })),
  unlockAccount: onAccount('unlock', () => ({ reason: 'trở lại' }), 'locked'),
  resetAccount: onAccount('reset', () => ({ reason: 'quên mật khẩu' })),
  setSecondFactorRule: () => ({
    path: '/api/v1/settings/second-factor',
    body: { facilityCode: OWN, rule: 'nobody', reason: 'thử nghiệm' },
  }),
  listDeadLetters: () => ({ path: '/api/v1/dead-letters' }),
  retryDeadLetter: async (_cell, fresh) => ({
    path: `/api/v1/dead-letters/${fresh ? await freshLetter() : things.letterId}/retry`,
    body: { reason: 'đã sửa' },
  }),
  listRefusals: () => ({ path: '/api/v1/refusal-counts' }),
  searchAudit: () => ({ path: `/api/v1/audit-events?facilityCode=${OWN}` }),

  signIn: ({ account, kind }) => ({
    path: '/api/v1/session',
    body: {
      username: account?.username ?? 'nobody.knows',
      password: PASSWORD,
      facilityCode: kind === 'office' ? null : OWN,
    },
  }),
  readSession: () => ({ path: '/api/v1/session' }),
  passSecondFactor: () => ({ path: '/api/v1/session/second-factor', body: { code: '123456' } }),
  switchFacility: () => ({ path: '/api/v1/session/facility', body: { facilityCode: OWN } }),
  signOut: () => ({ path: '/api/v1/session/end', body: {} }),
  signOutEverywhere: () => ({ path: '/api/v1/session/end-all', body: {} }),
  setPassword: () => ({
    path: '/api/v1/session/password',
    body: { current: 'not this one', next: 'con cò bay lả bay la' },
  }),
  beginSecondFactor: () => ({ path: '/api/v1/session/second-factor/enrolment', body: { current: PASSWORD } }),
  confirmSecondFactor: () => ({
    path: '/api/v1/session/second-factor/confirmation',
    body: { code: '123456' },
  }),
  renewRecoveryCodes: () => ({ path: '/api/v1/session/recovery-codes', body: {} }),
  issueToken: ({ account }) => ({
    path: '/api/v1/token',
    body: { username: account?.username ?? 'nobody.knows', secret: SECRET, facilityCode: OWN },
  }),
  beginOidc: () => ({ path: '/auth/oidc' }),
  finishOidc: () => ({ path: '/auth/oidc/callback?code=x&state=y' }),
};

function patient(): string {
  return `/api/v1/patients/${things.patientId}`;
}

function visit(): string {
  return `/api/v1/encounters/${things.encounterId}`;
}

function onVisit(part: string, body: (lineId: string) => object) {
  return async (_cell: Cell, fresh: boolean): Promise<Request> => {
    const { path, lineId, version } = fresh ? await freshVisit() : { ...things, path: visit() };
    return { path: `${path}/${part.replace(':lineId', lineId)}`, body: body(lineId), version };
  };
}

function onDischarged(part: string, body: object) {
  return async (_cell: Cell, fresh: boolean): Promise<Request> => {
    const { path, etag } = fresh
      ? await dischargedVisit(ours(), [line()], { card: freshCard() })
      : { path: visit(), etag: things.version };
    return { path: `${path}/${part}`, body, version: etag };
  };
}

function onSettled(part: string, body: object) {
  return async (_cell: Cell, fresh: boolean): Promise<Request> => {
    const { id, etag } = fresh ? await settledVisit() : { id: things.claimId, etag: '"1"' };
    return { path: `/api/v1/encounters/${id}/${part}`, body, version: etag };
  };
}

function atDesk(part: string, made: () => Promise<string>, body: object) {
  return async (_cell: Cell, fresh: boolean): Promise<Request> => ({
    path: `${fresh ? await made() : visit()}/${part}`,
    body,
  });
}

function onClaim(what: string, before: (claim: string, encounterId: string) => Promise<void>) {
  return async (_cell: Cell, fresh: boolean): Promise<Request> => {
    const id = fresh ? (await settledVisit()).id : things.claimId;
    const claim = `/api/v1/claims/${id}`;
    if (fresh) await before(claim, id);
    return { path: `${claim}/${what}`, body: { reason: 'chờ giấy tờ' } };
  };
}

function onAccount(part: string, body: () => object, state: 'active' | 'locked' = 'active') {
  return async (_cell: Cell, fresh: boolean): Promise<Request> => {
    const of = fresh
      ? await addAccount(plant.server.database, 'nurse', OWN, { username: `n.${newId()}`, state })
      : things.worker;
    return { path: `/api/v1/accounts/${of.id}/${part.replace(':dutyId', of.dutyId)}`, body: body() };
  };
}

// ---- the matrix -------------------------------------------------------------------------------------------------

const EVERY: readonly RouteShape[] = [...ROUTES, ...DOOR_ROUTES];
const isDoor = (route: RouteShape) => DOOR_ROUTES.some((one) => one.operationId === route.operationId);
const nameOf = ({ kind, role }: Cell) => `${kind} ${role ?? ''}`.trim();
const mayNot = (row: Expected, { role }: Cell) =>
  !Object.entries(LETTERS).some(([letter, name]) => name === role && row.may.includes(letter));

function expectedOf(row: Expected, cell: Cell): number {
  if (cell.kind === 'noScope') return 403;
  if (cell.kind === 'nobody' || cell.kind === 'expired' || cell.kind === 'locked') return row.unknown ?? 401;
  if (mayNot(row, cell)) return row.else ?? 403;
  return cell.kind === 'office' ? (row.office ?? row.own) : row[cell.kind];
}

/** Where anybody may call nobody looks at sessions, tokens and scopes. */
const concerns = (route: RouteShape, { kind }: Cell) =>
  route.permission !== ANYBODY || (kind !== 'expired' && kind !== 'noScope');

async function ask(
  route: RouteShape,
  cell: Cell,
  fresh: boolean,
): Promise<ApiAnswer & { readonly requestId: string }> {
  const requestId = newId();
  const { path, body, version, headers } = await REQUESTS[route.operationId]!(cell, fresh);
  // At the door a session is changed or ended: each call has its own.
  const credential =
    isDoor(route) && fresh ? await credentialOf(cell, route.permission) : credentials.get(cell)!;
  const signed = route.permission === ANYBODY ? '' : credential;
  const answer = await plant.server.api.call(route.method, path, signed, body, {
    'X-Request-Id': requestId,
    ...(route.idempotent === 'required' ? { 'Idempotency-Key': newId() } : {}),
    ...(version ? { 'If-Match': version } : {}),
    ...headers,
  });
  return { ...answer, requestId };
}

test('has every route, and every route its request', () => {
  const operations = EVERY.map((route) => route.operationId).toSorted();
  expect(Object.keys(MATRIX).toSorted()).toEqual(operations);
  expect(Object.keys(REQUESTS).toSorted()).toEqual(operations);
});

/** What leaves no event when all is well, and why. */
const SILENT: Readonly<Record<string, string>> = {
  listEncounters: 'ids, states and times of the own facility; a chart that is opened from it leaves one',
  listClaims: 'as above, of claims',
  listObstacles: 'tasks: ids and places in the tables',
  readDeadlines: 'as above, with days and amounts',
  listRuns: 'figures',
  listCertificates: 'public halves of keys, and figures',
  readRun: 'figures',
  listRunFiles: 'names of files; a download leaves one',
  listForeignFiles: 'names of files and counts',
  readForeignFile: 'figures, and reasons without what stands in the file',
  listForeignClaims: 'figures; a chart that is opened from it leaves one',
  listRules: 'how rules are set, and counts',
  listRuleSettings: 'as above, with who set them',
  listFindingCauses: 'figures by code',
  listFindingCauseVisits: 'ids, rules and sums; a chart that is opened from it leaves one',
  readRecheck: 'figures',
  listRuleTrials: 'figures',
  readRuleTrial: 'figures by code',
  listAccounts: 'who works here',
  readAccount: 'who works here',
  listDeadLetters: 'names of queues and kinds of errors',
  listReceiptBooks: 'series and last numbers',
  readDeskSetting: 'how the desk takes money',
  readSession: 'one’s own',
  readClaimCheck: 'counts, nothing about a person',
  listResultImports: 'names of files and counts',
  readResultImport: 'as above; rows that are opened leave one',
  listCorrections: 'ids, causes and days; a task that is opened from it leaves one',
  readInsurerSetting: 'how the facility asks',
  listPapers: 'ids, kinds and states',
  readPaper: 'states and the insurer’s answers, nothing about a person',
  listCatalogueRows: 'catalogues are public',
};

describe.each(EVERY.map((route) => route.operationId))('%s', (operation) => {
  const route = EVERY.find((one) => one.operationId === operation)!;
  const row = MATRIX[operation]!;
  const mine = () => cells.filter((cell) => concerns(route, cell));
  const isRefusal = (cell: Cell) => expectedOf(row, cell) >= 400;

  test('refuses whom it must: nothing changes, and the refusal is on record', async () => {
    const refused = mine().filter(isRefusal);
    for (const cell of refused)
      if (cell.kind === 'noScope' || isDoor(route))
        credentials.set(cell, await credentialOf(cell, route.permission));
    // The row before has begun second factors.
    if (operation === 'confirmSecondFactor')
      await plant.server.database.query('update credential set totp_pending_sealed = null');
    // What a wrong password leaves behind is a count of its own.
    const except = ['signIn', 'setPassword'].includes(operation) ? ['sign_in_failure'] : [];
    const before = await writtenRows(plant.server.database, except);
    const answers = await Promise.all(refused.map((cell) => ask(route, cell, false)));
    expect(await writtenRows(plant.server.database, except)).toEqual(before);
    expect(answers.map((answer, index) => `${nameOf(refused[index]!)} ${answer.status}`)).toEqual(
      refused.map((cell) => `${nameOf(cell)} ${expectedOf(row, cell)}`),
    );
    await expectOnRecord(route, refused, answers);
  });

  test('does it for whom it may, on record, and shows another facility nothing of ours', async () => {
    const done: string[] = [];
    for (const cell of mine().filter((one) => !isRefusal(one))) {
      const answer = await ask(route, cell, true);
      expect([nameOf(cell), answer.status, answer.body]).toEqual([
        nameOf(cell),
        expectedOf(row, cell),
        expect.anything(),
      ]);
      done.push(answer.requestId);
      if (cell.kind === 'other')
        expect(secrets.filter((secret) => JSON.stringify(answer.body).includes(secret))).toEqual([]);
    }
    const events = await plant.server.database.query<{ id: string }>(
      'select distinct request_id as id from audit_event where request_id = any($1)',
      [done],
    );
    const isSilent = operation in SILENT;
    expect([operation, events.length]).toEqual([operation, isSilent ? 0 : done.length]);
  });
});

/** Somebody who is known has one event of theirs in the trail of the place where they stand; the others are counted. */
async function expectOnRecord(
  route: RouteShape,
  refused: readonly Cell[],
  answers: readonly ApiAnswer[],
): Promise<void> {
  const typeOf = (answer: ApiAnswer) => (answer.body as { type: string }).type.split('/').at(-1)!;
  const notes = await refusalNotes(plant.server.database, answers.map(requestIdOf));
  const expected = answers.flatMap((answer, index) => {
    const { kind, account } = refused[index]!;
    const isKnown = route.permission !== ANYBODY && !['nobody', 'expired', 'locked'].includes(kind);
    if (!isKnown) counted[typeOf(answer)] = (counted[typeOf(answer)] ?? 0) + 1;
    // Who may, and finds that it cannot be done, was not refused.
    return isKnown && answer.status !== 409
      ? {
          requestId: requestIdOf(answer),
          operation: route.operationId,
          subjectId: subjectOf(route),
          problem: typeOf(answer),
          actor: account!.id,
          facilityId: account!.facilityId ?? NO_FACILITY,
        }
      : [];
  });
  const inOrder = (list: readonly { requestId: string }[]) =>
    list.toSorted((a, b) => a.requestId.localeCompare(b.requestId));
  expect(inOrder(notes)).toEqual(inOrder(expected));
}

const OF_THE_SETTLED = new Set([
  'readSettlement',
  'compareSettlements',
  'explainSettlement',
  'listSettlements',
  'reopen',
  'noteLateFact',
  'readStatement',
  'printStatement',
  'downloadStatement',
]);

/** The first id in the address, which the trail names. */
function subjectOf(route: RouteShape): string | null {
  const named: Readonly<Record<string, string>> = {
    patientId: route.operationId === 'declareEmergency' ? things.travellerId : things.patientId,
    encounterId:
      route.operationId.endsWith('laim') ||
      route.operationId === 'compareClaimVersions' ||
      OF_THE_SETTLED.has(route.operationId)
        ? things.claimId
        : things.encounterId,
    taskId: things.taskId,
    paymentId: things.paymentId,
    receiptId: things.paymentId,
    transferId: things.transferId,
    shiftId: things.shiftId,
    runId: things.runId,
    accountId: things.worker.id,
    fileId: things.foreignFileId,
    claimId: things.foreignClaimId,
    recheckId: things.recheckId,
    trialId: things.trialId,
    checkId: things.checkId,
    importId: things.importId,
    correctionId: things.correctionId,
    lookupId: things.lookupId,
    paperId: things.paperId,
    deadLetterId: things.letterId,
  };
  return named[/:(\w+)/.exec(route.path)?.[1] ?? ''] ?? null;
}

test('one account of the table signs in as people do, works, and is out after signing out', async () => {
  const { api, url } = plant.server;
  const nurse = await addAccount(plant.server.database, 'nurse', OWN, { username: 'y.ta' });
  const opened = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: nurse.username, password: PASSWORD }),
  });
  const { csrfToken } = (await opened.json()) as { csrfToken: string };
  const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!;
  const headers = { Cookie: cookie, 'X-CSRF-Token': csrfToken };
  const read = () => api.call('GET', patient(), '', undefined, headers);
  expect((await read()).status).toBe(200);
  expect((await api.call('POST', '/api/v1/session/end', '', {}, headers)).status).toBe(200);
  expect((await read()).status).toBe(401);
  counted['not-signed-in'] = (counted['not-signed-in'] ?? 0) + 1;
});

test('refusals of callers that nobody knows were counted, each one', async () => {
  const total = async () => {
    const rows = await plant.server.database.query<{ kind: string; count: number }>(
      'select kind, sum(count)::int as count from refusal_count group by kind',
    );
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  };
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, one) => all + one, 0);
  // Counts are written every few seconds.
  for (let tries = 0; tries < 100 && sum(await total()) < sum(counted); tries += 1) await sleep(100);
  expect(await total()).toEqual(counted);
});
