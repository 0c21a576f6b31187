import { NO_FACILITY, recordAudit, type Verification, verifyTrail } from '../../src/audit/index.ts';
import { type Database, SYSTEM_CONTEXT, type Transaction } from '../../src/platform/database/index.ts';
import { addDays, instantAt, localDate } from '../../src/platform/dates.ts';
import { type Id, newId } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';

export { NO_FACILITY };
export const A = facilityIdOf(HOSPITAL);
export const B = facilityIdOf(STATION);
const ALL_DAYS = { from: null, to: null };

/** A moment of a day in the past. */
export const sealedOn = (daysAgo: number, time = '10:00') =>
  instantAt(addDays(localDate(new Date()), -daysAgo), time);
export const dayBefore = (daysAgo: number) => addDays(localDate(new Date()), -daysAgo);

export interface Trail {
  readonly database: TestDatabase;
  readonly app: Database;
  /** As superuser: tampering, and looking. */
  readonly root: Database;
  /** As the application does, now. */
  write(facilityId: Id | null, count?: number): Promise<void>;
  /** As if it had been written then: only the database sets the moment, so this takes every right. */
  writeAt(facilityId: Id, count: number, moment: string): Promise<void>;
  /** Seals what waits as of a moment. @returns how many events */
  seal(moment: string, most?: number): Promise<number>;
  verify(range?: { from: string | null; to: string | null }): Promise<Verification>;
  /** Verifies what somebody with every right did, and undoes it. @returns each finding in short */
  tamper(work: (tx: Transaction) => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

export async function openTrail(): Promise<Trail> {
  const database = await freshDatabase();
  const app = openDatabase(database.urls.his_app, 2, () => undefined);
  const root = openDatabase(database.superuserUrl, 2, () => undefined);
  await database.query('truncate audit_event, audit_unsealed');
  return {
    database,
    app,
    root,
    async write(facilityId, count = 1) {
      const acting = { userId: newId(), facilityId, purpose: 'treatment', requestId: 'test' };
      await app.transaction(acting, async (tx) => {
        for (let left = count; left > 0; left--)
          recordAudit(tx, { action: 'encounter.read', subjectType: 'encounter', subjectId: newId() });
      });
    },
    async writeAt(facilityId, count, moment) {
      await database.query(
        `with event as (
           insert into audit_event (facility_id, id, at, actor, action, subject_type, subject_id, purpose, request_id)
           select $1, uuidv7($3::timestamptz - now()), $3, uuidv7(), 'encounter.read', 'encounter', uuidv7(), 'treatment', 'test'
           from generate_series(1, $2) returning id, facility_id)
         insert into audit_unsealed (event_id, facility_id) select id, facility_id from event`,
        [facilityId, count, moment],
      );
    },
    async seal(moment, most = 10_000) {
      const [row] = await database.query<{ events: number }>('select seal_audit_at($1, $2) as events', [
        most,
        moment,
      ]);
      return row?.events ?? 0;
    },
    verify: (range = ALL_DAYS) => root.transaction(SYSTEM_CONTEXT, (tx) => verifyTrail(tx, { range })),
    tamper: (work) => tampered(root, work),
    async close() {
      await app.close();
      await root.close();
      await database.drop();
    },
  };
}

class Undo extends Error {
  readonly findings: string[];
  constructor(findings: string[]) {
    super('undo');
    this.findings = findings;
  }
}

async function tampered(root: Database, work: (tx: Transaction) => Promise<unknown>): Promise<string[]> {
  try {
    return await root.transaction(SYSTEM_CONTEXT, async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await work(tx);
      throw new Undo(inShort(await verifyTrail(tx, { range: ALL_DAYS })));
    });
  } catch (error) {
    if (error instanceof Undo) return error.findings;
    throw error;
  }
}

/** `kind place`, sorted: the place is a facility with day and sequence of the seal, or a round. */
export function inShort({ findings }: Pick<Verification, 'findings'>): string[] {
  return findings
    .map(({ kind, values }) => {
      const { facility, event, day, sequence, round, from, to } = values;
      const seal = day === undefined ? '' : ` ${day} #${sequence}`;
      const which = event ?? round ?? (from === undefined ? '' : `${from}-${to}`);
      return `${kind} ${facility ?? ''}${seal} ${which}`.replace(/ +/g, ' ').trim();
    })
    .toSorted();
}

/** Four days of two facilities: on each day two rounds, three events of A and one of B in each. */
export async function fourDays(trail: Trail): Promise<void> {
  for (const daysAgo of [5, 4, 3, 2])
    for (const time of ['09:00', '15:00']) {
      await trail.writeAt(A, 3, sealedOn(daysAgo, time));
      await trail.writeAt(B, 1, sealedOn(daysAgo, time));
      await trail.seal(sealedOn(daysAgo, time));
    }
}

/** An event of a facility ($1) that nobody acted, said to be of a moment ($2). */
export const FORGE = `insert into audit_event (facility_id, id, at, actor, action, subject_type, purpose, request_id)
  select facility_id, uuidv7($2::timestamptz - now()), $2, actor, 'forged', subject_type, purpose, request_id
  from audit_event where facility_id = $1 limit 1`;
