import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildBatch, sendClaim, signClaims } from '../../src/exports/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { createSigner } from '../../src/signatures/index.ts';
import { type Hospital, startHospital } from '../harness/hospital.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { registerEverywhere, type TestKeys, testKeys } from '../harness/signing.ts';
import { at, type dischargedVisit, HOSPITAL, leaving } from '../harness/visit.ts';

/** Claims whose answer nobody understood, and what a person decides about them. */
const FACILITY = facilityIdOf(HOSPITAL);
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';
const SEEN = {
  number: 1,
  decision: 'received',
  transactionId: '4001620261127000001',
  receivedAt: '2026-11-26T08:00:00+07:00',
  reason: 'thấy trên cổng',
};
const AGAIN = { number: 1, decision: 'send-again', reason: 'cổng không có' };

let plant: Plant;
let keys: TestKeys;
let hospital: Hospital;
let ask: Hospital['ask'];
let visit: Awaited<ReturnType<typeof dischargedVisit>>;

beforeAll(async () => {
  keys = await testKeys([HOSPITAL]);
  const signer = createSigner({ keysDir: keys.folder, passphraseOf: () => undefined, remote: null });
  plant = await startPlant('postgres', { 'submit.signature': 'verify' }, {}, signer);
  await registerEverywhere(plant, keys.certificates);
  hospital = await startHospital(plant);
  ({ ask } = hospital);
});
afterAll(async () => {
  await plant.stop();
  rmSync(keys.folder, { recursive: true, force: true });
});
beforeEach(async () => {
  visit = await hospital.newVisit();
  await settled();
  await built();
});

const settled = async () =>
  expect((await ask('POST', `${visit.path}/settlement`, {}, hospital.cashier)).status).toBe(201);
async function built() {
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: HOSPITAL, body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, FACILITY);
  await signClaims(plant.parts, FACILITY);
}
async function reopened() {
  expect((await ask('POST', `${visit.path}/reopen`, { reason: 'bổ sung' })).status).toBe(200);
}
async function correctedAndSettled() {
  await ask('POST', `${visit.path}/discharge/undo`, { reason: 'bổ sung' }, hospital.clinician);
  await ask('POST', `${visit.path}/discharge`, leaving({ endedAt: at('17:00') }), hospital.clinician);
  await settled();
}
const send = (number = 1) => sendClaim(plant.parts, FACILITY, visit.id, number);
const resolve = (decision: object, key?: string) =>
  ask<{ type?: string; state?: string; number?: number }>(
    'POST',
    `/api/v1/claims/${visit.id}/resolve`,
    decision,
    hospital.by,
    key,
  );
const refusal = async (decision: object) => {
  const { status, body } = await resolve(decision);
  return [status, body.type?.replace('/problems/', '')];
};
const fault = (when: string, action: object) =>
  plant.control('POST', 'faults', {
    match: { path: CLAIM_PATH, maLk: visit.claimKey },
    when,
    action,
    times: 1,
  });
const park = async () => {
  await fault('after-auth', { type: 'code', maKetQua: '777' });
  expect(await send()).toBe('parked');
};
const query = <T extends Record<string, unknown>>(sql: string) =>
  plant.server.database.query<T>(sql, [visit.id]);
const events = (number = 1) =>
  query<{ type: string; cause: string; actor: string | null; transactionId: string | null; hash: string }>(
    `select type, cause, actor, transaction_id as "transactionId", document_sha256 as hash from claim_event
     where encounter_id = $1 and number = ${number} order by sequence`,
  );
const typesOf = async (number = 1) => (await events(number)).map(({ type }) => type);
const work = () => query('select number, signed_number as signed from export_work where encounter_id = $1');
const tasks = async () =>
  (
    await ask<{
      items: { cause: string; code: string; remedy: string; closedHow: string; message: string }[];
    }>('GET', `/api/v1/corrections?encounterId=${visit.id}`)
  ).body.items;
const active = async () =>
  (await plant.records())
    .filter(({ maLk }) => maLk === visit.claimKey)
    .flatMap(({ versions }) => versions.filter(({ state }) => state === 'active'));

test('nobody finds it on the portal: the same signed bytes go again, by a wish in the outbox', async () => {
  await park();
  expect(await tasks()).toMatchObject([{ cause: 'parked', code: '777', remedy: 'decide', closedHow: null }]);
  expect((await tasks())[0]!.message).toContain('cho gửi lại');
  expect(await work()).toEqual([]);
  await query('delete from outbox where $1::uuid is not null');
  const key = newId();
  const answer = await resolve(AGAIN, key);
  expect(answer).toMatchObject({ status: 200, body: { number: 1, state: 'released' } });
  expect((await resolve(AGAIN, key)).body).toEqual(answer.body);
  expect(await work()).toEqual([{ number: 1, signed: 1 }]);
  expect(
    await query(
      `select queue, data->>'number' as number from outbox where data->>'encounterId' = $1::uuid::text`,
    ),
  ).toEqual([{ queue: 'claim-send', number: '1' }]);
  expect(await refusal(AGAIN)).toEqual([409, 'claim-not-parked']);
  expect(await send()).toBe('received');
  const all = await events();
  expect(all.map(({ type }) => type).slice(4)).toEqual([
    'sending',
    'parked',
    'released',
    'queued',
    'sending',
    'received',
  ]);
  expect(all[6]).toMatchObject({ cause: AGAIN.reason, actor: hospital.officer.id });
  const [first, second] = all.filter(({ type }) => type === 'sending');
  expect([second!.cause, second!.hash]).toEqual(['resend-same-bytes', first!.hash]);
  expect((await active()).map(({ sha256 }) => sha256)).toHaveLength(1);
  expect(await tasks()).toMatchObject([{ cause: 'parked', closedHow: 'person' }]);
  expect(
    await query(`select reason, detail->>'decision' as decision from audit_event
      where action = 'claim.resolved' and subject_id = $1::uuid`),
  ).toEqual([{ reason: AGAIN.reason, decision: 'send-again' }]);
});

