import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { paceCheckIn, paceClaims, sendClaim } from '../../src/exports/index.ts';
import { createGatewayClient } from '../../src/gateway/index.ts';
import { cardOfCode } from '../../src/gateway/simulator/people.ts';
import { askLookup, type LookupKind, paceLookup, pacePaper, submitPaper } from '../../src/insurer/index.ts';
import { SYSTEM_USER, type Transaction } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { startWorkers } from '../../workers/index.ts';
import { ledger, type Plant, type SimCall, startPlant, until, waiting } from '../harness/plant.ts';
import { type PlantedClaim, plantClaims } from '../harness/planted-claims.ts';
import { TEST_KEY } from '../harness/province.ts';
import { aYear, register, testKeys } from '../harness/signing.ts';

const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';
const CHECK_IN_PATH = '/api/qd130/checkInKcbQd3176';
const TOKEN_PATH = '/api/token/take';
const SLOW = '40001';
const REFUSING = '40002';
const GOOD = ['40016', '40017', '40021', '40101'];
const OTHERS = ['40102', '40103', '40104', '40105'];

/** Long enough that nothing ends by itself within a test. */
const LONG_MS = 120_000;

async function emptyPlant(): Promise<Plant> {
  const plant = await startPlant('postgres');
  await plant.record(3, [GOOD[3]!]);
  // The model of all claims is the only visit, and nobody waits for it.
  await plant.server.database.query('delete from outbox');
  await plant.server.database.query('delete from export_work');
  return plant;
}
const query = <Row extends Record<string, unknown>>(plant: Plant, sql: string, parameters: unknown[] = []) =>
  plant.server.database.query<Row>(sql, parameters);
const fault = (plant: Plant, match: object, action: object, when = 'after-auth', times?: number) =>
  plant.control('POST', 'faults', { match, when, action, ...(times === undefined ? {} : { times }) });
const channelsOf = async (plant: Plant) =>
  (
    await query<{ channel: string }>(
      plant,
      `select coalesce(f.code, 'gateway') || ' ' || family || ' ' || state as channel
       from gateway_channel c left join facility f on f.id = c.facility_id where state <> 'closed' order by 1`,
    )
  ).map(({ channel }) => channel);
const each = (codes: readonly string[], count: number) =>
  codes.flatMap((code) => Array.from({ length: count }, () => code));

