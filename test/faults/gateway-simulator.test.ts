import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startSimulator } from '../../src/gateway/simulator/index.ts';
import { cardOfCode } from '../../src/gateway/simulator/people.ts';
import type { Rig } from './gateway-fixtures.ts';
import {
  account,
  checkInBytes,
  claimBytes,
  envelope,
  md5,
  recordXml,
  startRig,
  summaryOf,
} from './gateway-fixtures.ts';

/** The simulator's own promises, spoken to without our client where the client would never do such a thing. */
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';
const TOKEN_PATH = '/api/token/take';
const FORM = 'application/x-www-form-urlencoded';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
beforeEach(async () => {
  await rig.reset();
});
afterAll(() => rig.stop());

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

async function post(path: string, headers: Record<string, string>, body: string | Buffer): Promise<Answer> {
  const response = await fetch(rig.url + path, {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, text, json };
}

async function session(
  facility = '99001',
  headers: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { username, passwordMd5 } = account(facility);
  const body = String(new URLSearchParams({ username, password: passwordMd5 }));
  const { json } = await post(TOKEN_PATH, { 'Content-Type': FORM, ...headers }, body);
  const key = json.APIKey as Record<string, string>;
  const [accessToken = '', tokenId = ''] = [key.access_token, key.id_token];
  return { 'Content-Type': FORM, accessToken, tokenId, passwordHash: passwordMd5 };
}

const fieldsOf = (file: Buffer, differs: Record<string, string> = {}) => ({
  username: '99001_BV',
  loaiHoSo: '130',
  maTinh: '99',
  maCSKCB: '99001',
  fileHSBase64: file.toString('base64'),
  ...differs,
});

async function submit(
  file: Buffer,
  differs: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const body = String(new URLSearchParams(fieldsOf(file, differs)));
  return post(CLAIM_PATH, { ...(await session()), ...headers }, body);
}

const good = claimBytes({ maLk: 'LK-1' });

/** Nothing was stored, whatever else happened. */
async function expectNothingStored(): Promise<void> {
  expect(await rig.report()).toMatchObject({
    transactions: 0,
    records: { active: 0, replaced: 0 },
    checkIns: 0,
  });
}

describe('order of checks', () => {
  test('G08 a right token with a wrong password hash', async () => {
    expect((await submit(good, {}, { passwordHash: md5('other') })).json.maKetQua).toBe('401');
    await expectNothingStored();
  });

  test.each([
    ['another content type', {}, { 'Content-Type': 'text/xml' }, '205'],
    ['JSON, which is not taken by default', {}, { 'Content-Type': 'application/json' }, '205'],
    ['no access token', {}, { accessToken: '' }, '401'],
    ['no token id', {}, { tokenId: '' }, '401'],
    ['a token id nobody has', {}, { tokenId: '00000000-0000-4000-8000-000000000001' }, '401'],
    ['a forged access token', {}, { accessToken: Buffer.from('x').toString('base64') }, '401'],
    ['another account than the session', { username: '99002_BV' }, {}, '401'],
    ['another address than the token (G07)', {}, { 'X-Sim-Client-Ip': '10.0.0.9' }, '401'],
    ['another record type', { loaiHoSo: '3' }, {}, '205'],
    ['another facility than the account (G13)', { maCSKCB: '99002' }, {}, '402'],
    ['G09 a file that is not base64', { fileHSBase64: 'ab*d' }, {}, '205'],
    ['base64 of the URL kind', { fileHSBase64: 'ab-_' }, {}, '205'],
    ['G10 an empty file', { fileHSBase64: '' }, {}, '204'],
  ])('%s', async (_name, fields: Record<string, string>, headers: Record<string, string>, code) => {
    expect((await submit(good, fields, headers)).json.maKetQua).toBe(code);
    await expectNothingStored();
  });

  test('G09 plus signs that were not escaped arrive as blanks and are refused', async () => {
    const file = claimBytes({ maLk: 'LK-1', summary: { DU_PHONG: '>>>>>>' } });
    const base64 = file.toString('base64');
    expect(base64).toContain('+');
    const { fileHSBase64: _file, ...others } = fieldsOf(file);
    const answer = await post(
      CLAIM_PATH,
      await session(),
      `${String(new URLSearchParams(others))}&fileHSBase64=${base64}`,
    );
    expect(answer.json.maKetQua).toBe('205');
    expect((await submit(file)).json.maKetQua).toBe('200');
  });

  test('a missing field', async () => {
    const { maTinh: _left, ...fields } = fieldsOf(good);
    const answer = await post(CLAIM_PATH, await session(), String(new URLSearchParams(fields)));
    expect(answer.json.maKetQua).toBe('205');
  });

  const xml = (text: string) => Buffer.from(text);
  const tables = (changed: Record<string, string | undefined>) =>
    claimBytes({ maLk: 'LK-1', tables: changed });
  test.each([
    ['G11 text instead of XML', xml('hello'), '201'],
    ['G11 an open element', xml('<GIAMDINHHS>'), '201'],
    ['G11 bytes that are not UTF-8', Buffer.from([0x3c, 0x61, 0xff, 0x2f, 0x3e]), '201'],
    ['G11 a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good]), '201'],
    ['G11 a document type', xml('<!DOCTYPE x><GIAMDINHHS/>'), '201'],
    ['G12 another root', xml('<HSDANHMUC/>'), '123'],
    ['G12 no signature slot', xml('<GIAMDINHHS><THONGTINDONVI/></GIAMDINHHS>'), '123'],
    ['G12 a wrong count', claimBytes({ maLk: 'LK-1', count: 2 }), '123'],
    ['G12 XML1 missing', tables({ XML1: undefined }), '123'],
    ['G12 an inner table cut', tables({ XML2: '<CHITIEU_CHITIET_THUOC>' }), '123'],
    ['G12 an inner root of another table', tables({ XML2: '<TONG_HOP/>' }), '123'],
    ['G12 a table that is not sent', tables({ XML12: '<CHI_TIEU_DU_LIEU_GIAM_DINH_YKHOA/>' }), '123'],
    ['G12 another MA_LK inside', tables({ XML1: summaryOf('LK-OTHER', '99001') }), '123'],
    ['an amount with three decimals', claimBytes({ maLk: 'LK-1', summary: { T_BHTT: '1.005' } }), '123'],
    ['an amount left empty', claimBytes({ maLk: 'LK-1', summary: { T_BHTT: '' } }), '123'],
    ['G13 another facility in the envelope', envelope([recordXml({ maLk: 'LK-1' })], '99002'), '123'],
    ['G13 another facility in XML1', claimBytes({ maLk: 'LK-1', summary: { MA_CSKCB: '99002' } }), '123'],
    ['two records in one file', envelope([recordXml({ maLk: 'LK-1' }), recordXml({ maLk: 'LK-2' })]), '123'],
  ])('%s', async (_name, file, code) => {
    const answer = await submit(file);
    expect(answer.json.maKetQua).toBe(code);
    expect(answer.json.thongDiep).toMatch(/^\[SIM\] /);
    await expectNothingStored();
  });

  test('the signature is looked at last: a file that is wrong otherwise is told what is wrong (step 14 before 15)', async () => {
    await rig.control('POST', 'settings', { 'submit.signature': 'presence' });
    const send = async (file: Buffer) => (await submit(file)).json.maKetQua;
    expect(await send(claimBytes({ maLk: 'LK-1', count: 2 }))).toBe('123');
    expect(await send(tables({ XML1: undefined }))).toBe('123');
    expect(await send(envelope([recordXml({ maLk: 'LK-1' })], '99002'))).toBe('123');
    expect(await send(good)).toBe('125');
    const checkIn = async (facility: string) => {
      const fields = fieldsOf(checkInBytes('LK-1', facility), { loaiHoSo: '0' });
      const path = '/api/qd130/checkInKcbQd3176';
      return (await post(path, await session(), String(new URLSearchParams(fields)))).json.maKetQua;
    };
    expect([await checkIn('99002'), await checkIn('99001')]).toEqual(['123', '125']);
    await expectNothingStored();
  });

  test('an unknown path is an HTML 404, as is GET', async () => {
    const answer = await post('/api/egw/KQNhanLichSuKCB595', {}, '');
    expect([answer.status, answer.text.startsWith('<!DOCTYPE html>')]).toEqual([404, true]);
    expect((await fetch(rig.url + CLAIM_PATH)).status).toBe(404);
  });

  test('the older claim and check-in paths are served too', async () => {
    for (const path of ['/api/qd130/guiHoSoXmlQD4750', '/api/qd130/guiHoSoXmlQD130']) {
      const answer = await post(path, await session(), String(new URLSearchParams(fieldsOf(good))));
      expect(answer.json.maKetQua).toBe('200');
    }
    const fields = fieldsOf(checkInBytes('LK-1'), { loaiHoSo: '0' });
    const answer = await post(
      '/api/qd130/checkInKcbQd4750',
      await session(),
      String(new URLSearchParams(fields)),
    );
    expect(answer.json.maKetQua).toBe('200');
  });
});

test('the card call of 2019 (E14) answers without being told who looks', async () => {
  const { accessToken, tokenId, passwordHash } = await session();
  const secrets = { token: accessToken!, id_token: tokenId!, username: '99001_BV', password: passwordHash! };
  const fields = { maThe: cardOfCode('000'), hoTen: 'Người Mẫu 000', ngaySinh: '01/02/1990' };
  const ask = (path: string) =>
    post(
      `/api/egw/${path}?${String(new URLSearchParams(secrets))}`,
      { 'Content-Type': FORM },
      String(new URLSearchParams(fields)),
    );
  const old = await ask('KQNhanLichSuKCB2019');
  expect(old.json).toMatchObject({ maKetQua: '000', maThe: cardOfCode('000'), gtTheDen: '31/12/2026' });
  expect((await ask('KQNhanLichSuKCB2024')).json.maKetQua).toBe('205');
});

describe('settings', () => {
  const set = (settings: object) => rig.control('POST', 'settings', settings);

  test('token.singleSession: a new token ends the old one', async () => {
    const send = (headers: Record<string, string>) =>
      post(CLAIM_PATH, headers, String(new URLSearchParams(fieldsOf(good))));
    const both = [await session(), await session()];
    expect((await send(both[0] ?? {})).json.maKetQua).toBe('200');
    await set({ 'token.singleSession': true });
    const [older, newer] = [await session(), await session()];
    expect((await send(older)).json.maKetQua).toBe('401');
    expect((await send(newer)).json.maKetQua).toBe('200');
  });

  test('token.ttlSeconds and token.bindIp', async () => {
    await set({ 'token.ttlSeconds': 5, 'token.bindIp': false });
    const headers = { ...(await session()), 'X-Sim-Client-Ip': '10.0.0.9' };
    const send = () => post(CLAIM_PATH, headers, String(new URLSearchParams(fieldsOf(good))));
    expect((await send()).json.maKetQua).toBe('200');
    await rig.control('POST', 'clock', { advanceSeconds: 5 });
    expect((await send()).json.maKetQua).toBe('401');
  });

  test('auth.md5Case and token.contentTypes', async () => {
    const fields = { username: '99001_BV', password: md5('SIM-99001').toLowerCase() };
    const take = (type: string, body: string) => post(TOKEN_PATH, { 'Content-Type': type }, body);
    const [form, json] = [String(new URLSearchParams(fields)), JSON.stringify(fields)];
    expect((await take(FORM, form)).json.maKetQua).toBe('200');
    expect((await take('application/json', json)).json.maKetQua).toBe('200');
    await set({ 'auth.md5Case': 'upper', 'token.contentTypes': 'form' });
    expect((await take(FORM, form)).json.maKetQua).toBe('401');
    expect((await take('application/json', json)).json.maKetQua).toBe('205');
  });

  test('submit.contentTypes: JSON is taken when allowed', async () => {
    await set({ 'submit.contentTypes': 'form+json' });
    const headers = { ...(await session()), 'Content-Type': 'application/json' };
    expect((await post(CLAIM_PATH, headers, JSON.stringify(fieldsOf(good)))).json.maKetQua).toBe('200');
  });

  test.each([
    ['code', 200, '1001', 'refused', 'correct'],
    ['http413', 413, undefined, 'refused', 'correct'],
    ['http404', 404, undefined, 'unknown', 'park'],
  ])('G18 submit.oversize as %s', async (shape, status, code, outcome, next) => {
    const length = good.toString('base64').length;
    await set({ 'submit.oversize': shape, 'submit.maxBase64Chars': length });
    expect((await submit(good)).json.maKetQua).toBe('200');
    await set({ 'submit.maxBase64Chars': length - 1 });
    const answer = await submit(good);
    expect([answer.status, answer.json.maKetQua]).toEqual([status, code]);
    const result = await rig.newClient().sendClaim(account(), '99001', good);
    expect(result).toMatchObject({ outcome, next });
  });

  test('G18 a body far beyond the limit is answered without being read', async () => {
    await set({ 'submit.maxBase64Chars': 1000 });
    const result = await rig.newClient().sendClaim(account(), '99001', Buffer.alloc(200_000, 120));
    expect(result).toMatchObject({ outcome: 'refused', next: 'correct', code: '1001' });
  });

  test('submit.maxHoSo: several records in one file, each with its own history', async () => {
    await set({ 'submit.maxHoSo': 0 });
    const file = envelope([recordXml({ maLk: 'LK-1' }), recordXml({ maLk: 'LK-2' })]);
    expect((await submit(file)).json.maKetQua).toBe('200');
    const report = await rig.report();
    expect(report).toMatchObject({
      records: { active: 2 },
      money: { T_BHTT: '160000.80' },
      flags: { moreThanOneHoSo: 1 },
    });
    const twice = envelope([recordXml({ maLk: 'LK-1' }), recordXml({ maLk: 'LK-1' })]);
    expect((await submit(twice)).json.maKetQua).toBe('123');
  });

  test('submit.facilityMismatch accept: stored and flagged', async () => {
    await set({ 'submit.facilityMismatch': 'accept' });
    expect((await submit(good, { maCSKCB: '99002' })).json.maKetQua).toBe('200');
    expect(await rig.report()).toMatchObject({ records: { active: 1 }, flags: { facilityMismatch: 1 } });
  });

  test('G16 submit.duplicate replace: new content replaces, sums follow', async () => {
    await submit(good);
    await submit(claimBytes({ maLk: 'LK-1', summary: { T_BHTT: '70000.4' } }));
    expect(await rig.report()).toMatchObject({
      records: { active: 1, replaced: 1 },
      money: { T_BHTT: '70000.40' },
    });
    expect((await rig.versions('LK-1')).map((version) => version.state)).toEqual(['replaced', 'active']);
  });

  test('G17 submit.duplicate reject: 124, the first stays', async () => {
    await set({ 'submit.duplicate': 'reject' });
    expect((await submit(good)).json.maKetQua).toBe('200');
    expect((await submit(good)).json.maKetQua).toBe('124');
    expect((await rig.report()).records).toEqual({ active: 1, replaced: 0 });
  });

  test('submit.duplicate second-record: both active, and flagged', async () => {
    await set({ 'submit.duplicate': 'second-record' });
    await submit(good);
    await submit(good);
    expect(await rig.report()).toMatchObject({
      records: { active: 2 },
      flags: { twoActiveRecords: 1 },
      money: { T_BHTT: '160000.80' },
    });
  });

  test('G14 submit.signature presence: unsigned refused with 125, something in the slot accepted', async () => {
    await set({ 'submit.signature': 'presence' });
    const client = rig.newClient();
    expect(await client.sendClaim(account(), '99001', good)).toMatchObject({
      outcome: 'stopFacility',
      next: 'stop-signing',
      code: '125',
    });
    await expectNothingStored();
    const signed = claimBytes({
      maLk: 'LK-1',
      signature: '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
    });
    expect(await client.sendClaim(account(), '99001', signed)).toMatchObject({ outcome: 'received' });
    expect((await rig.report()).flags.unsignedFile).toBe(1);
  });

  test('G14 submit.signature verify: what the facility did not register is refused with 125', async () => {
    await set({ 'submit.signature': 'verify' });
    expect((await submit(good)).json.maKetQua).toBe('125');
    const unreadable = claimBytes({
      maLk: 'LK-1',
      signature: '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
    });
    expect((await submit(unreadable)).json).toMatchObject({
      maKetQua: '125',
      thongDiep: expect.stringContaining('not registered for 99001'),
    });
    await expectNothingStored();
    expect((await rig.report()).flags).toMatchObject({ unsignedFile: 1, badSignature: 1 });
    const pem = 'x';
    await expect(rig.control('POST', 'certificates', { maCSKCB: '99001', pem })).rejects.toThrow(
      /not a certificate/,
    );
  });

  test('G26 submit.validation: content errors appear later, or at once and then nothing is stored', async () => {
    const wrong = claimBytes({ maLk: 'LK-26', summary: { NGAY_RA: '202611220930' } });
    const answer = await submit(wrong);
    expect(answer.json.maKetQua).toBe('200');
    expect((await rig.versions('LK-26'))[0]).toMatchObject({ status: 'checking', errors: [] });
    await rig.control('POST', 'clock', { advanceSeconds: 3 });
    expect((await rig.versions('LK-26'))[0]).toMatchObject({ status: 'error', errors: [{ maLoi: '124' }] });
    const transaction = await rig.control('GET', `transactions/${String(answer.json.maGiaoDich)}`);
    expect(transaction).toMatchObject({ isChecked: true, errors: [{ maLoi: '124' }], maCSKCB: '99001' });

    await rig.reset();
    await set({ 'submit.validation': 'sync' });
    expect((await submit(wrong)).json.maKetQua).toBe('124');
    await expectNothingStored();
  });

  test.each([
    [{ 'no.such': 1 }, /unknown setting no\.such/],
    [{ 'token.ttlSeconds': 0 }, /token\.ttlSeconds: expected a whole number from 1, got 0/],
    [{ 'submit.duplicate': 'maybe' }, /expected replace, reject, second-record, got .*maybe/],
  ])('%j is refused with what was expected', async (settings, message) => {
    await expect(set(settings)).rejects.toThrow(message);
  });
});

describe('faults', () => {
  const rule = (body: object) => rig.control('POST', 'faults', body);
  const send = async (maLk: string) =>
    (await rig.newClient().sendClaim(account(), '99001', claimBytes({ maLk }))).outcome;

  test('by record, by turn and at most so often', async () => {
    await rule({
      match: { path: CLAIM_PATH, maLk: 'LK-7*', nth: [2, 3] },
      when: 'after-auth',
      action: { type: 'code', maKetQua: '123' },
      times: 1,
    });
    const outcomes = [];
    for (const maLk of ['LK-7a', 'LK-1', 'LK-7b', 'LK-7c']) outcomes.push(await send(maLk));
    expect(outcomes).toEqual(['received', 'received', 'refused', 'received']);
    expect(await rig.control('GET', 'faults')).toMatchObject([{ matched: 3, fired: 1 }]);
    expect(await rig.control('DELETE', 'faults')).toEqual([]);
  });

  test('by facility', async () => {
    await rule({ match: { path: '/api/*', maCSKCB: '99002' }, action: { type: 'status', status: 502 } });
    expect(await send('LK-1')).toBe('received');
    const other = await rig.newClient().takeToken(account('99002'));
    expect(other).toMatchObject({ outcome: 'notSent', httpStatus: 502 });
  });

  test('a seed repeats its random faults', async () => {
    const run = async () => {
      await rig.reset();
      await rule({
        match: { path: CLAIM_PATH, probability: 0.5 },
        action: { type: 'code', maKetQua: '123' },
      });
      const client = rig.newClient();
      const outcomes = [];
      for (let n = 0; n < 12; n += 1) {
        outcomes.push((await client.sendClaim(account(), '99001', claimBytes({ maLk: `LK-${n}` }))).outcome);
      }
      return outcomes;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set(['received', 'refused']));
    expect(await run()).toEqual(first);
  });

  test('G19 a slow answer is still an answer, and calls say which faults acted', async () => {
    await rule({ match: { path: CLAIM_PATH }, when: 'after-persist', action: { type: 'delay', ms: 20 } });
    expect(await send('LK-1')).toBe('received');
    expect(await rig.control('GET', `calls?path=${CLAIM_PATH}`)).toMatchObject([
      { faults: ['after-persist:delay'], persisted: true },
    ]);
  });

  test.each([
    [{ action: { type: 'explode' } }, /action\.type: expected delay/],
    [{ when: 'never', action: { type: 'drop' } }, /when: expected before-auth/],
    [{ when: 'after-answer-header', action: { type: 'status' } }, /not possible after the answer's header/],
    [{ match: { nth: 2 }, action: { type: 'drop' } }, /match\.nth: expected a list/],
    [{ action: { type: 'status', status: 42 } }, /action\.status/],
  ])('%j is refused', async (body, message) => {
    await expect(rule(body)).rejects.toThrow(message);
  });
});

describe('what is recorded', () => {
  test('a call, without secrets', async () => {
    const client = rig.newClient();
    await client.takeToken(account());
    await rig.control('POST', 'clock', { advanceSeconds: 30 });
    await client.sendClaim(account(), '99001', good);
    const [call] = (await rig.control('GET', 'calls?maLk=LK-1')) as Record<string, unknown>[];
    expect(call).toMatchObject({
      path: CLAIM_PATH,
      account: '99001_BV',
      maCSKCB: '99001',
      ip: '127.0.0.1',
      tokenAgeSeconds: 30,
      headersPresent: ['content-type', 'accesstoken', 'tokenid', 'passwordhash'],
      fieldsPresent: ['username', 'loaiHoSo', 'maTinh', 'maCSKCB', 'fileHSBase64'],
      fileBytes: good.length,
      maLks: ['LK-1'],
      status: 200,
      maKetQua: '200',
      persisted: true,
      flags: ['unsignedFile'],
    });
    expect(JSON.stringify(call)).not.toContain(md5('SIM-99001'));
  });

  test('flags: plain password, secrets in the address, one payload too often', async () => {
    await post(TOKEN_PATH, { 'Content-Type': FORM }, 'username=99001_BV&password=SIM-99001');
    await post(
      `${CLAIM_PATH}?token=x&username=99001_BV`,
      await session(),
      String(new URLSearchParams(fieldsOf(good))),
    );
    expect((await rig.report()).flags).toMatchObject({ plainPassword: 1, secretInUrl: 1, samePayload: 0 });
    await rig.control('POST', 'settings', { 'flags.samePayload': 2 });
    for (let n = 0; n < 2; n += 1) await submit(good);
    expect((await rig.report()).flags.samePayload).toBe(1);
  });

  test('flags: two token calls of one account at a time', async () => {
    await rig.control('POST', 'faults', {
      match: { path: TOKEN_PATH },
      when: 'after-auth',
      action: { type: 'delay', ms: 30 },
    });
    await Promise.all([session(), session(), session('99002')]);
    expect((await rig.report()).flags.concurrentTokenCalls).toBe(1);
  });

  test('sums are exact over many records and per facility', async () => {
    const client = rig.newClient();
    for (let n = 0; n < 10; n += 1) {
      const facility = n < 3 ? '99002' : '99001';
      const bytes = claimBytes({
        maLk: `LK-${n}`,
        facility,
        summary: { T_BHTT: '0.1', T_BNCCT: '9007199254740993.01' },
      });
      await client.sendClaim(account(facility), facility, bytes);
    }
    expect((await rig.report()).money).toMatchObject({
      T_BHTT: '1.00',
      T_BNCCT: '90071992547409930.10',
      T_BHTT_GDV: '0.00',
    });
    const one = await rig.control('GET', 'report?maCSKCB=99002');
    expect(one).toMatchObject({ records: { active: 3 }, money: { T_BHTT: '0.30' } });
  });

  test('the page shows counts in the reader’s language', async () => {
    await submit(good);
    const page = async (language: string) =>
      (await fetch(rig.controlUrl, { headers: { 'Accept-Language': language } })).text();
    expect(await page('vi')).toContain('<td>Hồ sơ còn hiệu lực</td><td>1</td>');
    expect(await page('en')).toContain('<td>Active records</td><td>1</td>');
    expect(await page('vi')).toContain('80.000,40 đ');
  });

  test.each([
    ['GET', 'nothing', undefined, /404 .*known: POST reset/],
    ['GET', 'transactions/none', undefined, /404/],
    ['POST', 'accounts/nobody', { locked: true }, /404/],
    ['POST', 'accounts/99001_BV', { locked: 'yes' }, /400 .*locked/],
    ['POST', 'clock', {}, /400 .*expected now/],
    ['POST', 'maintenance', {}, /400 .*on: expected/],
    ['GET', 'calls?limit=0', undefined, /400 .*limit/],
  ])('control: %s %s is refused with the reason', async (method, path, body, message) => {
    await expect(rig.control(method, path, body)).rejects.toThrow(message);
  });

  test('control: the clock can be set and stopped', async () => {
    await rig.control('POST', 'clock', { now: '2027-01-31T16:59:59Z', frozen: true });
    await rig.control('POST', 'clock', { advanceSeconds: 0 });
    expect(await rig.control('GET', 'clock')).toEqual({ now: '2027-01-31T16:59:59.000Z' });
    expect((await submit(good)).json.thoiGianTiepNhan).toBe('20270131235959');
  });
});

test('every setting, flag and control request stands in the page for other vendors', async () => {
  const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
  const settings = Object.keys((await rig.control('GET', 'settings')) as object);
  const { flags } = await rig.report();
  const known = await rig.control('GET', 'nothing').catch((error: Error) => error.message);
  const requests = String(known).match(/(GET|POST|DELETE) [a-z-]+(?=[,"])/g) ?? [];
  expect(requests.length).toBeGreaterThan(15);
  const missing = [...settings, ...Object.keys(flags), ...requests].filter((name) => !page.includes(name));
  expect(missing).toEqual([]);
});

describe('the process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-simulator-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('with a snapshot file records outlive the process, also after a half-written line', async () => {
    const snapshotFile = join(folder, 'accepted.ndjson');
    const before = await startRig({ snapshotFile });
    await before.client.sendClaim(account(), '99001', good);
    await before.client.sendCheckIn(account(), '99001', checkInBytes('LK-1'));
    await before.client.sendClaim(account(), '99001', good);
    const report = await before.report();
    await before.stop();
    appendFileSync(snapshotFile, '{"kind":"claim","maGiaoD');

    const after = await startRig({ snapshotFile });
    const { records, checkIns, money, transactions } = await after.report();
    expect({ records, checkIns, money, transactions }).toEqual({
      records: { active: 1, replaced: 1 },
      checkIns: 1,
      money: report.money,
      transactions: 3,
    });
    const next = await after.client.sendClaim(account(), '99001', claimBytes({ maLk: 'LK-2' }));
    expect(next.transactionId).toBe('9900120261123000004');
    await after.stop();
    expect(readFileSync(snapshotFile, 'utf8').trimEnd().split('\n')).toHaveLength(4);
  });

  test('what was asked to be paid stays so after a restart', async () => {
    const snapshotFile = join(folder, 'payments.ndjson');
    const before = await startRig({ snapshotFile });
    for (const maLk of ['LK-1', 'LK-2'])
      await before.client.sendClaim(account(), '99001', claimBytes({ maLk }));
    await before.control('POST', 'payment-requests', { maCSKCB: '99001', maLk: 'LK-1' });
    await before.stop();

    const after = await startRig({ snapshotFile });
    const again = (maLk: string) => after.client.sendClaim(account(), '99001', claimBytes({ maLk }));
    expect(await again('LK-1')).toMatchObject({ outcome: 'refused', code: '124' });
    expect(await again('LK-2')).toMatchObject({ outcome: 'received', transactionId: '9900120261123000003' });
    expect(await after.report()).toMatchObject({ records: { active: 2, replaced: 1 }, transactions: 3 });
    await after.stop();
  });

  test('the same calls get the same answers, chance included, until the seed is another', async () => {
    const told = async (seed?: string) => {
      const one = await startRig(seed === undefined ? {} : { seed });
      const { id } = (await one.control('POST', 'faults', {
        id: 'half',
        match: { path: CLAIM_PATH, probability: 0.5 },
        when: 'after-persist',
        action: { type: 'status', status: 502 },
      })) as { id: string };
      const answers: string[] = [];
      for (let number = 1; number <= 12; number += 1) {
        const bytes = claimBytes({ maLk: `LK-${number}` });
        const { outcome, transactionId } = await one.client.sendClaim(account(), '99001', bytes);
        answers.push(`${outcome} ${transactionId}`);
      }
      const records = (await one.control('GET', 'records')) as { maLk: string; versions: unknown }[];
      await one.stop();
      return JSON.stringify([id, answers, records]);
    };
    const first = await told();
    expect(first).toContain('unknown null');
    expect(first).toContain('received 99001');
    expect(await told()).toBe(first);
    expect(await told('another')).not.toBe(first);
  });

  test('a snapshot that is not one stops the start', async () => {
    const snapshotFile = join(folder, 'broken.ndjson');
    writeFileSync(snapshotFile, 'no json\n');
    await expect(startSimulator({ port: 0, controlPort: 0, snapshotFile })).rejects.toThrow(SyntaxError);
  });

  test('only listed accounts exist when a list is given', async () => {
    const listed = await startRig({ accounts: ['99001'] });
    expect((await listed.client.takeToken(account())).outcome).toBe('received');
    expect(await listed.client.takeToken(account('99002'))).toMatchObject({
      outcome: 'stopFacility',
      code: '401',
    });
    await listed.stop();
  });

  test('a port that is taken is an error and leaves nothing open', async () => {
    const simulator = await startSimulator({ port: 0, controlPort: 0 });
    const taken = Number(new URL(simulator.controlUrl).port);
    await expect(startSimulator({ port: 0, controlPort: taken })).rejects.toThrow(/EADDRINUSE/);
    await simulator.stop();
    await expect(fetch(simulator.url)).rejects.toThrow();
  });

  test('stopping ends calls that wait in a fault', async () => {
    const busy = await startRig({});
    await busy.control('POST', 'faults', {
      match: { path: CLAIM_PATH },
      when: 'after-auth',
      action: { type: 'delay', ms: 60_000 },
    });
    const pending = busy.client.sendClaim(account(), '99001', good);
    while ((await busy.claimCalls()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await busy.stop();
    expect(await pending).toMatchObject({ outcome: 'unknown', failure: 'reset' });
  });
});
