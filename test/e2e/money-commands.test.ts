import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repriceSettled, walkSettled } from '../../src/billing/index.ts';
import { billingWhatIf, type WhatIfCommand } from '../../src/commands/what-if.ts';
import { wholeVisit } from '../../src/demo/visits/index.ts';
import { buildBatch } from '../../src/exports/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { environmentOf } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';
import { at, dischargedVisit, HOSPITAL, line, plansOf, STATION } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

const POLICY = fileURLToPath(new URL('../../src/benefits/policy/', import.meta.url));
const SERVICES = new URL('../../fixtures/province/services.jsonl', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'his-money-'));

let plant: Plant;
let encounterId: string;
let settled = 0;
let atHospital = 0;

beforeAll(async () => {
  plant = await startPlant('postgres');
  for (const plan of plansOf([HOSPITAL, STATION], 30)) {
    const body = wholeVisit(plan);
    const key = { 'Idempotency-Key': plan.id };
    const token = tokenFor(plan.facilityCode);
    const answer = await plant.server.api.call('POST', '/api/v1/encounters/whole', token, body, key);
    // Somebody who came twice is registered once.
    if (answer.status !== 201) continue;
    settled += 1;
    if (plan.facilityCode === HOSPITAL) atHospital += 1;
  }
  const server = { ...plant.server, call: callAs(HOSPITAL) };
  // 21 rolls of plaster: 388,500, over the 15 % of the base salary, so the fund pays 80 %.
  const visit = await dischargedVisit(server, [line({ itemCode: 'N02.04.020', quantity: '21' }), line()]);
  encounterId = visit.id;
  const headers = { 'If-Match': visit.etag };
  const { status } = await server.call('POST', `${visit.path}/settlement`, {
    body: { settledAt: at('10:05') },
    headers,
  });
  expect(status).toBe(201);
  settled += 1;
  atHospital += 1;
});
afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true });
});

function callAs(as: string): Plant['server']['call'] {
  return (method, path, more) => plant.server.call(method, path, { as, ...more });
}

function run(args: string, environment: Record<string, string> = {}) {
  return his(args.split(' '), {
    ...environmentOf(plant.server.database),
    ...environment,
  });
}

/** Runs it and holds that no row was added, changed or removed. */
async function runWritingNothing(args: string) {
  const before = await writtenRows(plant.server.database);
  const ended = await run(args);
  expect(await writtenRows(plant.server.database)).toEqual(before);
  return ended;
}

/** The policy in use, with one base salary from July 2026 on. */
function policyWithSalary(value: string): string {
  const dir = join(folder, `policy-${value}`);
  cpSync(POLICY, dir, { recursive: true });
  const file = join(dir, 'base-salary.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"2530000"', `"${value}"`));
  return dir;
}

/** The province's services, the examination dearer by 10,000 đồng at district hospitals. */
function dearerExamination(): string {
  const file = join(folder, 'prices.jsonl');
  const lines = readFileSync(SERVICES, 'utf8')
    .split('\n')
    .filter((text) => text.includes('"itemCode":"02.1896"'));
  writeFileSync(file, lines.join('\n').replaceAll('"48600"', '"58600"'));
  return file;
}

