import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyTrail } from '../../src/audit/index.ts';
import type { Transaction } from '../../src/platform/database/index.ts';
import { HOSPITAL } from '../harness/visit.ts';
import { A, dayBefore, FORGE, fourDays, inShort, openTrail, sealedOn, type Trail } from './audit-trail.ts';

let trail: Trail;

beforeAll(async () => {
  trail = await openTrail();
  await fourDays(trail);
});
afterAll(() => trail.close());

const day = (daysAgo: number) => dayBefore(daysAgo);
/** The n-th event of A's seal. */
async function eventOf(tx: Transaction, daysAgo: number, sequence: number, place = 1): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    'select events[$4] as id from audit_seal where facility_id = $1 and day = $2 and sequence = $3',
    [A, day(daysAgo), sequence, place],
  );
  return row!.id;
}
const SEAL = 'facility_id = $1 and day = $2 and sequence = $3';

test('what nobody touched is clean', async () => {
  const found = await trail.verify();
  expect(found).toMatchObject({ total: 0, events: 32, seals: 16, rounds: 8, waiting: { count: 0 } });
});

describe('an event', () => {
  test.each([
    ['its action', `action = 'forged'`],
    ['its person', `actor = uuidv7()`],
    ['its moment, by a microsecond', `at = at + interval '1 microsecond'`],
    ['one value inside its details', `detail = detail || '{"found": 1}'`],
    ['its reason, from nothing', `reason = 'x'`],
    ['its address', `origin = '192.0.2.1'`],
  ])('that was changed is named: %s', async (_what, change) => {
    let id = '';
    const found = await trail.tamper(async (tx) => {
      id = await eventOf(tx, 4, 2);
      await tx.query(`update audit_event set ${change} where facility_id = $1 and id = $2`, [A, id]);
    });
    expect(found).toEqual([`event-changed ${HOSPITAL} ${day(4)} #2 ${id}`]);
  });

  test('that was removed is named', async () => {
    let id = '';
    const found = await trail.tamper(async (tx) => {
      id = await eventOf(tx, 3, 1, 3);
      await tx.query('delete from audit_event where facility_id = $1 and id = $2', [A, id]);
    });
    expect(found).toEqual([`event-removed ${HOSPITAL} ${day(3)} #1 ${id}`]);
  });

  test('that was removed before it was sealed is named', async () => {
    const found = await trail.tamper(async (tx) => {
      await tx.query(FORGE, [A, new Date()]);
      await tx.query(
        `insert into audit_unsealed select id, facility_id from audit_event where action = 'forged'`,
      );
      await tx.query(`delete from audit_event where action = 'forged'`);
      await tx.query('select seal_audit(100)');
    });
    expect(found).toEqual([expect.stringMatching(`^event-removed ${HOSPITAL} `)]);
  });

  test('that was added beside the application is named', async () => {
    const found = await trail.tamper((tx) => tx.query(FORGE, [A, new Date()]));
    expect(found).toEqual([expect.stringMatching(`^event-added ${HOSPITAL} `)]);
  });

  test('that was added for an earlier day and handed to the sealer is named', async () => {
    const found = await trail.tamper(async (tx) => {
      await tx.query(FORGE, [A, sealedOn(3, '12:00')]);
      await tx.query(
        `insert into audit_unsealed select id, facility_id from audit_event where action = 'forged'`,
      );
      await tx.query('select seal_audit(100)');
    });
    expect(found).toEqual([expect.stringMatching(`^event-backdated ${HOSPITAL} ${day(0)} #1 `)]);
  });

  test('whose content changed places with another one: both are named', async () => {
    const found = await trail.tamper(async (tx) => {
      const [one, other] = [await eventOf(tx, 4, 1), await eventOf(tx, 4, 2)];
      await tx.query(
        `update audit_event e set subject_id = o.subject_id, actor = o.actor from audit_event o
         where e.facility_id = $1 and o.facility_id = $1 and (e.id, o.id) in (($2, $3), ($3, $2))`,
        [A, one, other],
      );
    });
    expect(found).toEqual([
      expect.stringMatching(`^event-changed ${HOSPITAL} ${day(4)} #1 `),
      expect.stringMatching(`^event-changed ${HOSPITAL} ${day(4)} #2 `),
    ]);
  });

  test('that is sealed a second time is named', async () => {
    let id = '';
    const found = await trail.tamper(async (tx) => {
      id = await eventOf(tx, 2, 1);
      await tx.query('insert into audit_unsealed (event_id, facility_id) values ($1, $2)', [id, A]);
      await tx.query('select seal_audit(100)');
    });
    expect(found).toContain(`event-repeated ${HOSPITAL} ${id}`);
  });
});

