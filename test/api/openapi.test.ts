import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { TOTP } from 'otpauth';
import { type ClaimSnapshot, projectPapers } from '../../src/claims/index.ts';
import type { Session } from '../../src/demo/client.ts';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { runLookup, sendPaper } from '../../src/insurer/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { FORMATS } from '../../src/platform/http/formats.ts';
import { newId } from '../../src/platform/ids.ts';
import { DOOR_ROUTES, ROUTES } from '../../src/runtime/api.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { recheck } from '../../workers/recheck.worker.ts';
import { ruleTrial } from '../../workers/rule-trial.worker.ts';
import { addAccount, addSession, PASSWORD } from '../harness/accounts.ts';
import { checkedFile } from '../harness/checks.ts';
import { foreignFile, takeIn } from '../harness/foreign.ts';
import { parkClaim, plantUnclearPaper } from '../harness/insurer.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { plantFinding } from '../harness/planted-findings.ts';
import { tokenFor } from '../harness/province.ts';
import { plantResults, RESULT_FILE } from '../harness/results.ts';
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
import { goldenKey } from '../signatures/keys.ts';

interface Content {
  readonly schema?: object;
}
interface Described {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: object;
}
interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

let plant: Plant;
let document: OpenApi;
const ALL = [...ROUTES, ...DOOR_ROUTES];
/** Sign-in elsewhere needs a provider, and has a test of its own. */
const ELSEWHERE = new Set(['beginOidc', 'finishOidc', 'downloadAdjustment', 'sendAdjustment']);
/** What each operation really answered while people signed in and one visit went from registration to the gateway. */
const answers = new Map<string, Answer[]>();

beforeAll(async () => {
  plant = await startPlant('postgres');
  document = (await (await fetch(`${plant.server.url}/openapi.json`)).json()) as OpenApi;
  await driveVisit();
  await driveForeign();
  await driveResults();
  await driveRules();
  await driveAccounts();
  await driveDoor();
});
afterAll(() => plant.stop());

async function call(
  operation: string,
  params: Readonly<Record<string, string>> = {},
  more: {
    query?: string;
    body?: object;
    bytes?: Buffer;
    version?: string | null;
    by?: Session | null;
    headers?: Record<string, string>;
  } = {},
) {
  const route = ALL.find((one) => one.operationId === operation)!;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name]!);
  const answer = await fetch(`${plant.server.url}${path}${more.query ?? ''}`, {
    method: route.method,
    headers: {
      ...(more.by === undefined ? { Authorization: `Bearer ${tokenFor(HOSPITAL)}` } : more.by?.headers()),
      ...(more.bytes ? { 'Content-Type': 'application/xml' } : {}),
      ...more.headers,
      ...(route.idempotent === 'required' ? { 'Idempotency-Key': newId() } : {}),
      ...(more.body ? { 'Content-Type': 'application/json' } : {}),
      ...(more.version ? { 'If-Match': more.version } : {}),
    },
    ...(more.body ? { body: JSON.stringify(more.body) } : {}),
    ...(more.bytes ? { body: new Uint8Array(more.bytes) } : {}),
  });
  const text = await answer.text();
  const contentType = answer.headers.get('content-type')?.split(';')[0] ?? '';
  answers.set(operation, [...(answers.get(operation) ?? []), { status: answer.status, contentType, text }]);
  more.by?.keep(answer.headers.getSetCookie());
  return { id: (/"id":"([^"]+)"/.exec(text) ?? [])[1] ?? '', version: answer.headers.get('etag'), text };
}

/** What comes late is noted and looked at, the visit reopened and settled again. */
async function driveReopening(encounter: { encounterId: string }): Promise<void> {
  const { database } = plant.server;
  const by = await addSession(database, await addAccount(database, 'insurance-officer', HOSPITAL));
  const late = { kind: 'late-result', note: 'về trễ' };
  await call('noteLateFact', encounter, { body: late });
  const { id: taskId } = await call('noteLateFact', encounter, { body: { ...late, kind: 'late-other' } });
  await call('closeBillingTask', { taskId }, { by, body: { outcome: 'no-change', note: 'không đổi' } });
  const { version } = await call('readEncounter', encounter);
  const reopened = await call('reopen', encounter, { by, body: { reason: 'về trễ' }, version });
  await call('settle', encounter, { body: {}, version: reopened.version });
  await call('compareSettlements', encounter);
  await call('explainSettlement', encounter);
  await call('listSettlements', encounter);
  await call('listBillingTasks', {}, { by });
}