describe('ways to the gateway', () => {
  let plant: Plant;
  beforeAll(async () => {
    plant = await emptyPlant();
  });
  afterAll(() => plant.stop());
  const pace = (claim: PlantedClaim, parts = plant.parts) =>
    paceClaims(parts, claim.facilityId, [{ id: claim.encounterId, number: 1 }]);
  const typesOf = async (claim: PlantedClaim) =>
    (await ledger(plant)).find((row) => row.encounterId === claim.encounterId)?.types;
  const calls = async (code: string) =>
    (await plant.claimCalls()).filter((call) => call.maCSKCB === code).length;

  test('a wrong password stops the facility, not others; a new one is tried at once, and all of it goes out', async () => {
    const code = GOOD[0]!;
    const claims = await plantClaims(plant.server.database, each([code], 3));
    const [before] = await query<{ sealed: Buffer }>(
      plant,
      'select password_sealed as sealed from gateway_account where facility_id = $1',
      [facilityIdOf(code)],
    );
    const setPassword = (sealed: Buffer) =>
      query(plant, 'update gateway_account set password_sealed = $2 where facility_id = $1', [
        facilityIdOf(code),
        sealed,
      ]);
    await setPassword(createSecretBox(TEST_KEY).seal('wrong'));
    for (const claim of claims) await pace(claim);
    await pace(claims[0]!, plant.secondParts()); // another process knows it, too
    expect([await calls(code), await channelsOf(plant)]).toEqual([0, [`${code} session stopped`]]);
    expect(await typesOf(claims[0]!)).toEqual(['built', 'sending', 'notSent']);
    expect(await typesOf(claims[1]!)).toEqual(['built']);
    expect(await plant.control('GET', `calls?path=${TOKEN_PATH}`)).toHaveLength(1);

    await setPassword(before!.sealed);
    // The trial is answered; what had waited is due, and the same lane takes it.
    await pace(claims[0]!);
    expect([await calls(code), await channelsOf(plant)]).toEqual([3, []]);
    const [outage] = await query<{ over: boolean }>(
      plant,
      `select "to" is not null as over from gateway_outage where family = 'session'`,
    );
    expect(outage).toEqual({ over: true });
    for (const claim of claims) expect((await typesOf(claim))?.at(-1)).toBe('received');
  });

  test('G07 sessions refused from our address: the facility stops, and the log names the address to register', async () => {
    const code = GOOD[0]!;
    const [claim] = await plantClaims(plant.server.database, [code]);
    await fault(
      plant,
      { path: CLAIM_PATH, maCSKCB: code },
      { type: 'code', maKetQua: '401' },
      'after-auth',
      2,
    );
    const lines: string[] = [];
    const log = createLogger('warn', { write: (line) => void lines.push(line) });
    await pace(claim!, { ...plant.parts, log });
    expect(await channelsOf(plant)).toEqual([`${code} session stopped`]);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        reason: 'session-refused-twice',
        facilityId: facilityIdOf(code),
        egress: '127.0.0.1',
      }),
    );
    plant.clock.advance(2 * 3_600_000);
    await pace(claim!);
    expect([(await typesOf(claim!))?.at(-1), await channelsOf(plant)]).toEqual(['received', []]);
  });

  test('125 stops the files of the facility; a certificate that a person registers is tried at once', async () => {
    const code = GOOD[1]!;
    const claims = await plantClaims(plant.server.database, each([code], 2));
    await fault(
      plant,
      { path: CLAIM_PATH, maCSKCB: code },
      { type: 'code', maKetQua: '125' },
      'after-auth',
      1,
    );
    for (const claim of claims) await pace(claim);
    expect([await calls(code), await channelsOf(plant)]).toEqual([1, [`${code} claims stopped`]]);
    const { certificates } = await testKeys([code], aYear());
    await register(plant.server.app, code, certificates.get(code)!);
    await pace(claims[0]!);
    await pace(claims[1]!);
    expect([await calls(code), await channelsOf(plant)]).toEqual([3, []]);
  });

  test('Retry-After: the whole facility rests at least so long, then one call tries', async () => {
    const code = GOOD[2]!;
    const claims = await plantClaims(plant.server.database, each([code], 3));
    await plant.control('POST', 'maintenance', { on: true });
    await pace(claims[0]!);
    await plant.control('POST', 'maintenance', { on: false });
    for (const claim of claims) await pace(claim);
    const [rest] = await query<{ least: number }>(
      plant,
      `select extract(epoch from min(not_before) - now())::float as least from export_work where facility_id = $1`,
      [facilityIdOf(code)],
    );
    expect([await calls(code), rest!.least > 50]).toEqual([0, true]);
    plant.clock.advance(80_000);
    await pace(claims[0]!);
    for (const claim of claims) expect((await typesOf(claim))?.at(-1)).toBe('received');
    expect(await channelsOf(plant)).toEqual([]);
  });

  test('an outage of the gateway: a few calls, then one at a time, until the first answer', async () => {
    const claims = await plantClaims(plant.server.database, each(GOOD, 6));
    await fault(plant, { path: CLAIM_PATH }, { type: 'status', status: 502 });
    const before = (await plant.claimCalls()).length;
    for (const claim of claims) await pace(claim);
    const tries = (await plant.claimCalls()).length - before;
    expect(tries).toBeLessThanOrEqual(10);
    expect(await channelsOf(plant)).toContain('gateway claims open');
    for (const claim of claims) await pace(claim, plant.secondParts());
    expect((await plant.claimCalls()).length - before).toBe(tries);

    plant.clock.advance(10 * 60_000);
    await Promise.all(claims.map((claim) => pace(claim)));
    expect((await plant.claimCalls()).length - before).toBe(tries + 1); // the trial, and it fails
    await plant.control('DELETE', 'faults');
    plant.clock.advance(10 * 60_000);
    await pace(claims[0]!);
    for (const claim of claims) await pace(claim);
    plant.clock.advance(10 * 60_000);
    for (const claim of claims) await pace(claim);
    for (const claim of claims) expect((await typesOf(claim))?.at(-1)).toBe('received');
    expect(await channelsOf(plant)).toEqual([]);
    expect(
      await query(plant, 'select from gateway_outage where facility_id is null and "to" is not null'),
    ).toHaveLength(1);
  });

  test('check-ins that fail keep no claim back: their channel is their own', async () => {
    const [message] = await query<{ facilityId: string; encounterId: string; sequence: number }>(
      plant,
      'select facility_id as "facilityId", encounter_id as "encounterId", sequence::int from check_in limit 1',
    );
    const { facilityId, encounterId, sequence } = message!;
    await fault(plant, { path: CHECK_IN_PATH }, { type: 'status', status: 502 });
    const announce = () => paceCheckIn(plant.parts, facilityId, encounterId, sequence).catch(() => undefined);
    for (let n = 0; n < 7; n += 1) await announce();
    expect(await plant.control('GET', `calls?path=${CHECK_IN_PATH}`)).toHaveLength(5);
    expect(await channelsOf(plant)).toEqual([`${GOOD[3]} check-in open`]);
    const [claim] = await plantClaims(plant.server.database, [GOOD[3]!]);
    await pace(claim!);
    expect((await typesOf(claim!))?.at(-1)).toBe('received');
    await plant.control('DELETE', 'faults');
    plant.clock.advance(60_000);
    await announce();
    expect([(await plant.report()).checkIns, await channelsOf(plant)]).toEqual([1, []]);
  });

  describe('calls beside claims have channels of their own', () => {
    const code = GOOD[0]!;
    const facilityId = facilityIdOf(code);
    const acting = { userId: SYSTEM_USER, facilityId, reach: 'facility', purpose: 'test' } as const;
    const atDesk = <T>(work: (tx: Transaction) => Promise<T>) =>
      plant.server.app.transaction({ ...acting, requestId: 'test' }, work);
    const callsTo = async (path: string) =>
      (await plant.control<unknown[]>('GET', `calls?limit=1000&path=${path}`)).length;
    const takesClaims = async () => {
      const [claim] = await plantClaims(plant.server.database, [code]);
      await pace(claim!);
      expect((await typesOf(claim!))?.at(-1)).toBe('received');
    };
    const paper = async (kind: 'departments' | 'staff') => {
      const build = (id: string) =>
        Buffer.from(
          `<?xml version="1.0" encoding="utf-8"?><HSDANHMUC><A Id="Id-${id}"></A><CHUKYDONVI></CHUKYDONVI></HSDANHMUC>`,
        );
      const id = await atDesk((tx) =>
        submitPaper(tx, facilityId, { kind, content: newId(), build }, plant.clock.now()),
      );
      await pacePaper(plant.parts, facilityId, id);
      const [row] = await query<{ state: string }>(plant, 'select state from insurer_paper where id = $1', [
        id,
      ]);
      return { id, state: row!.state };
    };
    const lookUp = async (kind: LookupKind, code3: string) => {
      const wish = { kind, card: cardOfCode(code3), name: 'Người Mẫu', birth: '1990', encounterId: null };
      const { id } = await atDesk((tx) => askLookup(tx, facilityId, wish, plant.clock.now()));
      await paceLookup(plant.parts, facilityId, id);
      const events = await query<{ type: string }>(
        plant,
        'select type from card_lookup_event where lookup_id = $1 order by sequence',
        [id],
      );
      return events.map(({ type }) => type);
    };

    test('papers: five that fail close their way; claims and look-ups go on, and later the papers, too', async () => {
      const path = '/api/DanhMucGW/GuiDanhMuc01_BPCMKBCB';
      await fault(plant, { path }, { type: 'status', status: 503 });
      const states = [];
      for (let n = 0; n < 7; n += 1) states.push((await paper('departments')).state);
      expect(states).toEqual([...Array.from({ length: 5 }, () => 'notSent'), 'built', 'built']);
      expect([await callsTo(path), await channelsOf(plant)]).toEqual([5, [`${code} papers open`]]);
      // Another form takes the same way.
      const waits = await paper('staff');
      expect(waits.state).toBe('built');
      await takesClaims();
      expect(await lookUp('copay', '000')).toEqual(['asking', 'answered']);
      await plant.control('DELETE', 'faults');
      plant.clock.advance(60_000);
      await pacePaper(plant.parts, facilityId, waits.id);
      expect(await channelsOf(plant)).toEqual([]);
      const [row] = await query(plant, 'select state from insurer_paper where id = $1', [waits.id]);
      expect(row).toEqual({ state: 'received' });
    });

    test('no right to hand in papers stops papers, not the account', async () => {
      const path = '/api/DanhMucGW/GuiDanhMuc01_BPCMKBCB';
      await fault(plant, { path }, { type: 'code', maKetQua: '403' }, 'after-auth', 1);
      await paper('departments');
      expect(await channelsOf(plant)).toEqual([`${code} papers stopped`]);
      await takesClaims();
      plant.clock.advance(2 * 3_600_000);
      expect((await paper('departments')).state).toBe('received');
      expect(await channelsOf(plant)).toEqual([]);
    });

    test('look-ups: a desk hears at once that nobody can be asked; claims and papers go on', async () => {
      await query(
        plant,
        `insert into insurer_setting (facility_id, staff_name, staff_national_id, changed_at, changed_by)
         values ($1, 'Người Trực', '040190000001', now(), $1)`,
        [facilityId],
      );
      const path = '/api/egw/KQNhanLichSuKCB2024';
      await fault(plant, { path }, { type: 'status', status: 502 });
      for (let n = 0; n < 5; n += 1) expect(await lookUp('card', '000')).toEqual(['asking', 'notChecked']);
      expect(await lookUp('card', '000')).toEqual(['notChecked']);
      expect([await callsTo(path), await channelsOf(plant)]).toEqual([5, [`${code} lookups open`]]);
      // It was not put, so it is no answer to the next one either.
      expect(await lookUp('copay', '110')).toEqual(['notChecked']);
      await takesClaims();
      expect((await paper('staff')).state).toBe('received');
      await plant.control('DELETE', 'faults');
      plant.clock.advance(60_000);
      expect(await lookUp('copay', '110')).toEqual(['asking', 'answered']);
      expect(await channelsOf(plant)).toEqual([]);
    });
  });

  test('processes share a token: one call for it, also when a new one ends the one before', async () => {
    const code = GOOD[3]!;
    await plant.control('POST', 'settings', { 'token.singleSession': true });
    const tokenCalls = async () =>
      (await plant.control<{ account: string }[]>('GET', `calls?path=${TOKEN_PATH}`)).filter(
        ({ account }) => account === `${code}_BV`,
      ).length;
    const processes = [plant.secondParts(), plant.secondParts(), plant.secondParts()];
    const send = async () => {
      const claims = await plantClaims(plant.server.database, each([code], 3));
      await Promise.all(
        claims.map((claim, at) => sendClaim(processes[at]!, claim.facilityId, claim.encounterId, 1)),
      );
      for (const claim of claims) expect((await typesOf(claim))?.at(-1)).toBe('received');
    };
    const before = await tokenCalls();
    await send();
    const first = (await tokenCalls()) - before;
    expect(first).toBeLessThanOrEqual(1); // none at all if an earlier test took one
    await plant.control('POST', 'clock', { advanceSeconds: 601 }); // over, and our clocks do not know
    await send();
    expect((await tokenCalls()) - before).toBe(first + 1);
    expect(await plant.control('GET', 'report')).toMatchObject({ flags: { concurrentTokenCalls: 0 } });
    await plant.control('POST', 'settings', { 'token.singleSession': false });
    await plant.control('POST', 'clock', { advanceSeconds: -601 });
  });

  test('a slow and a refusing facility hold no more than their own lanes: all of the others arrives meanwhile', async () => {
    await fault(plant, { path: CLAIM_PATH, maCSKCB: SLOW }, { type: 'delay', ms: LONG_MS });
    await fault(plant, { path: CLAIM_PATH, maCSKCB: REFUSING }, { type: 'status', status: 503 });
    // The bad ones first: with plain first come, first served they would take all four places.
    const claims = await plantClaims(plant.server.database, [
      ...each([SLOW], 12),
      ...each([REFUSING], 12),
      ...each(OTHERS, 8),
    ]);
    const gateway = createGatewayClient({
      baseUrl: plant.gatewayUrl,
      clock: plant.clock,
      timeouts: { submitMs: LONG_MS },
    });
    const workers = await startWorkers({ ...plant.parts, gateway, submitTimeoutMs: LONG_MS }, plant.queues, {
      sweepEveryMs: 500,
    });
    try {
      const good = claims.filter((claim) => OTHERS.includes(claim.facilityCode));
      const keys = new Set(good.map((claim) => claim.claimKey));
      const arrived = async () => (await plant.records()).filter(({ maLk }) => keys.has(maLk)).length;
      await until(async () => (await arrived()) === good.length);
      const calls = await plant.claimCalls();
      const of = (code: string) => calls.filter((call) => call.maCSKCB === code);
      expect(of(SLOW)).toHaveLength(2);
      // Five failures open its channel; one more may have been on its way.
      expect([5, 6]).toContain(of(REFUSING).length);
      for (const code of OTHERS) expect(of(code)).toHaveLength(8);
      await until(async () => (await channelsOf(plant)).length > 0);
      expect(await channelsOf(plant)).toEqual([`${REFUSING} claims open`]);
      const [outage] = await query(plant, 'select cause, "to" from gateway_outage where "to" is null');
      expect(outage).toEqual({ cause: 'busy', to: null });
      // None of it is lost: once all answer again, all of it arrives.
      await plant.control('DELETE', 'faults');
      gateway.close(); // breaks off the two calls
      await until(async () => {
        plant.clock.advance(60_000);
        return (await waiting(plant)) === 0;
      });
      const records = new Set((await plant.records()).map(({ maLk }) => maLk));
      expect(claims.filter(({ claimKey }) => !records.has(claimKey))).toEqual([]);
    } finally {
      await plant.control('DELETE', 'faults');
      gateway.close();
      await workers.stop();
    }
  });

  // That deadlines are extended by it: test/api/deadlines.test.ts, "an outage gives its own facility time".
  test('G27 the gateway is away for six hours: logged, and afterwards each facility drains in its order', async () => {
    const codes = [GOOD[0]!, GOOD[1]!];
    const claims = await plantClaims(plant.server.database, each(codes, 12));
    const ofFacility = (code: string) => claims.filter(({ facilityCode }) => facilityCode === code);
    // A process of its own: that of the test before has ended.
    const parts = plant.secondParts();
    const calls = () => plant.control<SimCall[]>('GET', 'calls?limit=50000');
    const before = (await calls()).length;
    const startsAt = plant.clock.now().toISOString();
    await plant.control('POST', 'maintenance', { on: true });
    for (let hour = 0; hour < 6; hour += 1) {
      for (const code of codes) await pace(ofFacility(code)[0]!, parts);
      plant.clock.advance(3_600_000);
      await plant.control('POST', 'clock', { advanceSeconds: 3_600 });
    }
    const endsAt = plant.clock.now().toISOString();
    const during = (await calls()).slice(before);
    // One call tries for its facility, each hour; all others wait.
    expect(during.map(({ status, persisted }) => [status, persisted])).toEqual(Array(12).fill([503, false]));

    await plant.control('POST', 'maintenance', { on: false });
    for (const code of codes) await pace(ofFacility(code)[0]!, parts);
    const after = (await calls()).slice(before + during.length).filter(({ persisted }) => persisted);
    for (const code of codes) {
      const arrived = after.filter(({ maCSKCB }) => maCSKCB === code).flatMap(({ maLks }) => maLks);
      expect(arrived).toEqual(ofFacility(code).map(({ claimKey }) => claimKey));
    }
    expect(await channelsOf(plant)).toEqual([]);
    const outages = await query(
      plant,
      `select f.code, o."from" >= $1 and o."to" >= $2 as "isWhole" from gateway_outage o
       join facility f on f.id = o.facility_id where o."to" >= $1 order by 1`,
      [startsAt, endsAt],
    );
    expect(outages).toEqual(codes.map((code) => ({ code, isWhole: true })));
  });
});
