import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/platform/ids.ts';
import { freePort } from '../harness/redis.ts';
import type { Rig } from './gateway-fixtures.ts';
import { account, checkInBytes, claimBytes, startRig } from './gateway-fixtures.ts';

/** Scenarios of the gateway's specification, client against simulator over real HTTP. */
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';
const one = (maLk: string) => claimBytes({ maLk });

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.reset();
});
afterAll(() => rig.stop());

const fault = (when: string, action: object, more: object = {}, match: object = {}) =>
  rig.control('POST', 'faults', { match: { path: CLAIM_PATH, ...match }, when, action, ...more });

describe('G01–G05: sessions and the happy path', () => {
  test('G01 a valid claim is received, with id and time', async () => {
    const result = await rig.newClient().sendClaim(account(), '99001', one('LK-1'));
    expect(result).toMatchObject({
      outcome: 'received',
      next: 'done',
      rule: 'received',
      httpStatus: 200,
      code: '200',
      transactionId: '9900120261123000001',
      receivedAt: '2026-11-23T02:00:00.000Z',
      message: '[SIM] Thành công',
      failure: null,
      attempts: 1,
      tokenRenewed: false,
      decidedBy: 'claim',
    });
    expect(result.rawAnswer).toContain('"thoiGianTiepNhan":"20261123090000"');
    const report = await rig.report();
    expect(report.records).toEqual({ active: 1, replaced: 0 });
    expect(report.money).toMatchObject({
      T_BHTT: '80000.40',
      T_BNCCT: '20000.10',
      T_TONGCHI_BV: '100000.50',
    });
  });

  test('the bytes arrive as they were given, also where base64 has to be escaped', async () => {
    const bytes = claimBytes({ maLk: 'LK-1', signature: '<X>???? ????? ??????</X>' });
    for (const letter of ['+', '/', '=']) expect(bytes.toString('base64')).toContain(letter);
    await rig.newClient().sendClaim(account(), '99001', bytes);
    expect((await rig.versions('LK-1'))[0]?.sha256).toBe(sha256(bytes));
  });

  test('G02 a valid check-in is received', async () => {
    const result = await rig.newClient().sendCheckIn(account(), '99001', checkInBytes('LK-2'));
    expect(result).toMatchObject({ outcome: 'received', next: 'done', decidedBy: 'checkIn' });
    expect(result.transactionId).not.toBeNull();
    expect(await rig.report()).toMatchObject({ checkIns: 1, records: { active: 0 } });
  });

  test('G03 a wrong password stops the facility: one token call, no claim, no loop', async () => {
    const result = await rig.newClient().sendClaim(account('99001', 'wrong'), '99001', one('LK-3'));
    expect(result).toMatchObject({
      outcome: 'stopFacility',
      next: 'stop-facility',
      rule: 'account-refused',
      httpStatus: 200,
      code: '401',
      rawAnswer: '{"maKetQua":"401","APIKey":null}',
      decidedBy: 'token',
      attempts: 0,
    });
    expect([await rig.tokenCalls(), await rig.claimCalls()]).toEqual([1, 0]);
  });

  test('G04 a locked account stops the facility', async () => {
    await rig.control('POST', 'accounts/99001_BV', { locked: true });
    const result = await rig.newClient().takeToken(account());
    expect(result).toMatchObject({
      outcome: 'stopFacility',
      next: 'stop-facility',
      code: '403',
      attempts: 0,
    });
    await rig.control('POST', 'accounts/99001_BV', { locked: false });
    expect(await rig.newClient().takeToken(account())).toMatchObject({
      outcome: 'received',
      rule: 'token-taken',
    });
  });

  test('G04 an account locked after the token: the claim is refused with 403, and calling again is flagged', async () => {
    const client = rig.newClient();
    await client.takeToken(account());
    await rig.control('POST', 'accounts/99001_BV', { locked: true });
    const result = await client.sendClaim(account(), '99001', one('LK-4'));
    expect(result).toMatchObject({ outcome: 'stopFacility', code: '403', decidedBy: 'claim', attempts: 1 });
    expect((await rig.report()).flags.callAfter403).toBe(0);
    await client.sendClaim(account(), '99001', one('LK-4'));
    expect((await rig.report()).flags.callAfter403).toBe(1);
  });

  test.each(['http200-json', 'http401-empty', 'http401-json', 'http400-json'])(
    'G05 a token that is over, shown as %s: renewed once, sent again, exactly one extra token call',
    async (shape) => {
      await rig.control('POST', 'settings', { 'auth.failShape': shape });
      const client = rig.newClient();
      await client.sendClaim(account(), '99001', one('LK-5a'));
      await rig.control('POST', 'clock', { advanceSeconds: 601 }); // our own clock stands: we cannot know
      const result = await client.sendClaim(account(), '99001', one('LK-5b'));
      expect(result).toMatchObject({ outcome: 'received', attempts: 2, tokenRenewed: true });
      expect([await rig.tokenCalls(), await rig.claimCalls()]).toEqual([2, 3]);
      expect((await rig.report()).records.active).toBe(2);
    },
  );

  test('G05 on an equal clock the token is renewed before it ends: no 401 is ever seen', async () => {
    const client = rig.newClient();
    await client.sendClaim(account(), '99001', one('LK-5c'));
    await rig.advance(539);
    await client.sendClaim(account(), '99001', one('LK-5d'));
    expect(await rig.tokenCalls()).toBe(1);
    await rig.advance(1); // 60 seconds before its end
    expect(await client.sendClaim(account(), '99001', one('LK-5e'))).toMatchObject({
      attempts: 1,
      tokenRenewed: false,
    });
    expect([await rig.tokenCalls(), await rig.claimCalls()]).toEqual([2, 3]);
  });

  test('tokens are shared by concurrent calls of one account: one token call at a time', async () => {
    await rig.control('POST', 'faults', {
      match: { path: '/api/token/take' },
      when: 'after-auth',
      action: { type: 'delay', ms: 30 },
    });
    const client = rig.newClient();
    const send = (tag: string) =>
      Promise.all(
        Array.from({ length: 8 }, (_, n) => client.sendClaim(account(), '99001', one(`LK-${tag}${n}`))),
      );
    expect((await send('a')).map((result) => result.outcome)).toEqual(Array(8).fill('received'));
    expect(await rig.tokenCalls()).toBe(1);
    await rig.control('POST', 'clock', { advanceSeconds: 601 });
    expect((await send('b')).map((result) => result.outcome)).toEqual(Array(8).fill('received'));
    expect(await rig.tokenCalls()).toBe(2);
    expect((await rig.report()).flags.concurrentTokenCalls).toBe(0);
  });

  test('accounts do not share tokens, and another password is another account', async () => {
    const client = rig.newClient();
    await client.sendClaim(account(), '99001', one('LK-A'));
    await client.sendClaim(account('99002'), '99002', claimBytes({ maLk: 'LK-B', facility: '99002' }));
    expect(await rig.tokenCalls()).toBe(2);
    const result = await client.sendClaim(account('99001', 'old'), '99001', one('LK-A'));
    expect(result).toMatchObject({ outcome: 'stopFacility', code: '401', decidedBy: 'token' });
  });

  test('a clock that runs hours ahead does not take a token per call', async () => {
    rig.clock.advance(4 * 3600);
    const client = rig.newClient();
    for (const maLk of ['LK-1', 'LK-2', 'LK-3']) {
      expect(await client.sendClaim(account(), '99001', one(maLk))).toMatchObject({ outcome: 'received' });
    }
    expect(await rig.tokenCalls()).toBe(1);
    rig.clock.advance(-4 * 3600);
  });
});

