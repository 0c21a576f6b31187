import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ZipFile } from 'yazl';
import type { Session } from '../../src/demo/client.ts';
import { sweepUploads } from '../../src/exports/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import type { QueueJob } from '../../src/platform/queue/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { claimImport } from '../../workers/claim-import.worker.ts';
import { foreignFile, foreignRecord } from '../harness/foreign.ts';
import { officersOn } from '../harness/officers.ts';
import { type Plant, startPlant, until } from '../harness/plant.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

interface File {
  readonly id: string;
  readonly state: string;
  readonly message: string | null;
  readonly records: number | null;
  readonly stored: number;
  readonly known: number;
  readonly setAside: number;
  readonly aside: readonly { position: number; part: string | null; reason: string; message: string }[];
}
interface Claims {
  readonly items: readonly {
    readonly id: string;
    readonly facilityCode: string;
    readonly claimKey: string;
  }[];
  readonly totals: { readonly claims: number; readonly insurerPays: string };
  readonly next: string | null;
}

const FILES = '/api/v1/foreign-claim-files';
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
beforeEach(() =>
  plant.server.database.query(
    'truncate foreign_file, foreign_file_content, foreign_set_aside, foreign_claim, foreign_claim_content',
  ),
);

const give = async (bytes: Buffer, by = officer, key = newId()) => {
  const headers = { 'Idempotency-Key': key };
  const answer = await plant.server.api.call('POST', `${FILES}?name=a.xml`, by, bytes, headers);
  return { ...answer, file: answer.body as File };
};
const read = async <T>(path: string, by = officer) =>
  (await plant.server.api.call('GET', path, by)).body as T;
const work = (fileId: string, facilityCode: string | null, database: Database = plant.database) => {
  const facilityId = facilityCode === null ? null : facilityIdOf(facilityCode);
  const job = { id: 'x', name: 'read', data: { fileId, facilityId } } as unknown as QueueJob;
  return claimImport.handle(job, { ...plant.parts, database });
};
/** Given, read, and as it stands then. */
async function taken(bytes: Buffer, by = officer, facilityCode: string | null = HOSPITAL): Promise<File> {
  const { file } = await give(bytes, by);
  await work(file.id, facilityCode);
  return read<File>(`${FILES}/${file.id}`, by);
}
const counts = ({ records, stored, known, setAside }: File) => [records, stored, known, setAside];

test('a file goes from the upload over the queue into the tables, with its progress to be seen', async () => {
  const { status, file } = await give(foreignFile(HOSPITAL, 'K1', 'K2'));
  expect([status, file.state, file.records]).toEqual([202, 'waiting', null]);
  const workers = await plant.startWorkers();
  const progress = () => read<File>(`${FILES}/${file.id}`);
  await until(async () => (await progress()).state === 'read');
  await workers.stop();
  const done = await progress();
  expect([...counts(done), done.aside]).toEqual([2, 2, 0, 0, []]);
  const { items, totals } = await read<Claims>('/api/v1/foreign-claims');
  expect(items.map(({ claimKey }) => claimKey).toSorted()).toEqual(['K1', 'K2']);
  const amount = foreignRecord(HOSPITAL, 'K1').XML1![0]!.T_BHTT!;
  expect([totals.claims, Number(totals.insurerPays)]).toEqual([2, 2 * Number(amount)]);
  const one = await read<{ tables: object; found: unknown[]; claimKey: string }>(
    `/api/v1/foreign-claims/${items[0]!.id}`,
  );
  expect(one).toMatchObject({ tables: foreignRecord(HOSPITAL, one.claimKey), found: [] });
  expect(await plant.server.database.query('select from foreign_file_content')).toEqual([]);
});

