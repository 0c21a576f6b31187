import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cardMeaning } from '../../src/gateway/card-verdict.ts';
import type { SubmissionKind } from '../../src/gateway/index.ts';
import { CARD_CODES, cardOfCode } from '../../src/gateway/simulator/people.ts';
import { moneyText } from '../../src/platform/money.ts';
import { CLAIM, goldenKey, PAPER, SIGNED_AT, signedBy } from '../signatures/keys.ts';
import { account, claimBytes, type Rig, startRig } from './gateway-fixtures.ts';

/** The calls beside claims and check-ins, against the simulator. */
let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.stop();
});
beforeEach(async () => {
  await rig.reset();
});

const set = (settings: Record<string, unknown>) => rig.control('POST', 'settings', settings);
const fault = (path: string, action: Record<string, unknown>, when = 'before-auth', times = 99) =>
  rig.control('POST', 'faults', { match: { path }, when, action, times });
const person = (code: string) => {
  const index = (CARD_CODES as readonly string[]).indexOf(code);
  return {
    card: cardOfCode(code),
    name: `Người Mẫu ${code}`,
    birth: `1990-02-${String((index % 28) + 1).padStart(2, '0')}`,
  };
};
const staff = { staffName: 'Nguyễn Thị Trực', staffNationalId: '040190000001' };
const askCard = (code: string, more = {}) =>
  rig.newClient().ask({ kind: 'card', ...person(code), ...staff, ...more }, account());

