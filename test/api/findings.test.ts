import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Finding, FindingSummary, VisitFinding } from '../../schemas/api/findings.ts';
import { buildBatch } from '../../src/exports/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { at, dischargedVisit, HOSPITAL, leaving, line, openVisit, STATION } from '../harness/visit.ts';

const FACILITY = facilityIdOf(HOSPITAL);
let plant: Plant;
let officer: Awaited<ReturnType<typeof addSession>>;
beforeAll(async () => {
  plant = await startPlant('postgres');
  officer = await addSession(
    plant.server.database,
    await addAccount(plant.server.database, 'insurance-officer', HOSPITAL),
  );
});
afterAll(() => plant.stop());

interface Answer {
  readonly version: number;
  readonly findings: readonly Finding[];
}
/** The hospital's server, as the helpers of visits want it. */
const here = () => ({
  ...plant.server,
  call: ((method, path, options) =>
    plant.server.call(method, path, { as: HOSPITAL, ...options })) as Plant['server']['call'],
});
async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await here().call(method, path, { body, headers });
  return { ...answer, body: answer.body as Answer };
}
const spoken = (findings: readonly Finding[]) =>
  findings.map(({ rule, table, row, field }) => `${rule} ${table}${row === null ? '' : `:${row}`} ${field}`);

const DIAGNOSED = { conditions: [{ role: 'primary', code: 'J00' }] };
/** An inflammation of the cervix: an error where the patient is a man. */
const OF_WOMEN = { conditions: [{ role: 'primary', code: 'N72' }] };
let people = 0;
/** Somebody who was never here, with a card of their own. */
function somebody({ sexCode = '2', ...arrival }: { sexCode?: string; weightKg?: string } = {}) {
  people += 1;
  const number = String(people).padStart(6, '0');
  return {
    person: { sexCode, name: 'Trần Mẫu Mực', nationalId: `040${sexCode === '1' ? 0 : 1}90${number}` },
    card: { cardNumber: `DN440009${number}0`.padEnd(15, '1') },
    arrival: { routeCode: '1.1', ...arrival },
  };
}
const aMan = () => somebody({ sexCode: '1' });
/** A minute of its own: one doctor sees one patient at a time. */
const exam = () => line({ orderedAt: at(`08:${String(10 + (people % 49)).padStart(2, '0')}`) });