describe('his billing what-if', () => {
  test('one visit under another law: what changes, part by part, and nothing is written', async () => {
    // 15 % of 3,000,000 is 450,000: now the visit is a cheap one, and the fund pays all of it.
    const policy = policyWithSalary('3000000');
    const { code, out } = await runWritingNothing(
      `billing what-if --visit ${encounterId} --policy ${policy} --json`,
    );
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(found.policyVersion).toMatch(/^\d{4}-\d{2}\+[0-9a-f]{8}$/);
    expect(found.counts).toEqual({ visits: 1, changed: 1, refused: 0 });
    expect(found.visits).toMatchObject([
      {
        encounterId,
        facilityCode: HOSPITAL,
        linesRepriced: 0,
        parts: {
          grossAmount: { stored: '437100.00', repriced: '437100.00', difference: '0.00' },
          insurerPays: { stored: '349680.00', repriced: '437100.00', difference: '87420.00' },
          copay: { stored: '87420.00', repriced: '0.00', difference: '-87420.00' },
          patientPays: { difference: '-87420.00' },
        },
      },
    ]);
    expect(found.total).toEqual(found.visits[0].parts);
    const [told, same] = await Promise.all([
      run(`billing what-if --visit ${encounterId} --policy ${policy}`),
      run(`billing what-if --visit ${encounterId}`),
    ]);
    expect(told.out).toContain('Insurance fund');
    expect(told.out).toContain('+87,420 VND');
    expect([same.code, same.out]).toEqual([0, expect.stringContaining('Nothing changes.')]);
  });

  test('one visit under other prices', async () => {
    const { out } = await runWritingNothing(
      `billing what-if --visit ${encounterId} --prices ${dearerExamination()} --json`,
    );
    expect(JSON.parse(out).visits).toMatchObject([
      {
        linesRepriced: 1,
        parts: {
          grossAmount: { difference: '10000.00' },
          insurerPays: { difference: '8000.00' },
          copay: { difference: '2000.00' },
        },
      },
    ]);
  });

  test('a month: all that changed, the sum of all, progress, one facility if wished', async () => {
    const month = plant.day.slice(0, 7);
    const all = await runWritingNothing(
      `billing what-if --month ${month} --policy ${policyWithSalary('3000000')} --json`,
    );
    const found = JSON.parse(all.out);
    expect([all.code, found.counts.visits, found.counts.refused]).toEqual([0, settled, 0]);
    expect(found.visits).toHaveLength(found.counts.changed);
    const sum = (part: string) =>
      found.visits.reduce(
        (total: bigint, visit: { parts: Record<string, { difference: string }> }) =>
          total + BigInt(visit.parts[part]!.difference.replace('.', '')),
        0n,
      );
    for (const part of ['insurerPays', 'copay', 'selfPay', 'patientPays'])
      expect(BigInt(found.total[part].difference.replace('.', ''))).toBe(sum(part));
    expect(all.err).toContain('Repricing');
    const one = await run(`billing what-if --month ${month} --facility ${HOSPITAL} --json`);
    expect(JSON.parse(one.out)).toMatchObject({ visits: [], counts: { visits: atHospital, changed: 0 } });
    const none = await run('billing what-if --month 2025-12 --json');
    expect(JSON.parse(none.out)).toMatchObject({
      counts: { visits: 0 },
      total: { copay: { stored: '0.00' } },
    });
  });

  test('what the other law cannot judge is counted and named', async () => {
    const dir = join(folder, 'policy-without');
    cpSync(POLICY, dir, { recursive: true });
    const file = join(dir, 'base-salary.json');
    const salary = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(
      file,
      JSON.stringify({ ...salary, values: [{ ...salary.values.at(-1), from: '2090-01-01' }] }),
    );
    const command = `billing what-if --visit ${encounterId} --policy ${dir} --json`;
    const incomplete = await run(command);
    expect([incomplete.code, incomplete.out]).toEqual([2, '']);
    expect(incomplete.err).toContain('base-salary');

    // A draft that says of itself from when it is complete.
    writeFileSync(
      join(dir, 'required.json'),
      JSON.stringify({ required: [{ from: '2090-01-01', ids: ['base-salary'] }] }),
    );
    const { code, out } = await run(command);
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { counts: { refused: 1 }, visits: [{ refused: 'policy-not-in-force' }] },
    ]);
  });

  test.each<[string, Partial<WhatIfCommand>, string]>([
    ['neither visit nor month', {}, 'exactly one of --visit and --month'],
    ['both', { visit: 'x', month: '2026-11' }, 'exactly one of --visit and --month'],
    ['a folder that is not there', { visit: 'x', policy: '/nowhere' }, 'no folder /nowhere'],
    ['a folder without policy', { visit: 'x', policy: folder }, 'policy file'],
    ['a price file that is not there', { visit: 'x', prices: '/nowhere.jsonl' }, 'nowhere.jsonl'],
    ['a price file that is none', { visit: 'x', prices: join(folder, 'bad.jsonl') }, 'bad.jsonl'],
  ])('%s: exit code 2 and why, before a database is opened', async (_name, options, said) => {
    writeFileSync(join(folder, 'bad.jsonl'), '{"itemCode":"X"}\n');
    process.env.LANGUAGE = 'en';
    const refused = billingWhatIf({ json: false, ...options });
    await expect(refused).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(said) });
  });

  test('a visit or facility that is not there: exit code 2 and why', async () => {
    const unknown = await run('billing what-if --visit 01940000-0000-7000-8000-000000000000');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('no settled visit')]);
    const nowhere = await run('billing what-if --month 2026-11 --facility 99999');
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('no facility 99999')]);
  });

  test('reads in transactions that can write nothing, two hundred visits at a time', async () => {
    const wanted = {
      from: '2026-01-01T00:00:00Z',
      to: '2100-01-01T00:00:00Z',
      facilityId: facilityIdOf(HOSPITAL),
    };
    const { database, parts } = plant;
    await expect(
      walkSettled(database, wanted, 'what-if', async (tx) => {
        await tx.query('delete from export_work');
      }),
    ).rejects.toMatchObject({ code: '25006' });
    const batches: number[] = [];
    await plant.server.database.query(COPIES, [encounterId]);
    await walkSettled(
      database,
      wanted,
      'what-if',
      async (_tx, _facility, ids) => void batches.push(ids.length),
    );
    expect(batches).toEqual([200, 200, 100 + atHospital]);
    let seen = 0;
    const { loadPolicy } = await import('../../src/benefits/index.ts');
    const directory = await parts.directory.get();
    await repriceSettled(database, directory, wanted, { law: loadPolicy(), prices: null }, () => {
      seen += 1;
    });
    expect(seen).toBe(500 + atHospital);
    await plant.server.database.query("delete from settlement where encounter_id::text like 'ffff%'");
    await plant.server.database.query("delete from encounter where id::text like 'ffff%'");
  });
});

