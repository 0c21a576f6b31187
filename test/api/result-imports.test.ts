import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeXlsx } from 'hucre/xlsx';
import { documentBytes } from '../../src/claims/index.ts';
import type { Session } from '../../src/demo/client.ts';
import { askResults, buildBatch, planQuestions, sendClaim, sweepUploads } from '../../src/exports/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import type { QueueJob } from '../../src/platform/queue/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { resultImport } from '../../workers/result-import.worker.ts';
import { officersOn } from '../harness/officers.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

interface Import {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly matched: number;
  readonly changed: number;
  readonly unmatched: number;
  readonly contradicting: number;
}
interface Row {
  readonly sheetRow: number;
  readonly verdict: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly encounterId: string | null;
  readonly appended: readonly string[];
}
interface Sent {
  readonly encounterId: string;
  readonly claimKey: string;
  readonly transactionId: string | null;
  readonly insurerPays: string;
}

const IMPORTS = '/api/v1/result-imports';
const HEAD = ['Mã giao dịch', 'Mã liên kết', 'Trạng thái', 'Trạng thái thanh toán', 'T_BHTT', 'Mô tả lỗi'];
const A = facilityIdOf(HOSPITAL);
let plant: Plant;
let officer: Session;
let stationOfficer: Session;
let office: Session;
let sent: Sent[];

beforeAll(async () => {
  plant = await startPlant('postgres');
  const officers = await officersOn(plant.server.database);
  [officer, stationOfficer, office] = [officers.hospital, officers.station, officers.office];
  await plant.record(14, [HOSPITAL]);
  const run = await plant.server.call('POST', '/api/v1/export-runs', {
    as: HOSPITAL,
    body: { day: plant.day },
  });
  await buildBatch(plant.parts, (run.body as { id: string }).id, A);
  const built = await states();
  // One call loses its answer, one is never made, the others are received.
  const [lost, ...others] = built;
  await plant.control('POST', 'faults', {
    match: { path: '/api/qd130/guiHoSoXmlQD3176', maLk: lost!.claimKey },
    when: 'after-persist',
    action: { type: 'reset' },
    times: 1,
  });
  for (const one of [lost!, ...others.slice(0, -1)]) await sendClaim(plant.parts, A, one.encounterId, 1);
  sent = await states();
});
afterAll(() => plant.stop());

/** The newest claims of the hospital, by key. */
async function states(): Promise<(Sent & { state: string })[]> {
  return plant.server.database.query(
    `select c.encounter_id as "encounterId", c.claim_key as "claimKey", s.insurer_pays::text as "insurerPays",
       (select max(e.transaction_id) from claim_event e where e.encounter_id = c.encounter_id) as "transactionId",
       (select e.type from claim_event e where e.encounter_id = c.encounter_id order by e.sequence desc limit 1) as state
     from claim_version c join settlement s on s.encounter_id = c.encounter_id and s.version = c.settlement_version
     where c.facility_id = $1 order by c.claim_key`,
    [A],
  );
}
const stateOf = async (one: Sent) =>
  (await states()).find(({ encounterId }) => encounterId === one.encounterId)!.state;

const rowOf = (
  one: Sent,
  status: string,
  more: { payment?: string; amount?: string; text?: string } = {},
) => [
  one.transactionId,
  one.claimKey,
  status,
  more.payment ?? 'Chưa đề nghị thanh toán',
  Number(more.amount ?? one.insurerPays),
  more.text ?? null,
];
const workbook = async (rows: (string | number | null)[][]) =>
  Buffer.from(await writeXlsx({ sheets: [{ name: 'KQ', rows: [['Kết quả gửi hồ sơ'], HEAD, ...rows] }] }));
