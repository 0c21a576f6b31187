import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inheritedEnvironment } from '../../src/config.ts';
import { environmentOf } from '../harness/database.ts';
import { HOSPITAL } from '../harness/visit.ts';
import { A, dayBefore, openTrail, sealedOn, type Trail } from './audit-trail.ts';

const HIS = fileURLToPath(new URL('../../src/his.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'his-audit-'));
let trail: Trail;
beforeAll(async () => {
  trail = await openTrail();
  await trail.writeAt(A, 3, sealedOn(2));
  await trail.seal(sealedOn(2));
  await trail.writeAt(A, 2, sealedOn(1));
  await trail.seal(sealedOn(1));
  await trail.write(A);
});
afterAll(async () => {
  await trail.close();
  rmSync(folder, { recursive: true });
});

/** `his audit …` as a process of its own, in English. */
async function audit(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', HIS, 'audit', ...args], {
    env: {
      ...inheritedEnvironment(),
      LANG: 'en',
      LC_ALL: 'en',
      ...environmentOf(trail.database),
      SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, out, err };
}

test('his audit verify, export, and verify against the exported file', async () => {
  const clean = await audit('verify', '--json');
  expect([clean.code, JSON.parse(clean.out)]).toEqual([
    0,
    {
      clean: true,
      facilities: 1,
      seals: 2,
      events: 5,
      rounds: 2,
      waiting: 1,
      oldestWaitingSeconds: expect.any(Number),
      findingsTotal: 0,
      findings: [],
    },
  ]);

  const file = join(folder, 'anchor.jsonl');
  expect((await audit('export', '--to', file)).code).toBe(0);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  const again = await audit('export', '--to', file);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('exists already')]);

  await trail.database.query(
    'delete from audit_event where id in (select unnest(events) from audit_seal where round = 2)',
  );
  await trail.database.query('delete from audit_seal where round = 2');
  await trail.database.query('delete from audit_round where sequence = 2');
  await trail.database.query(
    `update audit_chain c set day = s.day, sequence = s.sequence, hash = s.hash from audit_seal s`,
  );
  const cut = await audit('verify');
  expect([cut.code, cut.out]).toEqual([0, expect.stringContaining('Not yet sealed: 1 events')]);
  const found = await audit('verify', '--anchor', file);
  expect([found.code, found.out, found.err]).toEqual([
    1,
    expect.stringContaining(`They sealed: ${HOSPITAL} ${dayBefore(1)}.`),
    expect.stringContaining('does not hold: 1 findings'),
  ]);
});

test('his audit verify names what was changed, and what it was asked wrongly', async () => {
  const [event] = await trail.database.query<{ id: string }>(
    `update audit_event set action = 'forged' where id = (select events[2] from audit_seal where round = 1) returning id`,
  );
  const found = await audit('verify', '--from', dayBefore(2), '--to', dayBefore(2), '--json');
  expect([found.code, JSON.parse(found.out)]).toMatchObject([
    1,
    {
      clean: false,
      findings: [{ kind: 'event-changed', facility: HOSPITAL, event: event!.id, day: dayBefore(2) }],
    },
  ]);
  expect((await audit('verify', '--from', dayBefore(1), '--to', dayBefore(2))).code).toBe(2);
  const missing = await audit('verify', '--anchor', join(folder, 'nowhere.jsonl'));
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('nowhere.jsonl')]);
});
