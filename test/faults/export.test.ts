import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { BACKENDS, ledger, type Plant, startPlant, until, waiting } from '../harness/plant.ts';

const FACILITIES = ['40001', '40021', '40101'];
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
  }, 60_000);
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
    expect(await typesOf(plant, claim)).toEqual(['built', 'sending', 'received']);
  });

  test('an answer lost after the record was kept: unknown, then the same bytes again, one active record', async () => {
    const claim = claims[1]!;
    await fault('after-persist', { type: 'reset' });
    expect(await send(claim)).toBe('unknown');
    expect(await send(claim)).toBe('received');
    const [row] = (await ledger(plant)).filter((one) => one.encounterId === claim.encounterId);
    expect(row!.types).toEqual(['built', 'sending', 'unknown', 'sending', 'received']);
    expect(row!.causes[3]).toBe('resend-same-bytes');
    const [record] = await recordOf(plant, claim);
    expect(record!.versions.filter((version) => version.state === 'active')).toHaveLength(1);
    expect(new Set(record!.versions.map((version) => version.sha256)).size).toBe(1);
  });

  test('what the gateway refuses is refused once and for all, with its raw answer', async () => {
    const claim = claims[2]!;
    await fault('after-auth', { type: 'code', maKetQua: '123' });
    expect(await send(claim)).toBe('refused');
    expect(await send(claim)).toBe('skipped');
    expect(await typesOf(plant, claim)).toEqual(['built', 'sending', 'refused']);
    const answer = await plant.server.call('GET', `/api/v1/claims/${claim.encounterId}`);
    const { events } = answer.body as { events: { rawAnswer: string | null; resultCode: string | null }[] };
    expect(events.at(-1)?.resultCode).toBe('123');
    expect(events.at(-1)?.rawAnswer).toContain('123');
    expect(await recordOf(plant, claim)).toEqual([]);
  });

  test('a sender that died leaves "sending"; nobody else sends before it is certainly gone', async () => {
    const claim = claims[3]!;
    await plant.server.database.query(
      `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, attempt, document_kind)
       values ($1, $2, $3, 2, 'sending', now(), 'first', 1, 'unsigned')`,
      [claim.facilityId, claim.encounterId, claim.number],
    );
    expect(await send(claim)).toBe('skipped');
    plant.clock.advance(10_000);
    expect(await send(claim)).toBe('received');
    expect(await typesOf(plant, claim)).toEqual(['built', 'sending', 'unknown', 'sending', 'received']);
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

describe.each(BACKENDS)('jobs that never arrive, queue in %s', (kind) => {
  test('the sweep finds what was built and what was settled', async () => {
    const plant = await startPlant(kind);
    try {
      const built = await builtClaims(plant, 9, 1);
      // Every job is lost before any worker could see it.
      const lost = await plant.server.database.query('delete from outbox returning 1');
      expect(lost.length).toBeGreaterThanOrEqual(built.length);
      plant.clock.advance(3_600_000);
      await plant.startWorkers();
      await until(async () => (await waiting(plant)) === 0);
      const records = await plant.records();
      expect(records.map((record) => record.maLk).toSorted()).toEqual(
        built.map((claim) => claim.claimKey).toSorted(),
      );
      for (const record of records) expect(record.versions).toHaveLength(1);
    } finally {
      await plant.stop();
    }
  }, 60_000);
});
