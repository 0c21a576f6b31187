import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential } from '../../src/demo/client.ts';
import { unansweredCheckIns } from '../../src/exports/sweep.repo.ts';
import { type PaperKind, pacePaper, sendPaper, submitPaper, sweepInsurer } from '../../src/insurer/index.ts';
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

/** There is no key in its folder. */
const NO_KEYS = createSigner({ keysDir: '/nowhere', passphraseOf: () => undefined, remote: null });
let made = 0;
const acting = {
  userId: SYSTEM_USER,
  facilityId: FACILITY,
  reach: 'facility',
  purpose: 'test',
  requestId: 'test',
} as const;
/** A certificate of sick leave, unlike any other. */
async function issued(): Promise<string> {
  made += 1;
  return given('certificates', `<A>${made}</A>`);
}
function given(kind: PaperKind, inside: string): Promise<string> {
  const build = (id: string) =>
    Buffer.from(
      '<?xml version="1.0" encoding="utf-8"?><HSCHUNGTU>' +
        `<THONGTINHOSO Id="Id-${id}">${inside}</THONGTINHOSO><CHUKYDONVI></CHUKYDONVI></HSCHUNGTU>`,
    );
  return plant.server.app.transaction(acting, (tx) =>
    submitPaper(tx, FACILITY, { kind, encounterId: visitId, content: inside, build }, new Date()),
  );
}

