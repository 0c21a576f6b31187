import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { createApi } from '../../src/runtime/api.ts';
import { FIGURES, NEAR_DEADLINE } from '../../src/runtime/figures.table.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { firing, samplesIn } from '../harness/alerts.ts';
import { plantLookup, plantUnclearPaper } from '../harness/insurer.ts';
import { BACKENDS, ledger, type Plant, startPlant } from '../harness/plant.ts';
import { TEST_KEY } from '../harness/province.ts';

const CODE = '40001';
const FACILITY = facilityIdOf(CODE);
const KNOWN = new Map([...FIGURES, NEAR_DEADLINE].map(({ name, values }) => [name, values]));
let plant: Plant;

describe.each(BACKENDS)('with the queue in %s', (kind) => {
  beforeAll(async () => {
    plant = await startPlant(kind);
    await plant.record(8, [CODE], 1);
  });
  afterAll(() => plant.stop());

  test('figures tell of jobs and of check-ins without an answer', async () => {
    await plant.queues.addMany('settled', [
      { id: 'a.1', name: 'x', data: {} },
      { id: 'a.2', name: 'x', data: {} },
    ]);
    const { app, identity } = plant.server;
    const settings = { ...readConfig({}), REDIS_URL: plant.redisUrl };
    const { metrics, stop } = createApi(
      settings,
      { app, identity },
      createSecretBox(TEST_KEY),
      createLogger('silent'),
    );
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/his_queue_jobs\{queue_state="settled:wait(ing)?"\} 2/);
    expect(text).toMatch(/his_check_ins_unanswered\{tried="false"\} [1-9]/);
    const home = await (await fetch(`${plant.server.url}/`, { headers: { 'Accept-Language': 'en' } })).text();
    const inAll = [...text.matchAll(/his_check_ins_unanswered\{[^}]*\} (\d+)/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(home).toContain(`<td>Check-ins (XML0) without an answer, last 24 hours</td><td>${inAll}</td>`);
    await stop();
  });

  if (kind === 'postgres') describe('alerts speak of what is wrong, and of nothing else', alertsSpeak);
});

function alertsSpeak(): void {
  let visits: string[];
  beforeAll(async () => {
    const run = await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
    await buildBatch(plant.parts, (run.body as { id: string }).id, FACILITY);
    visits = (await ledger(plant)).map(({ encounterId }) => encounterId);
    expect(visits.length).toBeGreaterThan(4);
  });

  const query = (sql: string, ...parameters: unknown[]) => plant.server.database.query(sql, parameters);
  /** What Prometheus would be told now. */
  async function told() {
    const text = await (await fetch(`${plant.server.url}/metrics`)).text();
    expect(text).not.toMatch(/his_metric_read_failures_total\{/);
    const samples = samplesIn(text);
    const strange = samples.filter(({ figure, label }) => KNOWN.get(figure)?.includes(label) === false);
    expect(strange).toEqual([]);
    return samples;
  }
  const alerts = async () => firing(await told());
  /** Sends one claim, whose call meets with that. */
  async function sent(visit: string, when: string, action: object) {
    const path = '/api/qd130/guiHoSoXmlQD3176';
    await plant.control('POST', 'faults', { match: { path }, when, action, times: 1 });
    return sendClaim(plant.parts, FACILITY, visit, 1);
  }

  test('claims that wait and have time: none', async () => {
    const samples = await told();
    expect(samples).toContainEqual({ figure: NEAR_DEADLINE.name, label: 'later', value: visits.length });
    expect(firing(samples)).toEqual([]);
  });

  test('a claim whose calls all end unclear is unclear since the first, until one tells', async () => {
    const [visit] = visits as [string];
    const lost = { type: 'reset' };
    expect(await sent(visit, 'after-persist', lost)).toBe('unknown');
    await query(`update claim_event set at = at - interval '2 hours' where encounter_id = $1`, visit);
    expect(await sent(visit, 'after-persist', lost)).toBe('unknown');
    expect(await sent(visit, 'before-auth', { type: 'status', status: 503 })).toBe('notSent');
    expect(await alerts()).toEqual(['HisUnknownOutcomes']);
    expect(await sendClaim(plant.parts, FACILITY, visit, 1)).toBe('received');
    expect(await alerts()).toEqual([]);
  });

  test('each trouble has its own', async () => {
    const [, near, parked, unnumbered] = visits as [string, string, string, string];
    const status = (code: number, body: string) => ({ type: 'status', status: code, body });
    expect(await sent(parked, 'after-auth', status(404, '<html></html>'))).toBe('parked');
    expect(await sent(unnumbered, 'after-auth', status(200, '{"maKetQua":"200"}'))).toBe('received');
    expect(await alerts()).toEqual(['HisClaimsParked', 'HisReceivedWithoutReference']);
    expect(await told()).toContainEqual({ figure: 'his_claims_parked', label: 'HTTP 404', value: 1 });

    await query(`update export_work set ended_at = now() - interval '9 days' where encounter_id = $1`, near);
    await query(
      `update correction_task set due_at = now() - interval '1 minute' where encounter_id = $1`,
      parked,
    );
    await plantUnclearPaper(plant.server.database, CODE);
    const lookup = await plantLookup(plant.server.database, CODE);
    await query(
      `insert into card_lookup_event (facility_id, lookup_id, sequence, type, trouble, at)
       values ($1, $2, 1, 'notChecked', 'restricted', now())`,
      FACILITY,
      lookup,
    );
    await query(
      `insert into gateway_channel (facility_id, family, state, failures, openings, open_until, since, reason, changed_at)
       values ($1, 'papers', 'open', 5, 3, now(), now() - interval '31 minutes', 'busy', now()),
         ($1, 'lookups', 'open', 5, 1, now(), now() - interval '5 minutes', 'busy', now())`,
      FACILITY,
    );
    expect(await alerts()).toEqual([
      'HisDeadlineDanger',
      'HisCorrectionsOverdue',
      'HisPapersUnclear',
      'HisClaimsParked',
      'HisReceivedWithoutReference',
      'HisFacilityChannelOpen',
      'HisCopayRestricted',
    ]);
    expect(await told()).toContainEqual({ figure: 'his_correction_tasks', label: 'overdue', value: 1 });

    await query(
      'update correction_task set closed_at = now(), closed_how = $2 where encounter_id = $1',
      parked,
      'received',
    );
    const left = await alerts();
    expect(left).toHaveLength(5);
    expect(left.filter((name) => /Corrections|Parked/.test(name))).toEqual([]);
  });
}
