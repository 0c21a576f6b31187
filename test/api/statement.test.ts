import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Credential } from '../../src/demo/client.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Statement } from '../../src/reports/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { pdfPages, pdfText } from '../harness/pdf.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { dischargedVisit, HOSPITAL, leaving, line, openVisit, person, wholeVisit } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

interface Settled {
  readonly totals: Readonly<Record<string, string>>;
}

async function settledVisit(lines: object[], number: string) {
  const visit = await dischargedVisit(server, lines, {
    person: { name: 'Trần Thị Bảng Kê' },
    card: { cardNumber: `DN44000000000${number}` },
  });
  const headers = { 'If-Match': visit.etag };
  const settled = await server.call('POST', `${visit.path}/settlement`, { body: {}, headers });
  if (settled.status !== 201) throw new Error(JSON.stringify(settled.body));
  return { ...visit, totals: (settled.body as Settled).totals };
}

async function statementOf(path: string, query = ''): Promise<Statement> {
  const answer = await server.call('GET', `${path}/statement${query}`);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body as Statement;
}

const fetched = (path: string) =>
  fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${tokenFor(HOSPITAL)}` } });
const linesOf = (statement: Statement) =>
  statement.splits.flatMap((split) =>
    split.groups.flatMap((group) => group.parts.flatMap((part) => part.lines)),
  );

describe('the statement of a settled visit', () => {
  test('says what the settlement says, as JSON, as a page and as PDF; each reading is in the trail', async () => {
    const visit = await settledVisit([line(), line({ quantity: '1' })], '20');
    const statement = await statementOf(visit.path);
    const { drugAmount: _drugs, supplyAmount: _supplies, ...totals } = visit.totals;
    expect(statement).toMatchObject({ version: 1, isDraft: false, isSuperseded: false, totals });
    expect(statement.splits.map((split) => split.card?.cardNumber)).toEqual(['DN4400000000020']);
    expect(statement.header.find((field) => field.key === 'patientName')?.text).toBe('Trần Thị Bảng Kê');

    const page = await fetched(`${visit.path}/statement.html`);
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html).toContain('Trần Thị Bảng Kê');
    // Its own style and nothing else: no script, nothing from outside.
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers.get('content-security-policy')).toBe(
      `default-src 'none';style-src 'sha256-${hash}';base-uri 'none';form-action 'none';frame-ancestors 'none'`,
    );

    const paper = await fetched(`${visit.path}/statement.pdf?version=1`);
    expect(paper.headers.get('content-type')).toBe('application/pdf');
    const text = pdfText(Buffer.from(await paper.arrayBuffer()));
    expect(text).toContain('Trần Thị Bảng Kê');

    const trail = await server.database.query(
      `select action, patient_id as "patientId", detail from audit_event
       where subject_id = $1 and action = 'encounter.statementRead'`,
      [visit.id],
    );
    const event = {
      action: 'encounter.statementRead',
      patientId: visit.patientId,
      detail: { settlement: 1 },
    };
    expect(trail).toEqual([event, event, event]);
  });

  test('of an old version: its own lines and amounts, also of a line that was cancelled since', async () => {
    const [kept, gone] = [line(), line({ itemCode: '02.1896' })];
    const visit = await settledVisit([kept, gone], '21');
    const first = await statementOf(visit.path);
    const officer = await addSession(
      server.database,
      await addAccount(server.database, 'insurance-officer', HOSPITAL),
    );
    let etag = (await server.call('GET', visit.path)).etag!;
    const reason = { reason: 'ghi nhầm' };
    const act = async (part: string, body: object, as: Credential | null = null) => {
      const headers = { 'If-Match': etag, 'Idempotency-Key': newId() };
      const answer = await server.api.call(
        'POST',
        `${visit.path}/${part}`,
        as ?? tokenFor(HOSPITAL),
        body,
        headers,
      );
      expect([part, answer.status < 300, answer.body]).toEqual([part, true, expect.anything()]);
      etag = answer.etag!;
    };
    await act('reopen', reason, officer);
    // Taken up again: what is printed without asking for a version is what would be now.
    expect(await statementOf(visit.path)).toMatchObject({ version: 0, isDraft: true });
    await act('discharge/undo', reason);
    await act(`orders/${(gone as { id: string }).id}/cancel`, reason);
    await act('discharge', leaving());
    await act('settlement', {});

    const old = await statementOf(visit.path, '?version=1');
    expect(old).toEqual({ ...first, isSuperseded: true });
    expect(linesOf(old)).toHaveLength(2);
    const newest = await statementOf(visit.path);
    expect(newest).toMatchObject({ version: 2, isSuperseded: false });
    expect(linesOf(newest).map((one) => one.lineId)).toEqual([(kept as { id: string }).id]);
    expect(await (await fetched(`${visit.path}/statement.html?version=1`)).text()).toContain('class="mark"');
    for (const form of ['', '.html', '.pdf'])
      expect((await server.call('GET', `${visit.path}/statement${form}?version=3`)).status).toBe(404);
  });

  test('before settlement it is a preview, marked, and nothing is stored', async () => {
    const visit = await openVisit(server, { card: { cardNumber: 'DN4400000000022' } });
    await server.call('POST', `${visit.path}/orders`, { body: { lines: [line()] } });
    const preview = await server.call('GET', `${visit.path}/settlement/preview`);
    const before = await writtenRows(server.database);
    const statement = await statementOf(visit.path);
    const { drugAmount: _drugs, supplyAmount: _supplies, ...totals } = (preview.body as Settled).totals;
    expect(statement).toMatchObject({ version: 0, isDraft: true, totals });
    expect(statement.splits.map((split) => split.card?.cardNumber)).toEqual(['DN4400000000022']);
    expect(await (await fetched(`${visit.path}/statement.html`)).text()).toContain('BẢN TẠM TÍNH');
    const paper = Buffer.from(await (await fetched(`${visit.path}/statement.pdf`)).arrayBuffer());
    expect(pdfText(paper)).toContain('BẢN TẠM TÍNH');
    expect(await writtenRows(server.database)).toEqual(before);
    expect((await server.call('GET', `${visit.path}/statement?version=1`)).status).toBe(404);
  });

  test('without a card everything is the patient’s', async () => {
    const registered = await server.call('POST', '/api/v1/patients', { body: person({ name: 'Lê Văn Tự' }) });
    const body = wholeVisit((registered.body as { id: string }).id, HOSPITAL);
    const recorded = await server.call('POST', '/api/v1/encounters/whole', { body });
    const path = `/api/v1/encounters/${(recorded.body as { id: string }).id}`;
    const statement = await statementOf(path);
    expect(statement.splits).toMatchObject([{ card: null, benefitRate: '0' }]);
    expect(statement.totals).toMatchObject({ insurerPays: '0.00', selfPay: statement.totals.grossAmount });
    expect(pdfText(await paperOf(path))).toContain('Không có thẻ BHYT chi trả');
  });

  test('five hundred lines are printed, on numbered pages', async () => {
    const visit = await openVisit(server, { card: { cardNumber: 'DN4400000000023' } });
    const pills = (count: number) =>
      Array.from({ length: count }, () =>
        line({ itemCode: 'T01', quantity: '3.333', dose: '1 viên/lần * 2 lần/ngày * 5 ngày' }),
      );
    for (const lines of [[line(), ...pills(199)], pills(200), pills(100)])
      expect((await server.call('POST', `${visit.path}/orders`, { body: { lines } })).status).toBe(201);
    const conditions = { conditions: [{ role: 'primary', code: 'J00' }] };
    const { etag } = await server.call('POST', `${visit.path}/conditions`, { body: conditions });
    const left = await server.call('POST', `${visit.path}/discharge`, {
      body: leaving(),
      headers: { 'If-Match': etag! },
    });
    const settled = await server.call('POST', `${visit.path}/settlement`, {
      body: {},
      headers: { 'If-Match': left.etag! },
    });
    expect(settled.status).toBe(201);
    const statement = await statementOf(visit.path);
    expect(linesOf(statement)).toHaveLength(500);
    expect(statement.totals.grossAmount).toBe((settled.body as Settled).totals.grossAmount);
    const pages = pdfPages(await paperOf(visit.path));
    expect(pages.length).toBeGreaterThan(10);
    for (const [index, text] of pages.entries())
      expect(text.replaceAll(' ', '')).toContain(`Trang${index + 1}/${pages.length}`);
  });
});

async function paperOf(path: string): Promise<Buffer> {
  return Buffer.from(await (await fetched(`${path}/statement.pdf`)).arrayBuffer());
}