describe('a seal', () => {
  const swap = (column: string) =>
    `update audit_seal set ${column} = ${column}[2:2] || ${column}[1:1] || ${column}[3:] where ${SEAL}`;

  test('in which two events changed places is named', async () => {
    const found = await trail.tamper(async (tx) => {
      await tx.query(swap('events'), [A, day(4), 1]);
      await tx.query(swap('digests'), [A, day(4), 1]);
    });
    expect(found).toEqual([
      `events-reordered ${HOSPITAL} ${day(4)} #1`,
      `seal-changed ${HOSPITAL} ${day(4)} #1`,
    ]);
  });

  test('whose digest was changed to fit a changed event is named', async () => {
    const found = await trail.tamper(async (tx) => {
      const id = await eventOf(tx, 4, 1);
      await tx.query(`update audit_event set action = 'forged' where id = $1`, [id]);
      await tx.query(
        `update audit_seal s set digests[1] = (select sha256(convert_to(audit_event_text(e), 'UTF8'))
           from audit_event e where e.id = $4) where ${SEAL}`,
        [A, day(4), 1, id],
      );
    });
    expect(found).toEqual([`seal-changed ${HOSPITAL} ${day(4)} #1`]);
  });

  test('that was made anew as a whole breaks its facility and the province', async () => {
    const found = await trail.tamper(async (tx) => {
      await tx.query(`update audit_seal s set events = events[2:], digests = digests[2:] where ${SEAL}`, [
        A,
        day(4),
        2,
      ]);
      await tx.query(`update audit_seal s set hash = audit_seal_hash(s) where ${SEAL}`, [A, day(4), 2]);
    });
    expect(found).toEqual([
      `day-missing ${HOSPITAL} ${day(3)} #1`,
      expect.stringMatching(`^event-added ${HOSPITAL} `),
      'round-changed 4',
    ]);
  });

  test('that is missing in the middle of a chain is named by its neighbours', async () => {
    const found = await trail.tamper(async (tx) => {
      await tx.query(
        `delete from audit_event where id in (select unnest(events) from audit_seal where ${SEAL})`,
        [A, day(4), 1],
      );
      await tx.query(`delete from audit_seal where ${SEAL}`, [A, day(4), 1]);
    });
    expect(found).toEqual(['round-incomplete 3', `seal-missing ${HOSPITAL} ${day(4)} #2`]);
  });

  test('that changed places with another one is named', async () => {
    const found = await trail.tamper((tx) =>
      tx.query(`update audit_seal set sequence = 3 - sequence where facility_id = $1 and day = $2`, [
        A,
        day(4),
      ]),
    );
    expect(found).toEqual([
      `seal-changed ${HOSPITAL} ${day(4)} #1`,
      `seal-changed ${HOSPITAL} ${day(4)} #2`,
      `seal-reordered ${HOSPITAL} ${day(4)} #1`,
      `seal-reordered ${HOSPITAL} ${day(4)} #2`,
      `seal-reordered ${HOSPITAL} ${day(3)} #1`,
    ]);
  });
});

describe('a day', () => {
  const withoutDay = async (tx: Transaction, daysAgo: number) => {
    await tx.query(
      'delete from audit_event where id in (select unnest(events) from audit_seal where facility_id = $1 and day = $2)',
      [A, day(daysAgo)],
    );
    await tx.query('delete from audit_seal where facility_id = $1 and day = $2', [A, day(daysAgo)]);
  };

  test('that is missing is named by its neighbours', async () => {
    const found = await trail.tamper((tx) => withoutDay(tx, 4));
    expect(found).toEqual([
      `day-missing ${HOSPITAL} ${day(3)} #1`,
      'round-incomplete 3',
      'round-incomplete 4',
    ]);
  });

  test('that is missing at the beginning is named', async () => {
    const found = await trail.tamper((tx) => withoutDay(tx, 5));
    expect(found).toContain(`day-missing ${HOSPITAL} ${day(4)} #1`);
  });

  test('that is missing outside or inside the days looked at is found or not', async () => {
    const ranges = [
      [day(5), day(5)],
      [day(4), day(4)],
      [day(3), null],
    ] as const;
    const found: unknown[] = [];
    await trail.tamper(async (tx) => {
      await withoutDay(tx, 4);
      for (const [from, to] of ranges) found.push(inShort(await verifyTrail(tx, { range: { from, to } })));
    });
    expect(found).toEqual([
      [`day-missing ${HOSPITAL} ${day(3)} #1`],
      [`day-missing ${HOSPITAL} ${day(3)} #1`, 'round-incomplete 3', 'round-incomplete 4'],
      [`day-missing ${HOSPITAL} ${day(3)} #1`],
    ]);
  });

  test('of any range is clean when nothing was touched', async () => {
    for (const [from, to] of [
      [day(4), day(3)],
      [null, day(4)],
      [day(3), null],
      [day(9), day(8)],
      [day(1), null],
    ] as const)
      expect(await trail.verify({ from, to })).toMatchObject({ total: 0 });
  });
});
