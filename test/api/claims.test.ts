import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readClaimFile } from '../../src/claims/index.ts';
import { claimFiles } from '../../src/demo/verify.ts';
import { type Plant, startPlant, until, waiting } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';

const FACILITIES = ['40001', '40021', '40101'];
const HOSPITAL = '40021';
const STATION = '40101';
const FAILING = '40001';

interface Item {
  readonly encounterId: string;
  readonly facilityCode: string;
  readonly claimKey: string;
  readonly number: number;
  readonly state: string;
  readonly insurerPays: string;
}
interface Page {
  readonly items: readonly Item[];
  readonly counts: Readonly<Record<string, number>>;
  readonly next: string | null;
}

let plant: Plant;
let insured: number;
let runId: string;

const get = async <T>(path: string, as: string | null = null) => {
  const answer = await plant.server.call('GET', path, { as });
  return { status: answer.status, body: answer.body as T };
};
const list = async (query: string, as: string | null = null) =>
  (await get<Page>(`/api/v1/claims?${query}`, as)).body;
const typeOf = (answer: { body: unknown }) => (answer.body as { type?: string }).type;

beforeAll(async () => {
  plant = await startPlant('postgres');
  ({ insured } = await plant.record(30, FACILITIES));
  // One facility's calls fail for now: nothing of it is at the gateway.
  await plant.control('POST', 'faults', {
    match: { path: '/api/qd130/guiHoSoXmlQD3176', maCSKCB: FAILING },
    when: 'before-auth',
    action: { type: 'status', status: 503 },
  });
  await plant.startWorkers();
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: null, body: { day: plant.day } });
  expect(run.status).toBe(202);
  runId = (run.body as { id: string }).id;
  await until(async () => {
    const { items } = await list('limit=200');
    const open = items.filter((item) => ['built', 'checked', 'queued', 'sending'].includes(item.state));
    // Of the one that fails, most wait: its channel to the gateway has opened.
    const isAtRest = open.every((item) => item.facilityCode === FAILING && item.state !== 'sending');
    return items.length === insured && isAtRest && items.some((item) => item.state === 'notSent');
  });
});
afterAll(() => plant.stop());

test('what failed is told apart from what arrived', async () => {
  const { counts } = await list('');
  const failing = await list(`facilityCode=${FAILING}`);
  expect(failing.counts.notSent).toBeGreaterThan(0);
  const failed = Object.values(failing.counts).reduce((sum, count) => sum + count, 0);
  expect(counts).toEqual({ received: insured - failed, ...failing.counts });
});