const give = async (bytes: Buffer, by = officer) => {
  const headers = { 'Idempotency-Key': newId() };
  const answer = await plant.server.api.call('POST', `${IMPORTS}?name=kq.xlsx`, by, bytes, headers);
  return { status: answer.status, found: answer.body as Import };
};
const read = async <T>(path: string, by = officer) =>
  (await plant.server.api.call('GET', path, by)).body as T;
async function taken(bytes: Buffer, by = officer): Promise<Import> {
  const { found } = await give(bytes, by);
  const data = { importId: found.id, facilityId: by === officer ? A : facilityIdOf(STATION) };
  await resultImport.handle({ id: 'x', name: 'read', data } as unknown as QueueJob, plant.parts);
  return read<Import>(`${IMPORTS}/${found.id}`, by);
}
const rowsOf = async ({ id }: Import, query = '') =>
  (await read<{ items: Row[] }>(`${IMPORTS}/${id}/rows${query}`)).items;
const counts = ({
  matched,
  changed,
  unmatched,
  contradicting,
}: Pick<Import, 'matched' | 'changed' | 'unmatched' | 'contradicting'>) => [
  matched,
  changed,
  unmatched,
  contradicting,
];

test('rows find their claims, tell the ledger what it did not know, and what does not fit is shown', async () => {
  const [lost, good, paid, wrong, denied, other, amount, unsent] = [
    ...sent.slice(0, 7),
    sent.at(-1)!,
  ] as Sent[];
  const file = await workbook([
    // The answer to this call was lost: the portal knows its number.
    ['SO-LA-1', lost!.claimKey, 'Thành công', null, null, null],
    rowOf(good!, 'THÀNH CÔNG'),
    rowOf(paid!, 'Thành công', { payment: 'Đã thanh toán' }),
    rowOf(wrong!, 'Lỗi', { text: 'XML2 dòng 3: SO_DANG_KY' }),
    rowOf(denied!, 'Từ chối', { payment: 'Đã đề nghị thanh toán' }),
    ['SO-LA-2', other!.claimKey, 'Thành công', null, null, null],
    rowOf(amount!, 'Thành công', { amount: '1' }),
    ['SO-LA-3', unsent!.claimKey, 'Thành công', null, null, null],
    ['SO-LA-4', 'KHONG-CO', 'Thành công', null, null, null],
    [null, null, 'Lỗi', null, null, null],
  ]);
  const one = await taken(file);
  expect([one.state, ...counts(one)]).toEqual(['read', 5, 5, 2, 3]);
  expect(
    (await rowsOf(one)).map(({ sheetRow, verdict, reason, appended }) => [
      sheetRow,
      verdict,
      reason,
      appended,
    ]),
  ).toEqual([
    [3, 'matched', null, ['received', 'confirmed']],
    [4, 'matched', null, ['confirmed']],
    [5, 'matched', null, ['confirmed', 'paymentRequested', 'settled']],
    [6, 'matched', null, ['faulty']],
    [7, 'matched', null, ['rejected']],
    [8, 'contradicting', 'other-transaction', []],
    [9, 'contradicting', 'amount-differs', []],
    [10, 'contradicting', 'not-sent-here', []],
    [11, 'unmatched', 'no-such-claim', []],
    [12, 'unmatched', 'no-id', []],
  ]);
  expect(await Promise.all([lost!, good!, paid!, wrong!, denied!].map(stateOf))).toEqual([
    'confirmed',
    'confirmed',
    'settled',
    'faulty',
    'rejected',
  ]);
  // What is received is not sent again.
  expect(await sendClaim(plant.parts, A, lost!.encounterId, 1)).toBe('skipped');
  const contradicting = await rowsOf(one, '?verdict=contradicting');
  expect(contradicting.map(({ sheetRow }) => sheetRow)).toEqual([8, 9, 10]);
  expect(contradicting.every(({ message, encounterId }) => message !== null && encounterId !== null)).toBe(
    true,
  );
  // The raw words of the insurer stand in the ledger.
  const [event] = await plant.server.database.query<{ cause: string; raw: string }>(
    `select cause, raw_answer as raw from claim_event where encounter_id = $1 and type = 'faulty'`,
    [wrong!.encounterId],
  );
  expect([event!.cause, (JSON.parse(event!.raw) as { text: string }).text]).toEqual([
    'portal-export',
    'XML2 dòng 3: SO_DANG_KY',
  ]);

  // The same file is nothing twice; another with the same rows says nothing new.
  const before = await writtenRows(plant.server.database, [
    'idempotency',
    'audit_event',
    'audit_chain',
    'audit_round',
  ]);
  const again = await give(file);
  expect([again.status, again.found.id]).toEqual([202, one.id]);
  await resultImport.handle(
    { id: 'x', name: 'read', data: { importId: one.id, facilityId: A } } as unknown as QueueJob,
    plant.parts,
  );
  expect(
    await writtenRows(plant.server.database, ['idempotency', 'audit_event', 'audit_chain', 'audit_round']),
  ).toEqual(before);
  const repeated = await taken(
    Buffer.from(`${HEAD.join(';')}\n${good!.transactionId};;Thành công;;;\n${lost!.claimKey};;Lỗi;;;\n`),
  );
  expect(counts(repeated)).toEqual([1, 0, 1, 0]);
});

