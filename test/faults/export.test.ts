import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { BACKENDS, ledger, type Plant, startPlant, until, waiting } from '../harness/plant.ts';
import { hasRedis } from '../harness/redis.ts';

const FACILITIES = ['40001', '40021', '40101'];
const codeOf = new Map(FACILITIES.map((code) => [facilityIdOf(code), code]));
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';

interface Version {
  readonly facilityId: string;
  readonly encounterId: string;
  readonly number: number;
  readonly claimKey: string;
}

/** Settled visits built into claim versions, by hand: no worker runs, nothing is sent. */
async function builtClaims(plant: Plant, count: number, seed: number): Promise<Version[]> {
  const before = new Set((await ledger(plant)).map((row) => row.encounterId));
  await plant.record(count, FACILITIES, seed);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
  const runId = (run.body as { id: string }).id;
  const batches = await plant.server.database.query<{ facilityId: string }>(
    'select facility_id as "facilityId" from export_batch where run_id = $1',
    [runId],
  );
  for (const { facilityId } of batches) await buildBatch(plant.parts, runId, facilityId);
  return (await ledger(plant)).filter((row) => !before.has(row.encounterId));
}

const typesOf = async (plant: Plant, version: Version) =>
  (await ledger(plant)).find((row) => row.encounterId === version.encounterId)?.types;
const recordOf = async (plant: Plant, version: Version) =>
  (await plant.records()).filter((record) => record.maLk === version.claimKey);

