import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordVisit } from '../../src/demo/record.ts';
import { wholeVisit } from '../../src/demo/visits/index.ts';
import type { VisitRecord } from '../../src/encounters/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  at,
  card,
  dischargedVisit,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  person,
  plansOf,
  STATION,
} from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const typeOf = (answer: { body: unknown }) => (answer.body as { type: string }).type;
type Totals = { totals: Record<string, string>; lines: { because: string[]; benefitRate: string }[] };

describe('a visit, step by step', () => {
  test('from the door to the desk', async () => {
    const visit = await openVisit(server);
    expect(visit.claimKey).toBe(`${HOSPITAL}-${visit.id.replaceAll('-', '')}`);
    const conditions = await server.call('POST', `${visit.path}/conditions`, {
      body: {
        conditions: [
          { role: 'primary', code: 'J00' },
          { role: 'secondary', code: 'I10' },
        ],
      },
    });
    expect([conditions.status, conditions.etag]).toEqual([201, '"2"']);
    const test_ = line({ itemCode: '22.0121.1369', orderedAt: at('08:15') });
    const ordered = await server.call('POST', `${visit.path}/orders`, { body: { lines: [line(), test_] } });
    expect([ordered.status, ordered.etag]).toEqual([201, '"3"']);
    const results = await server.call('POST', `${visit.path}/results`, {
      body: {
        results: [
          {
            lineId: test_.id,
            performedAt: at('08:30'),
            performedByLicences: [line().orderedByLicence],
            resultAt: at('09:00'),
            observations: [
              { name: 'WBC', value: '7.2', unit: 'G/L', readByLicence: line().orderedByLicence },
            ],
          },
        ],
      },
    });
    expect(results.status).toBe(201);
    const notes = await server.call('POST', `${visit.path}/notes`, {
      body: { notes: [{ at: at('09:10'), text: 'Đỡ sốt', authorLicence: line().orderedByLicence }] },
    });
    expect(notes.status).toBe(201);
    const preview = await server.call('GET', `${visit.path}/settlement/preview`);
    const left = await server.call('POST', `${visit.path}/discharge`, {
      body: leaving(),
      headers: { 'If-Match': notes.etag! },
    });
    expect(left.body).toMatchObject({ routeCode: '1.1' });
    const settled = await server.call('POST', `${visit.path}/settlement`, {
      body: {},
      headers: { 'If-Match': left.etag! },
    });
    expect(settled.status).toBe(201);
    expect((settled.body as Totals).totals).toEqual((preview.body as Totals).totals);
    const read = (await server.call('GET', visit.path)).body as VisitRecord;
    expect(read.encounter).toMatchObject({ state: 'settled', claimKey: visit.claimKey });
    expect([read.lines.length, read.observations.length, read.notes.length, read.conditions.length]).toEqual([
      2, 1, 1, 2,
    ]);
    const [audit] = await server.database.query<{ actions: string[] }>(
      'select array_agg(action order by id) as actions from audit_event where subject_id = $1',
      [visit.id],
    );
    expect(audit!.actions).toEqual([
      'encounter.checkedIn',
      'encounter.conditions',
      'encounter.orders',
      'encounter.results',
      'encounter.notes',
      'encounter.previewed',
      'encounter.discharged',
      'findings.recorded',
      'encounter.settled',
      'findings.recorded',
      'encounter.read',
    ]);
  });

  test.each([
    // 18,500 a roll; a cheap visit is paid in full, at the limit it is not (NĐ 188 Đ18)
    ['20', '370000.00', '370000.00', '0.00', '100'],
    ['21', '388500.00', '310800.00', '77700.00', '80'],
  ])(
    '%s rolls of plaster in one order: the law of the 15%% rule',
    async (quantity, gross, insurer, copay, rate) => {
      const visit = await dischargedVisit(server, [line({ itemCode: 'N02.04.020', quantity })]);
      const settled = await server.call('POST', `${visit.path}/settlement`, {
        body: {},
        headers: { 'If-Match': visit.etag },
      });
      const { totals, lines } = settled.body as Totals;
      expect(totals).toMatchObject({
        grossAmount: gross,
        insurerPays: insurer,
        copay,
        selfPay: '0.00',
        patientPays: copay,
      });
      expect(lines[0]!.benefitRate).toBe(rate);
      expect(lines[0]!.because).toContain('CARD-LEVEL');
      expect(lines[0]!.because.includes('LEVEL-LOWCOST')).toBe(rate === '100');
    },
  );

  test('a settled visit is locked against every change', async () => {
    const visit = await dischargedVisit(server, [line()]);
    const settled = await server.call('POST', `${visit.path}/settlement`, {
      body: {},
      headers: { 'If-Match': visit.etag },
    });
    const version = { 'If-Match': settled.etag! };
    const tries = await Promise.all([
      server.call('POST', `${visit.path}/orders`, { body: { lines: [line()] } }),
      server.call('POST', `${visit.path}/notes`, {
        body: { notes: [{ at: at('09:00'), text: 'x', authorLicence: line().orderedByLicence }] },
      }),
      server.call('PATCH', visit.path, { body: { reason: 'Khác' }, headers: version }),
      server.call('POST', `${visit.path}/discharge/undo`, { body: { reason: 'nhầm' }, headers: version }),
      server.call('POST', `${visit.path}/settlement`, { body: {}, headers: version }),
    ]);
    expect(tries.map((answer) => [answer.status, typeOf(answer)])).toEqual(
      tries.map(() => [409, '/problems/encounter-locked']),
    );
  });

  test('discharge can be taken back before settlement, a line cancelled with a reason', async () => {
    const extra = line();
    const visit = await dischargedVisit(server, [line(), extra]);
    expect(typeOf(await server.call('POST', `${visit.path}/orders`, { body: { lines: [line()] } }))).toBe(
      '/problems/encounter-not-open',
    );
    const open = await server.call('POST', `${visit.path}/discharge/undo`, {
      body: { reason: 'còn thiếu thuốc' },
      headers: { 'If-Match': visit.etag },
    });
    expect(open.status).toBe(200);
    const cancelled = await server.call('POST', `${visit.path}/orders/${extra.id}/cancel`, {
      body: { reason: 'ghi nhầm' },
      headers: { 'If-Match': open.etag! },
    });
    expect(cancelled.status).toBe(200);
    const read = (await server.call('GET', visit.path)).body as VisitRecord;
    expect(read.lines.map((one) => one.id)).not.toContain(extra.id);
    const [kept] = await server.database.query('select cancel_reason from charge_line where id = $1', [
      extra.id,
    ]);
    expect(kept).toEqual({ cancel_reason: 'ghi nhầm' });
  });

  test('what was decided on an old version is refused, and a version is required', async () => {
    const visit = await dischargedVisit(server, [line()]);
    const settle = (headers: Record<string, string>) =>
      server.call('POST', `${visit.path}/settlement`, { body: {}, headers });
    const [none, stale] = [await settle({}), await settle({ 'If-Match': '"1"' })];
    expect([none.status, typeOf(none)]).toEqual([428, '/problems/version-required']);
    expect([stale.status, typeOf(stale)]).toEqual([412, '/problems/version-conflict']);
    expect((await settle({ 'If-Match': visit.etag })).status).toBe(201);
  });

  test('what the claim needs is asked for at discharge', async () => {
    const visit = await openVisit(server, { arrival: { weightKg: undefined } });
    const answer = await server.call('POST', `${visit.path}/discharge`, {
      body: leaving({ dischargeCode: '2' }),
      headers: { 'If-Match': '"1"' },
    });
    expect([answer.status, typeOf(answer)]).toEqual([422, '/problems/discharge-incomplete']);
    const { places } = answer.body as { places: { pointer: string }[] };
    expect(places.map((place) => place.pointer)).toEqual([
      '/conditions',
      '/weightKg',
      '/destinationFacilityCode',
    ]);
  });
});

