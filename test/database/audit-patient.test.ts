import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { changePatient, registerPatient } from '../../src/patients/index.ts';
import { systemClock } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { person } from '../harness/visit.ts';
import { A, openTrail, type Trail } from './audit-trail.ts';

let trail: Trail;
beforeAll(async () => {
  trail = await openTrail();
});
afterAll(() => trail.close());

test('a change of a patient leaves what it was and what it is, and nothing that stayed', async () => {
  const acting = { userId: newId(), facilityId: A, purpose: 'treatment', requestId: 'test' };
  const patient = await trail.app.transaction(acting, (tx) =>
    registerPatient(tx, A, person() as never, systemClock),
  );
  const change = { phone: '0912000000', address: 'Xóm 2, xã Mẫu', name: patient.name };
  await trail.app.transaction(acting, (tx) =>
    changePatient(tx, A, patient.id, patient.version, change, systemClock),
  );
  const events = await trail.database.query(
    `select action, patient_id, changes from audit_event where subject_id = $1 order by id`,
    [patient.id],
  );
  expect(events).toEqual([
    { action: 'patient.registered', patient_id: patient.id, changes: null },
    {
      action: 'patient.changed',
      patient_id: patient.id,
      changes: { phone: [null, '0912000000'], address: ['Xóm 1, xã Mẫu', 'Xóm 2, xã Mẫu'] },
    },
  ]);
});