describe('G06, G07: sessions that never hold', () => {
  test('G06 refused even after renewal: two sends, two token calls, then the facility stops', async () => {
    await fault('before-auth', { type: 'code', maKetQua: '401' });
    const result = await rig.newClient().sendClaim(account(), '99001', one('LK-6'));
    expect(result).toMatchObject({
      outcome: 'stopFacility',
      next: 'stop-facility',
      rule: 'session-refused-twice',
      attempts: 2,
      tokenRenewed: true,
    });
    expect([await rig.tokenCalls(), await rig.claimCalls()]).toEqual([2, 2]);
    expect((await rig.report()).records.active).toBe(0);
  });

  test('G06 the renewal itself fails: the claim went once, was not taken, and says so', async () => {
    await fault('before-auth', { type: 'code', maKetQua: '401' });
    const busy = { type: 'status', status: 503 };
    await rig.control('POST', 'faults', { match: { path: '/api/token/take', nth: [2] }, action: busy });
    const result = await rig.newClient().sendClaim(account(), '99001', one('LK-6b'));
    expect(result).toMatchObject({
      outcome: 'notSent',
      next: 'retry-later',
      decidedBy: 'token',
      attempts: 1,
      httpStatus: 503,
    });
  });

  test('G07 the token is bound to the address that took it; a client per address has its own', async () => {
    const first = rig.newClient();
    const second = rig.newClient({ localAddress: '127.0.0.2' });
    await first.sendClaim(account(), '99001', one('LK-7a'));
    expect(await second.sendClaim(account(), '99001', one('LK-7b'))).toMatchObject({
      outcome: 'received',
      attempts: 1,
    });
    const calls = (await rig.control('GET', `calls?path=${CLAIM_PATH}`)) as { ip: string }[];
    expect(calls.map((call) => call.ip)).toEqual(['127.0.0.1', '127.0.0.2']);
  });
});