interface Paper {
  readonly state: string;
  readonly transactionId: string | null;
  readonly cause: string | null;
  readonly events: readonly {
    type: string;
    cause: string;
    documentSha256: string | null;
    transactionId: string | null;
  }[];
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
    for (const state of ['resend', 'sending', 'received', 'notSent'])
      await expect(
        plant.database.transaction(acting, (tx) =>
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

test('restored to an earlier moment: whatever would be sent waits for a person, who may have it signed and sent', async () => {
  const ids = [await issued(), await issued(), await issued(), await issued()] as const;
  const [fresh, unsentYet, there, unlucky] = ids;
  await fault({ type: 'status', status: 503 }, 'before-auth');
  await send(unsentYet);
  await send(there);
  await sendPaper({ ...plant.parts, signer: NO_KEYS }, FACILITY, unlucky);
  const states = async () => Promise.all(ids.map(async (id) => (await read(id)).state));
  expect(await states()).toEqual(['built', 'notSent', 'received', 'notSigned']);
  const [held] = await plant.server.database.query<{ n: number }>('select papers_after_restore() as n');
  expect([held!.n >= 3, await states()]).toEqual([true, ['unclear', 'unclear', 'received', 'unclear']]);
  await hoursLater();
  for (const id of ids) await send(id);
  expect(await states()).toEqual(['unclear', 'unclear', 'received', 'unclear']);
  const seen = { reason: 'đã tra trên cổng' };
  await resolve(unsentYet, { ...seen, decision: 'received', transactionId: '4002120261126000002' });
  for (const id of [fresh, unlucky]) {
    expect(await resolve(id, { ...seen, decision: 'resend' })).toMatchObject({ status: 200 });
    await send(id);
  }
  expect(await states()).toEqual(['received', 'received', 'received', 'received']);
  expect(ways(await read(fresh))).toEqual(['unclear', 'resend', 'signed', 'sending', 'received']);
  expect((await read(fresh)).events[0]).toMatchObject({ cause: 'restored' });
});

describe('senders who are held up', () => {
  type Parts = Plant['parts'];
  const leaseEnds = () => plant.clock.advance(SUBMIT_TIMEOUT_MS + LEASE_MARGIN_MS);
  const dueAt = async (id: string) =>
    (
      await plant.server.database.query<{ at: string }>(
        'select due_at::text as at from insurer_work where subject_id = $1',
        [id],
      )
    )[0]?.at;

  /** Begins in `parts`, and stops where `stop` waits. @returns lets it go on, to its end */
  async function begun(
    id: string,
    parts: (stop: () => Promise<void>) => Parts,
  ): Promise<() => Promise<void>> {
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const stop = () => {
      arrive();
      return gate;
    };
    const sending = sendPaper(parts(stop), FACILITY, id);
    await Promise.race([arrived, sending]);
    return () => {
      goOn();
      return sending;
    };
  }
  /** The call has ended, and its sender does not get to write that down. */
  const afterTheCall = (stop: () => Promise<void>): Parts => ({
    ...plant.parts,
    gateway: {
      ...plant.parts.gateway,
      async submit(...call) {
        const result = await plant.parts.gateway.submit(...call);
        await stop();
        return result;
      },
    },
  });
  /** It has written `sending`, and does not get to call. No time at all is left to it then. */
  const beforeTheCall = (stop: () => Promise<void>): Parts => ({
    ...plant.parts,
    leaseMarginMs: 0,
    database: {
      ...plant.database,
      async transaction(context, work, opening) {
        const result = await plant.database.transaction(context, work, opening);
        if (typeof result === 'object' && result !== null && 'begunMs' in result) await stop();
        return result;
      },
    },
  });

  test('an answer that comes after the lease is kept, with its number', async () => {
    const id = await issued();
    const goOn = await begun(id, afterTheCall);
    leaseEnds();
    await send(id);
    expect(await read(id)).toMatchObject({ state: 'unclear', cause: 'no-outcome-recorded' });
    await goOn();
    const paper = await read(id);
    expect(paper).toMatchObject({ state: 'received', transactionId: expect.stringMatching(/^\d{19,}$/) });
    expect(ways(paper)).toEqual(['signed', 'sending', 'unclear', 'received']);
    expect([await unsent(), await calls()]).toEqual([expect.not.arrayContaining([id]), 1]);
  });

  test("a machine whose clock is ahead ends nobody else's call", async () => {
    const id = await issued();
    const goOn = await begun(id, afterTheCall);
    const ahead = { ...plant.secondParts(), clock: { now: () => new Date(Date.now() + 86_400_000) } };
    await sendPaper(ahead, FACILITY, id);
    expect(ways(await read(id))).toEqual(['signed', 'sending']);
    await goOn();
    expect(await read(id)).toMatchObject({ state: 'received' });
  });

  test('a person has it sent again, and the answer comes before that: it is not sent again', async () => {
    const id = await issued();
    const goOn = await begun(id, afterTheCall);
    leaseEnds();
    await send(id);
    await resolve(id, { decision: 'resend', reason: 'cổng chưa có' });
    await goOn();
    await send(id);
    expect(ways(await read(id))).toEqual(['signed', 'sending', 'unclear', 'resend', 'received']);
    expect([await unsent(), await calls()]).toEqual([expect.not.arrayContaining([id]), 1]);
  });

  test('who wakes up too late does not call', async () => {
    const id = await issued();
    const goOn = await begun(id, beforeTheCall);
    leaseEnds();
    await send(id);
    await resolve(id, { decision: 'resend', reason: 'cổng không có' });
    await send(id);
    const { transactionId } = await read(id);
    await goOn();
    const paper = await read(id);
    expect(paper).toMatchObject({ state: 'received', transactionId, cause: expect.any(String) });
    expect(ways(paper).slice(3)).toEqual(['resend', 'sending', 'received', 'lateAnswer']);
    expect(paper.events.at(-1)).toMatchObject({ cause: 'held-up' });
    expect(await calls()).toBe(1);
  });

  test('who did not call says so, and needs no person', async () => {
    for (const isGivenUp of [false, true]) {
      const id = await issued();
      const goOn = await begun(id, beforeTheCall);
      if (isGivenUp) {
        leaseEnds();
        await send(id);
        expect(await read(id)).toMatchObject({ state: 'unclear' });
      }
      await goOn();
      expect(await read(id)).toMatchObject({ state: 'notSent', cause: 'held-up' });
      plant.clock.advance(60_000);
      await send(id);
      expect(await read(id)).toMatchObject({ state: 'received' });
    }
    expect(await calls()).toBe(2);
  });

  test('what the first attempt says late is not what the second came to', async () => {
    const id = await issued();
    await fault({ type: 'status', status: 503 }, 'before-auth');
    const first = await begun(id, afterTheCall);
    leaseEnds();
    await send(id);
    await resolve(id, { decision: 'resend', reason: 'cổng không có' });
    const second = await begun(id, afterTheCall);
    const due = await dueAt(id);
    await first();
    expect(ways(await read(id)).slice(3)).toEqual(['resend', 'sending', 'lateAnswer']);
    expect([(await read(id)).state, await dueAt(id)]).toEqual(['sending', due]);
    await second();
    expect(await read(id)).toMatchObject({ state: 'received' });
    expect((await arrived()).length).toBe(1);
  });

  test('a second job that finds the channel closed leaves the running call its lease', async () => {
    const id = await issued();
    const goOn = await begun(id, afterTheCall);
    const due = await dueAt(id);
    await plant.server.database.query(
      `insert into gateway_channel (facility_id, family, state, failures, openings, open_until, changed_at)
       values ($1, 'papers', 'open', 5, 1, $2, now())
       on conflict (facility_id, family) do update set state = 'open', open_until = excluded.open_until`,
      [FACILITY, new Date(plant.clock.now().getTime() + 1_000)],
    );
    const other = plant.secondParts();
    await pacePaper(other, FACILITY, id);
    expect(await dueAt(id)).toBe(due);
    const waits = await issued();
    const wasDue = await dueAt(waits);
    await pacePaper(other, FACILITY, waits);
    expect(await dueAt(waits)).not.toBe(wasDue);
    expect(await read(waits)).toMatchObject({ state: 'built' });
    await plant.server.database.query('delete from gateway_channel');
    await goOn();
    expect(await read(id)).toMatchObject({ state: 'received' });
  });

  test('whoever waits for a paper holds none of its work: no two wait for each other', async () => {
    const id = await issued();
    const sql = <Row extends object>(text: string, values: unknown[] = []) =>
      plant.server.database.query<Row & Record<string, unknown>>(text, values);
    let sending: Promise<void> | undefined;
    await plant.server.app.transaction(acting, async (tx) => {
      await tx.query('select from insurer_paper where id = $1 for update', [id]);
      sending = sendPaper({ ...plant.parts, signer: null }, FACILITY, id);
      await until(async () => {
        const [row] = await sql<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return row!.n > 0;
      });
      await tx.query('select from insurer_work where subject_id = $1 for update nowait', [id]);
    });
    await sending;
    expect((await read(id)).state).not.toBe('built');
  });
});

test('the sweep finds the check-ins of a day by an index, and reads no more of them', async () => {
  const plan = await plant.database.transaction(
    { ...acting, facilityId: null, reach: 'province' },
    async (tx) => {
      // Of a table with few rows, any way would do.
      await tx.query('set local enable_seqscan = off');
      const explained: typeof tx = { ...tx, query: (sql, values) => tx.query(`explain ${sql}`, values) };
      return unansweredCheckIns(explained, '2026-11-26', '2026-11-27', '2026-11-27');
    },
  );
  expect(JSON.stringify(plan)).toMatch(/Index Cond: \(\(created_at >= [^)]*\) AND \(created_at </);
});
