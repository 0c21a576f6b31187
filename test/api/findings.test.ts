import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Finding, VisitFinding } from '../../schemas/api/findings.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Logger } from '../../src/platform/log.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  at,
  card,
  dischargedVisit,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  person,
  STATION,
  wholeVisit,
} from '../harness/visit.ts';

let server: TestServer;
const failures: unknown[] = [];
beforeAll(async () => {
  const log = {
    error: (told: { err?: Error }) => failures.push(told.err?.cause ?? told),
    info() {},
    warn() {},
  };
  server = await startTestServer({ as: HOSPITAL, log: log as unknown as Logger });
});
afterAll(async () => {
  await server.stop();
  expect(failures).toEqual([]);
});

interface Answer {
  readonly version: number;
  readonly findings: readonly Finding[];
}
const post = async (
  path: string,
  body: object,
  more: { as?: string; headers?: Record<string, string> } = {},
) => {
  const answer = await server.call('POST', path, { body, ...more });
  return { ...answer, body: answer.body as Answer };
};
const spoken = ({ body }: { body: Answer }) =>
  body.findings.map(({ rule, table, field }) => `${rule} ${table}.${field}`);

describe('what is saved is answered with what the rules say of it, in the same call', () => {
  test('orders: about the lines that were saved, each by its id', async () => {
    const visit = await openVisit(server);
    const drug = line({ itemCode: 'T01', quantity: '10', dose: 'uống khi sốt' });
    const ordered = await post(`${visit.path}/orders`, { lines: [line(), drug] });
    expect(ordered.status).toBe(201);
    expect(ordered.body.findings).toEqual([
      expect.objectContaining({
        rule: 'DRG_DOSE_FORMAT',
        severity: 'warning',
        effect: 'warn',
        table: 'XML2',
        row: 1,
        field: 'LIEU_DUNG',
        lineId: drug.id,
        message: expect.stringContaining('uống khi sốt'),
        values: expect.objectContaining({ value: 'uống khi sốt' }),
        cause: null,
        amount: null,
      }),
    ]);
    // The next order is about its own lines; what stands is told on request.
    const next = await post(`${visit.path}/orders`, { lines: [line({ itemCode: '22.0121.1369' })] });
    expect(next.body.findings.map(({ lineId }) => lineId)).not.toContain(drug.id);
  });
});

test('a person who comes to two facilities', async () => {
  const registered = await server.call('POST', '/api/v1/patients', {
    body: person({ nationalId: '040190123456' }),
  });
  const { id: patientId } = registered.body as { id: string };
  const first = await server.call('POST', '/api/v1/encounters', {
    body: arrival(patientId, { routeCode: '9' }),
  });
  expect(first.status).toBe(201);
  const elsewhere = await post('/api/v1/encounters', arrival(patientId, { routeCode: '9' }), { as: STATION });
  expect(elsewhere.status).toBe(201);
  const whole = await post('/api/v1/encounters/whole', wholeVisit(patientId, STATION), { as: STATION });
  expect([whole.status, whole.body]).toEqual([201, expect.anything()]);
  const again = await post('/api/v1/encounters/whole', wholeVisit(patientId, HOSPITAL), { as: HOSPITAL });
  expect([again.status, again.body]).toEqual([201, expect.anything()]);
});