describe('people and cards', () => {
  test('are found without accents, by national id, card and phone', async () => {
    const nationalId = '040190009999';
    const made = await server.call('POST', '/api/v1/patients', {
      body: person({ name: 'Đặng Ưng Ỷ', nationalId, phone: '0911222333' }),
    });
    const { id } = made.body as { id: string };
    await server.call('POST', `/api/v1/patients/${id}/coverages`, {
      body: card({ cardNumber: 'HT3400009999999' }),
    });
    const find = async (query: string, as?: string) =>
      (
        (await server.call('GET', `/api/v1/patients?${query}`, as ? { as } : {})).body as {
          items: { id: string }[];
        }
      ).items.map((one) => one.id);
    for (const query of [
      'name=dang%20ung%20y',
      `nationalId=${nationalId}`,
      'cardNumber=HT3400009999999',
      'phone=0911222333',
    ])
      expect([query, await find(query)]).toEqual([query, [id]]);
    // Another facility finds whoever's paper it holds, and nobody by name or phone.
    expect(await find(`nationalId=${nationalId}`, STATION)).toEqual([id]);
    expect(await find('name=dang%20ung%20y', STATION)).toEqual([]);
    expect((await server.call('GET', `/api/v1/patients/${id}`, { as: STATION })).status).toBe(404);
    const visit = await server.call('POST', '/api/v1/encounters', {
      as: STATION,
      body: arrival(id, { departmentCode: 'K01' }),
    });
    expect([visit.status, visit.status === 201 ? '' : JSON.stringify(visit.body)]).toEqual([201, '']);
    expect((await server.call('GET', `/api/v1/patients/${id}`, { as: STATION })).status).toBe(200);
  });

  test('change under their version', async () => {
    const made = await server.call('POST', '/api/v1/patients', { body: person() });
    const path = `/api/v1/patients/${(made.body as { id: string }).id}`;
    const changed = await server.call('PATCH', path, {
      body: { phone: '0900000001' },
      headers: { 'If-Match': made.etag! },
    });
    expect([changed.status, changed.etag]).toEqual([200, '"2"']);
    expect(
      (await server.call('PATCH', path, { body: { phone: '1' }, headers: { 'If-Match': '"2"' } })).status,
    ).toBe(422);
    expect(
      (
        await server.call('PATCH', path, {
          body: { phone: '0900000002' },
          headers: { 'If-Match': made.etag! },
        })
      ).status,
    ).toBe(412);
  });

  test('one card cannot be recorded twice for the same days', async () => {
    const { patientId } = await openVisit(server);
    const again = await server.call('POST', `/api/v1/patients/${patientId}/coverages`, {
      body: card({ validFrom: '2026-12-31', validThrough: '2027-12-31' }),
    });
    expect([again.status, typeOf(again)]).toEqual([409, '/problems/coverage-overlap']);
    const next = await server.call('POST', `/api/v1/patients/${patientId}/coverages`, {
      body: card({ validFrom: '2027-01-01', validThrough: '2027-12-31' }),
    });
    expect(next.status).toBe(201);
    const { items } = (await server.call('GET', `/api/v1/patients/${patientId}/coverages`)).body as {
      items: { validThrough: string }[];
    };
    expect(items.map((one) => one.validThrough).toSorted()).toEqual(['2026-12-31', '2027-12-31']);
  });

  test('names are stored composed, however they came', async () => {
    const made = await server.call('POST', '/api/v1/patients', {
      body: person({ name: 'Nguyễn Thế'.normalize('NFD') }),
    });
    expect((made.body as { name: string }).name).toBe('Nguyễn Thế');
  });
});

