import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import type { Credential } from '../../src/demo/client.ts';
import { PERMISSIONS, type Permission, type Role } from '../../src/identity/index.ts';
import { text } from '../../src/messages/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { PROBLEM_STATUS, type ProblemType } from '../../src/platform/problem.ts';
import { DOOR_ROUTES, ROUTES } from '../../src/runtime/api.ts';
import { addAccount, addSession, type TestAccount } from '../harness/accounts.ts';
import { checkedFile } from '../harness/checks.ts';
import { foreignFile, takeIn } from '../harness/foreign.ts';
import { plantLookup, plantUnclearPaper } from '../harness/insurer.ts';
import { plantFinding } from '../harness/planted-findings.ts';
import { tokenFor } from '../harness/province.ts';
import { plantResults, RESULT_FILE } from '../harness/results.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  at,
  card,
  dischargedVisit,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  type OpenVisit,
  openVisit,
  person,
  STATION,
} from '../harness/visit.ts';
import { refusalNotes, requestIdOf, writtenRows } from '../harness/written.ts';
import { goldenKey } from '../signatures/keys.ts';

/** What each route is sent when all is well; every refusal below is one change of this. */
interface Sample {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A file instead of a body. */
  readonly bytes?: Buffer;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
type Samples = Readonly<Record<string, Sample>>;
/** Route, what is wrong, the body then, the problem, and the place that it names. */
type Refusal = readonly [
  operation: string,
  name: string,
  change: (body: Body) => unknown,
  problem: ProblemType,
  pointer?: string,
];
type Body = Record<string, never> & Record<string, unknown>;

let server: TestServer;
let samples: Samples;
let lineId: string;
let open: OpenVisit;
/** Another facility's: a visit with one order, its patient and their card, a run, somebody who works there. */
let foreign: Readonly<
  Record<
    | 'patientId'
    | 'encounterId'
    | 'lineId'
    | 'runId'
    | 'accountId'
    | 'dutyId'
    | 'taskId'
    | 'fileId'
    | 'claimId'
    | 'ruleId'
    | 'findingKey'
    | 'kind'
    | 'key'
    | 'recheckId'
    | 'trialId'
    | 'checkId'
    | 'importId'
    | 'correctionId'
    | 'deadLetterId'
    | 'number'
    | 'other'
    | 'lookupId'
    | 'paperId',
    string
  >
> &
  DeskThings & {
    readonly coverageId: string;
  };
/** Somebody who works here, and whom the administrators of both facilities are. */
let nurse: TestAccount;
const callers = new Map<string, Credential>();
/** Who calls a route in these tests: software where it may, else a clinician, else an administrator, else a cashier or an auditor. */
const CALLERS = [
  'machine',
  'clinician',
  'insurance-officer',
  'facility-admin',
  'cashier',
  'auditor',
  'province-admin',
] as const satisfies readonly Role[];

const FUTURE = new Date(Date.now() + 3 * 86_400_000).toISOString();
const LATER_DAY = FUTURE.slice(0, 10);
const DEATH = { kind: 'deathNotice', fields: { SO: '01' } };
const doctor = doctorOf(HOSPITAL);

beforeAll(async () => {
  server = await startTestServer({
    as: HOSPITAL,
    settings: {
      UNRECOGNISED_CALLS_PER_MINUTE: 100_000,
      ACCOUNT_CALLS_PER_MINUTE: 1_000_000,
      UPLOAD_MAX_MB: 1,
    },
  });
  for (const code of [HOSPITAL, STATION]) {
    callers.set(`machine ${code}`, tokenFor(code));
    for (const [role, at] of [
      ['clinician', code],
      ['insurance-officer', code],
      ['facility-admin', code],
      ['cashier', code],
      ['auditor', null],
      ['province-admin', null],
    ] as const)
      callers.set(
        `${role} ${code}`,
        await addSession(
          server.database,
          await addAccount(server.database, role, at, { username: `${role}.${code}` }),
        ),
      );
  }
  nurse = await addAccount(server.database, 'nurse', HOSPITAL);
  open = await openVisit(server);
  lineId = newId();
  const ordered = await server.call('POST', `${open.path}/orders`, {
    body: { lines: [line({ id: lineId })] },
  });
  const gone = await dischargedVisit(server, [line()]);
  const run = await server.call('POST', '/api/v1/export-runs', { body: {} });
  foreign = await recordedElsewhere();
  samples = {
    ...samplesOf(ordered.etag ?? '', gone, (run.body as { id: string }).id, await openedTask(server)),
    ...deskSamples(gone.path, await deskThings(server, HOSPITAL)),
    ...foreignSamples(await takenIn(HOSPITAL)),
    ...ruleSamples(gone, await assessed(HOSPITAL, gone.id)),
    ...insurerSamples(open, {
      lookupId: await plantLookup(server.database, HOSPITAL),
      paperId: await plantUnclearPaper(server.database, HOSPITAL),
    }),
    ...checkSamples(await checkedFile(server.database, HOSPITAL, foreignFile(HOSPITAL, 'K1'))),
    ...deadLetterSamples(await buriedJob()),
    ...resultSamples(gone.id, await plantResults(server.database, HOSPITAL, gone.id)),
  };
});
afterAll(() => server.stop());

interface DeskThings {
  readonly paymentId: string;
  readonly receiptId: string;
  readonly transferId: string;
  readonly shiftId: string;
  readonly bookId: string;
}

/** What a desk has after a visit of somebody without insurance was paid in part. */
async function deskThings(at: TestServer, code: string): Promise<DeskThings> {
  const ask = async <T>(role: string, method: string, path: string, body: object): Promise<T> => {
    const headers = { 'Idempotency-Key': newId() };
    const answer = await server.api.call(
      method,
      `/api/v1${path}`,
      callers.get(`${role} ${code}`)!,
      body,
      headers,
    );
    if (answer.status > 299) throw new Error(JSON.stringify(answer.body));
    return answer.body as T;
  };
  const bank = { bin: '970418', account: '123', accountName: 'X' };
  await ask('facility-admin', 'PUT', '/settings/desk', { cashRounding: '500', bank });
  const { path, etag } = await dischargedVisit(at, [line({ orderedByLicence: doctorOf(code) })], {
    arrival: { coverageIds: [], routeCode: '9' },
  });
  const settled = await at.call('POST', `${path}/settlement`, { body: {}, headers: { 'If-Match': etag } });
  const { patientPays } = (settled.body as { totals: { patientPays: string } }).totals;
  const visit = path.replace('/api/v1', '');
  const { payment } = await ask<{ payment: { id: string; receipt: { bookId: string } } }>(
    'machine',
    'POST',
    `${visit}/payments`,
    { amount: '1000.00', method: 'card', reference: 'T1', expectedBalance: patientPays },
  );
  const transfer = await ask<{ id: string }>('machine', 'POST', `${visit}/transfer-requests`, {
    amount: '500.00',
  });
  const shift = await ask<{ id: string }>('cashier', 'POST', '/shifts', { float: '1000.00' });
  const { id, receipt } = payment;
  return {
    paymentId: id,
    receiptId: id,
    transferId: transfer.id,
    shiftId: shift.id,
    bookId: receipt.bookId,
  };
}

function deskSamples(visit: string, of: DeskThings): Samples {
  const taking = { amount: '1000.00', method: 'card', reference: 'T1', expectedBalance: '0.00' };
  const transfer = `/api/v1/transfer-requests/${of.transferId}`;
  const shift = `/api/v1/shifts/${of.shiftId}`;
  return {
    readBalance: { path: `${visit}/balance` },
    takePayment: { path: `${visit}/payments`, body: taking },
    takeDeposit: { path: `${visit}/deposits`, body: taking },
    giveRefund: { path: `${visit}/refunds`, body: taking },
    voidPayment: { path: `/api/v1/payments/${of.paymentId}/void`, body: { reason: 'ghi nhầm' } },
    requestTransfer: { path: `${visit}/transfer-requests`, body: { amount: '1000.00' } },
    confirmTransfer: { path: `${transfer}/confirm`, body: { bankReference: 'FT1' } },
    cancelTransfer: { path: `${transfer}/cancel`, body: {} },
    recordDebt: {
      path: `${visit}/debt`,
      body: {
        expectedBalance: '0.00',
        reason: 'quên tiền',
        promisedBy: 'con trai',
        promisedFor: '2027-01-01',
      },
    },
    listDebts: { path: '/api/v1/debts' },
    openShift: { path: '/api/v1/shifts', body: { float: '0.00' } },
    readCurrentShift: { path: '/api/v1/shifts/current' },
    readShift: { path: shift },
    closeShift: {
      path: `${shift}/close`,
      body: { countedCash: '1000.00', denominations: [{ value: 1000, count: 1 }], reason: 'đủ' },
    },
    listReceipts: { path: `/api/v1/receipts?book=${of.bookId}` },
    readReceipt: { path: `/api/v1/receipts/${of.receiptId}` },
    printReceipt: { path: `/api/v1/receipts/${of.receiptId}/print.html` },
    downloadReceipt: { path: `/api/v1/receipts/${of.receiptId}/print.pdf` },
    printTransferRequest: { path: `${transfer}/print.html` },
    downloadTransferRequest: { path: `${transfer}/print.pdf` },
    listReceiptBooks: { path: '/api/v1/receipt-books' },
    openReceiptBook: { path: '/api/v1/receipt-books', body: { kind: 'receipt', series: 'PT9' } },
    readDeskSetting: { path: '/api/v1/settings/desk' },
    setDeskSetting: {
      path: '/api/v1/settings/desk',
      body: { cashRounding: '1000', bank: { bin: '970418', account: '1', accountName: 'X' } },
    },
  };
}

async function openedTask(at: TestServer, orderedByLicence = doctor): Promise<string> {
  const { path, etag } = await dischargedVisit(at, [line({ orderedByLicence })], {
    card: { cardNumber: 'DN4400000000077' },
  });
  await at.call('POST', `${path}/settlement`, { body: {}, headers: { 'If-Match': etag } });
  const task = await at.call('POST', `${path}/late-facts`, { body: { kind: 'late-other', note: 'nộp sau' } });
  return (task.body as { id: string }).id;
}

/** A file of other software that was taken in there, and the claim in it. */
async function takenIn(code: string) {
  const { id, claimIds } = await takeIn(server.database, code, foreignFile(code, 'K1'));
  return { fileId: id, claimId: claimIds[0]! };
}

function foreignSamples({ fileId, claimId }: { fileId: string; claimId: string }): Samples {
  const files = '/api/v1/foreign-claim-files';
  return {
    giveForeignFile: { path: `${files}?name=a.xml`, bytes: foreignFile(HOSPITAL, 'K2') },
    listForeignFiles: { path: files },
    readForeignFile: { path: `${files}/${fileId}` },
    listForeignClaims: { path: '/api/v1/foreign-claims' },
    readForeignClaim: { path: `/api/v1/foreign-claims/${claimId}` },
  };
}

const RULE = 'DT_SHORT_VISIT';
/** A drug at each facility that something was found of. */
const CAUSES: Readonly<Record<string, string>> = { [HOSPITAL]: '40.48', [STATION]: '40.17' };

/** A finding of the visit; a recheck and a trial that were asked for there. */
async function assessed(code: string, encounterId: string) {
  const officer = callers.get(`insurance-officer ${code}`)!;
  const ask = async (path: string, body: object): Promise<string> => {
    const headers = { 'Idempotency-Key': newId() };
    const answer = await server.api.call('POST', `/api/v1${path}`, officer, body, headers);
    return (answer.body as { id: string }).id;
  };
  return {
    findingKey: await plantFinding(server.database, code, encounterId, { cause: ['drug', CAUSES[code]!] }),
    recheckId: await ask('/rechecks', { encounterIds: [encounterId] }),
    trialId: await ask('/rule-trials', { rules: [{ id: RULE }], from: '2026-11-01', to: '2026-11-02' }),
  };
}

function ruleSamples(
  { path, id }: { path: string; id: string },
  of: { findingKey: string; recheckId: string; trialId: string },
): Samples {
  const settings = `/api/v1/rules/${RULE}/settings`;
  const exempt = { codes: ['40.17'], departments: ['K01'], cards: ['QN'], accounts: ['HIS-LAB'] };
  return {
    listRules: { path: '/api/v1/rules' },
    listRuleSettings: { path: settings },
    configureRule: {
      path: settings,
      body: {
        isEnabled: true,
        effect: 'count',
        params: { minMinutes: 4 },
        exempt,
        validFrom: '2026-11-01',
        validTo: '2027-01-01',
        reason: 'chờ danh mục',
      },
    },
    undoRuleSetting: { path: `${settings}/undo`, body: { reason: 'nhầm' } },
    decideOnFinding: {
      path: `${path}/findings/${of.findingKey}/decision`,
      body: { decision: 'accepted', reason: 'đã xem' },
    },
    listFindingCauses: { path: '/api/v1/finding-causes' },
    listFindingCauseVisits: { path: `/api/v1/finding-causes/drug/${CAUSES[HOSPITAL]}` },
    askRecheck: { path: '/api/v1/rechecks', body: { encounterIds: [id] } },
    readRecheck: { path: `/api/v1/rechecks/${of.recheckId}` },
    askRuleTrial: {
      path: '/api/v1/rule-trials',
      body: {
        rules: [{ id: RULE, isEnabled: true, effect: 'warn', params: { minMinutes: 4 }, exempt }],
        from: '2026-11-01',
        to: '2026-11-02',
        facilities: [HOSPITAL],
      },
    },
    listRuleTrials: { path: '/api/v1/rule-trials' },
    readRuleTrial: { path: `/api/v1/rule-trials/${of.trialId}` },
  };
}

function checkSamples(checkId: string): Samples {
  const checks = '/api/v1/claim-checks';
  return {
    giveClaimCheck: { path: `${checks}?name=a.xml`, bytes: foreignFile(HOSPITAL, 'K2') },
    readClaimCheck: { path: `${checks}/${checkId}` },
    listClaimCheckFindings: { path: `${checks}/${checkId}/findings` },
    downloadClaimCheckCsv: { path: `${checks}/${checkId}/findings.csv` },
    downloadClaimCheckXlsx: { path: `${checks}/${checkId}/findings.xlsx` },
  };
}

async function buriedJob(): Promise<string> {
  const [letter] = await server.database.query<{ id: string }>(
    `insert into dead_letter (queue, job_id, name, data, error_kind, first_at, last_at)
     values ('settled', 'x', 'x', '{}', 'TypeError', now(), now()) returning id`,
  );
  return letter!.id;
}

const deadLetterSamples = (id: string): Samples => ({
  listDeadLetters: { path: '/api/v1/dead-letters' },
  retryDeadLetter: { path: `/api/v1/dead-letters/${id}/retry`, body: { reason: 'đã sửa' } },
});

function resultSamples(
  encounterId: string,
  { importId, correctionId }: { importId: string; correctionId: string },
): Samples {
  const [imports, task] = ['/api/v1/result-imports', `/api/v1/corrections/${correctionId}`];
  return {
    giveResults: { path: `${imports}?name=kq.csv`, bytes: RESULT_FILE },
    listResultImports: { path: imports },
    readResultImport: { path: `${imports}/${importId}` },
    listResultRows: { path: `${imports}/${importId}/rows` },
    listCorrections: { path: '/api/v1/corrections' },
    readCorrection: { path: task },
    assignCorrection: { path: `${task}/assign`, body: { accountId: null } },
    closeCorrection: { path: `${task}/close`, body: { reason: 'đã sửa' } },
    reopenCorrection: { path: `${task}/reopen`, body: { reason: 'chưa xong' } },
    sendAdjustment: { path: `${task}/adjustment`, body: { reason: 'ghi sót' } },
    downloadAdjustment: { path: `${task}/form-09bh?reason=x` },
    compareClaimVersions: { path: `/api/v1/claims/${encounterId}/versions/1/compare/1` },
  };
}

function insurerSamples(
  { id, path }: { readonly id: string; readonly path: string },
  { lookupId, paperId }: { readonly lookupId: string; readonly paperId: string },
): Samples {
  const body = { cardNumber: 'DN4990000000000', name: 'Người Mẫu', birthDate: '1990', encounterId: id };
  const setting = '/api/v1/settings/insurer';
  const staff = { name: 'Nguyễn Thị Trực', nationalId: '040190000001' };
  return {
    lookUpCard: { path: '/api/v1/card-lookups', body },
    lookUpHistory: { path: '/api/v1/history-lookups', body },
    lookUpCopay: { path: '/api/v1/copay-lookups', body },
    readCardLookup: { path: `/api/v1/card-lookups/${lookupId}` },
    listCardLookups: { path: `${path}/card-lookups` },
    readInsurerSetting: { path: setting },
    setInsurerSetting: {
      path: setting,
      body: { staff, copay: { repeatMinutes: 15, dailyLimit: 200 }, asksResults: false },
    },
    setInsurerStaff: {
      path: `${setting}/staff`,
      body: { accountId: nurse.id, nationalId: '040190000001' },
    },
    issuePaper: { path: '/api/v1/papers', body: { encounterId: id } },
    listPapers: { path: '/api/v1/papers' },
    readPaper: { path: `/api/v1/papers/${paperId}` },
    resolvePaper: {
      path: `/api/v1/papers/${paperId}/resolve`,
      body: { decision: 'received', transactionId: '1', reason: 'đã thấy' },
    },
    sendMonthlySummary: { path: '/api/v1/monthly-summaries', body: { period: '202611' } },
    sendCatalogues: { path: '/api/v1/catalogue-submissions', body: { forms: ['staff'] } },
    listCatalogueRows: { path: '/api/v1/catalogue-rows' },
  };
}

async function recordedElsewhere(): Promise<typeof foreign> {
  const elsewhere: TestServer = {
    ...server,
    call: (method, path, options) => server.call(method, path, { as: STATION, ...options }),
  };
  const visit = await openVisit(elsewhere);
  const made = { lineId: newId() };
  const ordered = await elsewhere.call('POST', `${visit.path}/orders`, {
    body: { lines: [line({ id: made.lineId, orderedByLicence: doctorOf(STATION) })] },
  });
  expect(ordered.status).toBe(201);
  const run = await elsewhere.call('POST', '/api/v1/export-runs', { body: {} });
  const worker = await addAccount(server.database, 'nurse', STATION);
  return {
    ...made,
    patientId: visit.patientId,
    encounterId: visit.id,
    coverageId: visit.coverageId,
    runId: (run.body as { id: string }).id,
    accountId: worker.id,
    dutyId: worker.dutyId,
    taskId: await openedTask(elsewhere, doctorOf(STATION)),
    ...(await takenIn(STATION)),
    ...(await assessed(STATION, visit.id)),
    ruleId: 'STR_XML_WELLFORMED',
    kind: 'machine',
    key: CAUSES[STATION]!,
    checkId: await checkedFile(server.database, STATION, foreignFile(STATION, 'K1')),
    ...(await plantResults(server.database, STATION, visit.id)),
    // Of no facility: one that is not there.
    deadLetterId: newId(),
    number: '1',
    other: '1',
    lookupId: await plantLookup(server.database, STATION),
    paperId: await plantUnclearPaper(server.database, STATION),
    ...(await deskThings(elsewhere, STATION)),
  };
}

function samplesOf(
  version: string,
  gone: { path: string; etag: string; id: string },
  runId: string,
  taskId: string,
): Samples {
  const patient = `/api/v1/patients/${open.patientId}`;
  const claim = `/api/v1/claims/${gone.id}`;
  const account = `/api/v1/accounts/${nurse.id}`;
  return {
    registerPatient: { path: '/api/v1/patients', body: person() },
    searchPatients: { path: '/api/v1/patients?name=mau' },
    readPatient: { path: patient },
    changePatient: { path: patient, body: { phone: '0912345678' }, version: '"1"' },
    addCoverage: {
      path: `${patient}/coverages`,
      body: card({ validFrom: '2027-01-01', validThrough: '2027-12-31' }),
    },
    listCoverages: { path: `${patient}/coverages` },
    checkIn: {
      path: '/api/v1/encounters',
      body: arrival(open.patientId, { coverageIds: [open.coverageId] }),
    },
    recordWholeVisit: {
      path: '/api/v1/encounters/whole',
      body: {
        ...arrival(open.patientId, { coverageIds: [open.coverageId] }),
        conditions: [{ role: 'primary', code: 'J00' }],
        lines: [line()],
        discharge: leaving(),
      },
    },
    listEncounters: { path: '/api/v1/encounters' },
    readEncounter: { path: open.path },
    routeProposal: { path: `${open.path}/route-proposal` },
    changeEncounter: { path: open.path, body: { reason: 'Ho' }, version },
    recordConditions: {
      path: `${open.path}/conditions`,
      body: { conditions: [{ role: 'primary', code: 'J00' }] },
    },
    recordOrders: { path: `${open.path}/orders`, body: { lines: [line()] } },
    recordResults: {
      path: `${open.path}/results`,
      body: {
        results: [
          {
            lineId,
            resultAt: at('09:00'),
            observations: [{ name: 'WBC', value: '7', readByLicence: doctor }],
          },
        ],
      },
    },
    recordNotes: {
      path: `${open.path}/notes`,
      body: { notes: [{ at: at('09:00'), text: 'Ổn', authorLicence: doctor }] },
    },
    cancelLine: { path: `${open.path}/orders/${lineId}/cancel`, body: { reason: 'ghi nhầm' }, version },
    discharge: { path: `${open.path}/discharge`, body: leaving(), version },
    undoDischarge: { path: `${gone.path}/discharge/undo`, body: { reason: 'nhầm' }, version: gone.etag },
    settle: { path: `${gone.path}/settlement`, body: {}, version: gone.etag },
    previewSettlement: { path: `${gone.path}/settlement/preview` },
    readSettlement: { path: `${gone.path}/settlement` },
    readStatement: { path: `${gone.path}/statement` },
    printStatement: { path: `${gone.path}/statement.html` },
    downloadStatement: { path: `${gone.path}/statement.pdf?version=1` },
    compareSettlements: { path: `${gone.path}/settlement/changes` },
    explainSettlement: { path: `${gone.path}/settlement/explanation` },
    listSettlements: { path: `${gone.path}/settlements` },
    reopen: { path: `${gone.path}/reopen`, body: { reason: 'kết quả về trễ' }, version: gone.etag },
    noteLateFact: { path: `${gone.path}/late-facts`, body: { kind: 'late-result', note: 'về trễ' } },
    listBillingTasks: { path: '/api/v1/billing-tasks' },
    closeBillingTask: {
      path: `/api/v1/billing-tasks/${taskId}/close`,
      body: { outcome: 'no-change', note: 'không đổi' },
    },
    listClaims: { path: '/api/v1/claims' },
    readClaim: { path: claim },
    downloadClaim: { path: `${claim}/xml` },
    previewClaim: { path: `${claim}/preview` },
    holdClaim: { path: `${claim}/hold`, body: { reason: 'chờ giấy tờ' } },
    releaseClaim: { path: `${claim}/release`, body: { reason: 'đã đủ' } },
    resolveClaim: {
      path: `${claim}/resolve`,
      body: {
        number: 1,
        decision: 'received',
        transactionId: '1',
        receivedAt: '2026-11-26T08:00:00Z',
        reason: 'đã thấy',
      },
    },
    retryClaim: { path: `${claim}/retry`, body: { reason: 'đã sửa' } },
    readFindings: { path: `${open.path}/findings` },
    listFindings: { path: '/api/v1/findings' },
    listObstacles: { path: '/api/v1/export-obstacles' },
    readDeadlines: { path: '/api/v1/deadlines' },
    listCertificates: { path: '/api/v1/facility-certificates' },
    registerCertificate: { path: '/api/v1/facility-certificates', body: { pem: goldenKey().certificate } },
    startRun: { path: '/api/v1/export-runs', body: {} },
    listRuns: { path: '/api/v1/export-runs' },
    readRun: { path: `/api/v1/export-runs/${runId}` },
    printRunReport: { path: `/api/v1/export-runs/${runId}/report.html` },
    downloadRunReport: { path: `/api/v1/export-runs/${runId}/report.xlsx` },
    listRunFiles: { path: `/api/v1/export-runs/${runId}/files` },
    readHistory: { path: `${patient}/history`, headers: { 'X-Purpose': 'treatment' } },
    declareEmergency: { path: `${patient}/emergency-access`, body: { reason: 'bất tỉnh' } },
    listAccounts: { path: '/api/v1/accounts' },
    readAccount: { path: account },
    createAccount: {
      path: '/api/v1/accounts',
      body: { username: 'y.ta.moi', name: 'Lê Thị Mẫu', duty: { role: 'nurse' } },
    },
    grantDuty: { path: `${account}/duties`, body: { role: 'cashier' } },
    revokeDuty: { path: `${account}/duties/${nurse.dutyId}/revoke`, body: { reason: 'chuyển khoa' } },
    lockAccount: { path: `${account}/lock`, body: { reason: 'nghỉ việc' } },
    unlockAccount: { path: `${account}/unlock`, body: { reason: 'trở lại' } },
    resetAccount: { path: `${account}/reset`, body: { reason: 'quên mật khẩu' } },
    setSecondFactorRule: {
      path: '/api/v1/settings/second-factor',
      body: { facilityCode: HOSPITAL, rule: 'everyone', reason: 'theo quy định' },
    },
    searchAudit: { path: '/api/v1/audit-events' },
    listRefusals: { path: '/api/v1/refusal-counts' },
  };
}

const long = (length: number) => 'x'.repeat(length);
const firstOf = (list: string, change: object) => (body: Body) => ({
  ...body,
  [list]: [{ ...(body[list] as unknown as object[])[0], ...change }],
});
const put = (change: object) => (body: Body) => ({ ...body, ...change });
const without = (name: string) => (body: Body) =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

const duty = (wanted: object) => put({ duty: wanted });

/** The whole visit of somebody who is registered with it. */
const ofNew = (more: object) => (body: Body) => ({
  ...without('patientId')(body),
  coverageIds: [],
  patient: person(more),
});

const ofCards: readonly Refusal[] = ['lookUpCard', 'lookUpHistory', 'lookUpCopay'].flatMap((operation) => [
  [operation, 'a card too short', put({ cardNumber: 'DN4' }), 'invalid-body', '/cardNumber'],
  [operation, 'a name of blanks', put({ name: ' ' }), 'invalid-body', '/name'],
  [operation, 'a birth that is none', put({ birthDate: '01/02/1990' }), 'invalid-body', '/birthDate'],
  [operation, 'a visit of elsewhere', (body) => ({ ...body, encounterId: foreign.encounterId }), 'not-found'],
]);

const REFUSALS: readonly Refusal[] = [
  ...ofCards,
  [
    'setInsurerSetting',
    'a minute that is none',
    put({ copay: { repeatMinutes: 0, dailyLimit: 1 } }),
    'invalid-body',
    '/copay/repeatMinutes',
  ],
  ['setInsurerStaff', 'an id too short', put({ nationalId: '1' }), 'invalid-body', '/nationalId'],
  [
    'setInsurerStaff',
    'somebody of elsewhere',
    (body) => ({ ...body, accountId: foreign.accountId }),
    'not-found',
  ],
  [
    'issuePaper',
    'a visit of elsewhere',
    (body) => ({ ...body, encounterId: foreign.encounterId }),
    'not-found',
  ],
  ['issuePaper', 'a visit that issued none', put({}), 'paper-empty'],
  ['issuePaper', 'a field missing', put({ papers: { CT07: { MA_CT: '1' } } }), 'invalid-body'],
  ['issuePaper', 'a death of somebody who lives', put({ notice: DEATH }), 'paper-empty'],
  ['issuePaper', 'both at once', put({ notice: DEATH, papers: {} }), 'invalid-body', '/notice'],
  [
    'issuePaper',
    'a notice of nothing',
    put({ notice: { kind: 'x', fields: {} } }),
    'invalid-body',
    '/notice/kind',
  ],
  ['resolvePaper', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['resolvePaper', 'no number of the portal', without('transactionId'), 'invalid-body', '/transactionId'],
  ['resolvePaper', 'a decision that is none', put({ decision: 'lost' }), 'invalid-body', '/decision'],
  ['sendMonthlySummary', 'a month that is none', put({ period: '202613' }), 'invalid-body', '/period'],
  ['sendMonthlySummary', 'a month without claims', put({ period: '202001' }), 'paper-empty'],
  ['sendCatalogues', 'a form that is none', put({ forms: ['x'] }), 'invalid-body', '/forms/0'],
  ['registerPatient', 'no name', without('name'), 'invalid-body', '/name'],
  ['registerPatient', 'a name too long', put({ name: long(256) }), 'invalid-body', '/name'],
  ['registerPatient', 'a number for a name', put({ name: 7 }), 'invalid-body', '/name'],
  ['registerPatient', 'a day that is none', put({ birthDate: '2026-02-30' }), 'invalid-body', '/birthDate'],
  ['registerPatient', 'born tomorrow', put({ birthDate: LATER_DAY }), 'time-implausible', '/birthDate'],
  ['registerPatient', 'an unknown sex', put({ sexCode: '4' }), 'invalid-body', '/sexCode'],
  ['registerPatient', 'an id of another kind', put({ id: 'abc' }), 'invalid-body', '/id'],
  [
    'registerPatient',
    'an id from the far future',
    put({ id: 'ffffffff-ffff-7fff-8fff-ffffffffffff' }),
    'id-implausible',
    '/id',
  ],
  ['registerPatient', 'half a surrogate pair', put({ name: '\ud800' }), 'invalid-body', '/name'],
  ['registerPatient', 'blanks for a name', put({ name: ' \u00a0 ' }), 'invalid-body', '/name'],
  ['registerPatient', 'a control character', put({ name: 'Lê\u0001' }), 'invalid-body', '/name'],
  [
    'registerPatient',
    'a backspace, which JSON writes short',
    put({ address: 'Xóm\b 1' }),
    'invalid-body',
    '/address',
  ],
  ['registerPatient', 'U+FFFE, written as it is', put({ name: 'Lê\ufffe' }), 'invalid-body', '/name'],
  ['registerPatient', 'U+FFFF, written as it is', put({ name: '\uffff' }), 'invalid-body', '/name'],
  [
    'registerPatient',
    'born in the year 9999',
    put({ birthDate: '9999-12-31' }),
    'invalid-body',
    '/birthDate',
  ],
  ['changePatient', 'letters for a phone', put({ phone: 'abc' }), 'invalid-body', '/phone'],
  ['changePatient', 'a name too long', put({ name: long(256) }), 'invalid-body', '/name'],
  ['changePatient', 'born tomorrow', put({ birthDate: LATER_DAY }), 'time-implausible', '/birthDate'],
  [
    'addCoverage',
    'a card of 14 characters',
    put({ cardNumber: 'DN440000000000' }),
    'invalid-body',
    '/cardNumber',
  ],
  ['addCoverage', 'a number for a card', put({ cardNumber: 1 }), 'invalid-body', '/cardNumber'],
  [
    'addCoverage',
    'ends before it begins',
    put({ validThrough: '2026-12-31' }),
    'time-implausible',
    '/validThrough',
  ],
  [
    'addCoverage',
    'valid for ever as 9999',
    put({ validThrough: '9999-12-31' }),
    'invalid-body',
    '/validThrough',
  ],
  ['addCoverage', 'an unknown area', put({ areaCode: 'K4' }), 'invalid-body', '/areaCode'],
  ['checkIn', 'a department of elsewhere', put({ departmentCode: 'K99' }), 'unknown-code', '/departmentCode'],
  ['checkIn', 'an unknown kind of care', put({ classCode: '17' }), 'invalid-body', '/classCode'],
  ['checkIn', 'an arrival of the future', put({ arrivedAt: FUTURE }), 'time-implausible', '/arrivedAt'],
  [
    'checkIn',
    'a moment without a zone',
    put({ arrivedAt: '2026-11-01T08:00:00' }),
    'invalid-body',
    '/arrivedAt',
  ],
  ['checkIn', 'a negative weight', put({ weightKg: '-1' }), 'invalid-body', '/weightKg'],
  ['checkIn', 'a reason too long', put({ reason: long(4001) }), 'invalid-body', '/reason'],
  ['checkIn', 'a patient nobody knows', put({ patientId: newId() }), 'not-found'],
  ['checkIn', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  [
    'checkIn',
    'another person’s card',
    (body) => ({ ...body, coverageIds: [foreign.coverageId] }),
    'unknown-code',
    '/coverageIds/0',
  ],
  ['checkIn', 'a card of nobody', put({ coverageIds: [newId()] }), 'unknown-code', '/coverageIds/0'],
  ['checkIn', 'an impossible route', put({ routeCode: '4' }), 'invalid-body', '/routeCode'],
  [
    'changeEncounter',
    'admitted in the future',
    put({ admittedAt: FUTURE }),
    'time-implausible',
    '/admittedAt',
  ],
  ['changeEncounter', 'a number for a reason', put({ reason: 1 }), 'invalid-body', '/reason'],
  ['changeEncounter', 'a reason too long', put({ reason: long(4001) }), 'invalid-body', '/reason'],
  ['changeEncounter', 'an unknown kind of care', put({ classCode: '00' }), 'invalid-body', '/classCode'],
  [
    'recordConditions',
    'a code that is no code',
    firstOf('conditions', { code: '10' }),
    'invalid-body',
    '/conditions/0/code',
  ],
  [
    'recordConditions',
    'an unknown diagnosis',
    firstOf('conditions', { code: 'U99.9' }),
    'unknown-code',
    '/conditions/0/code',
  ],
  [
    'recordConditions',
    'an unknown role',
    firstOf('conditions', { role: 'main' }),
    'invalid-body',
    '/conditions/0/role',
  ],
  ['recordConditions', 'none', put({ conditions: [] }), 'invalid-body', '/conditions'],
  [
    'recordConditions',
    'a wording too long',
    firstOf('conditions', { name: long(1001) }),
    'invalid-body',
    '/conditions/0/name',
  ],
  [
    'recordOrders',
    'a negative quantity',
    firstOf('lines', { quantity: '-1' }),
    'invalid-body',
    '/lines/0/quantity',
  ],
  [
    'recordOrders',
    'a quantity of nothing',
    firstOf('lines', { quantity: '0' }),
    'invalid-body',
    '/lines/0/quantity',
  ],
  [
    'recordOrders',
    'a price of one’s own',
    firstOf('lines', { unitPrice: '-1.00' }),
    'invalid-body',
    '/lines/0/unitPrice',
  ],
  [
    'recordOrders',
    'an unknown item',
    firstOf('lines', { itemCode: 'XX' }),
    'unknown-code',
    '/lines/0/itemCode',
  ],
  [
    'recordOrders',
    'an unknown practitioner',
    firstOf('lines', { orderedByLicence: '999999/XX' }),
    'unknown-code',
    '/lines/0/orderedByLicence',
  ],
  [
    'recordOrders',
    'a practitioner of another facility',
    firstOf('lines', { orderedByLicence: doctorOf(STATION) }),
    'unknown-code',
    '/lines/0/orderedByLicence',
  ],
  [
    'recordOrders',
    'an unknown department',
    firstOf('lines', { departmentCode: 'K99' }),
    'unknown-code',
    '/lines/0/departmentCode',
  ],
  [
    'recordOrders',
    'ordered in the future',
    firstOf('lines', { orderedAt: FUTURE }),
    'time-implausible',
    '/lines/0/orderedAt',
  ],
  [
    'recordOrders',
    'ordered before the visit',
    firstOf('lines', { orderedAt: '2026-01-01T08:00:00Z' }),
    'time-implausible',
    '/lines/0/orderedAt',
  ],
  [
    'recordOrders',
    'done before it was ordered',
    firstOf('lines', { performedAt: at('08:09') }),
    'time-implausible',
    '/lines/0/performedAt',
  ],
  [
    'recordOrders',
    'a quantity that is a number',
    firstOf('lines', { quantity: 1 }),
    'invalid-body',
    '/lines/0/quantity',
  ],
  [
    'recordOrders',
    'too many',
    (body) => ({ lines: Array.from({ length: 201 }, () => (body.lines as unknown as object[])[0]) }),
    'invalid-body',
    '/lines',
  ],
  [
    'recordOrders',
    'a dose too long',
    firstOf('lines', { dose: long(1025) }),
    'invalid-body',
    '/lines/0/dose',
  ],
  [
    'recordResults',
    'a line of nobody',
    firstOf('results', { lineId: newId() }),
    'unknown-code',
    '/results/0/lineId',
  ],
  [
    'recordResults',
    'a result of the future',
    firstOf('results', { resultAt: FUTURE }),
    'time-implausible',
    '/results/0/resultAt',
  ],
  [
    'recordResults',
    'a number for a time',
    firstOf('results', { resultAt: 5 }),
    'invalid-body',
    '/results/0/resultAt',
  ],
  [
    'recordResults',
    'an unknown reader',
    firstOf('results', { observations: [{ name: 'WBC', readByLicence: '999999/XX' }] }),
    'unknown-code',
    '/results/0/observations/0/readByLicence',
  ],
  [
    'recordResults',
    'a name too long',
    firstOf('results', { observations: [{ name: long(256), readByLicence: doctor }] }),
    'invalid-body',
    '/results/0/observations/0/name',
  ],
  ['recordNotes', 'an empty note', firstOf('notes', { text: '' }), 'invalid-body', '/notes/0/text'],
  ['recordNotes', 'a note of blanks', firstOf('notes', { text: ' \n' }), 'invalid-body', '/notes/0/text'],
  [
    'recordNotes',
    'a note too long',
    firstOf('notes', { text: long(20_001) }),
    'invalid-body',
    '/notes/0/text',
  ],
  [
    'recordNotes',
    'a note of the future',
    firstOf('notes', { at: FUTURE }),
    'time-implausible',
    '/notes/0/at',
  ],
  [
    'recordNotes',
    'an unknown author',
    firstOf('notes', { authorLicence: '999999/XX' }),
    'unknown-code',
    '/notes/0/authorLicence',
  ],
  ['cancelLine', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['cancelLine', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['discharge', 'an end in the future', put({ endedAt: FUTURE }), 'time-implausible', '/endedAt'],
  ['discharge', 'an end before the beginning', put({ endedAt: at('07:59') }), 'time-implausible', '/endedAt'],
  ['discharge', 'an unknown outcome', put({ outcomeCode: '9' }), 'invalid-body', '/outcomeCode'],
  ['discharge', 'words for a day', put({ followUpDates: ['mai'] }), 'invalid-body', '/followUpDates/0'],
  [
    'discharge',
    'an unknown destination',
    put({ destinationFacilityCode: '40999', dischargeCode: '2' }),
    'unknown-code',
    '/destinationFacilityCode',
  ],
  [
    'discharge',
    'a diagnosis too long',
    put({ finalDiagnosis: long(8001) }),
    'invalid-body',
    '/finalDiagnosis',
  ],
  ['undoDischarge', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['undoDischarge', 'a number for a reason', put({ reason: 1 }), 'invalid-body', '/reason'],
  ['undoDischarge', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['settle', 'settled in the future', put({ settledAt: FUTURE }), 'time-implausible', '/settledAt'],
  ['settle', 'settled before the end', put({ settledAt: at('09:59') }), 'time-implausible', '/settledAt'],
  ['settle', 'a number for a time', put({ settledAt: 1 }), 'invalid-body', '/settledAt'],
  ['settle', 'an amount of one’s own', put({ insurerPays: '-5.00' }), 'invalid-body', '/insurerPays'],
  ['reopen', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['reopen', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['reopen', 'not settled yet', put({}), 'not-settled'],
  ['noteLateFact', 'a kind that is none', put({ kind: 'late-bill' }), 'invalid-body', '/kind'],
  ['noteLateFact', 'no note', without('note'), 'invalid-body', '/note'],
  ['noteLateFact', 'a note too long', put({ note: long(501) }), 'invalid-body', '/note'],
  [
    'noteLateFact',
    'half a result',
    put({ result: { lineId: newId() } }),
    'invalid-body',
    '/result/observations',
  ],
  ['noteLateFact', 'not settled yet', put({}), 'not-settled'],
  [
    'closeBillingTask',
    'an end that only a settlement makes',
    put({ outcome: 'settled-again' }),
    'invalid-body',
    '/outcome',
  ],
  ['closeBillingTask', 'no note', without('note'), 'invalid-body', '/note'],
  ['takePayment', 'an amount of nothing', put({ amount: '0.00' }), 'invalid-body', '/amount'],
  ['takePayment', 'less than nothing', put({ amount: '-1.00' }), 'invalid-body', '/amount'],
  ['takePayment', 'thousandths of a đồng', put({ amount: '1.001' }), 'invalid-body', '/amount'],
  [
    'takePayment',
    'a balance that nobody saw',
    without('expectedBalance'),
    'invalid-body',
    '/expectedBalance',
  ],
  ['takePayment', 'a way to pay that is none', put({ method: 'gold' }), 'invalid-body', '/method'],
  ['takePayment', 'half a đồng handed over', put({ tendered: '0.50' }), 'invalid-body', '/tendered'],
  ['takePayment', 'a reference of words', put({ reference: 'a b' }), 'invalid-body', '/reference'],
  ['takePayment', 'not settled yet', put({}), 'payment-too-early'],
  ['takeDeposit', 'an amount of nothing', put({ amount: '0.00' }), 'invalid-body', '/amount'],
  ['takeDeposit', 'an out-patient', put({}), 'deposit-not-possible'],
  ['giveRefund', 'cash handed over', put({ tendered: '1000.00' }), 'invalid-body', '/tendered'],
  ['giveRefund', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['giveRefund', 'on a balance that is not so', put({ expectedBalance: '-1.00' }), 'balance-changed'],
  ['giveRefund', 'nothing is held', put({}), 'refund-exceeded'],
  ['voidPayment', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['voidPayment', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['voidPayment', 'a shift of nobody', put({ shiftId: newId() }), 'shift-closed'],
  [
    'voidPayment',
    'another facility’s shift',
    (body) => ({ ...body, shiftId: foreign.shiftId }),
    'shift-closed',
  ],
  ['requestTransfer', 'thousandths of a đồng', put({ amount: '1.001' }), 'invalid-body', '/amount'],
  ['requestTransfer', 'an out-patient before the settlement', put({}), 'deposit-not-possible'],
  ['confirmTransfer', 'no reference', without('bankReference'), 'invalid-body', '/bankReference'],
  ['confirmTransfer', 'an empty one', put({ bankReference: '' }), 'invalid-body', '/bankReference'],
  ['cancelTransfer', 'an amount', put({ amount: '1.00' }), 'invalid-body', '/amount'],
  ['recordDebt', 'nobody who promised', without('promisedBy'), 'invalid-body', '/promisedBy'],
  ['recordDebt', 'a day that is none', put({ promisedFor: '2027-02-30' }), 'invalid-body', '/promisedFor'],
  ['recordDebt', 'not settled yet', put({}), 'payment-too-early'],
  ['openShift', 'half a đồng', put({ float: '0.50' }), 'invalid-body', '/float'],
  ['openShift', 'one is open', put({}), 'shift-open'],
  ['closeShift', 'less than nothing', put({ countedCash: '-1.00' }), 'invalid-body', '/countedCash'],
  [
    'closeShift',
    'notes that do not add up',
    put({ denominations: [{ value: 500, count: 1 }] }),
    'invalid-body',
    '/denominations',
  ],
  [
    'closeShift',
    'a count that is a fraction',
    put({ denominations: [{ value: 500, count: 0.5 }] }),
    'invalid-body',
    '/denominations/0/count',
  ],
  [
    'closeShift',
    'a difference without a reason',
    put({ countedCash: '1.00', reason: undefined, denominations: undefined }),
    'difference-unexplained',
  ],
  ['openReceiptBook', 'a series in small letters', put({ series: 'pt' }), 'invalid-body', '/series'],
  ['openReceiptBook', 'a kind that is none', put({ kind: 'invoice' }), 'invalid-body', '/kind'],
  ['openReceiptBook', 'one that is there', put({ series: 'PT' }), 'already-exists'],
  [
    'setDeskSetting',
    'notes that do not exist',
    put({ cashRounding: '300' }),
    'invalid-body',
    '/cashRounding',
  ],
  ['setDeskSetting', 'half a bank', put({ bank: { bin: '970418' } }), 'invalid-body', '/bank/account'],
  ['recordWholeVisit', 'nobody', without('patientId'), 'invalid-body', '/patientId'],
  [
    'recordWholeVisit',
    'a negative quantity',
    firstOf('lines', { quantity: '-2' }),
    'invalid-body',
    '/lines/0/quantity',
  ],
  [
    'recordWholeVisit',
    'an unknown item',
    firstOf('lines', { itemCode: 'XX' }),
    'unknown-code',
    '/lines/0/itemCode',
  ],
  [
    'recordWholeVisit',
    'an unknown diagnosis',
    firstOf('conditions', { code: 'U99.9' }),
    'unknown-code',
    '/conditions/0/code',
  ],
  [
    'recordWholeVisit',
    'an end in the future',
    put({ discharge: leaving({ endedAt: FUTURE }) }),
    'time-implausible',
    '/discharge/endedAt',
  ],
  [
    'recordWholeVisit',
    'no primary diagnosis',
    firstOf('conditions', { role: 'secondary' }),
    'discharge-incomplete',
    '/conditions',
  ],
  [
    'recordWholeVisit',
    'a result for no line',
    put({ results: [{ lineId: newId(), resultAt: at('09:00'), observations: [] }] }),
    'unknown-code',
    '/results/0/lineId',
  ],
  ['recordWholeVisit', 'a reason too long', put({ reason: long(4001) }), 'invalid-body', '/reason'],
  ['recordWholeVisit', 'a patient nobody knows', put({ patientId: newId() }), 'not-found', '/patientId'],
  ['recordWholeVisit', 'a card of nobody', put({ coverageIds: [newId()] }), 'unknown-code', '/coverageIds/0'],
  [
    'recordWholeVisit',
    'another person’s card',
    (body) => ({ ...body, coverageIds: [foreign.coverageId] }),
    'unknown-code',
    '/coverageIds/0',
  ],
  ['recordWholeVisit', 'a person known and given', put({ patient: person() }), 'invalid-body', '/patientId'],
  [
    'recordWholeVisit',
    'a new person whose name is a number',
    ofNew({ name: 7 }),
    'invalid-body',
    '/patient/name',
  ],
  ['recordWholeVisit', 'a new person born tomorrow', ofNew({ birthDate: LATER_DAY }), 'time-implausible'],
  [
    'recordWholeVisit',
    'a new person and an unknown item',
    (body) => ({ ...ofNew({})(body), lines: [line({ itemCode: 'XX' })] }),
    'unknown-code',
    '/lines/0/itemCode',
  ],
  [
    'recordWholeVisit',
    'a new card of 14 characters',
    put({ coverages: [card({ cardNumber: 'DN440000000000' })] }),
    'invalid-body',
    '/coverages/0/cardNumber',
  ],
  ['assignCorrection', 'no person', put({ accountId: 'abc' }), 'invalid-body', '/accountId'],
  ['assignCorrection', 'somebody unknown here', put({ accountId: newId() }), 'correction-assignee'],
  ['sendAdjustment', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['sendAdjustment', 'a record that was not assessed', put({}), 'correction-no-form'],
  ['closeCorrection', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['retryDeadLetter', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['reopenCorrection', 'it is open', put({}), 'correction-open'],
  ['reopenCorrection', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['retryClaim', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['retryClaim', 'nothing stands in its way', put({}), 'not-found'],
  ['holdClaim', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['holdClaim', 'no claim yet', put({}), 'not-found'],
  ['releaseClaim', 'no reason', put({ reason: '' }), 'invalid-body', '/reason'],
  ['releaseClaim', 'no claim yet', put({}), 'not-found'],
  ['resolveClaim', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['resolveClaim', 'no number of the portal', without('transactionId'), 'invalid-body', '/transactionId'],
  ['resolveClaim', 'no time of the portal', without('receivedAt'), 'invalid-body', '/receivedAt'],
  ['resolveClaim', 'a decision that is none', put({ decision: 'lost' }), 'invalid-body', '/decision'],
  ['resolveClaim', 'no claim yet', put({}), 'not-found'],
  ['registerCertificate', 'no certificate', put({ pem: 'x' }), 'invalid-body', '/pem'],
  [
    'registerCertificate',
    'a certificate that cannot be read',
    put({ pem: '-----BEGIN CERTIFICATE-----' }),
    'invalid-body',
    '/pem',
  ],
  ['startRun', 'a day to come', put({ day: LATER_DAY }), 'time-implausible', '/day'],
  ['startRun', 'a day that is none', put({ day: '2026-13-01' }), 'invalid-body', '/day'],
  ['startRun', 'another facility', put({ facilityCode: STATION }), 'not-found'],
  ['declareEmergency', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['declareEmergency', 'a reason of blanks', put({ reason: ' \u00a0' }), 'invalid-body', '/reason'],
  ['declareEmergency', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['createAccount', 'a name of two words', put({ username: 'le mau' }), 'invalid-body', '/username'],
  ['createAccount', 'a name that is taken', put({ username: 'nurse.40021' }), 'already-exists'],
  ['createAccount', 'a role that is none', duty({ role: 'director' }), 'invalid-body', '/duty/role'],
  ['createAccount', 'software’s role for a person', duty({ role: 'machine' }), 'invalid-body', '/duty/role'],
  ['createAccount', 'a person’s role for software', put({ kind: 'machine' }), 'invalid-body', '/duty/role'],
  [
    'createAccount',
    'the province’s office',
    duty({ role: 'province-admin', facilityCode: null }),
    'not-allowed',
  ],
  ['createAccount', 'the auditors', duty({ role: 'auditor', facilityCode: null }), 'not-allowed'],
  ['createAccount', 'another facility', duty({ role: 'nurse', facilityCode: STATION }), 'not-allowed'],
  [
    'createAccount',
    'a facility that is none',
    duty({ role: 'nurse', facilityCode: '40999' }),
    'unknown-code',
    '/duty/facilityCode',
  ],
  [
    'createAccount',
    'a duty that ends before it begins',
    duty({ role: 'nurse', validFrom: '2026-02-01', validThrough: '2026-01-31' }),
    'time-implausible',
    '/duty/validThrough',
  ],
  [
    'createAccount',
    'a licence of another facility',
    put({ licenceNumber: doctorOf(STATION) }),
    'unknown-code',
    '/licenceNumber',
  ],
  ['grantDuty', 'the auditors', put({ role: 'auditor', facilityCode: null }), 'not-allowed'],
  ['grantDuty', 'another facility', put({ facilityCode: STATION }), 'not-allowed'],
  ['grantDuty', 'a facility that is none', put({ facilityCode: '40999' }), 'unknown-code', '/facilityCode'],
  ['grantDuty', 'software’s role for a person', put({ role: 'machine' }), 'invalid-body', '/role'],
  ['grantDuty', 'a duty they have', put({ role: 'nurse' }), 'already-exists'],
  [
    'grantDuty',
    'an end before the beginning',
    put({ validFrom: '2026-02-01', validThrough: '2026-01-31' }),
    'time-implausible',
    '/validThrough',
  ],
  ['revokeDuty', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['lockAccount', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['unlockAccount', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['resetAccount', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['setSecondFactorRule', 'a rule that is none', put({ rule: 'off' }), 'invalid-body', '/rule'],
  ['setSecondFactorRule', 'another facility', put({ facilityCode: STATION }), 'not-found'],
  ['configureRule', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['configureRule', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['configureRule', 'more than the province allows', put({ effect: 'block' }), 'effect-raised'],
  ['configureRule', 'an effect that is none', put({ effect: 'stop' }), 'invalid-body', '/effect'],
  ['configureRule', 'ends before it begins', put({ validTo: '2026-10-31' }), 'invalid-body', '/validTo'],
  [
    'configureRule',
    'a parameter that nobody knows',
    put({ params: { most: 1 } }),
    'invalid-body',
    '/params/most',
  ],
  [
    'configureRule',
    'a parameter of another kind',
    put({ params: { minMinutes: '5' } }),
    'invalid-body',
    '/params/minMinutes',
  ],
  [
    'configureRule',
    'a whole card',
    put({ exempt: { cards: ['DN4400000000001'] } }),
    'invalid-body',
    '/exempt/cards/0',
  ],
  ['undoRuleSetting', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['undoRuleSetting', 'nothing is set', put({}), 'not-found'],
  ['decideOnFinding', 'no reason', without('reason'), 'invalid-body', '/reason'],
  ['decideOnFinding', 'a decision that is none', put({ decision: 'ignored' }), 'invalid-body', '/decision'],
  ['decideOnFinding', 'nobody decided yet', put({ decision: 'reopened' }), 'finding-not-decided'],
  ['askRecheck', 'nothing', without('encounterIds'), 'invalid-body', ''],
  ['askRecheck', 'two things', put({ rule: RULE }), 'invalid-body', ''],
  ['askRecheck', 'no visit', put({ encounterIds: [] }), 'invalid-body', '/encounterIds'],
  ['askRecheck', 'a visit of nobody', put({ encounterIds: [newId()] }), 'not-found'],
  [
    'askRecheck',
    'another facility’s visit',
    (body) => ({ ...body, encounterIds: [foreign.encounterId] }),
    'not-found',
  ],
  ['askRecheck', 'a rule that nobody knows', () => ({ rule: 'NO_SUCH_RULE' }), 'not-found'],
  ['askRuleTrial', 'no rule', put({ rules: [] }), 'invalid-body', '/rules'],
  [
    'askRuleTrial',
    'a rule that nobody knows',
    firstOf('rules', { id: 'NO_SUCH_RULE' }),
    'invalid-body',
    '/rules/0/id',
  ],
  [
    'askRuleTrial',
    'a parameter of another kind',
    firstOf('rules', { params: { minMinutes: [] } }),
    'invalid-body',
    '/rules/0/params/minMinutes',
  ],
  ['askRuleTrial', 'a day that is none', put({ from: '2026-02-30' }), 'invalid-body', '/from'],
  ['askRuleTrial', 'ends before it begins', put({ to: '2026-10-01' }), 'invalid-body', '/to'],
  ['askRuleTrial', 'more than a year', put({ from: '2025-01-01' }), 'invalid-body', '/to'],
  ['askRuleTrial', 'another facility', put({ facilities: [STATION] }), 'not-found'],
];

const cursor = (place: string) => `cursor=${Buffer.from(place).toString('base64url')}`;
/** Words that look like a place in a list, and that no page ever gave out. */
const CURSORS = [
  'cursor=abc',
  cursor(`2026 ${newId()}`),
  cursor(`2026-11-24T00:00:00Z ${'-'.repeat(36)}`),
  cursor(`2026-02-30T00:00:00Z ${newId()}`),
  cursor(`0000-01-01T00:00:00Z ${newId()}`),
  cursor(`2026-11-24T00:00:00Z ${newId()} `),
];
const LISTS = ['day=9999-12-31', 'day=2200-01-01', ...CURSORS];

const ofBody = ROUTES.filter((route) => route.body);
const byOperation = new Map(ROUTES.map((route) => [route.operationId, route]));
const call = (
  operation: string,
  more: { body?: unknown; as?: string; path?: string; headers?: Record<string, string> } = {},
) => {
  const { path, body, bytes } = samples[operation]!;
  return server.api.call(
    byOperation.get(operation)!.method,
    more.path ?? path,
    callerOf(operation, more.as),
    body === undefined || !('body' in more) ? (bytes ?? body) : more.body,
    { ...headersOf(operation), ...more.headers },
  );
};

function callerOf(operation: string, facilityCode = HOSPITAL): Credential {
  const may: readonly Role[] = PERMISSIONS[byOperation.get(operation)!.permission as Permission];
  return callers.get(`${CALLERS.find((role) => may.includes(role))} ${facilityCode}`)!;
}

function headersOf(operation: string): Record<string, string> {
  const { version, headers } = samples[operation]!;
  return { 'Idempotency-Key': newId(), ...(version ? { 'If-Match': version } : {}), ...headers };
}

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly places?: readonly { readonly pointer: string; readonly message: string }[];
}

/** As the database was found after the last test: what the next one starts from. */
let rows: Record<string, string>;
/** What was refused in a test, and whether the trail is to tell of it. */
let refusals: { readonly requestId: string; readonly problem: string; readonly isTold: boolean }[] = [];

/** One look at the whole database for everything that a test tries: whatever was refused left it as it was. */
async function changedNothing(): Promise<void> {
  const before = rows;
  rows = await writtenRows(server.database);
  expect(rows).toEqual(before);
}

/** The refusal of somebody who is signed in stands in the trail, once; no other does. */
async function toldOnce(): Promise<void> {
  const notes = await refusalNotes(
    server.database,
    refusals.map(({ requestId }) => requestId),
  );
  const told = refusals.filter(({ isTold }) => isTold);
  expect(notes.map(({ requestId, problem }) => `${requestId} ${problem}`).toSorted()).toEqual(
    told.map(({ requestId, problem }) => `${requestId} ${problem}`).toSorted(),
  );
}

/** The answer is that problem, in whole words; after the test its trail and the database are looked at. */
async function refused(
  doing: () => Promise<{ status: number; body: unknown }>,
  problem: ProblemType,
  pointer?: string,
  name = '',
): Promise<void> {
  const answer = await doing();
  expectProblem(answer, problem, pointer, name);
  refusals.push({ requestId: requestIdOf(answer), problem, isTold: [403, 404].includes(answer.status) });
}

function expectProblem(
  answer: { status: number; body: unknown },
  problem: ProblemType,
  pointer?: string,
  name = '',
): void {
  const body = answer.body as ProblemBody;
  expect([name, answer.status, body.type, body.status]).toEqual([
    name,
    PROBLEM_STATUS[problem],
    `/problems/${problem}`,
    PROBLEM_STATUS[problem],
  ]);
  expect(body.title).toBe(text('vi', `problem.${problem}.title`));
  for (const words of [body.detail, ...(body.places ?? []).map((place) => place.message)])
    expect(words).not.toMatch(/\{[a-z]\w*\}|undefined/i);
  if (pointer !== undefined) expect((body.places ?? []).map((place) => place.pointer)).toContain(pointer);
}

const IMPOSSIBLE_IDS = ['abc', '%00', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '..%2F..%2Faccounts'];

/** Names of columns, of fields that answers have, and of what an attacker would like to be. */
const NOT_OFFERED = `id version facilityId facility_id state stateReason createdAt created_by
  recordedBy claimKey patientId accountId account_id kind isDemo is_demo
  passwordHash secret role roles permissions scopes reach secondFactor
  validFrom unitPrice insurerPays constructor __proto__`.split(/\s+/);

/** What is sent at the door when all is well, as far as its form goes. */
const DOOR_BODIES: Readonly<Record<string, object>> = {
  signIn: { username: 'nurse.40021', password: 'x' },
  passSecondFactor: { code: '123456' },
  switchFacility: { facilityCode: HOSPITAL },
  signOut: {},
  signOutEverywhere: {},
  setPassword: { current: 'x', next: 'y' },
  beginSecondFactor: {},
  confirmSecondFactor: { code: '123456' },
  renewRecoveryCodes: {},
  issueToken: { username: 'machine.40021', secret: 'x' },
};

/** Sends the body with each further field in each of its objects: refused, with its place, and nothing changes. */
async function offersNoMore(
  schemaId: string,
  body: object,
  send: (body: unknown) => Promise<{ status: number; body: unknown }>,
): Promise<void> {
  for (const [pointer, schema, set] of objectsOf(API_SCHEMAS[schemaId] as unknown as ObjectSchema, body))
    for (const name of NOT_OFFERED.filter((one) => !Object.hasOwn(schema.properties ?? {}, one)))
      expectProblem(await send(set(name)), 'invalid-body', `${pointer}/${name}`);
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly items?: ObjectSchema;
}

/** Every object in a body: where it is, its schema, and the whole body with one more field in it. */
function* objectsOf(
  schema: ObjectSchema,
  value: unknown,
  pointer = '',
  whole: (changed: unknown) => unknown = (changed) => changed,
): Generator<[string, ObjectSchema, (name: string) => unknown]> {
  if (Array.isArray(value)) {
    if (schema.items)
      yield* objectsOf(schema.items, value[0], `${pointer}/0`, (one) => whole(value.with(0, one)));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  // Not `{ [name]: … }` for every name: `__proto__` written so would set the prototype and not be sent.
  yield [
    pointer,
    schema,
    (name) => whole(Object.defineProperty({ ...value }, name, { value: 'x', enumerable: true })),
  ];
  for (const [name, part] of Object.entries(value))
    yield* objectsOf(schema.properties?.[name] ?? {}, part, `${pointer}/${name}`, (changed) =>
      whole({ ...value, [name]: changed }),
    );
}

describe('every route refuses, and nothing changes', () => {
  beforeAll(async () => {
    rows = await writtenRows(server.database);
  });
  beforeEach(() => {
    refusals = [];
  });
  afterEach(async () => {
    await changedNothing();
    await toldOnce();
  });

  test('has its sample here', () => {
    expect(Object.keys(samples).toSorted()).toEqual(ROUTES.map((route) => route.operationId).toSorted());
    const kinds = new Map<string, Set<string>>();
    for (const [operation, , , problem] of REFUSALS)
      kinds.set(operation, (kinds.get(operation) ?? new Set()).add(problem));
    expect(ofBody.filter((route) => !kinds.has(route.operationId)).map((route) => route.operationId)).toEqual(
      [],
    );
  });

  test.each(ROUTES.map((route) => route.operationId))(
    '%s: without a token, or with a wrong one',
    async (operation) => {
      await refused(
        () => server.api.call(byOperation.get(operation)!.method, samples[operation]!.path, ''),
        'not-signed-in',
      );
      await refused(
        () => server.api.call(byOperation.get(operation)!.method, samples[operation]!.path, 'lt_nobody'),
        'not-signed-in',
      );
    },
  );

  test.each(ofBody.map((route) => route.operationId))(
    '%s: a field of the wrong type, each in its turn',
    async (operation) => {
      const { schemaId } = byOperation.get(operation)!.body!;
      const { properties } = API_SCHEMAS[schemaId] as unknown as { properties: object };
      for (const name of Object.keys(properties)) {
        const sample = samples[operation]!.body as Record<string, unknown>;
        const body = { ...sample, [name]: typeof sample[name] === 'number' ? '7' : 7 };
        expectProblem(await call(operation, { body }), 'invalid-body', `/${name}`);
      }
    },
  );

  const ofIds = ROUTES.flatMap((route) =>
    [...route.path.matchAll(/:(\w+)/g)].map(
      ([, name]) => [route.operationId, name as keyof typeof foreign] as const,
    ),
  );
  test.each(ofIds)(
    'id guessing: %s, %s of another facility, of nobody, or impossible',
    async (operation, name) => {
      const place = byOperation.get(operation)!.path.split('/').indexOf(`:${name}`);
      const at = (id: string) => samples[operation]!.path.split('/').with(place, id).join('/');
      // Whoever declares an emergency does so for somebody who never came here.
      // A rule belongs to nobody: each sets it for themselves.
      // A job that was given up is the office's, wherever it is asked for.
      const mayBeForeign = operation === 'declareEmergency' || name === 'ruleId' || name === 'deadLetterId';
      for (const id of [...(mayBeForeign ? [] : [foreign[name]]), newId(), ...IMPOSSIBLE_IDS])
        await refused(() => call(operation, { path: at(id) }), 'not-found');
      if (!mayBeForeign) await refused(() => call(operation, { as: STATION }), 'not-found');
    },
  );

  test.each(ofBody.map((route) => route.operationId))(
    'mass assignment: %s takes no field that is not offered, at the top or deeper',
    async (operation) => {
      const { path, body } = samples[operation]!;
      const { method } = byOperation.get(operation)!;
      await offersNoMore(byOperation.get(operation)!.body!.schemaId, body!, (more) =>
        server.api.call(method, path, callerOf(operation), more, headersOf(operation)),
      );
    },
  );

  test.each(Object.keys(DOOR_BODIES))('mass assignment: %s, at the door', async (operation) => {
    const route = DOOR_ROUTES.find((one) => one.operationId === operation)!;
    await offersNoMore(route.body!.schemaId, DOOR_BODIES[operation]!, (more) =>
      server.api.call(route.method, route.path, callers.get(`clinician ${HOSPITAL}`)!, more),
    );
  });

  test('mass assignment: every body at the door has its sample', () => {
    const bodies = DOOR_ROUTES.filter((route) => route.body).map((route) => route.operationId);
    expect(Object.keys(DOOR_BODIES).toSorted()).toEqual(bodies.toSorted());
  });

  test.each(ofBody.map((route) => route.operationId))('%s: a body that is no body', async (operation) => {
    const { path, body } = samples[operation]!;
    const { method } = byOperation.get(operation)!;
    const caller = callerOf(operation);
    const raw = (bytes: string | Buffer, type = 'application/json') =>
      sendRaw(server.url, method, path, bytes, {
        ...(typeof caller === 'string' ? { Authorization: `Bearer ${caller}` } : caller.headers()),
        'Content-Type': type,
        ...headersOf(operation),
      });
    const json = JSON.stringify(body);
    await refused(() => raw(`${json.slice(0, -1)},`), 'bad-json');
    await refused(() => raw(''), 'bad-json');
    await refused(
      () => raw(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])),
      'bad-json',
    );
    await refused(() => raw(json, 'text/plain'), 'unsupported-media-type');
    await refused(() => raw(`${' '.repeat(2_000_000)}${json}`), 'body-too-large');
    await refused(() => raw('[]'), 'invalid-body', '');
    await refused(() => raw('null'), 'invalid-body', '');
    await refused(() => raw(JSON.stringify({ ...body, nobodyKnows: 1 })), 'invalid-body', '/nobodyKnows');
    await refused(() => raw(`${'['.repeat(5_000)}${']'.repeat(5_000)}`), 'invalid-body', '');
  });

  test.each(ROUTES.filter((route) => route.upload).map((route) => route.operationId))(
    '%s: a file that is none, or of another kind, or larger than it may be',
    async (operation) => {
      const caller = callerOf(operation);
      const raw = (bytes: Buffer, headers: Readonly<Record<string, string>> = {}) =>
        sendRaw(server.url, 'POST', samples[operation]!.path, bytes, {
          ...(typeof caller === 'string' ? { Authorization: `Bearer ${caller}` } : caller.headers()),
          'Content-Type': byOperation.get(operation)!.upload!.contentTypes[0]!,
          ...headersOf(operation),
          ...headers,
        });
      const { bytes } = samples[operation]!;
      await refused(() => raw(Buffer.alloc(0)), 'invalid-body');
      await refused(() => raw(bytes!, { 'Content-Type': 'application/json' }), 'unsupported-media-type');
      await refused(() => raw(bytes!, { 'Content-Encoding': 'gzip' }), 'unsupported-media-type');
      await refused(() => raw(Buffer.alloc(1_100_000, ' ')), 'body-too-large');
      const path = samples[operation]!.path.replace(/(a\.xml|kq\.csv)/, '%20');
      await refused(() => call(operation, { path }), 'bad-parameter');
    },
  );

  test.each(ROUTES.filter((route) => route.idempotent === 'required').map((route) => route.operationId))(
    '%s: without an Idempotency-Key, or with one that is none',
    async (operation) => {
      await refused(
        () => call(operation, { headers: { 'Idempotency-Key': '' } }),
        'idempotency-key-required',
      );
      await refused(
        () => call(operation, { headers: { 'Idempotency-Key': 'x'.repeat(81) } }),
        'idempotency-key-required',
      );
    },
  );

  test.each(ROUTES.filter((route) => route.ifMatch).map((route) => route.operationId))(
    '%s: without a version, or with an old one',
    async (operation) => {
      await refused(() => call(operation, { headers: { 'If-Match': '' } }), 'version-required');
      await refused(() => call(operation, { headers: { 'If-Match': '"99"' } }), 'version-conflict');
    },
  );

  test.each(ROUTES.filter((route) => route.method === 'GET').map((route) => route.operationId))(
    '%s: a parameter nobody knows, twice, or wrong',
    async (operation) => {
      const route = byOperation.get(operation)!;
      const plain = samples[operation]!.path.split('?')[0]!;
      await refused(() => call(operation, { path: `${plain}?nobodyKnows=1` }), 'bad-parameter');
      if (!route.query) return;
      const queries: Record<string, string[]> = {
        searchPatients: [
          'name=%20',
          'name=%EF%BF%BF',
          'phone=%C2%A0',
          'name=',
          `name=${long(101)}`,
          'limit=0',
          'limit=x',
          'name=a&name=b',
          'name=%00',
          '',
        ],
        listEncounters: ['day=mai', 'state=closed', 'limit=201', 'state=open&state=open', ...LISTS],
        listClaims: ['day=2026-02-30', 'state=ok', 'limit=-1', ...LISTS],
        ...Object.fromEntries(
          ['printReceipt', 'downloadReceipt', 'printTransferRequest', 'downloadTransferRequest'].map(
            (one) => [one, ['size=a4', 'size=a5&size=a5', 'paper=a5']],
          ),
        ),
        readSettlement: ['version=0', 'version=x', 'version=1&version=2'],
        compareSettlements: ['from=0', 'to=x', 'from=1.5'],
        listBillingTasks: ['state=done', 'encounterId=abc', 'limit=0', ...CURSORS],
        listDebts: ['limit=0', 'limit=201', ...CURSORS],
        listReceipts: ['', 'book=abc', 'cursor=5', `book=${newId()}&cursor=0`, `book=${newId()}&limit=201`],
        listFindings: [
          'limit=0',
          'limit=201',
          'rule=a',
          'effect=stop',
          'state=closed',
          'facilityCode=x',
          ...CURSORS,
        ],
        listPapers: ['facilityCode=x', 'state=lost', 'limit=1'],
        listCatalogueRows: ['form=x', 'accepted=maybe'],
        listObstacles: ['limit=201', 'facilityCode=x', ...CURSORS],
        readDeadlines: ['limit=0', 'limit=201', 'facilityCode=x', ...CURSORS],
        listRules: ['day=mai', 'facilityCode=x', 'limit=1'],
        listRuleSettings: ['facilityCode=x', 'day=2026-11-01'],
        listFindingCauses: ['kind=weather', 'facilityCode=x', 'limit=0', 'limit=201'],
        listFindingCauseVisits: ['facilityCode=x', 'limit=201', ...CURSORS],
        listRuleTrials: ['limit=0', 'limit=101'],
        listRuns: ['limit=0', 'limit=101'],
        listClaimCheckFindings: ['limit=0', 'limit=1001', 'cursor=5', 'cursor=IzA'],
        listResultImports: ['limit=0', 'limit=201', 'facilityCode=x', ...CURSORS],
        listResultRows: ['verdict=wrong', 'limit=0', 'limit=1001', 'cursor=5', 'cursor=IzA'],
        listDeadLetters: ['state=late', `queue=${long(41)}`, 'limit=0', 'limit=201', ...CURSORS],
        listCorrections: [
          'state=late',
          'dueBy=mai',
          'dueBy=2026-02-30',
          'assignedTo=abc',
          'encounterId=abc',
          'limit=201',
          ...CURSORS,
        ],
        downloadAdjustment: ['', 'reason=', 'reason=%20', `reason=${long(501)}`],
        listForeignFiles: ['limit=0', 'limit=201', ...CURSORS],
        listForeignClaims: ['facilityCode=x', 'fileId=abc', 'claimKey=%20', 'limit=201', ...CURSORS],
        listAccounts: ['limit=0', 'limit=201', `cursor=${long(65)}`],
        searchAudit: [
          'from=mai',
          'to=2026-02-30',
          'actor=A%20B',
          'subjectId=abc',
          'patientId=abc',
          'facilityCode=x',
          'purpose=1',
          'flaggedOnly=x',
          'cursor=abc',
          'limit=0',
          'from=2026-01-01&to=2026-11-01',
        ],
        ...Object.fromEntries(
          ['readStatement', 'printStatement', 'downloadStatement'].map((name) => [
            name,
            ['version=0', 'version=-1', 'version=x', 'version=1.5', 'version=10000', 'version=1&version=2'],
          ]),
        ),
        listRefusals: [
          'from=mai',
          'to=2026-02-30',
          'from=2026-01-01&to=2026-11-01',
          'to=9999-12-31',
          'to=0001-01-01',
          'limit=1',
        ],
        listCertificates: ['facilityCode=1', 'facilityCode=40001&facilityCode=40001', 'limit=1'],
        listRunFiles: [`cursor=${long(201)}`, 'cursor=abc', `cursor=${'-'.repeat(36)}`],
      };
      for (const query of queries[operation]!)
        await refused(() => call(operation, { path: `${plain}?${query}` }), 'bad-parameter');
    },
  );

  test.each([...Map.groupBy(REFUSALS, ([operation]) => operation)])(
    '%s: what makes no sense',
    async (operation, refusals) => {
      for (const [, name, change, problem, pointer] of refusals) {
        const body = change(samples[operation]!.body as Body);
        await refused(() => call(operation, { body }), problem, pointer, name);
      }
    },
  );

  test('a method that is not there is named with those that are', async () => {
    const answer = await fetch(`${server.url}/api/v1/encounters`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, GET']);
  });

  test('speaks the language of the reader', async () => {
    const answers = await Promise.all(
      ['en-GB, vi;q=0.3', 'vi', 'fr'].map((wanted) =>
        call('registerPatient', { body: {}, headers: { 'Accept-Language': wanted } }),
      ),
    );
    expect(answers.map((answer) => (answer.body as ProblemBody).title)).toEqual(
      (['en', 'vi', 'vi'] as const).map((language) => text(language, 'problem.invalid-body.title')),
    );
  });
});

describe('every route accepts', () => {
  test('what was refused, once it is right', async () => {
    const once = [
      'changePatient',
      'addCoverage',
      'recordConditions',
      'recordResults',
      'recordNotes',
      'registerPatient',
      'startRun',
      'checkIn',
      'recordWholeVisit',
      'settle',
      'voidPayment',
      'confirmTransfer',
      'closeShift',
      'openShift',
      'openReceiptBook',
      'setDeskSetting',
      'readBalance',
      'listDebts',
      'listReceipts',
      'createAccount',
      'grantDuty',
      'setSecondFactorRule',
      'declareEmergency',
      'readHistory',
      'resetAccount',
      'lockAccount',
      'unlockAccount',
      'revokeDuty',
      'searchAudit',
      'listRefusals',
      'listDeadLetters',
      'retryDeadLetter',
    ];
    for (const operation of once)
      expect([operation, (await call(operation)).status < 300]).toEqual([operation, true]);
  });
});

/** A body exactly as it is, well-formed or not. */
function sendRaw(
  url: string,
  method: string,
  path: string,
  bytes: string | Buffer,
  headers: Record<string, string>,
) {
  return new Promise<{ status: number; body: unknown }>((answered, failed) => {
    const sent = request(
      new URL(path, url),
      {
        method,
        headers: {
          ...headers,
          'Content-Length': Buffer.byteLength(bytes),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          answered({
            status: response.statusCode ?? 0,
            body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
          }),
        );
      },
    );
    sent.on('error', failed);
    sent.end(bytes);
  });
}