describe('G15: the same record again', () => {
  test('same bytes: received again with a new id, the old version replaced', async () => {
    const client = rig.newClient();
    const first = await client.sendClaim(account(), '99001', one('LK-15'));
    const again = await client.sendClaim(account(), '99001', one('LK-15'));
    expect(again.outcome).toBe('received');
    expect(again.transactionId).not.toBe(first.transactionId);
    const versions = await rig.versions('LK-15');
    expect(versions.map(({ maGiaoDich, state }) => [maGiaoDich, state])).toEqual([
      [first.transactionId, 'replaced'],
      [again.transactionId, 'active'],
    ]);
    expect(new Set(versions.map((version) => version.sha256)).size).toBe(1);
    expect((await rig.report()).money.T_BHTT).toBe('80000.40');
  });
});

describe('G20–G24: faults', () => {
  test.each([
    [500, 'unknown', 'find-out-then-resend'],
    [502, 'unknown', 'find-out-then-resend'],
    [503, 'notSent', 'retry-later'],
    [504, 'unknown', 'find-out-then-resend'],
  ])('G20 HTTP %i with HTML before anything was stored, then again', async (status, outcome, next) => {
    await fault('before-auth', { type: 'status', status, body: '<html>proxy</html>' }, { times: 1 });
    const client = rig.newClient();
    const result = await client.sendClaim(account(), '99001', one('LK-20'));
    expect(result).toMatchObject({
      outcome,
      next,
      httpStatus: status,
      code: null,
      rawAnswer: '<html>proxy</html>',
      attempts: 1,
    });
    expect((await rig.report()).records.active).toBe(0);
    expect((await client.sendClaim(account(), '99001', one('LK-20'))).outcome).toBe('received');
    expect((await rig.report()).records).toEqual({ active: 1, replaced: 0 });
  });

  test('G20 HTTP 502 after storing is the same to us, and the repeat leaves one active record', async () => {
    await fault('after-persist', { type: 'status', status: 502 }, { times: 1 });
    const client = rig.newClient();
    expect((await client.sendClaim(account(), '99001', one('LK-20'))).outcome).toBe('unknown');
    expect((await rig.report()).records.active).toBe(1);
    await client.sendClaim(account(), '99001', one('LK-20'));
    expect((await rig.report()).records).toEqual({ active: 1, replaced: 1 });
  });

  test('G20 maintenance: not sent, with the time to come back', async () => {
    const client = rig.newClient();
    await client.takeToken(account());
    await rig.control('POST', 'maintenance', { on: true });
    const result = await client.sendClaim(account(), '99001', one('LK-20'));
    expect(result).toMatchObject({
      outcome: 'notSent',
      next: 'retry-later',
      httpStatus: 503,
      retryAfterSeconds: 60,
    });
  });

  test('G21 500 in JSON: unclear, nothing stored', async () => {
    await fault('after-auth', { type: 'code', maKetQua: '500' });
    const result = await rig.newClient().sendClaim(account(), '99001', one('LK-21'));
    expect(result).toMatchObject({
      outcome: 'unknown',
      next: 'find-out-then-resend',
      httpStatus: 200,
      code: '500',
    });
    expect((await rig.report()).records.active).toBe(0);
  });

  test('G22 reset before the body was read, small file: it had left, so unclear; the repeat is the only record', async () => {
    await fault('before-auth', { type: 'reset' }, { times: 1 });
    const client = rig.newClient();
    const result = await client.sendClaim(account(), '99001', one('LK-22'));
    expect(result).toMatchObject({
      outcome: 'unknown',
      next: 'find-out-then-resend',
      failure: 'reset',
      rawAnswer: null,
      httpStatus: null,
    });
    expect((await rig.report()).records.active).toBe(0);
    expect((await client.sendClaim(account(), '99001', one('LK-22'))).outcome).toBe('received');
    expect((await rig.report()).records).toEqual({ active: 1, replaced: 0 });
  });

  test('G22 reset while a large file was leaving: certainly not received, retried', async () => {
    await fault('before-auth', { type: 'reset' }, { times: 1 });
    const client = rig.newClient();
    const padding = `<TONG_HOP><MA_LK>LK-22</MA_LK><DU_PHONG>${'x'.repeat(6_000_000)}</DU_PHONG></TONG_HOP>`;
    const large = claimBytes({ maLk: 'LK-22', tables: { XML1: padding } });
    const result = await client.sendClaim(account(), '99001', large);
    expect(result).toMatchObject({
      outcome: 'notSent',
      next: 'retry-later',
      rule: 'not-reached',
      failure: 'reset',
    });
  });

  test('G23 reset after storing: unknown to us; the same bytes again give a new id, exactly one active record', async () => {
    await fault('after-persist', { type: 'reset' }, { times: 1 });
    const client = rig.newClient();
    const bytes = one('LK-23');
    const lost = await client.sendClaim(account(), '99001', bytes);
    expect(lost).toMatchObject({
      outcome: 'unknown',
      next: 'find-out-then-resend',
      transactionId: null,
      attempts: 1,
    });
    const [stored] = await rig.versions('LK-23');
    expect(stored).toMatchObject({ state: 'active' });
    const again = await client.sendClaim(account(), '99001', bytes);
    expect(again.outcome).toBe('received');
    expect(again.transactionId).not.toBe(stored?.maGiaoDich);
    expect((await rig.versions('LK-23')).map((version) => [version.state, version.sha256])).toEqual([
      ['replaced', stored?.sha256],
      ['active', stored?.sha256],
    ]);
    expect(await rig.report()).toMatchObject({
      records: { active: 1, replaced: 1 },
      money: { T_BHTT: '80000.40' },
    });
  });

  test.each([
    ['truncated', 'after-persist', { type: 'truncate' }, 'truncated'],
    ['cut after the header', 'after-answer-header', { type: 'truncate' }, 'truncated'],
    ['reset after the header', 'after-answer-header', { type: 'reset' }, 'truncated'],
    ['no JSON', 'after-persist', { type: 'garbage' }, null],
    ['no JSON after a good header', 'after-answer-header', { type: 'garbage' }, null],
    ['an empty 200', 'after-persist', { type: 'status', status: 200, body: '' }, null],
  ])('G24 an answer that is %s: unknown, though stored', async (_name, when, action, failure) => {
    await fault(when, action, { times: 1 });
    const client = rig.newClient();
    const result = await client.sendClaim(account(), '99001', one('LK-24'));
    expect(result).toMatchObject({
      outcome: 'unknown',
      next: 'find-out-then-resend',
      httpStatus: 200,
      failure,
      transactionId: null,
    });
    expect(await client.sendClaim(account(), '99001', one('LK-24'))).toMatchObject({
      outcome: 'received',
      attempts: 1,
    });
    expect((await rig.report()).records).toEqual({ active: 1, replaced: 1 });
  });

  test('a token that takes all the time of the call: the claim is not called, whoever else may send it by now', async () => {
    await rig.control('POST', 'faults', {
      match: { path: '/api/token/take' },
      when: 'before-auth',
      action: { type: 'delay', ms: 300 },
      times: 1,
    });
    const client = rig.newClient({ timeouts: { submitMs: 150 } });
    const result = await client.sendClaim(account(), '99001', claimBytes({ maLk: 'LK-1' }));
    expect(result).toMatchObject({ outcome: 'notSent', rule: 'not-reached' });
    expect([await rig.tokenCalls(), await rig.claimCalls()]).toEqual([1, 0]);
  });

  test('G19 no answer within the time limit: unknown, though stored', async () => {
    await fault('after-persist', { type: 'drop' }, { times: 1 });
    const client = rig.newClient({ timeouts: { submitMs: 150 } });
    const result = await client.sendClaim(account(), '99001', one('LK-19'));
    expect(result).toMatchObject({ outcome: 'unknown', next: 'find-out-then-resend', failure: 'timeout' });
    expect((await rig.report()).records.active).toBe(1);
  });

  test('G25 200 without an id: received, with an alert', async () => {
    await fault('after-persist', { type: 'code', maKetQua: '200' });
    const result = await rig.newClient().sendClaim(account(), '99001', one('LK-25'));
    expect(result).toMatchObject({ outcome: 'received', next: 'done-and-alert', transactionId: null });
  });

  test('G28 a third of the calls fail at random: each record ends active exactly once', async () => {
    await fault('after-persist', { type: 'status', status: 502 }, {}, { probability: 0.3 });
    await fault('before-auth', { type: 'reset' }, {}, { probability: 0.2 });
    const client = rig.newClient();
    for (let n = 0; n < 30; n += 1) {
      let outcome = 'unknown';
      for (let tries = 0; tries < 20 && outcome !== 'received'; tries += 1) {
        outcome = (await client.sendClaim(account(), '99001', one(`LK-28-${n}`))).outcome;
      }
      expect(outcome).toBe('received');
    }
    const report = await rig.report();
    expect(report).toMatchObject({
      records: { active: 30 },
      flags: { twoActiveRecords: 0 },
      money: { T_BHTT: '2400012.00' },
    });
    expect(report.answers['HTTP 502']).toBeGreaterThan(0);
  });

  test('G31 numeric codes and another letter case are read', async () => {
    await rig.control('POST', 'settings', { 'answer.numericCodes': true, 'answer.case': 'pascal' });
    const result = await rig.newClient().sendClaim(account(), '99001', one('LK-31'));
    expect(result).toMatchObject({ outcome: 'received', code: '200' });
    expect(result.rawAnswer).toContain('"MaKetQua":200');
  });
});