test('a file that is no export is refused and says why; nobody else sees the rows', async () => {
  const one = await taken(Buffer.from('<html><table><tr><td>Mã giao dịch</td></tr></table></html>'));
  expect([one.state, one.reason, ...counts(one)]).toEqual(['refused', 'web-page', 0, 0, 0, 0]);
  expect(one.message).toContain('trang web');
  const status = async (path: string, by: Session) => (await plant.server.api.call('GET', path, by)).status;
  expect(await status(`${IMPORTS}/${one.id}`, stationOfficer)).toBe(404);
  expect(await status(`${IMPORTS}/${one.id}`, office)).toBe(200);
  expect(await status(`${IMPORTS}/${one.id}/rows`, office)).toBe(403);
  // Another facility's claims are nobody's there.
  const theirs = await taken(await workbook([rowOf(sent[1]!, 'Lỗi')]), stationOfficer);
  expect(counts(theirs)).toEqual([0, 0, 1, 0]);
});

test('an import whose job was lost is found by the sweep; one that stopped half way goes on where it was', async () => {
  const rows = Array.from({ length: 450 }, (_one, index) => [`X${index}`, null, 'Lỗi', null, null, null]);
  const { found } = await give(await workbook(rows));
  await plant.server.database.query('delete from outbox');
  plant.clock.advance(120_000);
  await sweepUploads(plant.parts);
  const jobs = await plant.server.database.query<{ data: object }>(
    `select data from outbox where queue = 'result-import'`,
  );
  expect(jobs.map(({ data }) => data)).toEqual([{ importId: found.id, facilityId: A }]);
  // The connection breaks in the second part.
  let parts = 0;
  const breaking = {
    ...plant.parts,
    database: {
      ...plant.database,
      transaction: ((...given: Parameters<typeof plant.database.transaction>) => {
        parts += 1;
        if (parts === 3) throw new Error('gone');
        return plant.database.transaction(...given);
      }) as typeof plant.database.transaction,
    },
  };
  const job = { id: 'x', name: 'read', data: { importId: found.id, facilityId: A } } as unknown as QueueJob;
  await expect(resultImport.handle(job, breaking)).rejects.toThrow('gone');
  expect((await read<Import>(`${IMPORTS}/${found.id}`)).unmatched).toBe(200);
  await resultImport.handle(job, plant.parts);
  const done = await read<Import>(`${IMPORTS}/${found.id}`);
  expect([done.state, done.unmatched]).toEqual(['read', 450]);
  expect((await rowsOf(done, '?limit=1000')).length).toBe(450);
});