describe('sending one claim', () => {
  let plant: Plant;
  let claims: Version[];
  beforeAll(async () => {
    plant = await startPlant('postgres');
    claims = await builtClaims(plant, 12, 1);
    expect(claims.length).toBeGreaterThan(5);
  });
  afterAll(() => plant.stop());
  const send = ({ facilityId, encounterId, number }: Version, parts = plant.parts) =>
    sendClaim(parts, facilityId, encounterId, number);
  const fault = (when: string, action: object, times = 1) =>
    plant.control('POST', 'faults', { match: { path: CLAIM_PATH }, when, action, times });

  test('a job that runs twice, in two workers at once and once more later, is one call', async () => {
    const claim = claims[0]!;
    const other = plant.secondParts();
    const reports = await Promise.all([send(claim), send(claim, other), send(claim), send(claim, other)]);
    expect(reports.toSorted()).toEqual(['received', 'skipped', 'skipped', 'skipped']);
    expect(await send(claim)).toBe('skipped');
    expect((await plant.claimCalls()).filter((call) => call.maLks.includes(claim.claimKey))).toHaveLength(1);
    expect(await typesOf(plant, claim)).toEqual(['built', 'checked', 'queued', 'sending', 'received']);
  });

  test('an answer lost after the record was kept: unknown, then the same bytes again, one active record', async () => {
    const claim = claims[1]!;
    await fault('after-persist', { type: 'reset' });
    expect(await send(claim)).toBe('unknown');
    expect(await send(claim)).toBe('received');
    const [row] = (await ledger(plant)).filter((one) => one.encounterId === claim.encounterId);
    expect(row!.types).toEqual(['built', 'checked', 'queued', 'sending', 'unknown', 'sending', 'received']);
    expect(row!.causes[5]).toBe('resend-same-bytes');
    const [record] = await recordOf(plant, claim);
    expect(record!.versions.filter((version) => version.state === 'active')).toHaveLength(1);
    expect(new Set(record!.versions.map((version) => version.sha256)).size).toBe(1);
  });

  test('where the gateway can be asked: what arrived is found there, and not sent again', async () => {
    const [there, lost] = [claims[6]!, claims[7]!];
    await plant.server.database.query(
      `insert into export_setting (facility_id, asks_results) select unnest($1::uuid[]), true`,
      [[...new Set([there.facilityId, lost.facilityId])]],
    );
    const calls = async (one: Version) =>
      (await plant.claimCalls()).filter((call) => call.maLks.includes(one.claimKey)).length;
    await fault('after-persist', { type: 'reset' });
    expect([await send(there), await send(there), await calls(there)]).toEqual(['unknown', 'received', 1]);
    const row = (await ledger(plant)).find((one) => one.encounterId === there.encounterId)!;
    expect(row.types.slice(3)).toEqual(['sending', 'unknown', 'received']);
    expect([row.causes[5], row.hashes[5]]).toEqual(['found-out', row.hashes[3]]);
    // Lost on the way there: nothing is found, so the same bytes go again.
    await fault('after-auth', { type: 'reset' });
    expect([await send(lost), await send(lost)]).toEqual(['unknown', 'received']);
    expect((await typesOf(plant, lost))?.slice(3)).toEqual(['sending', 'unknown', 'sending', 'received']);
    await plant.server.database.query('update export_setting set asks_results = false');
  });

  test('what the gateway refuses is refused once and for all, with its raw answer', async () => {
    const claim = claims[2]!;
    await fault('after-auth', { type: 'code', maKetQua: '123' });
    expect(await send(claim)).toBe('refused');
    expect(await send(claim)).toBe('skipped');
    expect(await typesOf(plant, claim)).toEqual(['built', 'checked', 'queued', 'sending', 'refused']);
    const as = codeOf.get(claim.facilityId)!;
    const answer = await plant.server.call('GET', `/api/v1/claims/${claim.encounterId}`, { as });
    const { events } = answer.body as { events: { rawAnswer: string | null; resultCode: string | null }[] };
    expect(events.at(-1)?.resultCode).toBe('123');
    expect(events.at(-1)?.rawAnswer).toContain('123');
    expect(await recordOf(plant, claim)).toEqual([]);
  });

  test('a sender that died leaves "sending"; nobody else sends before it is certainly gone', async () => {
    const claim = claims[3]!;
    await plant.server.database.query(
      `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, attempt, document_kind)
       values ($1, $2, $3, 4, 'sending', now(), 'first', 1, 'unsigned')`,
      [claim.facilityId, claim.encounterId, claim.number],
    );
    expect(await send(claim)).toBe('skipped');
    plant.clock.advance(10_000);
    expect(await send(claim)).toBe('received');
    expect(await typesOf(plant, claim)).toEqual([
      'built',
      'checked',
      'queued',
      'sending',
      'unknown',
      'sending',
      'received',
    ]);
  });

  test('a sender that was held up before it called does not call; the next one does when the lease has passed', async () => {
    const claim = claims[4]!;
    const before = (await plant.claimCalls()).length;
    // Whatever it does takes longer than that.
    expect(await send(claim, { ...plant.parts, leaseMarginMs: -1 })).toBe('skipped');
    expect(await typesOf(plant, claim)).toEqual(['built', 'checked', 'queued', 'sending']);
    expect((await plant.claimCalls()).length).toBe(before);
    plant.clock.advance(10_000);
    expect(await send(claim)).toBe('received');
  });

  test('an answer that comes after its sender was given up adds nothing, and fails nothing', async () => {
    const claim = claims[5]!;
    await fault('after-persist', { type: 'delay', ms: 1_000 });
    const slow = send(claim);
    await until(async () => (await typesOf(plant, claim))?.at(-1) === 'sending');
    plant.clock.advance(10_000);
    expect(await send(claim)).toBe('received');
    expect(await slow).toBe('skipped');
    expect((await typesOf(plant, claim))?.slice(3)).toEqual(['sending', 'unknown', 'sending', 'received']);
  });

  test('a batch built twice builds nothing twice', async () => {
    const before = await ledger(plant);
    const batches = await plant.server.database.query<{ runId: string; facilityId: string }>(
      'select run_id as "runId", facility_id as "facilityId" from export_batch',
    );
    for (const { runId, facilityId } of batches)
      await Promise.all([
        buildBatch(plant.parts, runId, facilityId),
        buildBatch(plant.secondParts(), runId, facilityId),
      ]);
    expect(await ledger(plant)).toEqual(before);
  });
});

