import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential } from '../../src/demo/client.ts';
import { type PaperKind, sendPaper, submitPaper, sweepInsurer } from '../../src/insurer/index.ts';
import { SYSTEM_USER } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { createSigner } from '../../src/signatures/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { LEASE_MARGIN_MS, type Plant, SUBMIT_TIMEOUT_MS, startPlant, until } from '../harness/plant.ts';
import { registerEverywhere, testKeys } from '../harness/signing.ts';
import { HOSPITAL, openVisit } from '../harness/visit.ts';

/** Papers whose answer is lost, whose sender dies: never twice by themselves (G36). */
const PATH = '/api/chungtugw/GuiHoSoChungTu2025';
const FACILITY = facilityIdOf(HOSPITAL);

let plant: Plant;
let folder: string;
let officer: Credential;
let visitId: string;
beforeAll(async () => {
  const keys = await testKeys([HOSPITAL]);
  folder = keys.folder;
  const signer = createSigner({ keysDir: folder, passphraseOf: () => undefined, remote: null });
  plant = await startPlant('postgres', { 'submit.signature': 'verify' }, {}, signer);
  await registerEverywhere(plant, keys.certificates);
  const account = await addAccount(plant.server.database, 'insurance-officer', HOSPITAL);
  officer = await addSession(plant.server.database, account);
  const ours = {
    ...plant.server,
    call: (method: string, path: string, more: object = {}) =>
      plant.server.call(method, path, { as: HOSPITAL, ...more }),
  };
  visitId = (await openVisit(ours)).id;
});
afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

const callsEver = async (): Promise<number> =>
  (await plant.control<unknown[]>('GET', `calls?limit=1000&path=${PATH}`)).length;
let before = 0;
beforeEach(async () => {
  before = await callsEver();
});
const calls = async (): Promise<number> => (await callsEver()) - before;
const arrived = async () =>
  (await plant.control<{ sha256: string; persisted: boolean }[]>('GET', `calls?limit=1000&path=${PATH}`))
    .slice(before)
    .filter((call) => call.persisted);

let made = 0;
/** A certificate of sick leave, unlike any other. */
async function issued(): Promise<string> {
  made += 1;
  return given('certificates', `<A>${made}</A>`);
}
function given(kind: PaperKind, inside: string): Promise<string> {
  const context = {
    userId: SYSTEM_USER,
    facilityId: FACILITY,
    reach: 'facility',
    purpose: 'test',
    requestId: 'test',
  } as const;
  const build = (id: string) =>
    Buffer.from(
      '<?xml version="1.0" encoding="utf-8"?><HSCHUNGTU>' +
        `<THONGTINHOSO Id="Id-${id}">${inside}</THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></HSCHUNGTU>`,
    );
  return plant.server.app.transaction(context, (tx) =>
    submitPaper(tx, FACILITY, { kind, encounterId: visitId, content: inside, build }, new Date()),
  );
}

interface Paper {
  readonly state: string;
  readonly transactionId: string | null;
  readonly events: readonly { type: string; cause: string; documentSha256: string | null }[];
}
const read = async (id: string): Promise<Paper> =>
  (await plant.server.call('GET', `/api/v1/papers/${id}`, { as: HOSPITAL })).body as Paper;
const ways = ({ events }: Paper) => events.map(({ type }) => type);
const resolve = (id: string, body: object) =>
  plant.server.api.call('POST', `/api/v1/papers/${id}/resolve`, officer, body, {
    'Idempotency-Key': newId(),
  });
const fault = (action: object, when: string) =>
  plant.control('POST', 'faults', { match: { path: PATH }, when, action, times: 1 });
/** Every job is lost, hours go by, and the sweep looks for what is left. */
async function hoursLater(): Promise<void> {
  plant.clock.advance(3 * 3_600_000);
  await sweepInsurer(plant.parts);
}
const send = (id: string) => sendPaper(plant.parts, FACILITY, id);
const unsent = async () =>
  (await plant.server.database.query<{ subject_id: string }>(`select subject_id from insurer_work`)).map(
    (row) => row.subject_id,
  );

describe('a paper', () => {
  test('is signed once, sent once, and its receipt kept', async () => {
    const id = await issued();
    await send(id);
    await send(id);
    const paper = await read(id);
    expect(paper).toMatchObject({ state: 'received', transactionId: expect.stringMatching(/^\d{19,}$/) });
    expect(ways(paper)).toEqual(['signed', 'sending', 'received']);
    expect(await arrived()).toEqual([
      expect.objectContaining({ sha256: paper.events[1]!.documentSha256, persisted: true }),
    ]);
  });

  test('the same content is not taken a second time', async () => {
    const id = await given('certificates', '<A>once</A>');
    await expect(given('certificates', '<A>once</A>')).rejects.toMatchObject({ type: 'already-exists' });
    await send(id);
    await expect(given('certificates', '<A>once</A>')).rejects.toMatchObject({ type: 'already-exists' });
  });

  test('that certainly did not arrive goes again by itself, as the same bytes', async () => {
    const id = await issued();
    await fault({ type: 'status', status: 503 }, 'before-auth');
    await send(id);
    expect(await read(id)).toMatchObject({ state: 'notSent' });
    plant.clock.advance(3_600_000);
    await send(id);
    const paper = await read(id);
    expect(ways(paper)).toEqual(['signed', 'sending', 'notSent', 'sending', 'received']);
    expect(new Set(paper.events.map((one) => one.documentSha256)).size).toBe(1);
  });
});

