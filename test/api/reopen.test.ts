import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ClaimSnapshot } from '../../src/claims/index.ts';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { ledger, type Plant, startPlant } from '../harness/plant.ts';
import { at, card, dischargedVisit, HOSPITAL, leaving, line, STATION } from '../harness/visit.ts';

type Who = 'insurance-officer' | 'cashier' | 'clinician' | 'receptionist';
interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into any answer
  readonly etag: string | null;
}

const FACILITY = facilityIdOf(HOSPITAL);
const REASON = 'Kết quả xét nghiệm về sau khi thanh toán';
let plant: Plant;
let cards = 0;
const sessions = new Map<Who, Awaited<ReturnType<typeof addSession>>>();
let visit: Awaited<ReturnType<typeof dischargedVisit>>;

beforeAll(async () => {
  plant = await startPlant('postgres');
  const { database } = plant.server;
  for (const role of ['insurance-officer', 'cashier', 'clinician', 'receptionist'] as const)
    sessions.set(role, await addSession(database, await addAccount(database, role, HOSPITAL)));
});
afterAll(() => plant.stop());
beforeEach(async () => {
  const server = { ...plant.server, call: callAs(HOSPITAL) };
  // A card of their own: the same person twice at the same time would be a finding.
  cards += 1;
  const own = { cardNumber: `DN44000${String(cards).padStart(8, '0')}` };
  visit = await dischargedVisit(server, [line()], { card: own });
});

const callAs =
  (as: string): typeof plant.server.call =>
  (method, path, options) =>
    plant.server.call(method, path, { as, ...options });

async function by(
  who: Who,
  method: string,
  path: string,
  body?: unknown,
  etag?: string | null,
): Promise<Answer> {
  const headers: Record<string, string> = {
    ...(method === 'POST' ? { 'Idempotency-Key': newId() } : {}),
    ...(etag ? { 'If-Match': etag } : {}),
  };
  return plant.server.api.call(method, path, sessions.get(who)!, body, headers);
}
const one = (rest = '') => `/api/v1/encounters/${visit.id}${rest}`;
const versionNow = async () => (await by('cashier', 'GET', one())).etag;
const settle = async () => by('cashier', 'POST', one('/settlement'), {}, await versionNow());
const reopen = async (who: Who = 'insurance-officer', etag?: string | null) =>
  by(who, 'POST', one('/reopen'), { reason: REASON }, etag ?? (await versionNow()));

/** The visit is open again and gets one line more: what comes after a late fact. */
async function addLine() {
  await by('clinician', 'POST', one('/discharge/undo'), { reason: REASON }, await versionNow());
  const added = await by('clinician', 'POST', one('/orders'), {
    lines: [line({ itemCode: 'T01', quantity: '10', dose: '1 viên/lần * 2 lần/ngày * 5 ngày' })],
  });
  expect(added.status).toBe(201);
  const left = await by(
    'clinician',
    'POST',
    one('/discharge'),
    leaving({ endedAt: at('17:00') }),
    await versionNow(),
  );
  expect([left.status, left.body]).toEqual([200, expect.anything()]);
}