/** Two visits at the desk: one paid and returned, one by transfer and with a debt. */
async function driveDesk(patientId: string): Promise<void> {
  const { database } = plant.server;
  const by = await addSession(database, await addAccount(database, 'cashier', HOSPITAL));
  const admin = await addAccount(database, 'facility-admin', HOSPITAL, { username: 'desk.admin' });
  const boss = await addSession(database, admin);
  const bank = { bin: '970418', account: '123456', accountName: 'BENH VIEN MAU' };
  await call('setDeskSetting', {}, { by: boss, body: { cashRounding: '500', bank } });
  await call('readDeskSetting', {}, { by });
  await call('openReceiptBook', {}, { by: boss, body: { kind: 'receipt', series: 'PT1' } });
  const shift = { shiftId: (await call('openShift', {}, { by, body: { float: '100000.00' } })).id };
  const ward = { classCode: '03', admittedAt: at('08:05'), admissionReason: 'Mổ', routeCode: '9' };
  const stay = { encounterId: (await call('checkIn', {}, { body: arrival(patientId, ward) })).id };
  const taken = { amount: '100000.00', method: 'cash', expectedBalance: '0.00', tendered: '200000.00' };
  await call('takeDeposit', stay, { by, body: taken });
  const back = { amount: '50000.00', method: 'cash', expectedBalance: '-100000.00', reason: 'xin rút' };
  const refund = await call('giveRefund', stay, { by, body: back });
  await call('voidPayment', { paymentId: refund.id }, { by, body: { reason: 'nhầm' } });
  await call('readReceipt', { receiptId: refund.id }, { by });

  const out = wholeVisit(patientId, HOSPITAL, { lines: [line()] });
  const visit = { encounterId: (await call('recordWholeVisit', {}, { body: out })).id };
  const pay = { amount: '1000.00', method: 'card', reference: 'T1', expectedBalance: '48600.00' };
  const paid = await call('takePayment', visit, { by, body: pay });
  await call('readReceipt', { receiptId: paid.id }, { by });
  await call('printReceipt', { receiptId: paid.id }, { by });
  await call('downloadReceipt', { receiptId: paid.id }, { by, query: '?size=80mm' });
  const asked = await call('requestTransfer', visit, { by, body: { amount: '7600.00' } });
  await call('printTransferRequest', { transferId: asked.id }, { by });
  await call('downloadTransferRequest', { transferId: asked.id }, { by });
  await call('confirmTransfer', { transferId: asked.id }, { body: { bankReference: 'FT1' } });
  const dropped = await call('requestTransfer', visit, { by, body: { amount: '1000.00' } });
  await call('cancelTransfer', { transferId: dropped.id }, { by, body: {} });
  const promise = { reason: 'quên tiền', promisedBy: 'con trai', expectedBalance: '40000.00' };
  await call('recordDebt', visit, { by, body: promise });
  await call('listDebts', {}, { by });
  await call('readBalance', visit, { by });
  await call('readBalance', stay, { by });
  await call('listReceiptBooks', {}, { by });
  const { payment } = JSON.parse(paid.text) as { payment: { receipt: { bookId: string } } };
  await call('listReceipts', {}, { by, query: `?book=${payment.receipt.bookId}&limit=1` });
  await call('readCurrentShift', {}, { by });
  const notes = { denominations: [{ value: 100_000, count: 2 }], countedCash: '200000.00' };
  await call('closeShift', shift, { by, body: notes });
  await call('readShift', shift, { by });
}

/** Files of other software: one taken in, one refused. */
async function driveForeign(): Promise<void> {
  const { database } = plant.server;
  const officer = await addAccount(database, 'insurance-officer', HOSPITAL, { username: 'foreign.officer' });
  const by = await addSession(database, officer);
  const code = HOSPITAL;
  const taken = await takeIn(database, code, foreignFile(code, 'K1', 'K2'));
  const refused = await takeIn(database, code, Buffer.from('<xml/>'));
  const aside = await takeIn(database, code, foreignFile(STATION, 'K1'));
  await call('giveForeignFile', {}, { by, bytes: foreignFile(code, 'K3'), query: '?name=a.xml' });
  for (const { id } of [taken, refused, aside]) await call('readForeignFile', { fileId: id }, { by });
  await call('listForeignFiles', {}, { by, query: '?limit=1' });
  await call('listForeignClaims', {}, { by, query: `?fileId=${taken.id}&limit=1` });
  await call('readForeignClaim', { claimId: taken.claimIds[0]! }, { by });
  const given = await call(
    'giveClaimCheck',
    {},
    { by, bytes: foreignFile(code, 'K4'), query: '?name=a.xml' },
  );
  const checkId = await checkedFile(database, code, foreignFile(code, 'K4', 'K5'));
  for (const id of [given.id, checkId]) await call('readClaimCheck', { checkId: id }, { by });
  await call('listClaimCheckFindings', { checkId }, { by, query: '?limit=1' });
  await call('downloadClaimCheckCsv', { checkId }, { by });
  await call('downloadClaimCheckXlsx', { checkId }, { by });
}