describe.each(BACKENDS)('jobs that are lost, queue in %s', (kind) => {
  const AT_ONCE = '40021';
  let plant: Plant;
  beforeAll(async () => {
    plant = await startPlant(kind);
    await plant.server.database.query(
      `insert into export_setting (facility_id, mode) select id, 'immediate' from facility where code = $1`,
      [AT_ONCE],
    );
    await plant.server.database.query('update reference_revision set revision = revision + 1');
  });
  afterAll(() => plant.stop());

  test('the sweep finds claims to send, batches to build, facilities that export at once, and check-ins', async () => {
    const lost = async () =>
      (await plant.server.database.query<{ queue: string }>('delete from outbox returning queue')).map(
        (row) => row.queue,
      );
    // Built, never sent.
    const built = await builtClaims(plant, 9, 1);
    expect(new Set(await lost())).toEqual(new Set(['claim-send', 'check-in', 'export-batch', 'settled']));
    // A run that was opened, its batches never built.
    await plant.record(6, ['40001', '40101'], 2);
    await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
    expect(new Set(await lost())).toEqual(new Set(['check-in', 'export-batch']));
    // Settled where claims go out at once, never built.
    await plant.record(6, [AT_ONCE], 3);
    expect(new Set(await lost())).toEqual(new Set(['check-in', 'settled']));
    const settled = await waiting(plant);
    expect(settled).toBeGreaterThan(built.length + 4);

    await plant.startWorkers();
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await plant.claimCalls()).toEqual([]); // nothing tapped the workers, and the sweep gives the queue its chance
    plant.clock.advance(10 * 60_000);
    await until(async () => (await waiting(plant)) === 0);
    const keys = (await ledger(plant)).map((row) => row.claimKey);
    expect(keys).toHaveLength(settled);
    const records = await plant.records();
    expect(records.map((record) => record.maLk).toSorted()).toEqual(keys.toSorted());
    for (const record of records) expect(record.versions).toHaveLength(1);

    const messages = await plant.server.database.query('select 1 from check_in');
    await until(async () => (await plant.report()).checkIns >= messages.length);
    expect((await plant.report()).checkIns).toBe(messages.length);
    const open = await plant.server.database.query('select 1 from export_batch where finished_at is null');
    expect(open).toEqual([]);
  });
});

(hasRedis() ? test : test.skip)(
  'a Redis that loses everything under running workers costs time and no claim',
  async () => {
    const plant = await startPlant('redis');
    const redis = new Redis(plant.redisUrl!);
    try {
      await plant.startWorkers();
      const built = await builtClaims(plant, 9, 1);
      await plant.server.database.query('delete from outbox');
      await redis.flushall();
      plant.clock.advance(3_600_000);
      await until(async () => (await waiting(plant)) === 0);
      for (const claim of built) expect((await recordOf(plant, claim))[0]?.versions).toHaveLength(1);
    } finally {
      redis.disconnect();
      await plant.stop();
    }
  },
);

describe.each(BACKENDS)('a job that failed every time, queue in %s', (kind) => {
  test('is sent by the sweep as soon as the cause is gone', async () => {
    const plant = await startPlant(kind);
    try {
      const claims = await builtClaims(plant, 4, 1);
      // Nothing can be begun: whatever the job does, it fails before its first event.
      const query = (sql: string) => plant.server.database.query(sql);
      await query(
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
      );
      await query(
        `create trigger refuse before insert on claim_event for each row when (new.type = 'sending') execute function refuse()`,
      );
      const failures = new Map<string, number>();
      let failedAt = Date.now();
      plant.onJobFailure((where) => {
        failures.set(where, (failures.get(where) ?? 0) + 1);
        failedAt = Date.now();
      });
      await plant.startWorkers();
      const given = () => [...failures.values()].filter((count) => count >= 5).length;
      // On a busy machine a job may lose its lock and one failure go unheard: ten quiet seconds say that it gave up, too.
      const isQuiet = () => failures.size >= claims.length && Date.now() - failedAt > 10_000;
      // What failed beside another's job comes back with the sweep.
      await until(async () => {
        plant.clock.advance(2_000);
        return given() >= claims.length || isQuiet();
      });
      expect(await plant.claimCalls()).toEqual([]);
      await query('drop trigger refuse on claim_event');
      plant.clock.advance(3_600_000);
      await until(async () => (await waiting(plant)) === 0);
      expect((await plant.records()).map((record) => record.maLk).toSorted()).toEqual(
        claims.map((claim) => claim.claimKey).toSorted(),
      );
    } finally {
      await plant.stop();
    }
  });
});