describe('E22 notices of births and deaths', () => {
  const E22 = '/api/hososuckhoe/guiGiayToDienTu';
  const give = (encounterId: string, notice: object) =>
    plant.server.call('POST', '/api/v1/papers', { as: HOSPITAL, body: { encounterId, notice } });
  const notice = (kind: string) => ({ kind, fields: { SO: '01', HO_TEN: 'Trần Thị Mẫu', GHI_CHU: '' } });

  test('are signed, sent to their own call, and kept like every paper', async () => {
    for (const kind of ['birthCertificate', 'deathNotice']) {
      if (kind === 'deathNotice') {
        expect(await give(visitId, notice(kind))).toMatchObject({ status: 422 });
        await plant.server.database.query(`update encounter set outcome_code = '5' where id = $1`, [visitId]);
      }
      const { status, body } = await give(visitId, notice(kind));
      const { id } = body as { id: string };
      expect([status, await give(visitId, notice(kind))]).toMatchObject([201, { status: 409 }]);
      await send(id);
      expect(await read(id)).toMatchObject({ kind, state: 'received' });
    }
    const calls = await plant.control<{ persisted: boolean }[]>('GET', `calls?path=${E22}`);
    expect(calls.map(({ persisted }) => persisted)).toEqual([true, true]);
  });
});

describe('G36 the answer is lost', () => {
  test.each([
    ['the line breaks', { type: 'reset' }],
    ['a page of somebody else', { type: 'garbage' }],
    ['an answer that is cut', { type: 'truncate' }],
  ])('%s: unclear, and nobody sends it again', async (_name, action) => {
    const id = await issued();
    await fault(action, 'after-persist');
    await send(id);
    expect(await read(id)).toMatchObject({ state: 'unclear' });
    expect(await unsent()).not.toContain(id);
    await hoursLater();
    await send(id);
    expect(await read(id)).toMatchObject({ state: 'unclear' });
    expect(await calls()).toBe(1);
  });

  test('a person takes it as received, with the number of the portal, and says why', async () => {
    const id = await issued();
    await fault({ type: 'reset' }, 'after-persist');
    await send(id);
    const reason = 'đã thấy trên cổng';
    expect((await resolve(id, { decision: 'received', reason })).status).toBe(422);
    const done = await resolve(id, { decision: 'received', reason, transactionId: '4002120261126000001' });
    expect(done).toMatchObject({ status: 200, body: { state: 'received' } });
    expect(await read(id)).toMatchObject({ state: 'received', transactionId: '4002120261126000001' });
    expect(await resolve(id, { decision: 'resend', reason })).toMatchObject({
      status: 409,
      body: { type: '/problems/paper-not-unclear' },
    });
    await hoursLater();
    await send(id);
    expect(await calls()).toBe(1);
  });

  test('a person has it sent again: the bytes that were signed, once', async () => {
    const id = await issued();
    await fault({ type: 'reset' }, 'before-auth');
    await send(id);
    const { state } = await read(id);
    expect(state).toBe('unclear');
    expect((await resolve(id, { decision: 'resend', reason: 'cổng không có' })).status).toBe(200);
    await send(id);
    await send(id);
    const paper = await read(id);
    expect(ways(paper)).toEqual(['signed', 'sending', 'unclear', 'resend', 'sending', 'received']);
    expect(await arrived()).toEqual([expect.objectContaining({ sha256: paper.events[0]!.documentSha256 })]);
  });

  test('no worker can make it anything but unclear: the database refuses', async () => {
    const id = await issued();
    await fault({ type: 'reset' }, 'after-persist');
    await send(id);
    const context = {
      userId: SYSTEM_USER,
      facilityId: FACILITY,
      reach: 'facility',
      purpose: 'test',
      requestId: 'test',
    } as const;
    for (const state of ['resend', 'sending', 'received'])
      await expect(
        plant.database.transaction(context, (tx) =>
          tx.query('update insurer_paper set state = $2 where id = $1', [id, state]),
        ),
      ).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the sender dies', () => {
  test('between the call and writing down what came of it: unclear, not sent again', async () => {
    const id = await issued();
    const dying = {
      ...plant.parts,
      gateway: {
        ...plant.parts.gateway,
        submit: async (...call: Parameters<typeof plant.parts.gateway.submit>) => {
          await plant.parts.gateway.submit(...call);
          throw new Error('killed');
        },
      },
    };
    await expect(sendPaper(dying, FACILITY, id)).rejects.toThrow('killed');
    expect(await read(id)).toMatchObject({ state: 'sending' });
    await send(id);
    expect(await read(id)).toMatchObject({ state: 'sending' });
    plant.clock.advance(SUBMIT_TIMEOUT_MS + LEASE_MARGIN_MS);
    const workers = await plant.startWorkers(60_000);
    await sweepInsurer(plant.parts);
    await until(async () => (await read(id)).state === 'unclear');
    await workers.stop();
    expect(await calls()).toBe(1);
    expect((await read(id)).events.at(-1)).toMatchObject({ cause: 'no-outcome-recorded' });
  });

  test('two senders at once: one call', async () => {
    const id = await issued();
    await Promise.all([send(id), sendPaper(plant.secondParts(), FACILITY, id)]);
    expect(await calls()).toBe(1);
    expect(await read(id)).toMatchObject({ state: 'received' });
  });
});