/** Five hundred visits more, without lines: as many as make three batches. */
const COPIES = `with made as (insert into encounter select (e.copy).* from (
    select jsonb_populate_record(e, jsonb_build_object('id', 'ffff0000-0000-7000-8000-' || lpad(n::text, 12, '0'),
      'claim_key', '40021.ffff0000000070008000' || lpad(n::text, 12, '0'), 'record_number', 'copy.' || n)) as copy
    from encounter e, generate_series(1, 500) n where e.id = $1) e returning facility_id, id)
  insert into settlement select (s.copy).* from (
    select jsonb_populate_record(s, jsonb_build_object('encounter_id', m.id)) as copy
    from settlement s, made m where s.encounter_id = $1) s`;

describe('his proof money', () => {
  test('of a day: equal everywhere, with claims built and without; nothing is written', async () => {
    const before = await runWritingNothing(`proof money --date ${plant.day} --json`);
    expect([before.code, JSON.parse(before.out)]).toEqual([
      0,
      { date: plant.day, differences: [], visits: settled, documents: 0, different: 0, equal: true },
    ]);
    const started = await plant.server.call('POST', '/api/v1/export-runs', { as: HOSPITAL, body: {} });
    await buildBatch(plant.parts, (started.body as { id: string }).id, facilityIdOf(HOSPITAL));
    const after = await runWritingNothing(`proof money --date ${plant.day} --facility ${HOSPITAL}`);
    expect([after.code, after.out]).toEqual([0, expect.stringContaining(`${atHospital} settled visits`)]);
    expect(after.out).toContain('equal everywhere');
    expect(Number(/(\d+) claims built/.exec(after.out)?.[1])).toBeGreaterThan(0);
    expect(after.err).toContain('Comparing');
  });

  test('a day on which nobody settled is equal, and says so', async () => {
    const { code, out } = await run('proof money --date 2026-01-01');
    expect([code, out]).toEqual([0, expect.stringContaining('no visit was settled')]);
  });

  test('one đồng elsewhere: exit code 1, the visit, and what each place says', async () => {
    const { database } = plant.server;
    const move = (by: number) =>
      database.query(
        `update settlement set insurer_pays = insurer_pays + $2::int, copay = copay - $2::int,
           patient_pays = patient_pays - $2::int where encounter_id = $1`,
        [encounterId, by],
      );
    await move(1);
    const json = await run(`proof money --date ${plant.day} --json`);
    const told = await run(`proof money --date ${plant.day}`);
    await move(-1);
    expect([json.code, told.code]).toEqual([1, 1]);
    const found = JSON.parse(json.out);
    expect(found).toMatchObject({
      equal: false,
      different: 1,
      differences: [{ encounterId, isDocument: true }],
    });
    // The claim was built before: it says what was right. The statement prints what is stored.
    expect(found.differences[0].differences.insurerPays).toEqual({
      settlement: '349681.00',
      settlementLines: '349680.00',
      statement: '349681.00',
      statementLines: '349680.00',
      claim: '349680.00',
      claimLines: '349680.00',
    });
    expect(Object.keys(found.differences[0].differences)).toEqual(['insurerPays', 'copay']);
    expect(told.out).toContain(encounterId);
    expect(told.out).toContain('XML1 349680.00');
    expect(told.err).toContain(`amounts differ for 1 of ${settled}`);
  });

  test('a stored claim that cannot be read back is a difference too', async () => {
    const { database } = plant.server;
    const [kept] = await database.query<{ compressed: Buffer }>(
      'select compressed from claim_document where encounter_id = $1',
      [encounterId],
    );
    const { gzipSync } = await import('node:zlib');
    const put = (bytes: Buffer) =>
      database.query('update claim_document set compressed = $2 where encounter_id = $1', [
        encounterId,
        bytes,
      ]);
    await put(gzipSync('<nothing/>'));
    const { code, out } = await run(`proof money --date ${plant.day} --json`);
    await put(kept!.compressed);
    expect([code, JSON.parse(out).differences]).toEqual([
      1,
      [expect.objectContaining({ encounterId, finding: 'wrong-root' })],
    ]);
  });

  test('what keeps it from comparing is exit code 2', async () => {
    const nowhere = await run('proof money --date 2026-11-01 --facility 99999');
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining('no facility 99999')]);
    const noDatabase = { EXPORT_DATABASE_URL: 'postgres://his_export:x@127.0.0.1:9/his' };
    const down = await run('proof money --date 2026-11-01', noDatabase);
    expect([down.code, down.err]).toEqual([2, expect.stringContaining('database')]);
  });
});
