import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API_SCHEMAS } from '../../schemas/api/index.ts';
import { text } from '../../src/messages/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { PROBLEM_STATUS, type ProblemType } from '../../src/platform/problem.ts';
import { ROUTES } from '../../src/runtime/api.ts';
import { tokenFor } from '../harness/province.ts';
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

/** What each route is sent when all is well; every refusal below is one change of this. */
interface Sample {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly version?: string;
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
/** A visit of another facility with one order, and another person's card. */
let foreign: { readonly lineId: string; readonly runId: string; readonly coverageId: string };

const FUTURE = new Date(Date.now() + 3 * 86_400_000).toISOString();
const LATER_DAY = FUTURE.slice(0, 10);
const doctor = doctorOf(HOSPITAL);

beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  open = await openVisit(server);
  lineId = newId();
  const ordered = await server.call('POST', `${open.path}/orders`, {
    body: { lines: [line({ id: lineId })] },
  });
  const gone = await dischargedVisit(server, [line()]);
  const run = await server.call('POST', '/api/v1/export-runs', { body: {} });
  foreign = await recordedElsewhere();
  samples = samplesOf(ordered.etag ?? '', gone, (run.body as { id: string }).id);
}, 30_000);
afterAll(() => server.stop());

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
  return { ...made, runId: (run.body as { id: string }).id, coverageId: visit.coverageId };
}

function samplesOf(
  version: string,
  gone: { path: string; etag: string; id: string },
  runId: string,
): Samples {
  const patient = `/api/v1/patients/${open.patientId}`;
  const claim = `/api/v1/claims/${gone.id}`;
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
    listClaims: { path: '/api/v1/claims' },
    readClaim: { path: claim },
    downloadClaim: { path: `${claim}/xml` },
    holdClaim: { path: `${claim}/hold`, body: { reason: 'chờ giấy tờ' } },
    releaseClaim: { path: `${claim}/release`, body: { reason: 'đã đủ' } },
    retryClaim: { path: `${claim}/retry`, body: { reason: 'đã sửa' } },
    listObstacles: { path: '/api/v1/export-obstacles' },
    startRun: { path: '/api/v1/export-runs', body: {} },
    listRuns: { path: '/api/v1/export-runs' },
    readRun: { path: `/api/v1/export-runs/${runId}` },
    listRunFiles: { path: `/api/v1/export-runs/${runId}/files` },
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

/** The whole visit of somebody who is registered with it. */
const ofNew = (more: object) => (body: Body) => ({
  ...without('patientId')(body),
  coverageIds: [],
  patient: person(more),
});

const REFUSALS: readonly Refusal[] = [
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
  ['retryClaim', 'a reason of blanks', put({ reason: ' ' }), 'invalid-body', '/reason'],
  ['retryClaim', 'nothing stands in its way', put({}), 'not-found'],
  ['holdClaim', 'a reason too long', put({ reason: long(501) }), 'invalid-body', '/reason'],
  ['holdClaim', 'no claim yet', put({}), 'not-found'],
  ['releaseClaim', 'no reason', put({ reason: '' }), 'invalid-body', '/reason'],
  ['releaseClaim', 'no claim yet', put({}), 'not-found'],
  ['startRun', 'a day to come', put({ day: LATER_DAY }), 'time-implausible', '/day'],
  ['startRun', 'a day that is none', put({ day: '2026-13-01' }), 'invalid-body', '/day'],
  ['startRun', 'another facility', put({ facilityCode: STATION }), 'not-found'],
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
  more: { body?: unknown; as?: string | null; path?: string; headers?: Record<string, string> } = {},
) => {
  const { path, body, version } = samples[operation]!;
  return server.call(byOperation.get(operation)!.method, more.path ?? path, {
    ...('as' in more ? { as: more.as ?? null } : {}),
    ...(body === undefined ? {} : { body: 'body' in more ? more.body : body }),
    headers: { ...(version ? { 'If-Match': version } : {}), ...more.headers },
  });
};

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly places?: readonly { readonly pointer: string; readonly message: string }[];
}

/** The answer is that problem, in whole words, and the database is as it was. */
async function refused(
  doing: () => Promise<{ status: number; body: unknown }>,
  problem: ProblemType,
  pointer?: string,
): Promise<void> {
  const before = await rowCounts();
  expectProblem(await doing(), problem, pointer);
  expect(await rowCounts()).toEqual(before);
}