describe('G27, G29, G30, G32: the day goes on', () => {
  // Six hours of it, the order of each facility and the log of outages: test/faults/pace.test.ts.
  test('G27 maintenance: nothing is sent, then everything once', async () => {
    const client = rig.newClient();
    const send = () =>
      Promise.all(['a', 'b', 'c'].map((n) => client.sendClaim(account(), '99001', one(`LK-27${n}`))));
    await rig.control('POST', 'maintenance', { on: true });
    for (const result of await send())
      expect(result).toMatchObject({ outcome: 'notSent', next: 'retry-later', retryAfterSeconds: 60 });
    await rig.control('POST', 'maintenance', { on: false });
    for (const result of await send()) expect(result).toMatchObject({ outcome: 'received', attempts: 1 });
    expect(await rig.report()).toMatchObject({ records: { active: 3, replaced: 0 } });
  });

  test('G29 the token endpoint is down: whoever waits shares one call, and nobody storms it', async () => {
    const down = (type: Record<string, unknown>) =>
      rig.control('POST', 'faults', {
        match: { path: '/api/token/take' },
        when: 'after-auth',
        action: type,
        times: 99,
      });
    await down({ type: 'delay', ms: 30 });
    await down({ type: 'status', status: 500 });
    const client = rig.newClient();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => client.sendClaim(account(), '99001', one(`LK-29-${n}`))),
    );
    for (const result of results)
      expect(result).toMatchObject({
        outcome: 'notSent',
        next: 'retry-later',
        decidedBy: 'token',
        attempts: 0,
      });
    expect(await rig.tokenCalls()).toBe(1);
    expect(await rig.claimCalls()).toBe(0);
    await rig.control('DELETE', 'faults');
    expect(await client.sendClaim(account(), '99001', one('LK-29'))).toMatchObject({ outcome: 'received' });
    expect((await rig.report()).flags.concurrentTokenCalls).toBe(0);
  });

  test('G30 a burst of many facilities: one token each, every record once', async () => {
    const client = rig.newClient();
    const facilities = Array.from({ length: 60 }, (_, n) => String(99001 + n));
    const sent = facilities.flatMap((facility) =>
      ['1', '2', '3'].map((n) =>
        client.sendClaim(account(facility), facility, claimBytes({ maLk: `LK-${facility}-${n}`, facility })),
      ),
    );
    for (const result of await Promise.all(sent)) expect(result.outcome).toBe('received');
    expect(await rig.tokenCalls()).toBe(facilities.length);
    expect(await rig.report()).toMatchObject({
      records: { active: 180, replaced: 0 },
      flags: { concurrentTokenCalls: 0, twoActiveRecords: 0 },
    });
  });

  test.each([-300, 300])('G32 our clock is %i seconds off: at most one token is refused', async (seconds) => {
    rig.clock.advance(seconds);
    const client = rig.newClient();
    await client.sendClaim(account(), '99001', one('LK-32a'));
    await rig.control('POST', 'clock', { advanceSeconds: 601 });
    rig.clock.advance(601);
    expect(await client.sendClaim(account(), '99001', one('LK-32b'))).toMatchObject({ outcome: 'received' });
    expect(await rig.tokenCalls()).toBe(2);
    rig.clock.advance(-601 - seconds);
  });
});