test('the same file twice is nothing twice, however it comes', async () => {
  const bytes = foreignFile(HOSPITAL, 'K1', 'K2');
  const first = await taken(bytes);
  const again = await give(bytes);
  expect([again.file.id, again.file.state]).toEqual([first.id, 'read']);
  const after = () => writtenRows(plant.server.database, ['idempotency']);
  const before = await after();
  await give(bytes);
  await work(first.id, HOSPITAL);
  expect(await after()).toEqual(before);
  // Packed, or written in another way: another file with the same dossiers.
  const spaced = Buffer.from(bytes.toString().replaceAll('><', '>\n<'));
  expect(counts(await taken(gzipSync(bytes)))).toEqual([2, 0, 2, 0]);
  expect(counts(await taken(spaced))).toEqual([2, 0, 2, 0]);
  expect(counts(await taken(foreignFile(HOSPITAL, 'K2', 'K3')))).toEqual([2, 1, 1, 0]);
  expect((await read<Claims>('/api/v1/foreign-claims')).totals.claims).toBe(3);
});

test('dossiers that cannot be taken in are put aside with the reason, the others are there', async () => {
  const bytes = foreignFile(HOSPITAL, 'K1', 'K2', 'K3', 'K4').toString();
  const dossiers = [...bytes.matchAll(/<HOSO>.*?<\/HOSO>/g)].map(([dossier]) => dossier);
  const elsewhere = /<HOSO>.*?<\/HOSO>/.exec(foreignFile(STATION, 'K5').toString())![0];
  const changed = bytes
    .replace(dossiers[0]!, () => dossiers[0]!.replace('<NOIDUNGFILE>', '<NOIDUNGFILE>*'))
    .replace(dossiers[1]!, () => dossiers[1]!.replace(/<FILEHOSO>.*?<\/FILEHOSO>/, ''))
    .replace(dossiers[2]!, () => elsewhere);
  const { aside, ...file } = await taken(Buffer.from(changed));
  expect(counts({ ...file, aside })).toEqual([4, 1, 0, 3]);
  expect(aside.map(({ position, reason }) => [position, reason])).toEqual([
    [1, 'bad-base64'],
    [2, 'no-main-table'],
    [3, 'facility-mismatch'],
  ]);
  for (const { message } of aside) expect(message).toMatch(/^\S.*\.$/);
});

test('a file that is not whole is refused, and nothing of it is taken in', async () => {
  const bytes = foreignFile(HOSPITAL, 'K1', 'K2');
  for (const wrong of [
    bytes.subarray(0, -30),
    Buffer.from(bytes.toString().replace('<SOLUONGHOSO>2<', '<SOLUONGHOSO>3<')),
    Buffer.from('xin chào'),
  ]) {
    const file = await taken(wrong);
    expect([file.state, file.stored, file.message]).toEqual(['refused', 0, expect.stringMatching(/\.$/)]);
  }
  expect((await read<Claims>('/api/v1/foreign-claims')).totals.claims).toBe(0);
});

test('an archive is its files, and one of them that cannot be read is put aside by name', async () => {
  const archive = new ZipFile();
  archive.addBuffer(foreignFile(HOSPITAL, 'K1', 'K2'), 'thang-8/a.xml');
  archive.addBuffer(Buffer.from('<a>'), 'thang-8/b.xml');
  archive.addBuffer(foreignFile(HOSPITAL, 'K3'), 'thang-8/c.xml');
  archive.end();
  const file = await taken(await buffer(archive.outputStream));
  expect(counts(file)).toEqual([4, 3, 0, 1]);
  expect(file.aside).toEqual([
    { position: 3, part: 'a.xml/thang-8/b.xml', reason: 'not-well-formed', message: expect.any(String) },
  ]);
});