/** A file of results is taken in; what was refused is given to somebody, closed and opened again. */
async function driveResults(): Promise<void> {
  const { database } = plant.server;
  const by = await addSession(
    database,
    await addAccount(database, 'insurance-officer', HOSPITAL, { username: 'results.officer' }),
  );
  const [claim] = await database.query<{ encounterId: string }>(
    'select encounter_id as "encounterId" from claim_document limit 1',
  );
  const { importId, correctionId } = await plantResults(database, HOSPITAL, claim!.encounterId);
  await call('giveResults', {}, { by, bytes: RESULT_FILE, headers: { 'Content-Type': 'text/csv' } });
  await call('listResultImports', {}, { by, query: '?limit=1' });
  await call('readResultImport', { importId }, { by });
  await call('listResultRows', { importId }, { by, query: '?verdict=unmatched' });
  const reason = { reason: 'đã sửa' };
  await call('listCorrections', {}, { by, query: '?state=open' });
  await call('readCorrection', { correctionId }, { by });
  await call('assignCorrection', { correctionId }, { by, body: { accountId: null } });
  await call('closeCorrection', { correctionId }, { by, body: reason });
  await call('reopenCorrection', { correctionId }, { by, body: reason });
  await call('compareClaimVersions', { ...claim!, number: '1', other: '1' }, { by });
}

/** A rule is set and taken back, a finding let stand, its cause looked at, a visit checked again, a change tried. */
async function driveRules(): Promise<void> {
  const { database } = plant.server;
  const admin = await addAccount(database, 'facility-admin', HOSPITAL, { username: 'rules.admin' });
  const by = await addSession(database, admin);
  const rule = { ruleId: 'DT_SHORT_VISIT' };
  await call('listRules', {}, { by, query: `?facilityCode=${HOSPITAL}&day=2026-11-01` });
  const wish = {
    effect: 'count',
    exempt: { codes: ['40.17'], cards: ['QN'] },
    params: { minMinutes: 4 },
    reason: 'thử',
  };
  await call('configureRule', rule, { by, body: { ...wish, validTo: '2027-12-31' } });
  await call('undoRuleSetting', rule, { by, body: { reason: 'nhầm' } });
  await call('listRuleSettings', rule, { by });
  const [settled] = await database.query<{ id: string; facilityId: string }>(
    `select id, facility_id as "facilityId" from encounter where state = 'settled' limit 1`,
  );
  const { id: encounterId, facilityId } = settled!;
  const cause = ['drug', '40.48'] as const;
  const findingKey = await plantFinding(database, HOSPITAL, encounterId, { cause });
  await plantFinding(database, HOSPITAL, encounterId, { cause, place: 'XML2:2', amount: null });
  await call('listFindingCauses', {}, { by, query: '?kind=drug' });
  await call('listFindingCauseVisits', { kind: 'drug', key: '40.48' }, { by });
  const decided = { decision: 'accepted', reason: 'đã xem' };
  await call('decideOnFinding', { encounterId, findingKey }, { by, body: decided });
  const recheckId = (await call('askRecheck', {}, { by, body: { encounterIds: [encounterId] } })).id;
  await recheck.handle({ id: 'x', name: 'recheck', data: { facilityId, recheckId } }, plant.parts);
  await call('readRecheck', { recheckId }, { by });
  const days = { from: addDays(plant.day, -1), to: addDays(plant.day, 3) };
  const rules = [{ id: rule.ruleId, params: { minMinutes: 100_000 } }];
  const trialId = (await call('askRuleTrial', {}, { by, body: { ...days, rules } })).id;
  await ruleTrial.handle({ id: 'x', name: 'try', data: { facilityId, trialId } }, plant.parts);
  await call('readRuleTrial', { trialId }, { by });
  await call('listRuleTrials', {}, { by, query: '?limit=1' });
}