describe('a gateway that is not there', () => {
  test('refused connection: nothing was sent, no exception', async () => {
    const client = rig.newClient({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    const result = await client.sendClaim(account(), '99001', one('LK-0'));
    expect(result).toMatchObject({
      outcome: 'notSent',
      next: 'retry-later',
      failure: 'connect',
      decidedBy: 'token',
      attempts: 0,
    });
  });

  test('unknown host: nothing was sent, no exception', async () => {
    const client = rig.newClient({ baseUrl: 'http://gateway.invalid' });
    expect(await client.takeToken(account())).toMatchObject({
      outcome: 'notSent',
      next: 'retry-later',
      failure: 'connect',
    });
  });

  test('a token answer that fails to parse never leaks the token', async () => {
    const server = createServer((_request, response) => {
      response.end('{"maKetQua":"500","APIKey":{"access_token":"SECRET-A","id_token":"SECRET-B"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await rig.newClient({ baseUrl }).takeToken(account());
    expect(result).toMatchObject({ outcome: 'notSent', code: '500' });
    expect(JSON.stringify(result)).not.toContain('SECRET');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('an endless answer is cut: unknown, and at most 64 KiB are kept', async () => {
    const server = createServer((request, response) => {
      request.resume();
      if (request.url === '/api/token/take') {
        response.end(
          '{"maKetQua":"200","APIKey":{"access_token":"a","id_token":"b","expires_in":"2026-11-23T02:10:00Z"}}',
        );
        return;
      }
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await rig.newClient({ baseUrl }).sendClaim(account(), '99001', one('LK-0'));
    expect(result).toMatchObject({ outcome: 'unknown', next: 'find-out-then-resend', failure: 'garbled' });
    expect(result.rawAnswer).toHaveLength(65_536);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