describe('a decision is refused', () => {
  test('about a claim that is not parked, of the wrong version, or about a receipt that cannot be', async () => {
    expect(await refusal(AGAIN)).toEqual([409, 'claim-not-parked']);
    await park();
    expect(await refusal({ ...AGAIN, number: 2 })).toEqual([404, 'not-found']);
    expect(await refusal({ ...AGAIN, reason: ' ' })).toEqual([422, 'invalid-body']);
    expect(await refusal({ ...SEEN, transactionId: undefined })).toEqual([422, 'invalid-body']);
    expect(await refusal({ ...SEEN, receivedAt: undefined })).toEqual([422, 'invalid-body']);
    expect(await refusal({ ...SEEN, receivedAt: '2099-01-01T00:00:00Z' })).toEqual([422, 'time-implausible']);
    const [other] = await plant.server.database.query<{ id: string }>(
      'select transaction_id as id from claim_event where transaction_id is not null limit 1',
    );
    expect(await refusal({ ...SEEN, transactionId: other!.id })).toEqual([422, 'invalid-body']);
    expect((await typesOf()).at(-1)).toBe('parked');
  });

  test('while the visit is open, while a version is to be built, and when there is one', async () => {
    await park();
    await reopened();
    expect(await refusal(SEEN)).toEqual([409, 'claim-outdated']);
    await correctedAndSettled();
    expect(await refusal(AGAIN)).toEqual([409, 'claim-outdated']);
    await built();
    expect(await refusal(AGAIN)).toEqual([409, 'claim-outdated']);
    expect((await tasks()).map(({ remedy }) => remedy)).toEqual(['new-version']);
    expect(await work()).toEqual([{ number: 2, signed: 2 }]);
  });
});

test('two people decide at once: one decision is written', async () => {
  await park();
  const both = await Promise.all([resolve(AGAIN), resolve({ ...SEEN, transactionId: newId() })]);
  expect(both.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
});

test('seen on the portal after a correction was parked, too: the earlier version is replaced', async () => {
  expect(await send()).toBe('received');
  await reopened();
  await correctedAndSettled();
  await built();
  await fault('after-auth', { type: 'code', maKetQua: '777' });
  expect(await send(2)).toBe('parked');
  const transactionId = newId();
  const answer = await resolve({ ...SEEN, number: 2, transactionId });
  expect(answer).toMatchObject({ status: 200, body: { number: 2, state: 'received' } });
  expect((await typesOf(1)).at(-1)).toBe('replaced');
  expect((await events(2)).at(-1)).toMatchObject({
    type: 'received',
    cause: 'seen-by-person',
    actor: hospital.officer.id,
    transactionId,
  });
  expect(await tasks()).toMatchObject([{ cause: 'parked', closedHow: 'person' }]);
  expect(await work()).toEqual([]);
});

describe('G17: a gateway that refuses what it has', () => {
  beforeAll(() => plant.control('POST', 'settings', { 'submit.duplicate': 'reject' }));

  test('after a lost answer it is parked, not lost: a person finds it on the portal', async () => {
    await fault('after-persist', { type: 'reset' });
    expect(await send()).toBe('unknown');
    expect(await send()).toBe('parked');
    expect((await typesOf()).slice(-3)).toEqual(['unknown', 'sending', 'parked']);
    expect(await tasks()).toMatchObject([
      { cause: 'parked', code: '124', remedy: 'decide', closedHow: null },
    ]);
    // Sent again without need: the gateway says the same, and so does the ledger.
    expect((await resolve(AGAIN)).status).toBe(200);
    expect(await send()).toBe('parked');
    expect(await tasks()).toMatchObject([{ cause: 'parked', code: '124', closedHow: null }]);
    expect((await resolve({ ...SEEN, transactionId: newId() })).status).toBe(200);
    expect((await typesOf()).at(-1)).toBe('received');
    expect(await tasks()).toMatchObject([{ cause: 'parked', closedHow: 'person' }]);
    expect(await active()).toHaveLength(1);
  });

  test('a correction that it refuses since it has the first is refused: a person must act', async () => {
    expect(await send()).toBe('received');
    await reopened();
    await correctedAndSettled();
    await built();
    expect(await send(2)).toBe('refused');
    expect(await tasks()).toMatchObject([{ cause: 'refused', code: '124', remedy: 'new-version' }]);
  });
});
