import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAnchor, verifierUrl, verifyTrail, writeAnchor } from '../../src/audit/index.ts';
import { SYSTEM_CONTEXT, type Transaction } from '../../src/platform/database/index.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { B, dayBefore as day, FORGE, fourDays, openTrail, type Trail } from './audit-trail.ts';

let trail: Trail;
const folder = mkdtempSync(join(tmpdir(), 'his-audit-'));
const anchor = join(folder, 'anchor.jsonl');

beforeAll(async () => {
  trail = await openTrail();
  await fourDays(trail);
  await trail.root.transaction(SYSTEM_CONTEXT, (tx) => writeAnchor(tx, anchor, null));
});
afterAll(async () => {
  await trail.close();
  rmSync(folder, { recursive: true });
});

/** The last day is cut off wherever it can be seen: events, seals, heads, and (if `rounds`) the province's chain. */
async function cutTail(tx: Transaction, parts: readonly ('heads' | 'rounds')[]): Promise<void> {
  const last = [day(2)];
  await tx.query(
    'delete from audit_event where id in (select unnest(events) from audit_seal where day = $1)',
    last,
  );
  await tx.query('delete from audit_seal where day = $1', last);
  if (parts.includes('heads'))
    await tx.query(
      `update audit_chain c set day = s.day, sequence = s.sequence, hash = s.hash from (
         select distinct on (facility_id) * from audit_seal order by facility_id, day desc, sequence desc) s
       where s.facility_id = c.facility_id`,
    );
  if (parts.includes('rounds')) await tx.query('delete from audit_round where sequence > 6');
}

describe('a tail that was cut off', () => {
  test('is seen by the heads and by the rounds', async () => {
    expect(await trail.tamper((tx) => cutTail(tx, []))).toEqual([
      'round-incomplete 7',
      'round-incomplete 8',
      `tail-cut ${HOSPITAL}`,
      `tail-cut ${STATION}`,
    ]);
    expect(await trail.tamper((tx) => cutTail(tx, ['heads']))).toEqual([
      'round-incomplete 7',
      'round-incomplete 8',
    ]);
    expect(await trail.tamper((tx) => cutTail(tx, ['rounds']))).toEqual([
      `tail-cut ${HOSPITAL}`,
      `tail-cut ${STATION}`,
    ]);
    expect(await trail.tamper((tx) => tx.query('delete from audit_round where sequence > 6'))).toEqual([
      'rounds-cut 7-8',
    ]);
  });

  test('everywhere is seen with an anchor, which names what is gone, and only with one', async () => {
    let found: unknown;
    const without = await trail.tamper(async (tx) => {
      await cutTail(tx, ['heads', 'rounds']);
      const range = { from: null, to: null };
      found = (await verifyTrail(tx, { range, anchor: readAnchor(anchor) })).findings;
    });
    expect(without).toEqual([]);
    expect(found).toEqual([
      {
        kind: 'anchor-cut',
        values: { from: 7, to: 8, count: 2, places: `${STATION} ${day(2)}, ${HOSPITAL} ${day(2)}` },
      },
    ]);
  });

  test('and grown again differs from the anchor', async () => {
    let found: readonly { kind: string; values: unknown }[] = [];
    await trail.tamper(async (tx) => {
      await cutTail(tx, ['heads', 'rounds']);
      await tx.query(FORGE, [B, new Date()]);
      await tx.query(
        `insert into audit_unsealed select id, facility_id from audit_event where action = 'forged'`,
      );
      await tx.query('select seal_audit(100)');
      const range = { from: null, to: null };
      found = (await verifyTrail(tx, { range, anchor: readAnchor(anchor) })).findings;
    });
    expect(found).toMatchObject([
      { kind: 'anchor-cut', values: { from: 8, to: 8, count: 1 } },
      { kind: 'anchor-differs', values: { round: 7, count: 1 } },
    ]);
  });
});

describe('the chain of the province', () => {
  test.each([
    [
      'a changed moment',
      `update audit_round set sealed_at = sealed_at + interval '1 second' where sequence = 3`,
      ['round-changed 3'],
    ],
    [
      'a changed hash',
      `update audit_round set hash = sha256('x') where sequence = 3`,
      ['round-broken 4', 'round-changed 3'],
    ],
    ['a missing round', 'delete from audit_round where sequence in (3, 4)', ['round-missing 3-4']],
    ['a missing first round', 'delete from audit_round where sequence = 1', ['round-missing 1-1']],
    [
      'a changed claim of emptiness',
      'update audit_round set emptied = false where sequence = 5',
      ['round-changed 5'],
    ],
  ])('%s is named', async (_what, sql, expected) => {
    expect(await trail.tamper((tx) => tx.query(sql))).toEqual(expected);
  });
});

describe('an anchor file', () => {
  test('is written by a session that can only read, and never over another one', async () => {
    const reader = openDatabase(verifierUrl(trail.database.urls.his_owner), 1, () => undefined);
    const file = join(folder, 'again.jsonl');
    await reader.transaction(SYSTEM_CONTEXT, async (tx) => {
      expect(await writeAnchor(tx, file, null)).toBe(8);
      await expect(writeAnchor(tx, file, null)).rejects.toMatchObject({ code: 'EEXIST' });
      const range = { from: null, to: null };
      expect(await verifyTrail(tx, { range, anchor: readAnchor(file) })).toMatchObject({
        total: 0,
        events: 32,
      });
    });
    const change = reader.transaction(SYSTEM_CONTEXT, (tx) => tx.query('delete from audit_round'));
    await expect(change).rejects.toMatchObject({ code: '25006' });
    await reader.close();
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(anchor, 'utf8'));
  });

  test('may begin on any day', async () => {
    const file = join(folder, 'end.jsonl');
    await trail.root.transaction(SYSTEM_CONTEXT, async (tx) => {
      expect(await writeAnchor(tx, file, day(3))).toBe(4);
      const range = { from: null, to: null };
      expect(await verifyTrail(tx, { range, anchor: readAnchor(file) })).toMatchObject({ total: 0 });
    });
  });

  test.each([
    ['a changed line', (text: string) => text.replace('"events":4', '"events":5'), 1],
    ['a missing line', (text: string) => text.split('\n').toSpliced(3, 1).join('\n'), 4],
    ['a line that is no JSON', (text: string) => text.replace(/\{(?=[^{]*"round":5)/, '['), 5],
    ['another kind of JSON', () => '{"round":1}', 1],
  ])('that was damaged is not believed: %s', async (_what, damage, line) => {
    const file = join(folder, 'damaged.jsonl');
    writeFileSync(file, damage(readFileSync(anchor, 'utf8')));
    const reading = async () => {
      for await (const round of readAnchor(file)) void round;
    };
    await expect(reading()).rejects.toMatchObject({ name: 'AnchorDamaged', line });
  });
});