describe('what is saved is answered with what the rules say of it, in the same call', () => {
  test('orders: of the lines that were saved, each by its id', async () => {
    const visit = await openVisit(here(), somebody());
    const drug = line({ itemCode: 'T01', quantity: '10', orderedAt: at('09:30'), dose: 'uống khi sốt' });
    const ordered = await call('POST', `${visit.path}/orders`, { lines: [exam(), drug] });
    expect([ordered.status, ordered.body.findings]).toEqual([
      201,
      [
        {
          key: expect.stringMatching(/^[0-9a-f]{32}$/),
          rule: 'DRG_DOSE_FORMAT',
          severity: 'warning',
          effect: 'warn',
          table: 'XML2',
          row: 1,
          field: 'LIEU_DUNG',
          lineId: drug.id,
          message: "XML2 dòng 1: liều dùng 'uống khi sốt' không đúng mẫu.",
          values: { value: 'uống khi sốt' },
          amount: null,
          cause: { kind: 'drug', key: expect.any(String) },
        },
      ],
    ]);
    // The next order is answered about its own lines.
    const next = await call('POST', `${visit.path}/orders`, {
      lines: [line({ itemCode: '22.0121.1369', orderedAt: at('09:35') })],
    });
    expect([next.status, next.body.findings]).toEqual([201, []]);
    // What stands of the whole visit is told on request, and is not stored.
    const all = await call('GET', `${visit.path}/findings`);
    expect(all.body).toMatchObject({ stage: 'order', items: [{ rule: 'DRG_DOSE_FORMAT', foundAt: null }] });
    expect(await stored(visit.id)).toEqual([]);
  });

  test('in the language of whoever reads it', async () => {
    const visit = await openVisit(here(), somebody());
    const drug = line({ itemCode: 'T01', quantity: '10', orderedAt: at('09:30'), dose: 'uống khi sốt' });
    const english = { 'Accept-Language': 'en' };
    const { body } = await call('POST', `${visit.path}/orders`, { lines: [drug] }, english);
    expect(body.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^XML2 row 1: .*uống khi sốt/),
    ]);
  });

  test('diagnoses, also against the sex of the patient', async () => {
    const visit = await openVisit(here(), aMan());
    const { status, body } = await call('POST', `${visit.path}/conditions`, {
      conditions: [...OF_WOMEN.conditions, { role: 'secondary', code: 'N72' }],
    });
    expect(status).toBe(201);
    expect(spoken(body.findings)).toEqual([
      'ICD_SEX_LIMIT XML1 MA_BENH_CHINH',
      'ICD_SEX_LIMIT XML1 MA_BENH_KT',
      'ICD_SECONDARY_DUPLICATE XML1 MA_BENH_KT',
    ]);
    expect(body.findings[0]).toMatchObject({ severity: 'error', effect: 'block' });
  });

  test('the check-in, and a change of it', async () => {
    const visit = await openVisit(here(), somebody({ weightKg: '52' }));
    const change = await call(
      'PATCH',
      visit.path,
      { weightKg: '400' },
      { 'If-Match': (await call('GET', visit.path)).etag! },
    );
    expect(spoken(change.body.findings)).toEqual(['PAT_WEIGHT_RANGE XML1 CAN_NANG']);
    expect(spoken((await findingsOf(visit.path)).items)).toContain('PAT_WEIGHT_RANGE XML1 CAN_NANG');
  });

  test('results and notes: of what they change only', async () => {
    const visit = await openVisit(here(), aMan());
    await call('POST', `${visit.path}/conditions`, OF_WOMEN);
    const ordered = line({ itemCode: '22.0121.1369' });
    await call('POST', `${visit.path}/orders`, { lines: [ordered] });
    const results = await call('POST', `${visit.path}/results`, {
      results: [
        {
          lineId: ordered.id,
          resultAt: at('08:40'),
          performedAt: at('08:20'),
          performedByLicences: [ordered.orderedByLicence],
          observations: [
            { name: 'Số lượng bạch cầu', value: '6.1', unit: 'G/L', readByLicence: ordered.orderedByLicence },
          ],
        },
      ],
    });
    const notes = await call('POST', `${visit.path}/notes`, {
      notes: [{ at: at('09:00'), text: 'Đỡ ho', authorLicence: ordered.orderedByLicence }],
    });
    expect([results.status, notes.status]).toEqual([201, 201]);
    expect([results.body.findings, notes.body.findings]).toEqual([[], []]);
  });

  test('an amount, a result, an end that is not there yet is no fault', async () => {
    const visit = await openVisit(here(), somebody());
    const drug = line({
      itemCode: 'T01',
      quantity: '10',
      orderedAt: at('09:30'),
      dose: '1 viên/lần * 2 lần/ngày * 5 ngày',
    });
    const ordered = await call('POST', `${visit.path}/orders`, { lines: [exam(), drug] });
    expect(ordered.body.findings).toEqual([]);
    await call('POST', `${visit.path}/conditions`, DIAGNOSED);
    expect((await call('GET', `${visit.path}/findings`)).body).toEqual({ stage: 'order', items: [] });
  });
});

interface Stored {
  readonly rule: string;
  readonly stage: string;
  readonly cleared: boolean;
}
const stored = (id: string) =>
  plant.server.database.query<Stored & Record<string, unknown>>(
    `select rule, stage, cleared_at is not null as cleared from finding where encounter_id = $1
     and severity = 'error' order by rule, found_at`,
    [id],
  );
const settle = async (path: string) =>
  call('POST', `${path}/settlement`, {}, { 'If-Match': (await call('GET', path)).etag! });
async function run() {
  const { id } = (await here().call('POST', '/api/v1/export-runs', { body: {} })).body as { id: string };
  await buildBatch(plant.parts, id, FACILITY);
  const { body } = await here().call('GET', `/api/v1/export-runs/${id}`);
  return body as { visits: { found: number; built: number; setAside: number }; obstacles: object[] };
}
const findingsOf = async (path: string) =>
  (await call('GET', `${path}/findings`)).body as unknown as {
    stage: string;
    items: readonly VisitFinding[];
  };
const decide = (id: string, key: string, decision: string, hash?: string) =>
  plant.server.database.query(
    `insert into finding_decision (facility_id, encounter_id, finding_key, value_hash, decision, reason, decided_by, decided_at)
     select facility_id, encounter_id, key, coalesce($4, value_hash), $3, 'đã hỏi', facility_id, clock_timestamp()
     from finding where encounter_id = $1 and key = $2 and cleared_at is null`,
    [id, key, decision, hash ?? null],
  );