const paperOf = (root: string, inside = '<TT_HOSO Id="T-1"><A>1</A></TT_HOSO>') =>
  Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<${root}>${inside}<CHUKYDONVI></CHUKYDONVI></${root}>`,
  );

describe('papers, catalogues and forms', () => {
  const FORMS: readonly (readonly [SubmissionKind, string, string])[] = [
    ['certificates', 'HSCHUNGTU', '/api/chungtugw/GuiHoSoChungTu2025'],
    ['deathNotice', 'HSDLGBT', '/api/hososuckhoe/guiGiayToDienTu'],
    ['birthCertificate', 'HSDLGCS', '/api/hososuckhoe/guiGiayToDienTu'],
    ['departments', 'HSDANHMUC', '/api/DanhMucGW/GuiDanhMuc01_BPCMKBCB'],
    ['staff', 'HSDANHMUC', '/api/DanhMucGW/GuiDanhMuc02_NLKCB'],
    ['drugs', 'HSDANHMUC', '/api/DanhMucGW/GuiDanhMuc03_DMTHUOC'],
    ['supplies', 'HSDANHMUC', '/api/DanhMucGW/GuiDanhMuc04_DMVTYT'],
    ['services', 'HSDANHMUC', '/api/DanhMucGW/GuiDanhMuc05_DVKT'],
    ['equipment', 'HSDANHMUC', '/api/DanhMucGW/GuiDanhMuc06_DMTBYT'],
    ['monthlySummary', 'HSTH01BH', '/api/HoSoTongHop7980/GuiHoSoTongHop01BH'],
    ['adjustment', 'HSDC09BH', '/api/HSDCTT12/GuiHoSoDieuChinh09BH'],
  ];
  const PERIOD = { monthlySummary: '202611', adjustment: '202611' } as Partial<
    Record<SubmissionKind, string>
  >;
  const submission = (kind: SubmissionKind, root: string) => ({
    facilityCode: '99001',
    bytes: paperOf(root),
    ...(PERIOD[kind] === undefined ? {} : { period: PERIOD[kind] }),
  });

  test.each(FORMS)('%s: taken with id and time, secrets in their place', async (kind, root, path) => {
    const result = await rig.newClient().submit(kind, account(), submission(kind, root));
    expect(result).toMatchObject({ outcome: 'received', next: 'done', code: '200', decidedBy: kind });
    expect(result.transactionId).toMatch(/^99001\d{14}$/);
    expect(result.receivedAt).toBe('2026-11-23T02:00:00.000Z');
    const [call] = (await rig.control('GET', `calls?path=${path}`)) as {
      persisted: boolean;
      flags: string[];
    }[];
    expect(call).toMatchObject({ persisted: true, flags: ['unsignedFile'] });
    expect(await rig.report()).toMatchObject({ papers: 1, records: { active: 0 } });
  });

  test('the root of another form, an adjustment of nothing: refused', async () => {
    const sent = (kind: SubmissionKind, bytes: Buffer) =>
      rig.newClient().submit(kind, account(), { facilityCode: '99001', bytes, period: '202611' });
    expect(await sent('certificates', paperOf('HSDLGBT'))).toMatchObject({ code: '205', next: 'correct' });
    expect(await sent('adjustment', paperOf('HSDC09BH', '<A>1</A>'))).toMatchObject({ code: '123' });
    expect(await rig.report()).toMatchObject({ papers: 0 });
  });

  test('a month that is none, another facility, a file that is no XML: refused, to be corrected', async () => {
    const client = rig.newClient();
    const bytes = paperOf('HSTH01BH');
    const sent = (more: object) =>
      client.submit('monthlySummary', account(), { facilityCode: '99001', bytes, period: '202611', ...more });
    expect(await sent({ period: '202613' })).toMatchObject({
      code: '205',
      outcome: 'refused',
      next: 'correct',
    });
    expect(await sent({ facilityCode: '99002' })).toMatchObject({ code: '402', outcome: 'stopFacility' });
    expect(await sent({ bytes: Buffer.from('x') })).toMatchObject({ code: '201', next: 'correct' });
    expect(await rig.report()).toMatchObject({ papers: 0 });
  });

  test('are signed by Id; the signature of whole documents, a stranger and a changed file are answered with 125', async () => {
    await set({ 'submit.signature': 'verify' });
    const own = goldenKey();
    await rig.control('POST', 'certificates', { maCSKCB: '99001', pem: own.certificate });
    await rig.control('POST', 'clock', { now: SIGNED_AT.toISOString(), frozen: true });
    const send = (bytes: Buffer) =>
      rig.newClient().submit('certificates', account(), { facilityCode: '99001', bytes });
    const signed = signedBy(PAPER, own);
    expect(await send(signed)).toMatchObject({ outcome: 'received' });
    expect(await send(Buffer.from(PAPER))).toMatchObject({ code: '125', next: 'stop-signing' });
    const changed = Buffer.from(signed.toString().replace('<SOLUONGHOSO>1<', '<SOLUONGHOSO>2<'));
    expect(await send(changed)).toMatchObject({ code: '125' });
    const whole = signedBy(CLAIM, own).toString();
    const signature = whole.slice(whole.indexOf('<Signature'), whole.indexOf('</CHUKYDONVI>'));
    const wrongProfile = PAPER.replace('<CHUKYDONVI>', `<CHUKYDONVI>${signature}`);
    expect(await send(Buffer.from(wrongProfile))).toMatchObject({ code: '125' });
    const withTransforms = signed
      .toString()
      .replace('<DigestMethod', '<Transforms></Transforms><DigestMethod');
    await send(Buffer.from(withTransforms));
    const calls = (await rig.control('GET', 'calls?path=/api/chungtugw/GuiHoSoChungTu2025')) as object[];
    expect(calls.at(-1)).toMatchObject({ detail: expect.stringMatching(/not the profile/) });
    expect(await rig.report()).toMatchObject({ papers: 1, flags: { badSignature: 3 } });
  });

  test.each([
    ['documented', ['MaKetQua', 'MaGD', 'ThoiGianTiepNhan']],
    ['pascal', ['MaKetQua', 'MaGD', 'ThoiGianTiepNhan']],
    ['camel', ['maKetQua', 'maGD', 'thoiGianTiepNhan']],
  ])(
    'certificates are answered, taken or not, in their own names and codes: %s, as numbers',
    async (style, names) => {
      await set({ 'answer.case': style, 'answer.numericCodes': true });
      const client = rig.newClient();
      const send = (bytes: Buffer, facilityCode = '99001') =>
        client.submit('certificates', account(), { facilityCode, bytes });
      const told = ({ rawAnswer }: { readonly rawAnswer: string | null }) =>
        Object.entries(JSON.parse(rawAnswer ?? '') as object);
      const taken = await send(paperOf('HSCHUNGTU'));
      expect(taken).toMatchObject({
        outcome: 'received',
        code: '200',
        receivedAt: '2026-11-23T02:00:00.000Z',
      });
      expect(told(taken)).toEqual([
        [names[0], 200],
        [names[1], taken.transactionId],
        [names[2], '20261123090000'],
      ]);
      for (const wrong of [
        await send(Buffer.from('x')),
        await send(Buffer.from('')),
        await send(paperOf('HSDLGBT')),
        await send(paperOf('HSCHUNGTU'), '99002'),
      ]) {
        expect(wrong).toMatchObject({ outcome: 'refused', next: 'correct', code: '205', message: null });
        expect(told(wrong)).toEqual(names.map((name, index) => [name, index === 0 ? 205 : null]));
      }
      await set({ 'submit.maxBase64Chars': 8 });
      expect(told(await send(paperOf('HSCHUNGTU')))[0]).toEqual([names[0], 1001]);
      await rig.control('POST', 'accounts/99001_BV', { locked: true });
      const locked = await send(paperOf('HSCHUNGTU'));
      expect(locked).toMatchObject({ outcome: 'stopFacility', code: '403', decidedBy: 'token' });
      expect(await rig.report()).toMatchObject({ papers: 1, answers: { '401': 1 } });
    },
  );

  test('G36 the answer to a paper is lost: unknown, a person looks; nothing is sent again by itself', async () => {
    await fault('/api/chungtugw/GuiHoSoChungTu2025', { type: 'reset' }, 'after-persist', 1);
    const result = await rig
      .newClient()
      .submit('certificates', account(), submission('certificates', 'HSCHUNGTU'));
    expect(result).toMatchObject({
      outcome: 'unknown',
      next: 'ask-person',
      rule: 'unclear-paper',
      attempts: 1,
    });
    expect(await rig.report()).toMatchObject({ papers: 1 });
  });

  test('a session that is over is renewed once, in every shape of refusal', async () => {
    for (const [kind, root] of [
      ['certificates', 'HSCHUNGTU'],
      ['departments', 'HSDANHMUC'],
      ['adjustment', 'HSDC09BH'],
    ] as const) {
      const client = rig.newClient();
      await client.takeToken(account());
      const ttl = { advanceSeconds: 601, frozen: true };
      await rig.control('POST', 'clock', ttl);
      expect(await client.submit(kind, account(), submission(kind, root))).toMatchObject({
        outcome: 'received',
        attempts: 2,
        tokenRenewed: true,
      });
    }
  });
});

describe('looking up a card', () => {
  test.each(CARD_CODES)('G33 code %s has its meaning, whatever fields are missing', async (code) => {
    const reply = await askCard(code);
    const meaning = cardMeaning(code);
    if ('verdict' in meaning)
      expect(reply).toMatchObject({ trouble: null, code, found: { verdict: meaning.verdict } });
    else expect(reply).toMatchObject({ trouble: meaning.trouble, found: undefined });
    expect(reply.raw).toContain(code);
    // The session of a card that stands for a refused session is renewed, and refused again.
    expect((await rig.report()).answers[code]).toBe(code === '401' ? 2 : 1);
  });

  test.each([
    ['documented', 'MaKetQua', 'GhiChu'],
    ['camel', 'maKetQua', 'ghiChu'],
  ])('the co-payment answer follows the settings too: %s', async (style, code, text) => {
    await set({ 'answer.case': style, 'answer.numericCodes': true });
    const reply = await rig.newClient().ask({ kind: 'copay', ...person('000') }, account());
    expect(reply).toMatchObject({ trouble: null, code: '200' });
    expect(JSON.parse(reply.raw ?? '')).toMatchObject({ [code]: 200, [text]: expect.any(String) });
  });

  test('codes that come as numbers keep their meaning', async () => {
    await set({ 'answer.numericCodes': true });
    expect(await askCard('000')).toMatchObject({ code: '000', found: { verdict: 'good' } });
    expect(await askCard('010')).toMatchObject({ code: '010', found: { verdict: 'bad' } });
  });

  test('a good card tells its days, and where it is registered', async () => {
    expect((await askCard('000')).found).toMatchObject({
      card: cardOfCode('000'),
      birth: '1990-02-01',
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
      registeredFacilityCode: '99001',
      newCard: null,
    });
  });

  test.each([
    ['another name', { name: 'Lê Văn Khác' }, { code: '060', found: { verdict: 'bad' } }],
    ['another birth', { birth: '1991-02-01' }, { code: '070', found: { verdict: 'bad' } }],
    ['a birth of a year alone', { birth: '1990' }, { code: '000', found: { verdict: 'good' } }],
    ['its last ten characters', { card: cardOfCode('000').slice(-10) }, { code: '000' }],
    ['a card nobody has', { card: 'DN4990000088888' }, { code: '050', found: { verdict: 'bad' } }],
    ['no name of the staff', { staffName: '' }, { code: '205', trouble: 'question' }],
    ['a card too short', { card: 'DN4' }, { trouble: 'question' }],
  ])('%s', async (_name, more, reply) => {
    expect(await askCard('000', more)).toMatchObject(reply);
  });

  test.each([
    ['an error page', { type: 'status', status: 500 }, 'unavailable'],
    ['no connection', { type: 'reset' }, 'unavailable'],
    ['a cut answer', { type: 'truncate' }, 'unavailable'],
    ['no JSON', { type: 'garbage' }, 'unavailable'],
    ['refused for good', { type: 'code', maKetQua: '401' }, 'session'],
  ] as const)('G34 %s: says so and throws nothing', async (_name, action, trouble) => {
    await fault('/api/egw/KQNhanLichSuKCB2024', action);
    expect(await askCard('000')).toMatchObject({ trouble, found: undefined });
    const calls = (await rig.report()).calls['/api/egw/KQNhanLichSuKCB2024'];
    expect(calls).toBe(trouble === 'session' ? 2 : 1);
  });

  test.each([
    ['never comes', { type: 'drop' }],
    ['comes too late', { type: 'delay', ms: 5_000 }],
    ['ends after its header', { type: 'delay', ms: 5_000 }, 'after-answer-header'],
  ])(
    'G34 an answer that %s: unavailable when the time is over, nothing thrown',
    async (_name, action, when = 'after-auth') => {
      await fault('/api/egw/KQNhanLichSuKCB2024', action, when);
      const client = rig.newClient({ timeouts: { askMs: 150 } });
      const reply = await client.ask({ kind: 'card', ...person('000'), ...staff }, account());
      expect(reply).toMatchObject({ trouble: 'unavailable', found: undefined, code: null, raw: null });
      expect((await rig.report()).calls['/api/egw/KQNhanLichSuKCB2024']).toBe(1);
      // Another kind of question is not kept waiting by it.
      const other = await rig.newClient().ask({ kind: 'copay', ...person('000') }, account());
      expect(other.trouble).toBeNull();
    },
  );

  test('G34 a token that does not come in time: unavailable, and the card is not asked for', async () => {
    await fault('/api/token/take', { type: 'drop' });
    const client = rig.newClient({ timeouts: { tokenMs: 150 } });
    const reply = await client.ask({ kind: 'card', ...person('000'), ...staff }, account());
    expect(reply).toMatchObject({ trouble: 'unavailable', found: undefined });
    expect((await rig.report()).calls['/api/egw/KQNhanLichSuKCB2024']).toBeUndefined();
  });

  test('lookup.staff: who looks up must be registered by the facility, under the own name', async () => {
    const [seeded] = (await rig.control('GET', 'staff?maCSKCB=99001')) as { cccd: string; hoTen: string }[];
    const by = (staffNationalId: string, staffName: string) => askCard('000', { staffNationalId, staffName });
    const [cccd, hoTen] = [seeded?.cccd ?? '', seeded?.hoTen ?? ''];
    expect(await by('040190000001', 'Nguyễn Thị Trực')).toMatchObject({ code: '000' });
    await set({ 'lookup.staff': 'registered' });
    expect(await by('040190000001', 'Nguyễn Thị Trực')).toMatchObject({
      code: '054',
      trouble: 'configuration',
    });
    expect(await by('', hoTen)).toMatchObject({ code: '054' });
    expect(await by(cccd, 'Nguyễn Thị Trực')).toMatchObject({ code: '055', trouble: 'configuration' });
    expect(await by(cccd, ` ${hoTen.toUpperCase()}`)).toMatchObject({ code: '000', trouble: null });

    const added = { maCSKCB: '99001', cccd: '040190000001', hoTen: 'Nguyễn Thị Trực' };
    expect(await rig.control('POST', 'staff', added)).toEqual(added);
    expect(await by(added.cccd, added.hoTen)).toMatchObject({ code: '000' });
    const elsewhere = { kind: 'card', ...person('000'), ...staff } as const;
    expect(await rig.newClient().ask(elsewhere, account('99002'))).toMatchObject({ code: '054' });
    const history = { ...elsewhere, kind: 'history', staffName: 'Lê Văn Khác' } as const;
    expect(await rig.newClient().ask(history, account())).toMatchObject({
      code: '055',
      trouble: 'configuration',
    });
    // A question that cannot be read is told so before anybody is looked up.
    expect(await by(cccd, '')).toMatchObject({ code: '205' });
    await expect(rig.control('POST', 'staff', { ...added, cccd: '12' })).rejects.toThrow(
      /cccd: expected 12 digits/,
    );
  });

  test('an account that is locked, a wrong password', async () => {
    const client = rig.newClient();
    const question = { kind: 'card', ...person('000'), ...staff } as const;
    expect(await client.ask(question, account('99001', 'wrong'))).toMatchObject({ trouble: 'account' });
    await rig.control('POST', 'accounts/99001_BV', { locked: true });
    expect(await client.ask(question, account())).toMatchObject({ trouble: 'account' });
  });

  test('secrets in the address belong there with this family; elsewhere they are pointed out', async () => {
    await askCard('000');
    expect((await rig.report()).flags.secretInUrl).toBe(0);
    const calls = JSON.stringify(await rig.control('GET', 'calls'));
    expect(calls).not.toContain('SIM-99001');
  });
});

describe('history and co-payment', () => {
  const askHistory = (code = '000') =>
    rig.newClient().ask({ kind: 'history', ...person(code), ...staff }, account());
  const askCopay = (code = '000') => rig.newClient().ask({ kind: 'copay', ...person(code) }, account());

  test('a history, an empty one and none', async () => {
    expect(await askHistory()).toMatchObject({ trouble: null, found: [] });
    expect(await askHistory('004')).toMatchObject({ trouble: null, found: [] });
    const visit = {
      maHoSo: 'H1',
      maCSKCB: '99002',
      ngayVao: '202610101030',
      ngayRa: '202610101430',
      tenBenh: 'X',
    };
    const { card: maThe, name: hoTen } = person('000');
    await rig.control('POST', 'cards', { maThe, hoTen, ngaySinh: '01/02/1990', history: [visit] });
    expect((await askHistory()).found).toEqual([
      { id: 'H1', facilityCode: '99002', arrivedAt: '202610101030', endedAt: '202610101430', disease: 'X' },
    ]);
    expect(await askHistory('110')).toMatchObject({ trouble: 'question', found: undefined });
  });

  test('a co-payment is the highest total; nothing known is not zero', async () => {
    const { found, trouble } = await askCopay();
    expect(trouble).toBeNull();
    expect(found && moneyText(found.total)).toBe('1250000.00');
    expect(await askCopay('010')).toMatchObject({ trouble: null, found: null, code: '204' });
  });

  test('G35 an account that asked too often is told apart from a gateway that is ill', async () => {
    await set({ 'lookup.dailyLimit': 1 });
    expect((await askCopay()).trouble).toBeNull();
    expect(await askCopay()).toMatchObject({ trouble: 'restricted', code: '500' });
    await rig.control('POST', 'accounts/99001_BV', { restricted: false });
    await set({ 'lookup.dailyLimit': 0 });
    expect((await askCopay()).trouble).toBeNull();
    await rig.control('POST', 'accounts/99001_BV', { restricted: true });
    expect((await askCopay()).trouble).toBe('restricted');
    await rig.control('POST', 'accounts/99001_BV', { restricted: false });
    await fault('/api/TraCuuCCT/TraCuuTienMCCT', { type: 'status', status: 500 });
    expect((await askCopay()).trouble).toBe('unavailable');
  });

  test('a session that is over shows as an empty 401 there, and is renewed once', async () => {
    const client = rig.newClient();
    await client.takeToken(account());
    await rig.control('POST', 'clock', { advanceSeconds: 601, frozen: true });
    expect((await client.ask({ kind: 'copay', ...person('000') }, account())).trouble).toBeNull();
    expect(await rig.tokenCalls()).toBe(2);
  });
});

describe('results', () => {
  const DAY = '2026-11-23';
  const good = claimBytes({ maLk: 'LK-1' });
  const bad = claimBytes({ maLk: 'LK-2', summary: { NGAY_RA: '202611230700' } });

  test('G26 what was taken is good until the check is through; then days, transactions and errors tell', async () => {
    const client = rig.newClient();
    await client.sendClaim(account(), '99001', good);
    const second = await client.sendClaim(account(), '99001', bad);
    const days = () => client.ask({ kind: 'days', facilityCode: '99001', from: DAY, to: DAY }, account());
    const transactionId = second.transactionId ?? '';
    const errors = () => client.ask({ kind: 'errors', facilityCode: '99001', transactionId }, account());
    expect((await days()).found).toMatchObject([{ day: DAY, records: 2, good: 2, bad: 0 }]);
    expect((await errors()).found).toEqual([]);
    await rig.control('POST', 'clock', { advanceSeconds: 3, frozen: true });
    expect((await days()).found).toMatchObject([{ day: DAY, records: 2, good: 1, bad: 1 }]);
    expect((await errors()).found).toEqual([{ code: '124', text: expect.stringContaining('NGAY_RA') }]);
    const { found } = await client.ask({ kind: 'transactions', facilityCode: '99001', day: DAY }, account());
    expect(found).toMatchObject([
      { good: 1, bad: 0 },
      { transactionId, good: 0, bad: 1 },
    ]);
  });

  test('of other facilities nothing is told', async () => {
    const client = rig.newClient();
    const sent = await client.sendClaim(account(), '99001', good);
    const other = { kind: 'days', facilityCode: '99001', from: DAY, to: DAY } as const;
    expect(await client.ask(other, account('99002'))).toMatchObject({ trouble: 'account', code: '402' });
    const transactionId = sent.transactionId ?? '';
    expect(
      await client.ask({ kind: 'errors', facilityCode: '99002', transactionId }, account('99002')),
    ).toMatchObject({ trouble: 'question' });
  });

  test('submit.afterPaymentRequest: a record that was asked to be paid stands, unless the setting says otherwise', async () => {
    const client = rig.newClient();
    await client.sendClaim(account(), '99001', good);
    await rig.control('POST', 'payment-requests', { maCSKCB: '99001', maLk: 'LK-1' });
    expect(await client.sendClaim(account(), '99001', good)).toMatchObject({ code: '124', next: 'correct' });
    await set({ 'submit.afterPaymentRequest': 'replace' });
    expect(await client.sendClaim(account(), '99001', good)).toMatchObject({ outcome: 'received' });
    await expect(rig.control('POST', 'payment-requests', { maCSKCB: '99001', maLk: 'LK-9' })).rejects.toThrow(
      /404/,
    );
  });
});
