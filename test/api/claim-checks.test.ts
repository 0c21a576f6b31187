import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import type { Session } from '../../src/demo/client.ts';
import { maintain, sweepUploads } from '../../src/exports/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import type { QueueJob } from '../../src/platform/queue/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { claimCheck } from '../../workers/claim-check.worker.ts';
import { foreignFile } from '../harness/foreign.ts';
import { officersOn } from '../harness/officers.ts';
import { type Plant, startPlant, until } from '../harness/plant.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

interface Check {
  readonly id: string;
  readonly state: string;
  readonly checked: number;
  readonly claims: number | null;
  readonly errors: number;
  readonly warnings: number;
  readonly kept: number;
  readonly summary: readonly { rule: string; findings: number; claims: number; amount: string }[];
  readonly notChecked: readonly { rule: string; needs: string }[];
}
interface Findings {
  readonly items: readonly {
    readonly position: number;
    readonly file: string;
    readonly maLk: string | null;
    readonly rule: string;
    readonly message: string;
    readonly amount: string | null;
  }[];
  readonly next: string | null;
}

const CHECKS = '/api/v1/claim-checks';
let plant: Plant;
let officer: Session;
let stationOfficer: Session;
let office: Session;

beforeAll(async () => {
  plant = await startPlant('postgres');
  const officers = await officersOn(plant.server.database);
  [officer, stationOfficer, office] = [officers.hospital, officers.station, officers.office];
});
afterAll(() => plant.stop());
beforeEach(() => plant.server.database.query('delete from claim_check'));

/** Two claims; the insurer's part of the second is wrong. */
const wrongFile = (facilityCode = HOSPITAL) => {
  const file = foreignFile(facilityCode, 'K1', 'K2').toString();
  let seen = 0;
  return Buffer.from(
    file.replace(
      /(<LOAIHOSO>XML1<\/LOAIHOSO><NOIDUNGFILE>)([^<]*)/g,
      (whole, head: string, packed: string) => {
        seen += 1;
        const xml = Buffer.from(packed, 'base64')
          .toString()
          .replace(/<T_BHTT>[^<]*/, '<T_BHTT>1.00');
        return seen === 2 ? head + Buffer.from(xml).toString('base64') : whole;
      },
    ),
  );
};

const call = (method: 'GET' | 'POST', path: string, by: Session, body?: Buffer) =>
  plant.server.api.call(method, path, by, body, {
    'Content-Type': 'application/xml',
    'Idempotency-Key': newId(),
  });
async function give(bytes: Buffer, by = officer, query = 'name=thang-8.xml') {
  const answer = await call('POST', `${CHECKS}?${query}`, by, bytes);
  return { ...answer, check: answer.body as Check };
}
const read = async <T>(path: string, by = officer) => (await call('GET', path, by)).body as T;
const work = (checkId: string, facilityCode: string | null, database: Database = plant.database) => {
  const facilityId = facilityCode === null ? null : facilityIdOf(facilityCode);
  const job = { id: 'x', name: 'check', data: { checkId, facilityId } } as unknown as QueueJob;
  return claimCheck.handle(job, { ...plant.parts, database });
};
/** Given, checked, and as it stands then. */
async function checked(bytes: Buffer, by = officer, facilityCode: string | null = HOSPITAL, query?: string) {
  const { check } = await give(bytes, by, query);
  await work(check.id, facilityCode);
  return read<Check>(`${CHECKS}/${check.id}`, by);
}

test('a file goes from the upload over the queue to its findings, and is gone afterwards', async () => {
  const { status, check } = await give(wrongFile(), officer, 'name=a.xml&rules=MON_SUM_BHTT');
  expect([status, check.state, check.claims]).toEqual([202, 'waiting', null]);
  const workers = await plant.startWorkers();
  const progress = () => read<Check>(`${CHECKS}/${check.id}`);
  await until(async () => (await progress()).state === 'done');
  await workers.stop();
  const done = await progress();
  expect([done.checked, done.claims, done.errors, done.warnings, done.kept]).toEqual([2, 2, 1, 0, 1]);
  expect(done.summary).toEqual([
    { rule: 'MON_SUM_BHTT', version: 1, severity: 'error', findings: 1, claims: 1, amount: '1.00' },
  ]);
  const { items, next } = await read<Findings>(`${CHECKS}/${check.id}/findings`);
  expect([items.length, next]).toEqual([1, null]);
  expect(items[0]).toMatchObject({
    position: 1,
    file: 'a.xml',
    maLk: 'K2',
    rule: 'MON_SUM_BHTT',
    amount: '1.00',
  });
  expect(items[0]!.message).toMatch(/1\.00/);
  for (const table of ['claim_check_content', 'foreign_file', 'foreign_claim'])
    expect(await plant.server.database.query(`select from ${table}`)).toEqual([]);
});

test('says what `his check` says: rules that need a catalogue are told as not checked', async () => {
  const done = await checked(wrongFile());
  expect(done.summary.map(({ rule }) => rule)).toContain('MON_SUM_BHTT');
  expect(done.summary.reduce((sum, { findings }) => sum + findings, 0)).toBe(done.errors + done.warnings);
  expect(done.notChecked).toContainEqual({ rule: 'SUP_IN_CATALOGUE', needs: 'supply_catalogue' });
});