async function driveVisit(): Promise<void> {
  const doctor = doctorOf(HOSPITAL);
  const registered = await call('registerPatient', {}, { body: person({ phone: '0912345678' }) });
  const patient = { patientId: registered.id };
  await call('changePatient', patient, { body: { bloodGroup: 'O+' }, version: registered.version });
  await call('readPatient', patient);
  await call('searchPatients', {}, { query: '?name=mau' });
  const coverage = await call('addCoverage', patient, { body: card() });
  await call('addCoverage', patient, {
    body: card({ cardNumber: 'DN4400000000002', validThrough: undefined }),
  });
  await call('listCoverages', patient);

  const visit = { coverageIds: [coverage.id] };
  const encounter = {
    encounterId: (await call('checkIn', {}, { body: arrival(patient.patientId, visit) })).id,
  };
  await call('readEncounter', encounter);
  await call('routeProposal', encounter);
  await call('readFindings', encounter);
  await call('listEncounters');
  const [first, second] = [newId(), newId()];
  await call('recordConditions', encounter, { body: { conditions: [{ role: 'primary', code: 'J00' }] } });
  await call('recordOrders', encounter, { body: { lines: [line({ id: first }), line({ id: second })] } });
  const observations = [{ name: 'WBC', value: '7', readByLicence: doctor }];
  await call('recordResults', encounter, {
    body: { results: [{ lineId: first, resultAt: at('09:00'), observations }] },
  });
  const { version } = await call('recordNotes', encounter, {
    body: { notes: [{ at: at('09:00'), text: 'Ổn', authorLicence: doctor }] },
  });
  const changed = await call('changeEncounter', encounter, { body: { heightCm: '160' }, version });
  const reason = { reason: 'ghi nhầm' };
  const cancelled = await call(
    'cancelLine',
    { ...encounter, lineId: second },
    { body: reason, version: changed.version },
  );
  await call('previewSettlement', encounter);
  const left = await call('discharge', encounter, { body: leaving(), version: cancelled.version });
  const back = await call('undoDischarge', encounter, { body: reason, version: left.version });
  const leftAgain = await call('discharge', encounter, { body: leaving(), version: back.version });
  await call('settle', encounter, { body: {}, version: leftAgain.version });
  await call('readSettlement', encounter);
  await call('readStatement', encounter);
  await call('printStatement', encounter);
  await call('downloadStatement', encounter, { query: '?version=1' });
  await call('readEncounter', encounter);
  await driveReopening(encounter);
  await driveDesk(patient.patientId);

  const whole = await call(
    'recordWholeVisit',
    {},
    {
      body: {
        ...arrival(patient.patientId, visit),
        conditions: [{ role: 'primary', code: 'J00' }],
        lines: [line()],
        discharge: leaving({ followUpDates: ['2027-01-01'] }),
      },
    },
  );
  await plant.server.database.query(
    `insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, at, reason, details)
     select facility_id, id, claim_key, 1, now(), 'too-long', '{"place": "XML1/1/LY_DO_VV"}' from encounter where id = $1`,
    [whole.id],
  );
  await call('listObstacles');
  await call('readDeadlines', {}, { query: '?limit=1' });
  await call('readFindings', { encounterId: whole.id });
  await call('listFindings', {}, { query: '?limit=1' });
  await call('retryClaim', { encounterId: whole.id }, { body: reason });
  await call('holdClaim', { encounterId: whole.id }, { body: reason });
  await call('releaseClaim', { encounterId: whole.id }, { body: reason });

  await parkClaim(plant.server.database, whole.id!);
  const again = { number: 1, decision: 'send-again', reason: 'không có' };
  await call('resolveClaim', { encounterId: whole.id }, { body: again });

  const run = { runId: (await call('startRun', {}, { body: {} })).id };
  const [batch] = await plant.server.database.query<{ facilityId: string }>(
    'select facility_id as "facilityId" from export_batch where run_id = $1',
    [run.runId],
  );
  await buildBatch(plant.parts, run.runId, batch!.facilityId);
  await call('holdClaim', encounter, { body: reason });
  await call('releaseClaim', encounter, { body: reason });
  await sendClaim(plant.parts, batch!.facilityId, encounter.encounterId, 1);
  await call('listClaims', {}, { query: '?limit=1' });
  await call('readClaim', encounter);
  await call('downloadClaim', encounter);
  await call('previewClaim', encounter);
  await call('listRuns');
  await call('readRun', run);
  await call('printRunReport', run);
  await call('downloadRunReport', run);
  await call('listRunFiles', run);
  await driveInsurer(encounter.encounterId);
}

