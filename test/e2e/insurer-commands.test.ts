import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Credential } from '../../src/demo/client.ts';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { cardOfCode } from '../../src/gateway/simulator/people.ts';
import { localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { environmentOf } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { plantUnclearPaper } from '../harness/insurer.ts';
import { type Plant, startPlant, until } from '../harness/plant.ts';
import { TEST_KEY } from '../harness/province.ts';
import { at, dischargedVisit, HOSPITAL, leaving, line } from '../harness/visit.ts';

/** `his insurer`, `his results` and `his claims compare`, as a person types them; workers do what they ask for. */
const FACILITY = facilityIdOf(HOSPITAL);
const REASON = 'Bổ sung thuốc còn thiếu';
let plant: Plant;
let folder: string;
let environment: Record<string, string>;
let visit: Awaited<ReturnType<typeof dischargedVisit>>;
beforeAll(async () => {
  plant = await startPlant('postgres');
  folder = mkdtempSync(join(tmpdir(), 'his-insurer-'));
  environment = {
    ...environmentOf(plant.server.database),
    SECRETS_KEY: TEST_KEY.toString('base64'),
    CARD_LOOKUP_WAIT_MS: '20000',
  };
  const call: typeof plant.server.call = (method, path, more) =>
    plant.server.call(method, path, { as: HOSPITAL, ...more });
  visit = await dischargedVisit({ ...plant.server, call }, [line()]);
  const { database } = plant.server;
  const duty = async (role: 'cashier' | 'insurance-officer' | 'clinician') =>
    addSession(database, await addAccount(database, role, HOSPITAL));
  const [cashier, officer, clinician] = [
    await duty('cashier'),
    await duty('insurance-officer'),
    await duty('clinician'),
  ];
  await settled(cashier);
  expect(await sendClaim(plant.parts, FACILITY, visit.id, 1)).toBe('received');
  await post(officer, 'reopen', { reason: REASON });
  await post(clinician, 'discharge/undo', { reason: REASON });
  await post(clinician, 'orders', { lines: [line({ itemCode: 'T01', quantity: '10', dose: '1 viên * 2' })] });
  await post(clinician, 'discharge', leaving({ endedAt: at('17:00') }));
  await settled(cashier);
});
afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function post(by: Credential, what: string, body: object): Promise<void> {
  const { etag } = await plant.server.api.call('GET', visit.path, by);
  const answer = await plant.server.api.call('POST', `${visit.path}/${what}`, by, body, {
    'Idempotency-Key': newId(),
    ...(etag ? { 'If-Match': etag } : {}),
  });
  if (answer.status >= 300) throw new Error(`${what}: ${JSON.stringify(answer.body)}`);
}
async function settled(cashier: Credential): Promise<void> {
  await post(cashier, 'settlement', {});
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: HOSPITAL, body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, FACILITY);
}
/** What it printed. @param code of its end */
async function typed(args: readonly string[], code = 0): Promise<string> {
  const ended = await his(args, environment);
  if (ended.code !== code) throw new Error(`his ${args.join(' ')}: ${ended.code} ${ended.err}`);
  return ended.out + ended.err;
}
const insurer = (...args: string[]) => typed(['insurer', ...args, '--facility', HOSPITAL]);
const asked = async <T>(...args: string[]) => JSON.parse(await insurer(...args, '--json')) as T;
const holder = ['--card', cardOfCode('000'), '--name', 'Người Mẫu 000', '--birth', '1990-02-01'];

test('his results import shows what does not fit, his claims compare what was corrected, his insurer adjust hands in 09/BH', async () => {
  const file = join(folder, 'ket-qua.csv');
  writeFileSync(file, `Mã LK;Trạng thái;Lý do\n${visit.claimKey};Từ chối;thiếu chỉ định\nKHONG-CO;Lỗi;x\n`);
  const imported = await typed(['results', 'import', file, '--facility', HOSPITAL], 1);
  expect(imported).toContain('KHONG-CO');
  expect(await typed(['claims', 'compare', visit.claimKey])).toMatch(/XML2.*SO_LUONG.*10/);

  // What is refused was assessed: the workers keep the second version back.
  await plant.startWorkers(500);
  const states = async () =>
    (
      await plant.server.database.query<{ type: string }>(
        `select distinct on (number) type from claim_event where encounter_id = $1 order by number, sequence desc`,
        [visit.id],
      )
    ).map(({ type }) => type);
  const { id } = await asked<{ id: string }>('adjust', visit.claimKey, '--reason', REASON);
  await until(async () => (await states())[1] === 'withdrawn');
  const papers = await asked<{ papers: { id: string; kind: string; state: string }[] }>('papers');
  expect(papers.papers).toContainEqual(
    expect.objectContaining({ id, kind: 'adjustment', state: 'received' }),
  );
  const again = await typed(
    ['insurer', 'adjust', visit.claimKey, '--facility', HOSPITAL, '--reason', REASON],
    1,
  );
  expect(again).toContain('was not assessed');
});

test('his insurer setting, card, copay: who asks is set, and a worker brings the answers', async () => {
  const set = await insurer('setting', '--staff', 'Lê Thị Trực', '--staff-id', '040190000001');
  expect(set).toContain('staff\tLê Thị Trực 040190000001\n');
  expect(await asked('setting', '--ask-results', 'on')).toMatchObject({ asksResults: true });
  expect(await asked('setting', '--ask-results', 'off')).toMatchObject({ asksResults: false });
  expect(await insurer('card', ...holder)).toContain('the card is good');
  expect(await asked('copay', ...holder)).toMatchObject({ state: 'answered', verdict: 'known' });
});

test('his insurer catalogues and month: once; papers and resolve: what a person saw', async () => {
  expect(await insurer('catalogues', '--form', 'departments', 'equipment')).toMatch(
    /^departments\t\d+\t\S+\nequipment\t\d+\t\S+\n$/,
  );
  expect(await insurer('catalogues', '--form', 'departments')).toContain('have not changed');
  const [settledAt] = await plant.server.database.query<{ at: string }>(
    'select settled_at::text as at from encounter where id = $1',
    [visit.id],
  );
  const month = localDate(new Date(settledAt!.at)).slice(0, 7);
  expect(await asked('month', '--month', month, '--preview')).toMatchObject({ records: 1, paperId: null });
  const { paperId } = await asked<{ paperId: string }>('month', '--month', month);
  await until(async () => {
    const sql = 'select state from insurer_paper where id = $1';
    const [paper] = await plant.server.database.query<{ state: string }>(sql, [paperId]);
    return paper?.state === 'received';
  });

  const unclear = await plantUnclearPaper(plant.server.database, HOSPITAL);
  expect(await insurer('papers')).toContain(unclear);
  const seen = ['resolve', unclear, '--as', 'received', '--reason', 'đã thấy trên cổng'];
  expect(await typed(['insurer', ...seen, '--facility', HOSPITAL], 2)).toContain('--number');
  expect(await insurer(...seen, '--number', '40021202611270001')).toBe(`${unclear}\treceived\n`);
});
