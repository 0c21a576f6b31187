import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { FORMATS } from '../../src/platform/http/formats.ts';
import { newId } from '../../src/platform/ids.ts';
import { ROUTES } from '../../src/runtime/api.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';
import { arrival, at, card, doctorOf, HOSPITAL, leaving, line, person } from '../harness/visit.ts';

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
/** What each operation really answered while one visit went from registration to the gateway. */
const answers = new Map<string, Answer[]>();

beforeAll(async () => {
  plant = await startPlant('postgres');
  document = (await (await fetch(`${plant.server.url}/openapi.json`)).json()) as OpenApi;
  await driveVisit();
}, 60_000);
afterAll(() => plant.stop());

async function call(
  operation: string,
  params: Readonly<Record<string, string>> = {},
  more: { query?: string; body?: object; version?: string | null } = {},
) {
  const route = ROUTES.find((one) => one.operationId === operation)!;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name]!);
  const answer = await fetch(`${plant.server.url}${path}${more.query ?? ''}`, {
    method: route.method,
    headers: {
      Authorization: `Bearer ${tokenFor(HOSPITAL)}`,
      ...(route.idempotent === 'required' ? { 'Idempotency-Key': newId() } : {}),
      ...(more.body ? { 'Content-Type': 'application/json' } : {}),
      ...(more.version ? { 'If-Match': more.version } : {}),
    },
    ...(more.body ? { body: JSON.stringify(more.body) } : {}),
  });
  const text = await answer.text();
  const contentType = answer.headers.get('content-type')?.split(';')[0] ?? '';
  answers.set(operation, [...(answers.get(operation) ?? []), { status: answer.status, contentType, text }]);
  return { id: (/"id":"([^"]+)"/.exec(text) ?? [])[1] ?? '', version: answer.headers.get('etag') };
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
  await call('readEncounter', encounter);

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
    `insert into export_obstacle (facility_id, encounter_id, settlement_version, at, reason, details)
     select facility_id, id, 1, now(), 'too-long', '{"place": "XML1/1/LY_DO_VV"}' from encounter where id = $1`,
    [whole.id],
  );
  await call('listObstacles');
  await call('retryClaim', { encounterId: whole.id }, { body: reason });
  await call('holdClaim', { encounterId: whole.id }, { body: reason });
  await call('releaseClaim', { encounterId: whole.id }, { body: reason });

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
  await call('listRuns');
  await call('readRun', run);
  await call('listRunFiles', run);
}

test.each(ROUTES.map((route) => route.operationId))('%s answers what the document says', (operation) => {
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
