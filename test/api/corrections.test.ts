import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildBatch, giveResults, readResults, sendClaim } from '../../src/exports/index.ts';
import { sendPaper } from '../../src/insurer/index.ts';
import { addDays, instantAt, localDate } from '../../src/platform/dates.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount } from '../harness/accounts.ts';
import { type Hospital, startHospital } from '../harness/hospital.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { at, type dischargedVisit, HOSPITAL, leaving, line, STATION } from '../harness/visit.ts';

interface Task {
  readonly id: string;
  readonly number: number;
  readonly cause: string;
  readonly code: string | null;
  readonly said: string | null;
  readonly message: string;
  readonly remedy: string;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly isLate: boolean;
  readonly assignedTo: string | null;
  readonly closedHow: string | null;
  readonly closedBy: string | null;
  readonly reopened: number;
}

const FACILITY = facilityIdOf(HOSPITAL);
const REASON = 'Bổ sung thuốc còn thiếu';
let plant: Plant;
let hospital: Hospital;
let ask: Hospital['ask'];
let visit: Awaited<ReturnType<typeof dischargedVisit>>;
let files = 0;

beforeAll(async () => {
  plant = await startPlant('postgres');
  hospital = await startHospital(plant);
  ({ ask } = hospital);
});
afterAll(() => plant.stop());
beforeEach(async () => {
  visit = await hospital.newVisit();
  await settled();
});

/** Settled, built and so far unsent. */
async function settled() {
  expect((await ask('POST', `${visit.path}/settlement`, {}, hospital.cashier)).status).toBe(201);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: HOSPITAL, body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, FACILITY);
}
const send = (number: number) => sendClaim(plant.parts, FACILITY, visit.id, number);
const tasks = async (query = '') =>
  (await ask<{ items: Task[] }>('GET', `/api/v1/corrections?encounterId=${visit.id}${query}`)).body.items;
/** What the portal says of the visit, as its export has it. */
async function portalSays(status: string, text = '', payment = '') {
  files += 1;
  const bytes = Buffer.from(
    `Mã LK;Trạng thái;Lý do;Trạng thái thanh toán;${files}\n${visit.claimKey};${status};${text};${payment};\n`,
  );
  const context = {
    userId: hospital.officer.id,
    facilityId: FACILITY,
    reach: 'facility',
    requestId: 'x',
  } as const;
  const { found } = await plant.database.transaction({ ...context, purpose: 'x' }, (tx) =>
    giveResults(tx, { id: FACILITY }, 'kq.csv', bytes, plant.clock.now()),
  );
  return (await readResults(plant.parts, FACILITY, found.id))!;
}
/** The visit is taken up again and gets one line more. */
async function corrected() {
  expect((await ask('POST', `${visit.path}/reopen`, { reason: REASON })).status).toBe(200);
  await ask('POST', `${visit.path}/discharge/undo`, { reason: REASON }, hospital.clinician);
  const added = { itemCode: 'T01', quantity: '10', dose: '1 viên/lần * 2 lần/ngày * 5 ngày' };
  await ask('POST', `${visit.path}/orders`, { lines: [line(added)] }, hospital.clinician);
  await ask('POST', `${visit.path}/discharge`, leaving({ endedAt: at('17:00') }), hospital.clinician);
  await settled();
}
interface Paper {
  readonly id: string;
  readonly state: string;
}
const statesOf = async () =>
  (
    await plant.server.database.query<{ state: string }>(
      `select distinct on (number) number || ' ' || type as state from claim_event where encounter_id = $1
       order by number, sequence desc`,
      [visit.id],
    )
  ).map(({ state }) => state);
const answerWith = (maKetQua: string) =>
  plant.control('POST', 'faults', {
    match: { path: '/api/qd130/guiHoSoXmlQD3176', maLk: visit.claimKey },
    when: 'after-auth',
    action: { type: 'code', maKetQua },
    times: 1,
  });