describe('an error holds the export of its record, and nothing else', () => {
  let visit: Awaited<ReturnType<typeof dischargedVisit>>;
  beforeEach(async () => {
    const opened = await openVisit(here(), aMan());
    await call('POST', `${opened.path}/conditions`, OF_WOMEN);
    const ordered = await call('POST', `${opened.path}/orders`, { lines: [exam()] });
    expect(ordered.status).toBe(201);
    const left = await call('POST', `${opened.path}/discharge`, leaving(), { 'If-Match': ordered.etag! });
    expect([left.status, spoken(left.body.findings)]).toEqual([200, ['ICD_SEX_LIMIT XML1 MA_BENH_CHINH']]);
    visit = { ...opened, etag: left.etag! };
    expect(await stored(visit.id)).toEqual([{ rule: 'ICD_SEX_LIMIT', stage: 'discharge', cleared: false }]);
    const settled = await settle(visit.path);
    expect([settled.status, spoken(settled.body.findings)]).toEqual([
      201,
      ['ICD_SEX_LIMIT XML1 MA_BENH_CHINH'],
    ]);
    // A settlement adds nothing that the rule looks at: what was found at discharge stands as it is.
    expect(await stored(visit.id)).toEqual([{ rule: 'ICD_SEX_LIMIT', stage: 'discharge', cleared: false }]);
  });

  test('its claim is set aside with the reason; the others of the batch are built', async () => {
    const other = somebody();
    const sound = await dischargedVisit(here(), [exam()], other);
    expect((await settle(sound.path)).status).toBe(201);
    const message =
      'Hồ sơ còn 1 lỗi phải sửa trước khi gửi: ICD_SEX_LIMIT. Xem danh sách lỗi của lượt khám; sửa rồi thanh toán lại, hoặc chấp nhận kèm lý do.';
    expect(await run()).toMatchObject({
      visits: { found: 2, built: 1, setAside: 1 },
      obstacles: [{ encounterId: visit.id, reason: 'findings', message }],
    });
    expect(await stored(visit.id)).toEqual([{ rule: 'ICD_SEX_LIMIT', stage: 'export', cleared: false }]);
    expect(await findingsOf(visit.path)).toMatchObject({
      stage: 'export',
      items: [{ rule: 'ICD_SEX_LIMIT', isHolding: true, decision: null, values: expect.anything() }],
    });
    const assessed = await plant.server.database.query(
      `select encounter_id as id, stage, findings > 0 as found, blocking from assessment where encounter_id = any($1)
       order by blocking`,
      [[visit.id, sound.id]],
    );
    expect(assessed).toMatchObject([
      { id: sound.id, stage: 'export', blocking: 0 },
      { id: visit.id, stage: 'export', found: true, blocking: 1 },
    ]);
    // Nothing more is tried until somebody has done something.
    expect((await run()).visits.found).toBe(0);
  });

  test('corrected and settled again, it is cleared and goes out', async () => {
    expect((await run()).visits).toMatchObject({ built: 0, setAside: 1 });
    const reason = { reason: 'ghi nhầm mã bệnh' };
    const reopened = await by('POST', `${visit.path}/reopen`, reason, visit.path);
    expect(reopened.status).toBe(200);
    await act('discharge/undo', reason);
    const corrected = await call('POST', `${visit.path}/conditions`, DIAGNOSED);
    expect(corrected.body.findings).toEqual([]);
    await act('discharge', leaving());
    expect(await stored(visit.id)).toEqual([{ rule: 'ICD_SEX_LIMIT', stage: 'export', cleared: true }]);
    expect((await settle(visit.path)).body.findings).toEqual([]);
    expect(await run()).toMatchObject({ visits: { found: 1, built: 1, setAside: 0 } });
    expect(await findingsOf(visit.path)).toEqual({ stage: 'settlement', items: [] });
  });

  test.each(['accepted', 'falsePositive'])(
    '%s by a person, it goes out with the next try',
    async (decision) => {
      expect((await run()).visits).toMatchObject({ built: 0, setAside: 1 });
      const [found] = (await findingsOf(visit.path)).items;
      await decide(visit.id, found!.key, decision);
      expect((await findingsOf(visit.path)).items).toMatchObject([
        { isHolding: false, decision: { decision, isInForce: true } },
      ]);
      await call('POST', `/api/v1/claims/${visit.id}/retry`, { reason: 'đã chấp nhận' });
      expect(await run()).toMatchObject({ visits: { found: 1, built: 1, setAside: 0 } });
      // The finding stands, it holds nothing any more.
      expect(await stored(visit.id)).toEqual([{ rule: 'ICD_SEX_LIMIT', stage: 'export', cleared: false }]);
    },
  );

  test('a decision about another value, or taken back, holds it as before', async () => {
    const [found] = (await findingsOf(visit.path)).items;
    await decide(visit.id, found!.key, 'accepted', 'of another value');
    expect(await run()).toMatchObject({ visits: { built: 0, setAside: 1 } });
    await decide(visit.id, found!.key, 'accepted');
    await decide(visit.id, found!.key, 'reopened');
    await call('POST', `/api/v1/claims/${visit.id}/retry`, { reason: 'thử lại' });
    expect(await run()).toMatchObject({ visits: { built: 0, setAside: 1 } });
    await call('POST', `/api/v1/claims/${visit.id}/hold`, { reason: 'để lại' });
  });

  const by = async (method: string, path: string, body: object, versionOf: string) =>
    plant.server.api.call(method, path, officer, body, {
      'Idempotency-Key': newId(),
      'If-Match': (await call('GET', versionOf)).etag!,
    });
  async function act(what: string, body: object) {
    const etag = (await call('GET', visit.path)).etag!;
    const answer = await call('POST', `${visit.path}/${what}`, body, { 'If-Match': etag });
    expect([what, answer.status]).toEqual([what, 200]);
  }
});