test('judges on the day that is asked for', async () => {
  const bytes = foreignFile(HOSPITAL, 'K1');
  const early = await checked(bytes, officer, HOSPITAL, 'rules=DT_FUTURE&asOf=2020-01-01');
  expect(early.errors + early.warnings).toBeGreaterThan(0);
  expect((await checked(bytes, officer, HOSPITAL, 'rules=DT_FUTURE')).kept).toBe(0);
});

test('a rule that is not there is refused, and nothing is kept', async () => {
  const { status, body } = await give(wrongFile(), officer, 'rules=NO_SUCH_RULE');
  expect([status, (body as { type: string }).type]).toEqual([400, '/problems/bad-parameter']);
  expect(await plant.server.database.query('select from claim_check')).toEqual([]);
});

test('what cannot be read is a finding, a broken archive too', async () => {
  for (const bytes of [Buffer.from('xin chào'), Buffer.from('PK\u0003\u0004 no archive')]) {
    const done = await checked(bytes);
    expect([done.state, done.claims, done.errors]).toEqual(['done', 0, 1]);
    expect(done.summary[0]!.rule).toBe('STR_XML_WELLFORMED');
  }
});

test('findings come in pages, as CSV and as a workbook', async () => {
  const done = await checked(wrongFile());
  expect(done.kept).toBeGreaterThan(1);
  const path = `${CHECKS}/${done.id}/findings`;
  const rules: string[] = [];
  for (let page: string | null = `${path}?limit=1`; page; ) {
    const { items, next }: Findings = await read<Findings>(page);
    expect(items.map(({ position }) => position)).toEqual([rules.length + 1]);
    rules.push(items[0]!.rule);
    page = next && `${path}?limit=1&cursor=${next}`;
  }
  expect(rules).toHaveLength(done.kept);
  const download = async (format: string) => {
    const answer = await fetch(`${plant.server.url}${path}.${format}`, { headers: officer.headers() });
    return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const csv = await download('csv');
  expect(csv.type).toMatch(/^text\/csv/);
  expect(csv.bytes.toString().trimEnd().split('\r\n')).toHaveLength(done.kept + 1);
  const xlsx = await download('xlsx');
  const { sheets } = await readXlsx(xlsx.bytes);
  expect(sheets[0]!.rows.slice(1).map((row) => row[2])).toEqual(rules);
});

test('a check is for who gave the file: no other facility and no office sees it', async () => {
  const own = await checked(wrongFile(STATION), stationOfficer, STATION);
  const ofOffice = await checked(wrongFile(), office, null);
  for (const [id, others] of [
    [own.id, [officer, office]],
    [ofOffice.id, [officer, stationOfficer]],
  ] as const)
    for (const other of others)
      for (const path of ['', '/findings', '/findings.csv', '/findings.xlsx'])
        expect((await call('GET', `${CHECKS}/${id}${path}`, other)).status).toBe(404);
  expect((await read<Findings>(`${CHECKS}/${ofOffice.id}/findings`, office)).items).toHaveLength(
    ofOffice.kept,
  );
});

test('an attempt that stops half way is made anew; of two at once one writes', async () => {
  const { check } = await give(wrongFile());
  let left = 2;
  const tired: Database = {
    ...plant.database,
    transaction: (context, act, opening) => {
      left -= 1;
      if (left < 0) throw new Error('the line is gone');
      return plant.database.transaction(context, act, opening);
    },
  };
  await expect(work(check.id, HOSPITAL, tired)).rejects.toThrow('the line is gone');
  expect((await read<Check>(`${CHECKS}/${check.id}`)).state).toBe('checking');
  await Promise.all([work(check.id, HOSPITAL), work(check.id, HOSPITAL)]);
  const done = await read<Check>(`${CHECKS}/${check.id}`);
  const { items } = await read<Findings>(`${CHECKS}/${check.id}/findings?limit=1000`);
  expect([done.state, done.claims, items.length]).toEqual(['done', 2, done.kept]);
  const before = await writtenRows(plant.server.database);
  await work(check.id, HOSPITAL);
  await work(check.id, STATION);
  expect(await writtenRows(plant.server.database)).toEqual(before);
});

test('the sweep taps a worker again for a check that nobody works on any more', async () => {
  const { check } = await give(wrongFile());
  const { database } = plant.server;
  const wishes = () =>
    database.query<{ checkId: string }>(
      `select data->>'checkId' as "checkId" from outbox where queue = 'claim-check'`,
    );
  await database.query('delete from outbox');
  await sweepUploads(plant.parts);
  expect(await wishes()).toEqual([]);
  await database.query(`update claim_check set touched_at = now() - interval '2 minutes'`);
  await sweepUploads(plant.parts);
  expect(await wishes()).toEqual([{ checkId: check.id }]);
});

test('old checks are forgotten with all that was found, younger ones stay', async () => {
  const old = await checked(wrongFile());
  const young = await checked(wrongFile());
  await plant.server.database.query(
    `update claim_check set given_at = now() - interval '31 days' where id = $1`,
    [old.id],
  );
  await maintain(plant.parts);
  expect((await call('GET', `${CHECKS}/${old.id}`, officer)).status).toBe(404);
  expect((await read<Check>(`${CHECKS}/${young.id}`)).state).toBe('done');
  const rows = await plant.server.database.query<{ id: string }>(
    'select distinct check_id as id from claim_check_finding',
  );
  expect(rows).toEqual([{ id: young.id }]);
});