describe('a whole visit in one call', () => {
  test('gives what the steps give, for out-patients, in-patients, emergencies and people without a card', async () => {
    const plans = plansOf(['40001', HOSPITAL, STATION], 60);
    const kinds = new Map(plans.map((plan) => [`${plan.classCode} ${plan.routeCode}`, plan]));
    expect(kinds.size).toBeGreaterThan(4);
    for (const [kind, plan] of kinds) {
      const steps = await recordVisit(
        plan,
        { api: server.api, tokenOf: tokenFor, atWork: 1 },
        () => undefined,
      );
      const { id: _, patient: _patient, coverages, ...body } = wholeVisit(plan);
      const fresh = freshIds(body) as typeof body;
      const whole = await server.call('POST', '/api/v1/encounters/whole', {
        as: plan.facilityCode,
        body: { ...fresh, patientId: plan.patientId, coverageIds: (coverages ?? []).map((one) => one.id!) },
      });
      expect([kind, whole.status, whole.status === 201 ? '' : JSON.stringify(whole.body)]).toEqual([
        kind,
        201,
        '',
      ]);
      expect([kind, (whole.body as { settlement: Totals }).settlement.totals]).toEqual([kind, steps!.totals]);
    }
  });

  test('carries a new person and their card along', async () => {
    const newPersonId = newId();
    const body = {
      ...arrival('', { patientId: undefined }),
      patient: person({ id: newPersonId }),
      coverages: [card({ cardNumber: 'GD4400000000077' })],
      conditions: [{ role: 'primary', code: 'J00' }],
      lines: [line()],
      discharge: leaving(),
    };
    const whole = await server.call('POST', '/api/v1/encounters/whole', { body });
    expect(whole.status).toBe(201);
    const { id, patientId } = whole.body as { id: string; patientId: string };
    expect(patientId).toBe(newPersonId);
    const read = (await server.call('GET', `/api/v1/encounters/${id}`)).body as VisitRecord;
    expect(read.coverages.map((one) => one.cardNumber)).toEqual(['GD4400000000077']);
    const [work] = await server.database.query<{ n: number }>(
      'select count(*)::int as n from export_work where encounter_id = $1',
      [id],
    );
    expect(work!.n).toBe(1);
  });
});

/** The same visit under other names: every id that belongs to it (not to the person) is replaced, consistently. */
function freshIds(value: unknown): unknown {
  const names = new Map<string, string>();
  return JSON.parse(
    JSON.stringify(value).replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      if (!names.has(id)) names.set(id, newId());
      return names.get(id)!;
    }),
  );
}
