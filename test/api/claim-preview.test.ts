import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ALL_RULES, builtInsOf, checkFile } from '../../src/assessment/index.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { type ClaimTables, readClaimFile } from '../../src/claims/index.ts';
import { buildBatch } from '../../src/exports/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';
import { at, dischargedVisit, HOSPITAL, line, openVisit } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

interface Preview {
  readonly edition: string;
  readonly isDraft: boolean;
  readonly tables: ClaimTables;
}

let plant: Plant;
beforeAll(async () => {
  plant = await startPlant('postgres');
});
afterAll(() => plant.stop());

/** The hospital's server, as the helpers of visits want it. */
const here = () => ({
  ...plant.server,
  call: ((method, path, options) =>
    plant.server.call(method, path, { as: HOSPITAL, ...options })) as Plant['server']['call'],
});
const preview = async (id: string) => {
  const { status, body } = await here().call('GET', `/api/v1/claims/${id}/preview`);
  expect(status).toBe(200);
  return body as Preview;
};

const diagnosed = (path: string) =>
  here().call('POST', `${path}/conditions`, { body: { conditions: [{ role: 'primary', code: 'J00' }] } });

describe('a visit in progress', () => {
  test('its draft grows as it is recorded; what is to come is empty; nothing is written', async () => {
    const visit = await openVisit(here());
    const rows = () => writtenRows(plant.server.database, ['audit_event', 'audit_unsealed']);
    const written = await rows();
    const first = await preview(visit.id);
    expect(await rows()).toEqual(written);
    expect([first.isDraft, Object.keys(first.tables)]).toEqual([true, ['XML1']]);
    const [main] = first.tables.XML1!;
    expect(main).toMatchObject({ MA_LK: visit.claimKey, HO_TEN: 'Trần Thị Mẫu', NGAY_RA: '', T_BHTT: '' });

    await diagnosed(visit.path);
    await here().call('POST', `${visit.path}/orders`, { body: { lines: [line()] } });
    const then = await preview(visit.id);
    expect(then.tables.XML3).toMatchObject([{ MA_LK: visit.claimKey, STT: '1', THANH_TIEN_BH: '' }]);
    expect(then.tables.XML1).toMatchObject([{ MA_BENH_CHINH: 'J00', NGAY_RA: '' }]);
  });

  test('the rules of the order stage read it: nothing of what is well recorded, the dose that cannot be read', async () => {
    const ofStage = new Set(ALL_RULES.filter(({ stage }) => stage === 'order').map(({ id }) => id));
    const options = { rules: ALL_RULES, builtIns: builtInsOf(loadPolicy()) };
    const spoken = async (id: string) => {
      const { tables } = await preview(id);
      const file = {
        facilityCode: HOSPITAL,
        madeOn: tables.XML1![0]!.NGAY_VAO!.slice(0, 8),
        records: [tables],
      };
      const spokenBy = checkFile(file, options).map(({ rule }) => rule);
      // What is still to come is missing, and is meant to be.
      return spokenBy.filter((rule) => ofStage.has(rule) && !rule.startsWith('STR_REQUIRED_'));
    };
    const drug = (dose: string) =>
      line({ itemCode: 'T01', quantity: '10', orderedAt: at('09:30'), dose: dose });
    const visit = await openVisit(here(), { person: { nationalId: '040190000001' } });
    await diagnosed(visit.path);
    await here().call('POST', `${visit.path}/orders`, {
      body: { lines: [line(), drug('1 viên/lần * 2 lần/ngày * 5 ngày')] },
    });
    expect(await spoken(visit.id)).toEqual([]);
    await here().call('POST', `${visit.path}/orders`, { body: { lines: [drug('uống khi sốt')] } });
    expect(await spoken(visit.id)).toEqual(['DRG_DOSE_FORMAT']);
  });
});

test('of a settled visit it is what the built claim says', async () => {
  const visit = await dischargedVisit(here(), [line()]);
  await here().call('POST', `${visit.path}/settlement`, { body: {}, headers: { 'If-Match': visit.etag } });
  const run = await here().call('POST', '/api/v1/export-runs', { body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, facilityIdOf(HOSPITAL));
  const built = await fetch(`${plant.server.url}/api/v1/claims/${visit.id}/xml`, {
    headers: { Authorization: `Bearer ${tokenFor(HOSPITAL)}` },
  });
  const shown = await preview(visit.id);
  expect(shown.isDraft).toBe(false);
  expect(readClaimFile(Buffer.from(await built.arrayBuffer())).records).toEqual([shown.tables]);
});