test('G26: errors found late open a task of two working days; the corrected version closes it', async () => {
  expect(await send(1)).toBe('received');
  expect(await tasks()).toEqual([]);
  await portalSays('Lỗi', 'XML2 dòng 1: SO_DANG_KY');
  const [task] = await tasks();
  const today = localDate(plant.clock.now());
  const due = instantAt(addDays(plant.parts.calendar.plus(today, 2), 1));
  expect(task).toMatchObject({ number: 1, cause: 'faulty', remedy: 'new-version', said: null });
  expect(new Date(task!.dueAt).toISOString()).toBe(due);
  // Said again it is the same task; the words are in the task itself.
  await portalSays('Lỗi', 'XML2 dòng 1: SO_DANG_KY');
  expect((await tasks()).map(({ id, reopened }) => [id, reopened])).toEqual([[task!.id, 0]]);
  const opened = await ask<Task>('GET', `/api/v1/corrections/${task!.id}`);
  expect(opened.body.said).toBe('XML2 dòng 1: SO_DANG_KY');
  expect(await tasks(`&state=open&dueBy=${addDays(today, -1)}`)).toEqual([]);
  expect((await tasks(`&state=open&dueBy=${plant.parts.calendar.plus(today, 2)}`)).length).toBe(1);

  await corrected();
  expect((await tasks('&state=open')).length).toBe(1);
  expect(await send(2)).toBe('received');
  expect((await tasks()).map(({ closedHow, closedBy }) => [closedHow, closedBy])).toEqual([
    ['received', null],
  ]);
  const compared = await ask<{
    differences: { table: string; field: string; oldRow: number | null; old: string | null; new: string }[];
    money: Record<string, { old: string; new: string; difference: string }>;
  }>('GET', `/api/v1/claims/${visit.id}/versions/1/compare/2`);
  const { differences, money } = compared.body;
  const drug = differences.filter(({ table }) => table === 'XML2');
  expect(drug.every(({ oldRow, old }) => oldRow === null && old === null)).toBe(true);
  expect(drug.find(({ field }) => field === 'SO_LUONG')?.new).toBe('10');
  const gross = money.grossAmount!;
  expect(Number(gross.difference)).toBe(Number(gross.new) - Number(gross.old));
  expect(Number(gross.difference)).toBeGreaterThan(0);
  // The service line stayed as it was: its row is found again.
  expect(differences.filter(({ table, oldRow }) => table === 'XML3' && oldRow === null)).toEqual([]);
  // Not a resend: nothing was assessed, so there is no form.
  const form = `/api/v1/corrections/${task!.id}/form-09bh?reason=x`;
  expect((await ask('GET', form)).status).toBe(409);
});

test('what the gateway refuses is a task at once, one for each cause', async () => {
  await answerWith('402');
  expect(await send(1)).toBe('notSent');
  expect((await tasks()).map(({ cause, code, remedy }) => [cause, code, remedy])).toEqual([
    ['stopped', '402', 'account-or-certificate'],
  ]);
  await answerWith('402');
  expect(await send(1)).toBe('notSent');
  // A wrong password, too, needs a person.
  await plant.control('POST', 'faults', {
    match: { path: '/api/qd130/guiHoSoXmlQD3176', maLk: visit.claimKey },
    when: 'after-auth',
    action: { type: 'code', maKetQua: '401' },
    times: 2,
  });
  expect(await send(1)).toBe('notSent');
  await answerWith('205');
  expect(await send(1)).toBe('refused');
  expect((await tasks('&state=open')).map(({ cause, code }) => `${cause} ${code}`).toSorted()).toEqual([
    'refused 205',
    'stopped 401',
    'stopped 402',
  ]);
});

test('a task is given to somebody, closed with a reason and opened again, and late when its time is over', async () => {
  await answerWith('205');
  await send(1);
  const [task] = await tasks();
  const path = `/api/v1/corrections/${task!.id}`;
  const elsewhere = await addAccount(plant.server.database, 'nurse', STATION);
  expect((await ask('POST', `${path}/assign`, { accountId: elsewhere.id })).status).toBe(422);
  const assigned = await ask<Task>('POST', `${path}/assign`, { accountId: hospital.officer.id });
  expect([assigned.status, assigned.body.assignedTo]).toEqual([200, hospital.officer.id]);
  expect((await tasks(`&assignedTo=${hospital.officer.id}`)).length).toBe(1);
  expect((await ask('POST', `${path}/reopen`, { reason: 'nhầm' })).status).toBe(409);
  const closed = await ask<Task>('POST', `${path}/close`, { reason: 'đã sửa tay' });
  expect([closed.status, closed.body.closedHow, closed.body.closedBy]).toEqual([
    200,
    'person',
    hospital.officer.id,
  ]);
  expect((await ask('POST', `${path}/close`, { reason: 'lần nữa' })).status).toBe(409);
  const again = await ask<Task>('POST', `${path}/reopen`, { reason: 'chưa xong' });
  expect([again.status, again.body.closedHow, again.body.reopened]).toEqual([200, null, 1]);
  expect(again.body.isLate).toBe(false);
  await plant.server.database.query(
    `update correction_task set due_at = now() - interval '1 minute' where id = $1`,
    [task!.id],
  );
  expect((await tasks()).map(({ isLate }) => isLate)).toEqual([true]);
});

