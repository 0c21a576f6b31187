import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordAudit, sealWaiting } from '../../src/audit/index.ts';
import { workerContext } from '../../src/exports/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { A, B, dayBefore, NO_FACILITY, openTrail, sealedOn, type Trail } from './audit-trail.ts';

let trail: Trail;
beforeAll(async () => {
  trail = await openTrail();
});
afterAll(() => trail.close());

interface SealShown {
  readonly facility_id: string;
  readonly day: string;
  readonly sequence: number;
  readonly size: number;
}
const sealsOf = (facilityId: string) =>
  trail.database.query<SealShown>(
    `select day::text, sequence, cardinality(events) as size from audit_seal where facility_id = $1 order by day, sequence`,
    [facilityId],
  );
const acting = (facilityId: string | null) => ({
  userId: newId(),
  facilityId,
  purpose: 'treatment',
  requestId: 'test',
});
const clean = { total: 0, findings: [], waiting: { count: 0 } };

describe('the sealer', () => {
  test('makes one seal per facility and round; acts without a facility have their own chain', async () => {
    await trail.write(A, 3);
    await trail.write(B);
    await trail.write(null, 2);
    expect(await trail.seal(sealedOn(8))).toBe(6);
    expect(await sealsOf(A)).toEqual([{ day: dayBefore(8), sequence: 1, size: 3 }]);
    expect(await sealsOf(B)).toEqual([{ day: dayBefore(8), sequence: 1, size: 1 }]);
    expect(await sealsOf(NO_FACILITY)).toEqual([{ day: dayBefore(8), sequence: 1, size: 2 }]);
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('numbers from 1 again after midnight in Viet Nam, and goes on from the day before', async () => {
    await trail.write(A);
    await trail.seal(sealedOn(8, '23:59:59'));
    await trail.write(A);
    await trail.seal(sealedOn(7, '00:00'));
    expect((await sealsOf(A)).slice(1)).toEqual([
      { day: dayBefore(8), sequence: 2, size: 1 },
      { day: dayBefore(7), sequence: 1, size: 1 },
    ]);
    const links = await trail.database.query(
      `select s.previous = lag(s.hash) over (order by s.day, s.sequence) as linked from audit_seal s where facility_id = $1`,
      [A],
    );
    expect(links).toEqual([{ linked: null }, { linked: true }, { linked: true }]);
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('does not go back a day when its clock does', async () => {
    await trail.write(A);
    await trail.seal(sealedOn(9));
    expect((await sealsOf(A)).at(-1)).toEqual({ day: dayBefore(7), sequence: 2, size: 1 });
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('makes no round when nothing waits', async () => {
    const rounds = () => trail.database.query('select sequence from audit_round');
    const before = await rounds();
    expect(await trail.seal(sealedOn(6))).toBe(0);
    expect(await rounds()).toEqual(before);
  });

  test('takes an event that is committed late with the next round', async () => {
    let written = () => {};
    let release = () => {};
    const inserted = new Promise<void>((done) => {
      written = done;
    });
    const held = new Promise<void>((done) => {
      release = done;
    });
    const late = trail.app.transaction(acting(A), async (tx) => {
      const id = newId();
      await tx.query(
        `insert into audit_event (facility_id, id, actor, action, subject_type, purpose, request_id)
         values ($1, $2, $3, 'late', 'test', 'treatment', 'test')`,
        [A, id, tx.context.userId],
      );
      await tx.query('insert into audit_unsealed (event_id, facility_id) values ($1, $2)', [id, A]);
      written();
      await held;
    });
    await inserted;
    await trail.write(A);
    expect(await trail.seal(sealedOn(6))).toBe(1);
    release();
    await late;
    expect(await trail.seal(sealedOn(6))).toBe(1);
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('is alone: a second one finds nothing to do while the first is at it', async () => {
    await trail.write(A, 2);
    const second = await trail.root.transaction(acting(null), async (tx) => {
      await tx.query('select seal_audit_at(10, $1)', [sealedOn(5)]);
      return trail.seal(sealedOn(5));
    });
    expect(second).toBe(0);
    expect(await trail.seal(sealedOn(5))).toBe(0);
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('leaves nothing behind when it dies half way', async () => {
    await trail.write(A);
    const died = trail.root.transaction(acting(null), async (tx) => {
      await tx.query('select seal_audit_at(10, $1)', [sealedOn(5)]);
      throw new Error('died');
    });
    await expect(died).rejects.toThrow('died');
    expect((await trail.verify()).waiting).toMatchObject({ count: 1 });
    expect(await trail.seal(sealedOn(5))).toBe(1);
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('seals five thousand events of many requests, as the worker does', async () => {
    for (let request = 0; request < 50; request++) await trail.write(request % 2 ? A : B, 100);
    const worker = openDatabase(trail.database.urls.his_export, 2, () => undefined);
    const sealers = [1, 2].map(() => sealWaiting(worker, workerContext(null, 'audit-seal')));
    const sealed = await Promise.all(sealers);
    await worker.close();
    expect(sealed[0]! + sealed[1]!).toBe(5_000);
    expect(await trail.verify()).toMatchObject(clean);
  });

  test('keeps to its limit, oldest first, and says when something was left', async () => {
    await trail.write(A, 5);
    const [oldest] = await trail.database.query<{ id: string }>(
      'select event_id as id from audit_unsealed order by 1 limit 1',
    );
    const last = async () =>
      (
        await trail.database.query('select events, emptied from audit_round order by sequence desc limit 1')
      )[0];
    expect(await trail.seal(new Date().toISOString(), 3)).toBe(3);
    expect(await last()).toEqual({ events: 3, emptied: false });
    const [sealed] = await trail.database.query('select 1 as one from audit_seal where $1 = any(events)', [
      oldest!.id,
    ]);
    expect(sealed).toEqual({ one: 1 });
    expect(await trail.seal(new Date().toISOString(), 3)).toBe(2);
    expect(await last()).toEqual({ events: 2, emptied: true });
  });
});

test('verification says how many events wait, and for how long the oldest does', async () => {
  await trail.write(A, 2);
  const { waiting, total } = await trail.verify();
  expect([waiting.count, total]).toEqual([2, 0]);
  expect(waiting.oldestSeconds).toBeGreaterThanOrEqual(0);
  await trail.seal(new Date().toISOString());
});

test('an event that concerns other facilities stands in their trail too, under one id', async () => {
  const patientId = newId();
  await trail.app.transaction({ ...acting(A), origin: '192.0.2.7' }, async (tx) =>
    recordAudit(tx, {
      action: 'patient.historyRead',
      subjectType: 'patient',
      subjectId: patientId,
      reason: 'Cấp cứu',
      flag: 'emergency-access',
      changes: { phone: [null, '09'] },
      facilityIds: [B, A, B],
    }),
  );
  const rows = await trail.database.query(
    `select facility_id, acting_facility_id, reason, flag, patient_id, origin, changes, id = first_value(id) over () as same
     from audit_event where subject_id = $1 order by acting_facility_id nulls first`,
    [patientId],
  );
  const common = {
    reason: 'Cấp cứu',
    flag: 'emergency-access',
    patient_id: patientId,
    origin: '192.0.2.7',
    changes: { phone: [null, '09'] },
    same: true,
  };
  expect(rows).toEqual([
    { facility_id: A, acting_facility_id: null, ...common },
    { facility_id: B, acting_facility_id: A, ...common },
  ]);
  expect(await trail.seal(new Date().toISOString())).toBe(2);
  expect(await trail.verify()).toMatchObject(clean);
});

test('every column of an event is in the text that is hashed, and only nulls are left out', async () => {
  const [row] = await trail.database.query<{ text: string; columns: string[] }>(
    `select audit_event_text(e) as text, (select array_agg(attname::text) from pg_attribute
       where attrelid = 'audit_event'::regclass and attnum > 0 and not attisdropped) as columns
     from audit_event e where flag is not null and acting_facility_id is not null`,
  );
  const told = JSON.parse(row!.text) as Record<string, unknown>;
  expect(Object.keys(told).toSorted()).toEqual(row!.columns.toSorted());
  expect(told.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);
});
