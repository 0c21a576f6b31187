import { type FacilityDay, planDay, type VisitPlan } from '../../src/demo/visits/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { demoProvince } from './province.ts';
import type { TestServer } from './server.ts';

/** People of one district hospital of the demo province who take part in tests. */
export const HOSPITAL = '40021';
export const STATION = '40101';
export const yesterday = () => addDays(localDate(new Date()), -1);
const province = demoProvince();
export const doctorOf = (code: string) =>
  province.practitioners.find((line) => line.facilityCode === code && line.title === 'BS')!.licenceNumber;

/** A moment of yesterday in Viet Nam, `HH:mm`. */
export const at = (time: string) => new Date(`${yesterday()}T${time}:00+07:00`).toISOString();

export const person = (more: object = {}) => ({
  name: 'Trần Thị Mẫu',
  birthDate: '1990-02-01',
  sexCode: '2',
  ethnicityCode: '01',
  address: 'Xóm 1, xã Mẫu',
  provinceCode: '40',
  wardCode: '16681',
  ...more,
});
export const card = (more: object = {}) => ({
  cardNumber: 'DN4400000000001',
  validFrom: '2026-01-01',
  validThrough: '2026-12-31',
  registeredFacilityCode: HOSPITAL,
  ...more,
});
export const line = (more: object = {}) => ({
  id: newId(),
  itemCode: '02.1896',
  quantity: '1',
  orderedAt: at('08:10'),
  orderedByLicence: doctorOf(HOSPITAL),
  departmentCode: 'K01',
  ...more,
});
export const arrival = (patientId: string, more: object = {}) => ({
  patientId,
  departmentCode: 'K01',
  classCode: '01',
  routeCode: '1.1',
  // Most tests are not about the way; those that are take this away.
  routeReason: 'Bàn đón tiếp chọn',
  arrivedAt: at('08:00'),
  reason: 'Ho, sốt',
  provisionalDiagnosis: 'Viêm mũi họng cấp',
  weightKg: '52.5',
  ...more,
});
export const leaving = (more: object = {}) => ({
  endedAt: at('10:00'),
  outcomeCode: '2',
  dischargeCode: '1',
  finalDiagnosis: 'Viêm mũi họng cấp',
  ...more,
});

/** Where an answer refuses the body, and in which words. */
export const placesOf = ({ body }: { body: unknown }): Record<string, string> =>
  Object.fromEntries(
    ((body as { places?: { pointer: string; message: string }[] }).places ?? []).map((place) => [
      place.pointer,
      place.message,
    ]),
  );

/** A finished visit of a person without a card, as one call: the body of `POST /api/v1/encounters/whole`. */
export const wholeVisit = (patientId: string, facilityCode: string, more: object = {}) => ({
  ...arrival(patientId, { routeCode: '9' }),
  conditions: [{ role: 'primary', code: 'J00' }],
  lines: [line({ orderedByLicence: doctorOf(facilityCode) })],
  discharge: leaving(),
  ...more,
});

export interface OpenVisit {
  readonly patientId: string;
  readonly coverageId: string;
  readonly id: string;
  readonly path: string;
  readonly claimKey: string;
}

/** Registers a person with a card and checks them in. */
export async function openVisit(
  server: TestServer,
  more: { person?: object; card?: object; arrival?: object } = {},
): Promise<OpenVisit> {
  const patient = await server.call('POST', '/api/v1/patients', { body: person(more.person) });
  const patientId = (patient.body as { id: string }).id;
  const coverage = await server.call('POST', `/api/v1/patients/${patientId}/coverages`, {
    body: card(more.card),
  });
  const coverageId = (coverage.body as { id: string }).id;
  const checkedIn = await server.call('POST', '/api/v1/encounters', {
    body: arrival(patientId, { coverageIds: [coverageId], ...more.arrival }),
  });
  const { id, claimKey } = checkedIn.body as { id: string; claimKey: string };
  return { patientId, coverageId, id, path: `/api/v1/encounters/${id}`, claimKey };
}

/** An open visit with a diagnosis and these lines, discharged. @returns its ETag */
export async function dischargedVisit(
  server: TestServer,
  lines: object[],
  more: Parameters<typeof openVisit>[1] = {},
) {
  const visit = await openVisit(server, more);
  await server.call('POST', `${visit.path}/conditions`, {
    body: { conditions: [{ role: 'primary', code: 'J00' }] },
  });
  const ordered = await server.call('POST', `${visit.path}/orders`, { body: { lines } });
  if (ordered.status !== 201) throw new Error(JSON.stringify(ordered.body));
  const left = await server.call('POST', `${visit.path}/discharge`, {
    body: leaving(),
    headers: { 'If-Match': ordered.etag! },
  });
  if (left.status !== 200) throw new Error(JSON.stringify(left.body));
  return { ...visit, etag: left.etag! };
}

export function plansOf(codes: readonly string[], count: number, seed = 1): VisitPlan[] {
  const days: readonly FacilityDay[] = planDay({
    seed,
    date: yesterday(),
    province,
    facilities: codes,
    count,
  });
  return days.flatMap((day) => [...day.visits()]);
}