test('G26 by the 4210 calls: errors at once, success after a day, the same answer once', async () => {
  // The last one was not sent yet; its end is put before its beginning, which the gateway finds out later.
  const wrong = (await states()).at(-1)!;
  const [document] = await plant.server.database.query<{ compressed: Buffer }>(
    'select compressed from claim_document where encounter_id = $1',
    [wrong.encounterId],
  );
  const xml = documentBytes(document!.compressed)
    .toString()
    .replace(/(?<=<NOIDUNGFILE>)[^<]*/, (content) => {
      const table = Buffer.from(content, 'base64').toString();
      return Buffer.from(table.replace(/(?<=<NGAY_RA>)\d{4}/, '2020')).toString('base64');
    });
  await plant.server.database.query('update claim_document set compressed = $2 where encounter_id = $1', [
    wrong.encounterId,
    gzipSync(xml),
  ]);
  expect(await sendClaim(plant.parts, A, wrong.encounterId, 1)).toBe('received');
  const { now } = await plant.control<{ now: string }>('POST', 'clock', { advanceSeconds: 5 });
  const day = localDate(now);
  const first = await askResults(plant.parts, A, day);
  expect([first.trouble, counts(first.found!)]).toEqual([null, [1, 1, 0, 0]]);
  const [task] = await plant.server.database.query<{ cause: string; said: string }>(
    'select cause, said from correction_task where encounter_id = $1',
    [wrong.encounterId],
  );
  expect([await stateOf(wrong), task!.cause, task!.said]).toEqual([
    'faulty',
    'faulty',
    expect.stringContaining('NGAY_RA'),
  ]);
  const again = await askResults(plant.parts, A, day);
  expect(again.found!.id).toBe(first.found!.id);
  // A day later what has no errors is good; what the portal said before is no news.
  plant.clock.advance(25 * 3_600_000);
  const waiting = (await states()).filter(({ state }) => state === 'received').length;
  expect(waiting).toBeGreaterThan(0);
  const later = await askResults(plant.parts, A, day);
  expect(later.found!.changed).toBe(waiting);
  expect((await states()).filter(({ state }) => state === 'received')).toEqual([]);
  expect(await askResults(plant.parts, A, addDays(day, 3))).toEqual({ found: null, trouble: null });
});

test('asking is off unless days are set, and one round asks each facility once', async () => {
  const asked = async () =>
    (await plant.server.database.query(`select from outbox where queue = 'result-import' and name = 'ask'`))
      .length;
  await planQuestions(plant.parts, 'now');
  expect(await asked()).toBe(0);
  await planQuestions({ ...plant.parts, resultQueryDays: 2 }, 'now');
  expect(await asked()).toBeGreaterThan(1);
});

test('a gateway that is ill when asked for results is left alone, and claims go on', async () => {
  const deps = { ...plant.parts, resultQueryDays: 1 };
  const job = { id: 'q', name: 'ask', data: { facilityId: A } } as unknown as QueueJob;
  const path = '/api/egw/nhanKQTiepNhanHS4210';
  const calls = async () =>
    (await plant.control<{ calls: Record<string, number> }>('GET', 'report')).calls[path] ?? 0;
  await plant.control('POST', 'faults', {
    match: { path },
    when: 'before-auth',
    action: { type: 'status', status: 500 },
  });
  const before = await calls();
  for (let round = 0; round < 7; round += 1) await resultImport.handle(job, deps);
  expect((await calls()) - before).toBe(5);
  const channels = await plant.server.database.query(
    `select family, state from gateway_channel where facility_id = $1 and state <> 'closed'`,
    [A],
  );
  expect(channels).toEqual([{ family: 'results', state: 'open' }]);
  // After its pause one round tries, and an answer closes the channel.
  await plant.control('DELETE', 'faults');
  plant.clock.advance(6 * 60_000);
  await resultImport.handle(job, deps);
  await resultImport.handle(job, deps);
  expect((await calls()) - before).toBe(7);
});
