import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { VisitFinding } from '../../schemas/api/findings.ts';
import type { ApiAnswer, Session } from '../../src/demo/client.ts';
import type { Role } from '../../src/identity/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { plantFinding, setAside } from '../harness/planted-findings.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { at, dischargedVisit, HOSPITAL, leaving, line, STATION } from '../harness/visit.ts';

let server: TestServer;
const sessions = new Map<Role | 'elsewhere', Session>();
let visit: string;
let cards = 4_000_000_000;

beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  for (const role of ['insurance-officer', 'facility-admin', 'cashier'] as const)
    sessions.set(role, await addSession(server.database, await addAccount(server.database, role, HOSPITAL)));
  const stranger = await addAccount(server.database, 'insurance-officer', STATION);
  sessions.set('elsewhere', await addSession(server.database, stranger));
});
beforeEach(async () => {
  cards += 1;
  const made = await dischargedVisit(server, [line()], { card: { cardNumber: `DN440${cards}` } });
  const headers = { 'If-Match': made.etag };
  await server.call('POST', `${made.path}/settlement`, { body: {}, headers });
  visit = made.id;
});
afterAll(() => server.stop());

const decide = (
  key: string,
  decision: string,
  who: Role | 'elsewhere' = 'insurance-officer',
  reason = 'đã đối chiếu bệnh án',
): Promise<ApiAnswer> =>
  server.api.call(
    'POST',
    `/api/v1/encounters/${visit}/findings/${key}/decision`,
    sessions.get(who)!,
    { decision, reason },
    { 'Idempotency-Key': newId() },
  );
const plant = (more: Parameters<typeof plantFinding>[3] = {}) =>
  plantFinding(server.database, HOSPITAL, visit, more);
const aside = async () =>
  (await server.database.query('select reason from export_obstacle where encounter_id = $1', [visit])).length;
const change = (key: string, valueHash: string) =>
  server.database.query('update finding set value_hash = $2 where key = $1 and encounter_id = $3', [
    key,
    valueHash,
    visit,
  ]);

describe('a finding that keeps a claim back', () => {
  test.each(['accepted', 'falsePositive'] as const)(
    'and is %s no longer does: the claim is woken',
    async (decision) => {
      const key = await plant();
      await setAside(server.database, visit);
      const answer = await decide(key, decision);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        decision,
        rule: 'DRG_CODE_IN_CATALOGUE',
        blocking: 0,
        isWoken: true,
      });
      expect(await aside()).toBe(0);
    },
  );

  test('keeps it back while another one does', async () => {
    const [first, second] = [await plant(), await plant({ place: 'XML2:2' })];
    await setAside(server.database, visit);
    expect((await decide(first, 'accepted')).body).toMatchObject({ blocking: 1, isWoken: false });
    expect(await aside()).toBe(1);
    expect((await decide(second, 'accepted')).body).toMatchObject({ blocking: 0, isWoken: true });
    expect(await aside()).toBe(0);
  });

  test('opens again by itself when what it shows has changed, and the decision holds again when it changes back', async () => {
    const key = await plant();
    await decide(key, 'accepted');
    await change(key, 'v2');
    const other = await plant({ place: 'XML2:2' });
    expect((await decide(other, 'accepted')).body).toMatchObject({ blocking: 1 });
    await change(key, 'v1');
    expect((await decide(other, 'accepted')).body).toMatchObject({ blocking: 0 });
  });

  test('is opened again by a person, once, with a reason', async () => {
    const key = await plant();
    expect((await decide(key, 'reopened')).body).toMatchObject({
      type: '/problems/finding-not-decided',
      status: 409,
    });
    await decide(key, 'falsePositive');
    expect((await decide(key, 'reopened')).body).toMatchObject({ blocking: 1, isWoken: false });
    expect((await decide(key, 'reopened')).status).toBe(409);
  });

  test('does not wake a claim that something else keeps back', async () => {
    const key = await plant();
    await setAside(server.database, visit, 'too-long');
    expect((await decide(key, 'accepted')).body).toMatchObject({ blocking: 0, isWoken: false });
    expect(await aside()).toBe(1);
  });
});

test('stands with who, why and when in the trail, and every decision is kept', async () => {
  const key = await plant();
  await decide(key, 'accepted', 'insurance-officer', 'có phiếu cam kết');
  await decide(key, 'reopened', 'facility-admin', 'phiếu hết hạn');
  const events = await server.database.query(
    `select action, reason, detail->>'key' as key from audit_event where subject_id = $1 and action like 'finding.%' order by id`,
    [visit],
  );
  expect(events).toEqual([
    { action: 'finding.accepted', reason: 'có phiếu cam kết', key },
    { action: 'finding.reopened', reason: 'phiếu hết hạn', key },
  ]);
  const kept = await server.database.query(
    'select decision from finding_decision where encounter_id = $1 order by decided_at',
    [visit],
  );
  expect(kept).toEqual([{ decision: 'accepted' }, { decision: 'reopened' }]);
});

test('holds when the visit is judged again, and opens again when what it was about has changed', async () => {
  const drug = (dose: string) => line({ itemCode: 'T01', quantity: '10', orderedAt: at('09:30'), dose });
  const first = drug('uống khi sốt');
  cards += 1;
  const made = await dischargedVisit(server, [line(), first], { card: { cardNumber: `DN440${cards}` } });
  visit = made.id;
  const call = (method: string, path: string, body: object, etag?: string) =>
    server.call(method, `${made.path}${path}`, { body, ...(etag ? { headers: { 'If-Match': etag } } : {}) });
  const dose = async () => {
    const { items } = (await server.call('GET', `${made.path}/findings`)).body as { items: VisitFinding[] };
    return items.find(({ rule }) => rule === 'DRG_DOSE_FORMAT')!;
  };
  const { key } = await dose();
  expect((await decide(key, 'accepted')).status).toBe(200);

  const reopened = await call('POST', '/discharge/undo', { reason: 'xem lại' }, made.etag);
  const again = await call('POST', '/discharge', leaving(), reopened.etag!);
  expect(again.status).toBe(200);
  expect(await dose()).toMatchObject({ key, decision: { decision: 'accepted', isInForce: true } });

  const open = await call('POST', '/discharge/undo', { reason: 'sửa đơn' }, again.etag!);
  const cancelled = await call('POST', `/orders/${first.id}/cancel`, { reason: 'ghi nhầm' }, open.etag!);
  expect(cancelled.status).toBe(200);
  const ordered = await call('POST', '/orders', { lines: [drug('uống khi đau')] });
  expect((await call('POST', '/discharge', leaving(), ordered.etag!)).status).toBe(200);
  expect(await dose()).toMatchObject({
    key,
    values: { value: 'uống khi đau' },
    decision: { isInForce: false },
  });
});

describe('is refused', () => {
  test('of a finding that is gone, of another visit, or at another facility; and to whom it is not given', async () => {
    const key = await plant();
    expect((await decide('0'.repeat(32), 'accepted')).status).toBe(404);
    expect((await decide(key, 'accepted', 'elsewhere')).status).toBe(404);
    expect((await decide(key, 'accepted', 'cashier')).status).toBe(403);
    await server.database.query('update finding set cleared_at = now() where encounter_id = $1', [visit]);
    expect((await decide(key, 'accepted')).status).toBe(404);
  });

  test('without a reason, or with another word', async () => {
    const key = await plant();
    expect((await decide(key, 'accepted', 'insurance-officer', ' ')).status).toBe(422);
    expect((await decide(key, 'ignored')).status).toBe(422);
  });
});