describe('the list of claims', () => {
  test('has every claim once, page by page, with counts by state', async () => {
    const seen: Item[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 50; pages += 1) {
      const page: Page = await list(`limit=7${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      expect(page.items.length).toBeLessThanOrEqual(7);
      seen.push(...page.items);
      cursor = page.next;
    }
    expect(new Set(seen.map((item) => item.encounterId)).size).toBe(insured);
    expect(seen).toHaveLength(insured);
    const { counts } = await list('limit=1');
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(insured);
    expect(counts.received).toBe(seen.filter((item) => item.state === 'received').length);
  });

  test('filters by state, facility and day', async () => {
    const received = await list('state=received&limit=200');
    expect(received.items.every((item) => item.state === 'received')).toBe(true);
    const own = await list(`facilityCode=${STATION}&limit=200`);
    expect(own.items.length).toBeGreaterThan(0);
    expect(own.items.every((item) => item.facilityCode === STATION)).toBe(true);
    expect((await list('day=2026-01-01')).items).toEqual([]);
  });

  test('shows a facility its own claims only', async () => {
    const { items } = await list('limit=200', STATION);
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((item) => item.facilityCode === STATION)).toBe(true);
    const foreign = (await list(`facilityCode=${HOSPITAL}`)).items[0]!;
    for (const path of ['', '/xml'])
      expect((await get(`/api/v1/claims/${foreign.encounterId}${path}`, STATION)).status).toBe(404);
  });
});

test('a claim is read with every step and the raw answer of the gateway', async () => {
  const [item] = (await list(`facilityCode=${STATION}&state=received`)).items;
  const { body } = await get<{ state: string; events: { type: string; rawAnswer: string | null }[] }>(
    `/api/v1/claims/${item!.encounterId}`,
    STATION,
  );
  expect(body.state).toBe('received');
  expect(body.events.map((event) => event.type)).toEqual([
    'built',
    'checked',
    'queued',
    'sending',
    'received',
  ]);
  const raw = JSON.parse(body.events.at(-1)!.rawAnswer ?? 'null') as { maKetQua: string };
  expect(raw.maKetQua).toBe('200');
});

test('its XML is the stored bytes: the same as the file on disk and as what the gateway received', async () => {
  const [item] = (await list(`facilityCode=${STATION}&state=received`)).items;
  const answer = await fetch(`${plant.server.url}/api/v1/claims/${item!.encounterId}/xml`, {
    headers: { Authorization: `Bearer ${tokenFor(STATION)}` },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(answer.headers.get('content-type')).toMatch(/^application\/xml/);
  expect(answer.headers.get('content-disposition')).toContain(`${item!.claimKey}.v1.xml`);
  expect(answer.headers.get('digest')).toBe(`sha-256=${sha256}`);
  expect(readClaimFile(bytes).records).toHaveLength(1);
  const onDisk = [...claimFiles(plant.exportDir)].map((path) =>
    createHash('sha256').update(readFileSync(path)).digest('hex'),
  );
  expect(onDisk).toContain(sha256);
  const record = (await plant.records()).find((one) => one.maLk === item!.claimKey);
  expect(record?.versions.map((version) => version.sha256)).toEqual([sha256]);
});

test('runs are listed and read with their progress and files', async () => {
  const { items } = (await get<{ items: { id: string }[] }>('/api/v1/export-runs')).body;
  expect(items.map((item) => item.id)).toContain(runId);
  const run = (await get<{ visits: { found: number; built: number } }>(`/api/v1/export-runs/${runId}`)).body;
  expect(run).toMatchObject({ visits: { found: insured, built: insured } });
  const files: string[] = [];
  for (const code of FACILITIES) {
    const own = await get<{ items: { claimKey: string }[] }>(`/api/v1/export-runs/${runId}/files`, code);
    const keys = (await list(`facilityCode=${code}&limit=200`)).items.map((item) => item.claimKey);
    expect(own.body.items.map((file) => file.claimKey).toSorted()).toEqual(keys.toSorted());
    files.push(...keys);
  }
  expect(new Set(files).size).toBe(insured);
});

test('the province’s office sees lists and figures, not a claim, its XML or its file', async () => {
  const [item] = (await list('state=received')).items;
  for (const path of [
    `/api/v1/claims/${item!.encounterId}`,
    `/api/v1/claims/${item!.encounterId}/xml`,
    `/api/v1/export-runs/${runId}/files`,
  ]) {
    const answer = await get(path);
    expect([path, answer.status, typeOf(answer)]).toEqual([path, 403, '/problems/not-allowed']);
  }
});

describe('hold and release', () => {
  const act = (item: Item, what: 'hold' | 'release', reason = 'chờ giấy tờ') =>
    plant.server.call('POST', `/api/v1/claims/${item.encounterId}/${what}`, {
      as: item.facilityCode,
      body: { reason },
    });
  const events = async (item: Item) =>
    (
      await get<{ events: { type: string; cause: string }[] }>(
        `/api/v1/claims/${item.encounterId}`,
        item.facilityCode,
      )
    ).body.events.map((event) => `${event.type} ${event.cause}`);

  test('what the gateway has cannot be held, what is not held cannot be released', async () => {
    const [item] = (await list(`facilityCode=${STATION}`)).items;
    const held = await act(item!, 'hold');
    expect([held.status, typeOf(held)]).toEqual([409, '/problems/claim-not-holdable']);
    const released = await act(item!, 'release');
    expect([released.status, typeOf(released)]).toEqual([409, '/problems/claim-not-held']);
  });

  test('a held claim waits with its reason, a released one goes out', async () => {
    const { items } = await list(`facilityCode=${FAILING}&limit=200`);
    const [item] = items;
    expect((await act(item!, 'hold', 'thiếu giấy chuyển')).status).toBe(200);
    await plant.control('DELETE', 'faults');
    plant.clock.advance(24 * 3_600_000);
    await until(async () => (await list(`facilityCode=${FAILING}`)).counts.received === items.length - 1);
    expect((await list('state=held')).items.map((one) => one.encounterId)).toEqual([item!.encounterId]);
    expect((await events(item!)).at(-1)).toBe('held thiếu giấy chuyển');
    expect((await act(item!, 'release', 'đã bổ sung')).status).toBe(200);
    await until(async () => (await waiting(plant)) === 0);
    const last = (await events(item!)).slice(-4);
    expect(last[0]).toBe('released đã bổ sung');
    expect(last.map((event) => event.split(' ')[0])).toEqual(['released', 'queued', 'sending', 'received']);
    const atGateway = (await plant.records()).filter((record) => record.maLk === item!.claimKey);
    expect(atGateway.map((record) => record.versions.length)).toEqual([1]);
  });
});