test('a facility takes in its own; the office everybody’s, and sees figures where the facility sees the chart', async () => {
  const mixed = [foreignFile(STATION, 'K1'), foreignFile('79999', 'K2'), foreignFile(HOSPITAL, 'K3')];
  for (const bytes of mixed.slice(0, 2)) {
    const { aside } = await taken(bytes);
    expect(aside.map(({ reason }) => reason)).toEqual(['other-facility']);
  }
  for (const bytes of mixed) expect(counts(await taken(bytes, office, null))).toEqual([1, 1, 0, 0]);
  const codes = async (by: Session) =>
    (await read<Claims>('/api/v1/foreign-claims', by)).items
      .map(({ facilityCode }) => facilityCode)
      .toSorted();
  expect(await codes(officer)).toEqual([HOSPITAL]);
  expect(await codes(stationOfficer)).toEqual([STATION]);
  expect(await codes(office)).toEqual([HOSPITAL, STATION, '79999'].toSorted());
  const [claim] = (await read<Claims>('/api/v1/foreign-claims', stationOfficer)).items;
  const path = `/api/v1/foreign-claims/${claim!.id}`;
  expect(await read(path, stationOfficer)).toMatchObject({ tables: { XML1: [{ MA_LK: 'K1' }] } });
  expect(await read(path, office)).toMatchObject({ claimKey: 'K1', tables: null });
  expect((await plant.server.api.call('GET', path, officer)).status).toBe(404);
});

test('lists come in pages, newest first', async () => {
  await taken(foreignFile(HOSPITAL, 'K1', 'K2', 'K3'));
  const keys: string[] = [];
  for (let path: string | null = '/api/v1/foreign-claims?limit=1'; path; ) {
    const { items, next, totals }: Claims = await read<Claims>(path);
    expect([items.length, totals.claims]).toEqual([1, 3]);
    keys.push(items[0]!.claimKey);
    path = next && `/api/v1/foreign-claims?limit=1&cursor=${next}`;
  }
  expect(keys).toEqual(['K3', 'K2', 'K1']);
  const one = await read<Claims>('/api/v1/foreign-claims?claimKey=K2');
  expect(one.items.map(({ claimKey }) => claimKey)).toEqual(['K2']);
});

test('reading that stops half way goes on where it was, and two at once take in nothing twice', async () => {
  const keys = ['K1', 'K2', 'K3', 'K4', 'K5'];
  const { file } = await give(foreignFile(HOSPITAL, ...keys));
  let left = 5;
  const tired: Database = {
    ...plant.database,
    transaction: (context, act, opening) => {
      left -= 1;
      if (left < 0) throw new Error('the line is gone');
      return plant.database.transaction(context, act, opening);
    },
  };
  await expect(work(file.id, HOSPITAL, tired)).rejects.toThrow('the line is gone');
  const half = await read<File>(`${FILES}/${file.id}`);
  expect([half.state, ...counts(half)]).toEqual(['reading', 5, 3, 0, 0]);
  await Promise.all([work(file.id, HOSPITAL), work(file.id, HOSPITAL)]);
  const done = await read<File>(`${FILES}/${file.id}`);
  expect([done.state, ...counts(done)]).toEqual(['read', 5, 5, 0, 0]);
});

test('the sweep taps a worker again for an upload that nobody reads any more', async () => {
  const { file } = await give(foreignFile(HOSPITAL, 'K1'));
  const { database } = plant.server;
  const wishes = () =>
    database.query<{ fileId: string }>(
      `select data->>'fileId' as "fileId" from outbox where queue = 'claim-import' order by 1`,
    );
  await database.query('delete from outbox');
  await sweepUploads(plant.parts);
  expect(await wishes()).toEqual([]);
  await database.query(`update foreign_file set touched_at = now() - interval '2 minutes'`);
  await sweepUploads(plant.parts);
  expect(await wishes()).toEqual([{ fileId: file.id }]);
});

test('a job with a foreign facility id reads nothing', async () => {
  const { file } = await give(foreignFile(HOSPITAL, 'K1'));
  const before = await writtenRows(plant.server.database);
  await work(file.id, STATION);
  await work(newId(), HOSPITAL);
  expect(await writtenRows(plant.server.database)).toEqual(before);
});