function expectProblem(
  answer: { status: number; body: unknown },
  problem: ProblemType,
  pointer?: string,
): void {
  const body = answer.body as ProblemBody;
  expect([answer.status, body.type, body.status]).toEqual([
    PROBLEM_STATUS[problem],
    `/problems/${problem}`,
    PROBLEM_STATUS[problem],
  ]);
  expect(body.title).toBe(text('vi', `problem.${problem}.title`));
  for (const words of [body.detail, ...(body.places ?? []).map((place) => place.message)])
    expect(words).not.toMatch(/\{[a-z]\w*\}|undefined/i);
  if (pointer !== undefined) expect((body.places ?? []).map((place) => place.pointer)).toContain(pointer);
}

/** Rows of every table of ours; the sign-in's own notes (`last_used_at`) are no rows. */
async function rowCounts(): Promise<unknown> {
  return server.database.query(`select c.relname as name,
      (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', s.nspname, c.relname), false, true, '')))[1]::text as rows,
      (xpath('/row/n/text()', query_to_xml(format('select coalesce(sum(xmin::text::bigint), 0) as n from %I.%I', s.nspname, c.relname), false, true, '')))[1]::text as written
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where s.nspname = 'public' and c.relkind = 'r' order by 1`);
}

describe('every route refuses, and nothing changes', () => {
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
      const before = await rowCounts();
      for (const name of Object.keys(properties)) {
        const body = { ...samples[operation]!.body, [name]: 7 };
        expectProblem(await call(operation, { body }), 'invalid-body', `/${name}`);
      }
      expect(await rowCounts()).toEqual(before);
    },
  );

  test('an order or a run of another facility is not found', async () => {
    const { path } = samples.cancelLine!;
    const theirs = path.replace(lineId, foreign.lineId);
    await refused(() => call('cancelLine', { path: theirs }), 'not-found');
    await refused(() => call('cancelLine', { path: path.replace(lineId, newId()) }), 'not-found');
    await refused(() => call('cancelLine', { path: path.replace(lineId, 'abc') }), 'not-found');
    for (const operation of ['readRun', 'listRunFiles']) {
      const run = samples[operation]!.path;
      expect((await call(operation)).status).toBe(200);
      for (const id of [foreign.runId, newId(), 'abc'])
        await refused(() => call(operation, { path: run.replace(/[0-9a-f-]{36}/, id) }), 'not-found');
    }
  });

  const named = ROUTES.filter((route) => /:(patientId|encounterId)/.test(route.path));
  test.each(named.map((route) => route.operationId))(
    '%s: of another facility, or of nobody',
    async (operation) => {
      await refused(() => call(operation, { as: STATION }), 'not-found');
      const { path } = samples[operation]!;
      for (const id of [newId(), 'abc', '%00', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])
        await refused(() => call(operation, { path: path.replace(/[0-9a-f-]{36}/, id) }), 'not-found');
    },
  );

  test.each(ofBody.map((route) => route.operationId))('%s: a body that is no body', async (operation) => {
    const { path, body, version } = samples[operation]!;
    const { method } = byOperation.get(operation)!;
    const raw = (bytes: string | Buffer, type = 'application/json') =>
      sendRaw(server.url, method, path, bytes, {
        'Content-Type': type,
        ...(version ? { 'If-Match': version } : {}),
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
        listObstacles: ['limit=201', 'facilityCode=x', ...CURSORS],
        listRuns: ['limit=0', 'limit=101'],
        listRunFiles: [`cursor=${long(201)}`, 'cursor=abc', `cursor=${'-'.repeat(36)}`],
      };
      for (const query of queries[operation]!)
        await refused(() => call(operation, { path: `${plain}?${query}` }), 'bad-parameter');
    },
  );

  test.each(
    REFUSALS.map(([operation, name, ...rest]) => [`${operation}: ${name}`, { operation, rest }] as const),
  )('%s', async (_name, { operation, rest: [change, problem, pointer] }) => {
    const body = change(samples[operation]!.body as Body);
    await refused(() => call(operation, { body }), problem, pointer);
  });

  test('a method that is not there is named with those that are', async () => {
    const before = await rowCounts();
    const answer = await fetch(`${server.url}/api/v1/encounters`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, GET']);
    expect(await rowCounts()).toEqual(before);
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

  test('and what was refused is accepted once it is right', async () => {
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
    const key: Record<string, string> = { 'Idempotency-Key': newId() };
    const sent = request(
      new URL(path, url),
      {
        method,
        headers: {
          Authorization: `Bearer ${tokenFor(HOSPITAL)}`,
          ...key,
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