test('what was assessed is not sent again: its correction is kept back, and form 09/BH goes to the insurer, once', async () => {
  await send(1);
  await portalSays('Từ chối', 'thiếu chỉ định');
  const [task] = await tasks();
  const today = localDate(plant.clock.now());
  expect(task).toMatchObject({
    cause: 'rejected',
    remedy: 'form-09BH',
  });
  const due = instantAt(addDays(plant.parts.calendar.plus(today, 3), 1));
  expect(new Date(task!.dueAt).toISOString()).toBe(due);
  expect(task!.message).toContain('09/BH');
  const path = `/api/v1/corrections/${task!.id}`;
  const download = `${path}/form-09bh?reason=${encodeURIComponent(REASON)}`;
  expect((await ask('GET', download)).status).toBe(409);
  await corrected();
  expect(await send(2)).toBe('skipped');
  expect(await statesOf()).toEqual(['1 rejected', '2 held']);
  expect((await tasks()).map(({ cause }) => cause)).toEqual(['rejected']);
  const form = await ask<string>('GET', download);
  const text = String(form.body);
  expect(form.status).toBe(200);
  expect(text).toContain('<SOBANG_XML>2</SOBANG_XML><TRANGTHAI>1</TRANGTHAI>');
  expect(text).toContain(`<LYDO>${REASON}</LYDO>`);
  expect(text).toContain(`<MA_LK>${visit.claimKey}</MA_LK>`);
  expect(text).toMatch(/<TT_HOSO Id="[^"]+">.*<\/TT_HOSO><CHUKYDONVI><\/CHUKYDONVI><\/HSDC09BH>$/);

  const handIn = (reason = REASON) => ask<Paper>('POST', `${path}/adjustment`, { reason });
  const paper = await handIn();
  expect(paper).toMatchObject({ status: 201, body: { kind: 'adjustment', state: 'built' } });
  expect((await handIn('nói cách khác')).status).toBe(409);
  // The answer is lost: nobody sends it again by itself, and nobody makes another one of it.
  await plant.control('POST', 'faults', {
    match: { path: '/api/HSDCTT12/GuiHoSoDieuChinh09BH' },
    when: 'after-persist',
    action: { type: 'reset' },
    times: 1,
  });
  await sendPaper(plant.parts, FACILITY, paper.body.id);
  await sendPaper(plant.parts, FACILITY, paper.body.id);
  expect((await ask<Paper>('GET', `/api/v1/papers/${paper.body.id}`)).body.state).toBe('unclear');
  expect((await handIn()).status).toBe(409);
  expect((await tasks('&state=open')).length).toBe(1);
  const seen = { decision: 'received', transactionId: '4001620261127000001', reason: 'cổng đã nhận' };
  expect((await ask('POST', `/api/v1/papers/${paper.body.id}/resolve`, seen)).status).toBe(200);
  expect(await plant.control('GET', 'calls?path=/api/HSDCTT12/GuiHoSoDieuChinh09BH')).toHaveLength(1);

  // The insurer has the second version by the form: it is never sent, the task is done, and the next form begins there.
  expect(await statesOf()).toEqual(['1 rejected', '2 withdrawn']);
  expect((await tasks()).map(({ closedHow }) => closedHow)).toEqual(['received']);
  expect((await handIn()).status).toBe(409);
});

test('payment was asked for, and the visit corrected: a task, the form, received', async () => {
  await send(1);
  await portalSays('Thành công', '', 'Đã đề nghị thanh toán');
  expect(await tasks()).toEqual([]);
  await corrected();
  expect(await send(2)).toBe('skipped');
  expect(await send(2)).toBe('skipped');
  const [task, ...more] = await tasks('&state=open');
  expect([task, more]).toMatchObject([{ number: 1, cause: 'assessed', remedy: 'form-09BH' }, []]);
  const made = await ask<Paper>('POST', `/api/v1/corrections/${task!.id}/adjustment`, { reason: REASON });
  await sendPaper(plant.parts, FACILITY, made.body.id);
  expect((await ask<Paper>('GET', `/api/v1/papers/${made.body.id}`)).body.state).toBe('received');
  expect(await statesOf()).toEqual(['1 paymentRequested', '2 withdrawn']);
  expect((await tasks()).map(({ closedHow }) => closedHow)).toEqual(['received']);
});

test('corrected again while form 09/BH is on its way: the next form begins at what the insurer took', async () => {
  await send(1);
  await portalSays('Thành công', '', 'Đã đề nghị thanh toán');
  await corrected();
  expect(await send(2)).toBe('skipped');
  const [task] = await tasks('&state=open');
  const handIn = () =>
    ask<Paper & { figures: object }>('POST', `/api/v1/corrections/${task!.id}/adjustment`, {
      reason: REASON,
    });
  const first = await handIn();
  await corrected();
  expect(await send(3)).toBe('skipped');
  await sendPaper(plant.parts, FACILITY, first.body.id);
  expect((await ask<Paper>('GET', `/api/v1/papers/${first.body.id}`)).body.state).toBe('received');
  // What waits for a form of its own keeps its task.
  expect(await statesOf()).toEqual(['1 paymentRequested', '2 withdrawn', '3 held']);
  expect((await tasks('&state=open')).map(({ id }) => id)).toEqual([task!.id]);
  const second = await handIn();
  expect([first, second]).toMatchObject([
    { status: 201, body: { figures: { from: 1, to: 2 } } },
    { status: 201, body: { figures: { from: 2, to: 3 } } },
  ]);
  await sendPaper(plant.parts, FACILITY, second.body.id);
  expect(await statesOf()).toEqual(['1 paymentRequested', '2 withdrawn', '3 withdrawn']);
  expect((await tasks()).map(({ closedHow }) => closedHow)).toEqual(['received']);
});