/** Questions about a card, and papers beside the claim. */
async function driveInsurer(encounterId: string): Promise<void> {
  const { database } = plant.server;
  const facilityId = facilityIdOf(HOSPITAL);
  const admin = await addAccount(database, 'facility-admin', HOSPITAL, { username: 'insurer.admin' });
  const boss = await addSession(database, admin);
  const staff = { name: 'Nguyễn Thị Trực', nationalId: '040190000001' };
  const setting = { staff, copay: { repeatMinutes: 15, dailyLimit: 200 }, asksResults: false };
  await call('setInsurerSetting', {}, { by: boss, body: setting });
  await call('readInsurerSetting');
  await call('setInsurerStaff', {}, { by: boss, body: { accountId: admin.id, nationalId: '040190000002' } });
  const asked = {
    cardNumber: 'DN4990000000000',
    name: 'Người Mẫu 000',
    birthDate: '1990-02-01',
    encounterId,
  };
  for (const operation of ['lookUpCard', 'lookUpHistory', 'lookUpCopay']) {
    const { id } = await call(operation, {}, { body: asked });
    await runLookup(plant.parts, facilityId, id);
    await call('readCardLookup', { lookupId: id });
  }
  await call('listCardLookups', { encounterId });
  const golden = new URL('../golden/1931/sick-leave/input.json', import.meta.url);
  const papers = projectPapers(JSON.parse(readFileSync(golden, 'utf8')) as ClaimSnapshot);
  const { id: paperId } = await call('issuePaper', {}, { body: { encounterId, papers } });
  await sendPaper(plant.parts, facilityId, paperId);
  await call('readPaper', { paperId });
  await call('listPapers');
  const by = await addSession(
    database,
    await addAccount(database, 'insurance-officer', HOSPITAL, { username: 'insurer.officer' }),
  );
  const unclear = await plantUnclearPaper(database, HOSPITAL);
  await call('resolvePaper', { paperId: unclear }, { by, body: { decision: 'resend', reason: 'không có' } });
  const [settled] = await database.query<{ at: string }>(
    'select settled_at::text as at from encounter where id = $1',
    [encounterId],
  );
  const period = localDate(new Date(settled!.at)).slice(0, 7).replace('-', '');
  await call('sendMonthlySummary', {}, { body: { period } });
  await call('sendCatalogues', {}, { body: { forms: ['departments'] } });
  await call('listCatalogueRows', {}, { query: '?form=departments' });
}

async function driveAccounts(): Promise<void> {
  const { database } = plant.server;
  const by = await addSession(database, await addAccount(database, 'facility-admin', HOSPITAL));
  const reason = { reason: 'theo đơn' };
  await call('registerCertificate', {}, { by, body: { pem: goldenKey().certificate } });
  await call('listCertificates', {}, { by });
  const body = {
    username: 'y.ta.moi',
    name: 'Lê Thị Mẫu',
    duty: { role: 'nurse', validThrough: '2099-12-31' },
  };
  const account = { accountId: (await call('createAccount', {}, { by, body })).id };
  const machine = { kind: 'machine', username: 'may.xet.nghiem', name: 'Máy', duty: { role: 'machine' } };
  const made = await call('createAccount', {}, { by, body: machine });
  await call('grantDuty', account, { by, body: { role: 'cashier' } });
  const read = await call('readAccount', account, { by });
  const { duties } = JSON.parse(read.text) as { duties: { id: string; role: string }[] };
  const dutyId = duties.find((duty) => duty.role === 'cashier')!.id;
  await call('revokeDuty', { ...account, dutyId }, { by, body: reason });
  await call('lockAccount', account, { by, body: reason });
  await call('listAccounts', {}, { by, query: '?limit=1' });
  await call('unlockAccount', account, { by, body: reason });
  await call('resetAccount', account, { by, body: reason });
  const again = await call('resetAccount', { accountId: made.id }, { by, body: reason });
  await call(
    'setSecondFactorRule',
    {},
    { by, body: { ...reason, facilityCode: HOSPITAL, rule: 'everyone' } },
  );
  const { secret } = JSON.parse(again.text) as { secret: string };
  await call('issueToken', {}, { by: null, body: { username: machine.username, secret } });
  await call('searchAudit', {}, { by, query: '?limit=200' });
  const auditor = await addAccount(plant.server.database, 'auditor', null);
  await call('listRefusals', {}, { by: await addSession(plant.server.database, auditor) });
  const [letter] = await plant.server.database.query<{ id: string }>(
    `insert into dead_letter (queue, job_id, name, data, error_kind, first_at, last_at)
     values ('settled', 'x', 'x', '{}', 'TypeError', now(), now()) returning id`,
  );
  const admin = await addAccount(plant.server.database, 'province-admin', null, { username: 'office.watch' });
  const office = await addSession(plant.server.database, admin);
  await call('listDeadLetters', {}, { by: office });
  await call('retryDeadLetter', { deadLetterId: letter!.id }, { by: office, body: { reason: 'đã sửa' } });
}