async function build() {
  const run = await callAs(HOSPITAL)('POST', '/api/v1/export-runs', { body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, FACILITY);
}
const send = (number: number) => sendClaim(plant.parts, FACILITY, visit.id, number);
/** The gateway stores the next claim, and its answer is lost. */
const loseAnswer = () =>
  plant.control('POST', 'faults', {
    match: { path: '/api/qd130/guiHoSoXmlQD3176' },
    when: 'after-persist',
    action: { type: 'reset' },
    times: 1,
  });
const types = async () =>
  (await ledger(plant)).filter((row) => row.encounterId === visit.id).map((row) => row.types.join(' '));
const records = async () =>
  (await plant.records())
    .filter((record) => record.maLk === visit.claimKey)
    .flatMap((record) => record.versions.map((version) => version.state));
const work = () =>
  plant.server.database.query(
    'select number, settlement_version as settlement from export_work where encounter_id = $1',
    [visit.id],
  );
const trail = async () =>
  (
    await plant.server.database.query<{ act: string }>(
      `select action as act from audit_event where subject_id = $1
         and action ~ 'settled|reopened|withdrawn|task' order by at, id`,
      [visit.id],
    )
  ).map((row) => row.act);

describe('a settled visit is taken up again', () => {
  test('with a reason; its settlement stays, and the next one says what changed, line by line', async () => {
    const first = await settle();
    expect(first.body).toMatchObject({ version: 1 });
    expect(first.body.changes).toBeUndefined();
    const reopened = await reopen();
    expect(reopened).toMatchObject({
      status: 200,
      body: { settlementVersion: 1, claim: { number: 0, state: 'none' }, tasks: [] },
    });
    expect(await work()).toEqual([]);
    expect((await by('cashier', 'GET', one('/settlement'))).body.totals).toEqual(first.body.totals);
    await addLine();

    const second = await settle();
    expect(second).toMatchObject({ status: 201, body: { version: 2, changes: { from: 1, to: 2 } } });
    const { changes } = second.body;
    const gross = changes.totals.find((change: { name: string }) => change.name === 'grossAmount');
    expect(gross).toMatchObject({
      before: first.body.totals.grossAmount,
      after: second.body.totals.grossAmount,
    });
    expect(Number(gross.difference)).toBe(Number(gross.after) - Number(gross.before));
    expect(Number(gross.difference)).toBeGreaterThan(0);
    expect(changes.lines.filter((changed: { kind: string }) => changed.kind === 'added')).toHaveLength(1);
    expect((await by('cashier', 'GET', one('/settlement/changes'))).body).toEqual(changes);
    expect((await by('cashier', 'GET', one('/settlement/changes?from=2&to=1'))).body.lines).toMatchObject([
      { kind: 'removed' },
    ]);
    expect((await by('cashier', 'GET', one('/settlement?version=1'))).body.totals).toEqual(first.body.totals);
    expect((await by('cashier', 'GET', one('/settlements'))).body.items).toMatchObject([
      { version: 2, reason: REASON, reopened: null },
      { version: 1, reason: null, reopened: { reason: REASON } },
    ]);
    expect(await work()).toEqual([{ number: 0, settlement: 2 }]);
    expect(await trail()).toEqual([
      'encounter.settled',
      'encounter.reopened',
      'claim.withdrawn',
      'encounter.settled',
    ]);
  });

  test('and each amount is explained from the settlement as it was stored', async () => {
    await settle();
    const { body } = await by('cashier', 'GET', one('/settlement/explanation'));
    const [explained] = body.lines;
    const amount = explained.amounts.find(({ name }: { name: string }) => name === 'insurerPays');
    const stored = (await by('cashier', 'GET', one('/settlement'))).body.lines[0];
    expect([body.settlement, amount.value]).toEqual([1, stored.insurerPays]);
    const rules = amount.because.map((place: number) => explained.rules[place]);
    expect(rules.map((rule: { rule: string }) => rule.rule)).toEqual(
      expect.arrayContaining(['CARD-LEVEL', 'LEVEL-LOWCOST']),
    );
    for (const rule of rules) {
      expect(rule.vi).toMatch(/\((Luật|NĐ|QĐ|TT)/);
      expect(rule.en).not.toMatch(/[{}]/);
    }
    const lowCost = rules.find((rule: { rule: string }) => rule.rule === 'LEVEL-LOWCOST');
    expect(lowCost.parameters).toContainEqual(
      expect.objectContaining({ id: 'base-salary', value: '2530000' }),
    );
  });

  test('and settled again without a change: nothing differs', async () => {
    await settle();
    await reopen();
    expect((await settle()).body.changes).toEqual({ from: 1, to: 2, totals: [], lines: [] });
  });

  test.each(['cashier', 'clinician', 'receptionist'] as const)('not by a %s', async (who) => {
    await settle();
    expect(await reopen(who)).toMatchObject({ status: 403, body: { type: '/problems/not-allowed' } });
    expect((await by('cashier', 'GET', one())).body.encounter.state).toBe('settled');
  });

  test('not before it is settled, not on a version that has moved on, not without a reason, not elsewhere', async () => {
    expect(await reopen()).toMatchObject({ status: 409, body: { type: '/problems/not-settled' } });
    const before = await versionNow();
    await settle();
    expect(await reopen('insurance-officer', before)).toMatchObject({ status: 412 });
    const blank = await by('insurance-officer', 'POST', one('/reopen'), { reason: ' ' }, await versionNow());
    expect(blank.status).toBe(422);
    const { database } = plant.server;
    const account = await addAccount(database, 'insurance-officer', STATION);
    const stranger = await addSession(database, account);
    const headers = { 'Idempotency-Key': newId(), 'If-Match': (await versionNow())! };
    const there = await plant.server.api.call('POST', one('/reopen'), stranger, { reason: REASON }, headers);
    expect(there.status).toBe(404);
    expect((await by('cashier', 'GET', one())).body.encounter.state).toBe('settled');
    expect(await trail()).toEqual(['encounter.settled']);
  });

  test('what is locked stays locked while it is settled, and is open again after', async () => {
    await settle();
    const undo = () =>
      versionNow().then((etag) => by('clinician', 'POST', one('/discharge/undo'), { reason: REASON }, etag));
    expect(await undo()).toMatchObject({ status: 409, body: { type: '/problems/encounter-locked' } });
    await reopen();
    expect((await undo()).status).toBe(200);
  });
});

const SENT = 'built checked queued sending';

describe('what the insurer gets of a visit that was reopened', () => {
  test('built but not sent: withdrawn in the same transaction, never sent, and the corrected one goes out', async () => {
    await settle();
    await build();
    expect((await reopen()).body.claim).toEqual({ number: 1, state: 'withdrawn' });
    expect(await send(1)).toBe('skipped');
    await addLine();
    await settle();
    await build();
    expect(await send(1)).toBe('skipped');
    expect(await send(2)).toBe('received');
    expect(await types()).toEqual(['built checked queued withdrawn', `${SENT} received`]);
    expect(await records()).toEqual(['active']);
  });

  test('received: the corrected one replaces it', async () => {
    await settle();
    await build();
    expect(await send(1)).toBe('received');
    expect((await reopen()).body.claim).toEqual({ number: 1, state: 'received' });
    await build();
    await addLine();
    await settle();
    await build();
    expect(await send(2)).toBe('received');
    expect(await types()).toEqual([`${SENT} received replaced`, `${SENT} received`]);
    expect(await records()).toEqual(['replaced', 'active']);
  });

  test('held back by a person: withdrawn, too', async () => {
    await settle();
    await build();
    await callAs(HOSPITAL)('POST', `/api/v1/claims/${visit.id}/hold`, { body: { reason: 'chờ giấy' } });
    expect((await reopen()).body.claim).toEqual({ number: 1, state: 'withdrawn' });
    expect(await work()).toEqual([]);
  });

  test('on its way while it is reopened: the newer one waits until that call is certainly over', async () => {
    await settle();
    await build();
    await loseAnswer();
    // The sender died right after it wrote that it sends.
    await plant.server.database.query(
      `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, attempt, document_kind)
       values ($1, $2, 1, 4, 'sending', $3, 'first', 1, 'unsigned')`,
      [FACILITY, visit.id, plant.clock.now().toISOString()],
    );
    expect((await reopen()).body.claim).toEqual({ number: 1, state: 'sending' });
    await settle();
    await build();
    expect(await send(2)).toBe('skipped');
    plant.clock.advance(10_000);
    expect(await send(2)).toBe('unknown');
    expect(await send(2)).toBe('received');
    expect(await send(1)).toBe('skipped');
    expect((await records()).filter((state) => state === 'active')).toEqual(['active']);
    // Nobody reported on the first call, and by then the second was received.
    expect(await types()).toEqual([`${SENT} unknown replaced`, `${SENT} unknown sending received`]);
  });

  test('G37 unclear, then held back by a person: not withdrawn, and no retry of it overtakes the newer version', async () => {
    await settle();
    await build();
    await loseAnswer();
    expect(await send(1)).toBe('unknown');
    await callAs(HOSPITAL)('POST', `/api/v1/claims/${visit.id}/hold`, { body: { reason: 'chờ giấy' } });
    expect((await reopen()).body.claim).toEqual({ number: 1, state: 'held' });
    await addLine();
    await settle();
    await build();
    expect(await send(2)).toBe('received');
    expect(await send(1)).toBe('skipped');
    expect(await types()).toEqual([`${SENT} unknown held replaced`, `${SENT} received`]);
    expect(await records()).toEqual(['replaced', 'active']);
  });

  test('reopened while its call is under way, and the call does not arrive: it is withdrawn and never tried again', async () => {
    await settle();
    await build();
    await plant.control('POST', 'faults', {
      match: { path: '/api/qd130/guiHoSoXmlQD3176' },
      when: 'before-auth',
      action: { type: 'status', status: 503 },
      times: 1,
    });
    const { gateway } = plant.parts;
    const slow: typeof gateway = {
      ...gateway,
      async sendClaim(...given) {
        expect((await reopen()).body.claim).toEqual({ number: 1, state: 'sending' });
        return gateway.sendClaim(...given);
      },
    };
    expect(await sendClaim({ ...plant.parts, gateway: slow }, FACILITY, visit.id, 1)).toBe('notSent');
    expect([await types(), await work(), await records()]).toEqual([[`${SENT} notSent withdrawn`], [], []]);
  });

  test.each([
    ['may stand at the insurer: somebody is asked to have it dropped', true],
    ['was never sent: nothing is left to do', false],
  ])('the fund pays nothing any more, and what went before %s', async (_name, isSent) => {
    await settle();
    await build();
    if (isSent) {
      await loseAnswer();
      // Nobody knows whether it arrived, and it stays on the work list until the visit is settled at nothing.
      expect(await send(1)).toBe('unknown');
    }
    await reopen();
    await by('clinician', 'POST', one('/discharge/undo'), { reason: REASON }, await versionNow());
    const change = { coverageIds: [], routeCode: '9' };
    expect((await by('receptionist', 'PATCH', one(), change, await versionNow())).status).toBe(200);
    await by('clinician', 'POST', one('/discharge'), leaving({ endedAt: at('17:00') }), await versionNow());
    expect((await settle()).body.totals.insurerPays).toBe('0.00');
    expect([await work(), await send(1)]).toEqual([[], 'skipped']);
    const open = (await by('cashier', 'GET', `/api/v1/billing-tasks?state=open&encounterId=${visit.id}`)).body
      .items;
    expect(open.map((task: { kind: string }) => task.kind)).toEqual(isSent ? ['claim-without-visit'] : []);
  });

  type Read = { snapshots: ClaimSnapshot[] };
  /** What a batch read, of a time for which there are no tables. */
  const endedLongAgo = (read: Read): Read => ({
    ...read,
    snapshots: read.snapshots.map((snapshot) => {
      const encounter = { ...snapshot.visit.encounter, endedAt: '2020-01-01T00:00:00Z' };
      return { ...snapshot, visit: { ...snapshot.visit, encounter } };
    }),
  });

  test.each([
    ['does not take the visit that was settled anew', false],
    ['does not set it aside for what it found then', true],
  ])('a batch that read the old settlement %s', async (_name, isBad) => {
    await settle();
    const run = await callAs(HOSPITAL)('POST', '/api/v1/export-runs', { body: {} });
    const runId = (run.body as { id: string }).id;
    const { database } = plant.parts;
    let reads = 0;
    const meddling = {
      ...plant.parts,
      database: {
        ...database,
        transaction: async (...args: Parameters<typeof database.transaction>) => {
          // After the second transaction (start, read) the visit is reopened and settled again.
          const answer = await database.transaction(...args);
          if (++reads !== 2) return answer;
          await reopen();
          await settle();
          return isBad ? endedLongAgo(answer as Read) : answer;
        },
      },
    } as typeof plant.parts;
    await buildBatch(meddling, runId, FACILITY);
    const versions = await plant.server.database.query(
      'select number, settlement_version as settlement from claim_version where encounter_id = $1',
      [visit.id],
    );
    expect(versions).toEqual([{ number: 1, settlement: 2 }]);
    const obstacles = await plant.server.database.query(
      'select reason from export_obstacle where encounter_id = $1',
      [visit.id],
    );
    expect(obstacles).toEqual([]);
  });
});

describe('what comes after the settlement', () => {
  const tasks = async (query = '?state=open') =>
    (await by('cashier', 'GET', `/api/v1/billing-tasks${query}`)).body.items.filter(
      (task: { encounterId: string }) => task.encounterId === visit.id,
    );
  const late = (body: object, who: Who = 'clinician') => by(who, 'POST', one('/late-facts'), body);
  const result = { kind: 'late-result', note: 'Kết quả máu về trễ' };

  test('is a task, and changes nothing in the visit', async () => {
    await settle();
    const before = (await by('cashier', 'GET', one())).body;
    expect((await late(result)).status).toBe(201);
    expect(
      (
        await late({
          kind: 'late-referral',
          note: 'Giấy chuyển nộp sau',
          referral: { fromFacilityCode: STATION, paperNumber: '12/GCV' },
        })
      ).status,
    ).toBe(201);
    expect((await by('cashier', 'GET', one())).body).toEqual(before);
    expect(await tasks()).toMatchObject([
      { kind: 'late-referral', facts: { referral: { paperNumber: '12/GCV' } }, closedAt: null },
      { kind: 'late-result', note: result.note, encounterState: 'settled' },
    ]);
    const reopened = await reopen();
    expect(reopened.body.tasks).toHaveLength(2);
    await settle();
    expect(await tasks()).toEqual([]);
    expect(await tasks('?state=closed')).toMatchObject([
      { outcome: 'settled-again' },
      { outcome: 'settled-again' },
    ]);
  });

  test('is closed once, with what came of it', async () => {
    await settle();
    const { id } = (await late(result)).body as { id: string };
    const close = () =>
      by('insurance-officer', 'POST', `/api/v1/billing-tasks/${id}/close`, {
        outcome: 'no-change',
        note: 'Không đổi số tiền',
      });
    expect((await close()).status).toBe(200);
    expect(await close()).toMatchObject({ status: 409, body: { type: '/problems/task-closed' } });
    expect(await tasks('?state=closed')).toMatchObject([
      { outcome: 'no-change', closingNote: 'Không đổi số tiền' },
    ]);
    expect(await trail()).toEqual(['encounter.settled', 'encounter.taskOpened', 'encounter.taskClosed']);
  });

  test('is recorded the usual way while the visit is not settled', async () => {
    expect(await late(result)).toMatchObject({ status: 409, body: { type: '/problems/not-settled' } });
    expect(await tasks('')).toEqual([]);
  });

  test('a card that comes late opens a task for each settled visit it would have covered', async () => {
    await settle();
    const { patient } = (await by('cashier', 'GET', one())).body;
    const path = `/api/v1/patients/${patient.id}/coverages`;
    const added = await by('receptionist', 'POST', path, card({ cardNumber: 'HT2404012345678' }));
    const outcome = [
      added.status,
      (await tasks()).map((task: { kind: string; facts: object }) => [task.kind, task.facts]),
    ];
    expect(outcome).toEqual([201, [['late-card', { coverageId: added.body.id }]]]);
  });
});