test('a visit of which nothing is found leaves nothing behind', async () => {
  const who = somebody();
  const visit = await dischargedVisit(here(), [exam()], who);
  await settle(visit.path);
  const counts = await plant.server.database.query(
    `select (select count(*)::int from finding where encounter_id = $1) as found,
       (select count(*)::int from assessment where encounter_id = $1) as assessed`,
    [visit.id],
  );
  expect([(await findingsOf(visit.path)).items, counts]).toEqual([[], [{ found: 0, assessed: 0 }]]);
});

describe('the list of what stands', () => {
  const list = async (query: string, as: string | null = HOSPITAL) =>
    (await plant.server.call('GET', `/api/v1/findings?${query}`, { as })).body as {
      items: FindingSummary[];
      next: string | null;
    };

  test('by rule, effect and state, page by page, without anything of the chart', async () => {
    const blocking = await list('effect=block');
    expect(new Set(blocking.items.map(({ rule }) => rule))).toEqual(new Set(['ICD_SEX_LIMIT']));
    expect(blocking.items.every((one) => !('values' in one) && !('message' in one))).toBe(true);
    expect((await list('effect=block&state=holding')).items.length).toBe(
      blocking.items.filter(({ isHolding }) => isHolding).length,
    );
    const decided = (await list('state=decided')).items;
    expect(decided.length).toBeGreaterThan(0);
    expect(decided.every(({ isHolding }) => !isHolding)).toBe(true);
    expect((await list('rule=STR_KCB_TYPE')).items).toEqual([]);
    const [whole, one, two] = [await list('limit=200'), await list('limit=1'), null as never];
    expect(two).toBeNull();
    const second = await list(`limit=1&cursor=${one.next}`);
    expect([one.items[0], second.items[0]]).toEqual(whole.items.slice(0, 2));
  });

  test('the province’s office sees figures of all; another facility sees nothing of ours', async () => {
    const { items } = await list('effect=block', null);
    expect(items.length).toBeGreaterThan(0);
    // A diagnosis is no figure.
    for (const one of items)
      expect(one).toMatchObject({ facilityCode: HOSPITAL, isHolding: null, cause: null, amount: '48600.00' });
    expect(
      (await list('limit=200', STATION)).items.filter(({ facilityCode }) => facilityCode !== STATION),
    ).toEqual([]);
    const [{ encounterId }] = (await list('limit=1')).items as [FindingSummary];
    const foreign = await plant.server.call('GET', `/api/v1/encounters/${encounterId}/findings`, {
      as: STATION,
    });
    expect(foreign.status).toBe(404);
  });
});