/** A doctor of two facilities signs in, sets up a second factor, works, and leaves. */
async function driveDoor(): Promise<void> {
  const { database } = plant.server;
  const doctor = await addAccount(database, 'clinician', HOSPITAL);
  const [patient] = await database.query<{ id: string }>('select id from patient limit 1');
  const elsewhere = await addSession(database, doctor);
  const treatment = { 'X-Purpose': 'treatment' };
  await recordedAtStation(patient!.id);
  await call('readHistory', { patientId: patient!.id }, { by: elsewhere, headers: treatment });
  await call('declareEmergency', { patientId: patient!.id }, { by: elsewhere, body: { reason: 'bất tỉnh' } });

  const by = signedOutBrowser();
  const signIn = async () => {
    const opened = await call('signIn', {}, { by, body: { username: doctor.username, password: PASSWORD } });
    by.csrfToken = (JSON.parse(opened.text) as { csrfToken: string }).csrfToken;
  };
  await signIn();
  await call('readSession', {}, { by });
  const enrolment = JSON.parse((await call('beginSecondFactor', {}, { by, body: {} })).text) as {
    uri: string;
  };
  const parameters = new URL(enrolment.uri).searchParams;
  const code = (aheadMs = 0) =>
    new TOTP({ secret: parameters.get('secret')! }).generate({ timestamp: Date.now() + aheadMs });
  const confirmed = await call('confirmSecondFactor', {}, { by, body: { code: code() } });
  const { recoveryCodes } = JSON.parse(confirmed.text) as { recoveryCodes: string[] };
  await call('signOut', {}, { by, body: {} });
  await signIn();
  await call('passSecondFactor', {}, { by, body: { code: recoveryCodes[0]! } });
  await call('renewRecoveryCodes', {}, { by, body: {} });
  await call('switchFacility', {}, { by, body: { facilityCode: HOSPITAL } });
  await call('setPassword', {}, { by, body: { current: PASSWORD, next: 'con cò bay lả bay la' } });
  await call('signOutEverywhere', {}, { by, body: {} });
}

/** One visit of the person at another facility, so that there is a history to read. */
async function recordedAtStation(patientId: string): Promise<void> {
  const answer = await plant.server.call('POST', '/api/v1/encounters/whole', {
    as: STATION,
    body: wholeVisit(patientId, STATION),
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
}

function signedOutBrowser(): Session & { csrfToken: string } {
  let cookie = '';
  return {
    csrfToken: '',
    headers(): Record<string, string> {
      return cookie === '' ? {} : { Cookie: cookie, 'X-CSRF-Token': this.csrfToken };
    },
    keep(setCookie) {
      for (const text of setCookie ?? []) cookie = /^lt_session=[\w-]*/.exec(text)?.[0] ?? cookie;
    },
  };
}

const driven = ALL.map((route) => route.operationId).filter((operation) => !ELSEWHERE.has(operation));
test.each(driven)('%s answers what the document says', (operation) => {
  const described = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find((one) => one.operationId === operation)!;
  const { default: _problem, ...expected } = described.responses;
  const given = answers.get(operation) ?? [];
  expect([...new Set(given.map((answer) => String(answer.status)))]).toEqual(Object.keys(expected));
  for (const { status, contentType, text } of given) {
    const content = expected[status]?.content ?? {};
    expect(Object.keys(content)).toEqual([contentType]);
    const { schema } = content[contentType]!;
    if (contentType !== 'application/json') continue;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    for (const [name, format] of Object.entries(FORMATS))
      ajv.addFormat(name, (value: string) => format.check(value));
    const validate = ajv.compile({ ...schema, components: document.components });
    validate(JSON.parse(text));
    expect(validate.errors ?? []).toEqual([]);
  }
});
